/* SPDX-License-Identifier: BSD-2-Clause */
/* IP addresses and TCP/UDP four-tuples. */
#ifndef DP_WIRE_ADDR_H
#define DP_WIRE_ADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* The IP versions a script can be run in; mapped = IPv4 on the wire, AF_INET6 sockets. */
enum ip_version { IP_VERSION_4, IP_VERSION_MAPPED, IP_VERSION_6 };

/* family is AF_INET (b[0..3] used) or AF_INET6, or 0 for "none"; network byte order. */
struct ip_addr {
	int family;
	uint8_t b[16];
};

/* Seen from the stack under test: local is its end. Ports in host byte order. */
struct tuple {
	struct ip_addr local, remote;
	uint16_t local_port, remote_port;
};

#define IP_ADDR_TEXT 48

/* The address family on the wire. */
int ip_version_family(enum ip_version v);
/* "ipv4", "ipv4-mapped-ipv6", "ipv6"; the parser also takes "ipv4_mapped_ipv6". */
const char *ip_version_name(enum ip_version v);
bool ip_version_parse(const char *s, enum ip_version *v);
/* Parses a dotted-quad or RFC 4291 text; false on anything else. */
bool ip_addr_parse(const char *s, struct ip_addr *a);
const char *ip_addr_text(const struct ip_addr *a, char buf[IP_ADDR_TEXT]);
bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b);
/*
 * Fills a socket address of the family sockets use in this version (mapped:
 * ::ffff:a.b.c.d) and returns its length.
 */
socklen_t ip_addr_to_sockaddr(const struct ip_addr *a, uint16_t port, enum ip_version v,
			      struct sockaddr_storage *ss);
/* The reverse; a mapped address becomes plain IPv4. False if the family is neither. */
bool ip_addr_from_sockaddr(const struct sockaddr_storage *ss, struct ip_addr *a, uint16_t *port);
bool tuple_equal(const struct tuple *a, const struct tuple *b);

#endif
