/* SPDX-License-Identifier: BSD-2-Clause */
/* IPv4 and IPv6 addresses: text (RFC 4291 2.2), socket addresses, mapped addresses. */
#include "config.h"

#include "wire/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static const char *const version_names[] = {
	[IP_VERSION_4] = "ipv4",
	[IP_VERSION_MAPPED] = "ipv4-mapped-ipv6",
	[IP_VERSION_6] = "ipv6",
};

#define N_VERSIONS (sizeof(version_names) / sizeof(version_names[0]))

/* RFC 4291 2.5.5.2: ::ffff:0:0/96 */
static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

int ip_version_family(enum ip_version v)
{
	return v == IP_VERSION_6 ? AF_INET6 : AF_INET;
}

const char *ip_version_name(enum ip_version v)
{
	return (unsigned)v < N_VERSIONS ? version_names[v] : "unknown";
}

bool ip_version_parse(const char *s, enum ip_version *v)
{
	size_t i;

	/* nplab's spelling, which needs no quotes in a script. */
	if (!strcmp(s, "ipv4_mapped_ipv6"))
		s = version_names[IP_VERSION_MAPPED];
	for (i = 0; i < N_VERSIONS; i++) {
		if (!strcmp(s, version_names[i])) {
			*v = (enum ip_version)i;
			return true;
		}
	}
	return false;
}

bool ip_addr_parse(const char *s, struct ip_addr *a)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, s, a->b) == 1)
		a->family = AF_INET;
	else if (inet_pton(AF_INET6, s, a->b) == 1)
		a->family = AF_INET6;
	return a->family != 0;
}

const char *ip_addr_text(const struct ip_addr *a, char buf[IP_ADDR_TEXT])
{
	if (!a->family || !inet_ntop(a->family, a->b, buf, IP_ADDR_TEXT))
		snprintf(buf, IP_ADDR_TEXT, "none");
	return buf;
}

bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b)
{
	size_t n = a->family == AF_INET6 ? 16 : a->family == AF_INET ? 4 : 0;

	return a->family == b->family && !memcmp(a->b, b->b, n);
}

static bool is_mapped(const struct ip_addr *a)
{
	return a->family == AF_INET6 && !memcmp(a->b, mapped_prefix, sizeof(mapped_prefix));
}

static socklen_t fill_inet(const struct ip_addr *a, uint16_t port, struct sockaddr_storage *ss)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };

	if (a->family == AF_INET)
		memcpy(&sin.sin_addr, a->b, 4);
	else if (is_mapped(a))
		memcpy(&sin.sin_addr, a->b + 12, 4);
	memcpy(ss, &sin, sizeof(sin));
	return sizeof(sin);
}

static socklen_t fill_inet6(const struct ip_addr *a, uint16_t port, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	if (a->family == AF_INET6) {
		memcpy(&sin6.sin6_addr, a->b, 16);
	} else if (a->family == AF_INET) {
		memcpy(&sin6.sin6_addr, mapped_prefix, 12);
		memcpy((uint8_t *)&sin6.sin6_addr + 12, a->b, 4);
	}
	memcpy(ss, &sin6, sizeof(sin6));
	return sizeof(sin6);
}

socklen_t ip_addr_to_sockaddr(const struct ip_addr *a, uint16_t port, enum ip_version v,
			      struct sockaddr_storage *ss)
{
	memset(ss, 0, sizeof(*ss));
	/* An IPv6 address cannot go into a sockaddr_in, whatever the version says. */
	if (v == IP_VERSION_4 && (a->family != AF_INET6 || is_mapped(a)))
		return fill_inet(a, port, ss);
	return fill_inet6(a, port, ss);
}

bool ip_addr_from_sockaddr(const struct sockaddr_storage *ss, struct ip_addr *a, uint16_t *port)
{
	struct sockaddr_in6 sin6;
	struct sockaddr_in sin;

	memset(a, 0, sizeof(*a));
	*port = 0;
	switch (ss->ss_family) {
	case AF_INET:
		memcpy(&sin, ss, sizeof(sin));
		a->family = AF_INET;
		memcpy(a->b, &sin.sin_addr, 4);
		*port = ntohs(sin.sin_port);
		return true;
	case AF_INET6:
		memcpy(&sin6, ss, sizeof(sin6));
		a->family = AF_INET6;
		memcpy(a->b, &sin6.sin6_addr, 16);
		*port = ntohs(sin6.sin6_port);
		if (is_mapped(a)) {
			a->family = AF_INET;
			memmove(a->b, a->b + 12, 4);
			memset(a->b + 4, 0, 12);
		}
		return true;
	default:
		return false;
	}
}

bool tuple_equal(const struct tuple *a, const struct tuple *b)
{
	return a->local_port == b->local_port && a->remote_port == b->remote_port &&
	       ip_addr_equal(&a->local, &b->local) && ip_addr_equal(&a->remote, &b->remote);
}
