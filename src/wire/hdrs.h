/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How headers name one another on the wire: IP protocol numbers and
 * EtherTypes of every kind of header, and which may follow which.
 */
#ifndef DP_WIRE_HDRS_H
#define DP_WIRE_HDRS_H

#include "wire/pkt.h"

enum {
	IPV4_HDR_BYTES = 20, IPV6_HDR_BYTES = 40, TCP_HDR_BYTES = 20, UDP_HDR_BYTES = 8,
	ICMP_HDR_BYTES = 8, PSP_HDR_BYTES = 16,
	PSP_TRAILER_BYTES = 16, GRE_HDR_BYTES = 4, MPLS_ENTRY_BYTES = 4, GRE_FIELD_BYTES = 4,
};

/* Router advertisement (RFC 4861 4.2): what follows the ICMP header, and the MTU option. */
enum { RA_BODY_BYTES = 8, RA_MTU_BYTES = 8, RA_OPTION_MTU = 5 };

/* The payload of an RST that says why: magic, code, private enterprise number. */
enum { TCP_DIAG_MAGIC = 0x33aa, TCP_DIAG_BYTES = 8 };

/* GRE flags (RFC 2784, RFC 2890; routing of RFC 1701 is not supported). */
enum {
	GRE_CHECKSUM = 0x8000, GRE_ROUTING = 0x4000, GRE_KEY = 0x2000, GRE_SEQUENCE = 0x1000,
	GRE_VERSION = 0x0007,
};

/*
 * Addresses of the IPv4 or IPv6 header at ip. set leaves out those of another
 * family; ports are not touched.
 */
void ip_get_addrs(const uint8_t *ip, struct pkt_ends *e);
void ip_set_addrs(uint8_t *ip, const struct pkt_ends *e);

/* Bytes a GRE header with these flags has. */
uint32_t gre_hdr_bytes(uint16_t flags);
/* Offset in the header of the field a flag announces; meaningless without that flag. */
uint32_t gre_field_at(uint16_t flags, uint16_t field);

/* The number this header has in an IP header, 0 if it cannot be there. */
uint8_t hdr_ip_protocol(enum hdr_kind k);
/* Its EtherType, 0 if it has none. */
uint16_t hdr_ethertype(enum hdr_kind k);
/* The other way; HDR_NONE for what is not supported (or ICMP of the other family). */
enum hdr_kind hdr_from_ip_protocol(uint8_t protocol, enum hdr_kind ip);
enum hdr_kind hdr_from_ethertype(uint16_t type);
/* True if `next` can directly follow `k` on the wire. */
bool hdr_can_follow(enum hdr_kind k, enum hdr_kind next);

#endif
