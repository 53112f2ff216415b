/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of header kinds: IANA protocol numbers and EtherTypes, GRE
 * (RFC 2784, RFC 2890), MPLS in GRE or IP (RFC 4023), IP in IP (RFC 2003, 2473, 4213).
 */
#include "config.h"

#include "wire/hdrs.h"

static const struct hdr_info {
	const char *name;
	uint8_t protocol;
	uint16_t ethertype;
} infos[] = {
	[HDR_NONE] = { .name = "none" },
	[HDR_IPV4] = { .name = "ipv4", .protocol = 4, .ethertype = 0x0800 },
	[HDR_IPV6] = { .name = "ipv6", .protocol = 41, .ethertype = 0x86dd },
	[HDR_GRE] = { .name = "gre", .protocol = 47 },
	[HDR_MPLS] = { .name = "mpls", .protocol = 137, .ethertype = 0x8847 },
	[HDR_TCP] = { .name = "tcp", .protocol = 6 },
	[HDR_UDP] = { .name = "udp", .protocol = 17 },
	[HDR_UDPLITE] = { .name = "udplite", .protocol = 136 },
	[HDR_ICMPV4] = { .name = "icmpv4", .protocol = 1 },
	[HDR_ICMPV6] = { .name = "icmpv6", .protocol = 58 },
	[HDR_PSP] = { .name = "psp" },	/* known by its UDP port alone */
};

#define N_KINDS ((int)(sizeof(infos) / sizeof(infos[0])))

const char *hdr_kind_name(enum hdr_kind k)
{
	return (int)k >= 0 && (int)k < N_KINDS ? infos[k].name : "none";
}

uint8_t hdr_ip_protocol(enum hdr_kind k)
{
	return infos[k].protocol;
}

uint16_t hdr_ethertype(enum hdr_kind k)
{
	return infos[k].ethertype;
}

static bool is_ip(enum hdr_kind k)
{
	return k == HDR_IPV4 || k == HDR_IPV6;
}

bool hdr_can_follow(enum hdr_kind k, enum hdr_kind next)
{
	if (is_ip(k)) {
		enum hdr_kind foreign = k == HDR_IPV4 ? HDR_ICMPV6 : HDR_ICMPV4;

		return infos[next].protocol && next != foreign;
	}
	if (k == HDR_GRE)
		return infos[next].ethertype != 0;
	if (k == HDR_UDP)
		return next == HDR_TCP || next == HDR_PSP;
	if (k == HDR_PSP)
		return next == HDR_TCP;
	return k == HDR_MPLS && is_ip(next);
}

enum hdr_kind hdr_from_ip_protocol(uint8_t protocol, enum hdr_kind ip)
{
	int k;

	for (k = HDR_NONE + 1; k < N_KINDS; k++)
		if (infos[k].protocol == protocol && hdr_can_follow(ip, (enum hdr_kind)k))
			return (enum hdr_kind)k;
	return HDR_NONE;
}

enum hdr_kind hdr_from_ethertype(uint16_t type)
{
	int k;

	for (k = HDR_NONE + 1; k < N_KINDS; k++)
		if (infos[k].ethertype && infos[k].ethertype == type)
			return (enum hdr_kind)k;
	return HDR_NONE;
}

/* Checksum and offset share one word, so each of the three flags adds four bytes. */
uint32_t gre_hdr_bytes(uint16_t flags)
{
	return GRE_HDR_BYTES + GRE_FIELD_BYTES * (!!(flags & GRE_CHECKSUM) + !!(flags & GRE_KEY) +
						  !!(flags & GRE_SEQUENCE));
}

uint32_t gre_field_at(uint16_t flags, uint16_t field)
{
	uint32_t at = GRE_HDR_BYTES;

	if (field != GRE_CHECKSUM && flags & GRE_CHECKSUM)
		at += GRE_FIELD_BYTES;
	if (field == GRE_SEQUENCE && flags & GRE_KEY)
		at += GRE_FIELD_BYTES;
	return at;
}
