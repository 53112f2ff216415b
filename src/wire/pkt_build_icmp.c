/* SPDX-License-Identifier: BSD-2-Clause */
/* ICMP messages (RFC 792, 4443, 4861) with the packet that an error quotes. */
#include "config.h"

#include "wire/pkt_build.h"
#include "wire/bytes.h"
#include "wire/icmp_names.h"
#include "base/diag.h"
#include "base/names.h"

/* Bytes of the quoted TCP or UDP header: what RFC 792 asks for. */
enum { QUOTED_L4_BYTES = 8, QUOTED_TTL = 255 };

static int unknown_name(const struct build *b, const char *what, const char *name,
			const struct name_value *table, struct span at)
{
	const char *near = names_nearest(table, name);

	if (near)
		return diag_error(b->diag, at, "bad ICMP %s %s; did you mean '%s'?", what, name,
				  near);
	return diag_error(b->diag, at, "bad ICMP %s %s", what, name);
}

static int resolve_icmp(struct build *b, const struct spec_icmp *i)
{
	if (!icmp_type_parse(b->family, i->type, &b->icmp_type))
		return unknown_name(b, "type", i->type, icmp_types(b->family), i->type_span);
	if (i->code && !icmp_code_parse(b->family, b->icmp_type, i->code, &b->icmp_code))
		return unknown_name(b, "code", i->code, icmp_codes(b->family, b->icmp_type),
				    i->code_span);
	return 0;
}

/* RFC 4861 4.2 with the MTU option of 4.6.4: a message of its own, it quotes nothing. */
static bool is_router_advertisement(const struct build *b)
{
	return b->family == AF_INET6 && b->icmp_type == ICMP6_ROUTER_ADVERTISEMENT;
}

static int check_mtu(const struct build *b, const struct spec_icmp *i)
{
	bool v6 = b->family == AF_INET6;

	if (!i->mtu.set)
		return 0;
	if (v6 && ((b->icmp_type != ICMP6_PACKET_TOO_BIG && !is_router_advertisement(b)) ||
		   b->icmp_code))
		return diag_error(b->diag, i->mtu.span, "ICMPv6 MTU is only valid for "
				  "packet_too_big-0 and router_advertisement-0");
	if (!v6 && (b->icmp_type != ICMP4_UNREACHABLE || b->icmp_code != ICMP4_CODE_FRAG_NEEDED))
		return diag_error(b->diag, i->mtu.span,
				  "ICMPv4 MTU is only valid for unreachable-frag_needed");
	if (i->mtu.v < 0 || i->mtu.v > (v6 ? UINT32_MAX : UINT16_MAX))
		return diag_error(b->diag, i->mtu.span, "%s",
				  v6 ? "ICMPv6 MTU out of 32-bit range"
				     : "ICMPv4 MTU out of 16-bit range");
	if (i->id.set)
		return diag_error(b->diag, i->id.span, "an ICMP message has no place for both "
				  "mtu and id");
	return 0;
}

static int check_id(const struct build *b, const struct spec_icmp *i)
{
	if (!i->id.set || (i->id.v >= 0 && i->id.v <= UINT16_MAX))
		return 0;
	return diag_error(b->diag, i->id.span,
			  "invalid echo_id, must be between 0 and 65535");
}

static size_t ip_hdr_bytes(const struct build *b)
{
	return b->family == AF_INET6 ? IPV6_HDR_BYTES : IPV4_HDR_BYTES;
}

static enum hdr_kind quoted_kind(const struct spec_icmp *i)
{
	return i->quote == QUOTE_UDP ? HDR_UDP : i->quote == QUOTE_UDPLITE ? HDR_UDPLITE : HDR_TCP;
}

/* Bytes the quoted packet had after its IP header, and after the UDP header that carried it. */
static size_t quoted_length(const struct spec_icmp *i)
{
	return (quoted_kind(i) == HDR_TCP ? TCP_HDR_BYTES : UDP_HDR_BYTES) + i->len;
}

/* Bytes of the UDP header before the quoted transport's. */
static size_t quoted_tunnel(const struct build *b)
{
	return b->spec->tunnel.set ? UDP_HDR_BYTES : 0;
}

static int plan_body(struct build *b, const struct spec_icmp *i)
{
	if (is_router_advertisement(b) && i->quote == QUOTE_NONE) {
		b->payload_len = RA_BODY_BYTES + (i->mtu.set ? RA_MTU_BYTES : 0);
		return 0;
	}
	if (i->quote == QUOTE_RAW) {
		if (i->len < ICMP_HDR_BYTES)
			return diag_error(b->diag, i->quote_span,
					  "icmp_bytes %u smaller than icmp header length %d",
					  i->len, ICMP_HDR_BYTES);
		b->payload_len = i->len - ICMP_HDR_BYTES;
		return 0;
	}
	if (i->quote == QUOTE_TCP && build_check_range(b, i->seq, i->end, i->len, i->quote_span))
		return -1;
	if (ip_hdr_bytes(b) + quoted_tunnel(b) + quoted_length(i) > PKT_MAX_BYTES)
		return diag_error(b->diag, i->quote_span, "the quoted packet is too large");
	b->payload_len = (uint32_t)(ip_hdr_bytes(b) + quoted_tunnel(b)) + QUOTED_L4_BYTES;
	return 0;
}

int build_plan_icmp(struct build *b)
{
	const struct spec_icmp *i = &b->spec->icmp;

	if (resolve_icmp(b, i) || check_mtu(b, i) || check_id(b, i) || plan_body(b, i))
		return -1;
	build_push(b, b->family == AF_INET6 ? HDR_ICMPV6 : HDR_ICMPV4, ICMP_HDR_BYTES);
	return 0;
}

/* The quoted IP header. */
static void write_quoted_ip(const struct build *b, size_t after, uint8_t protocol, uint8_t *at)
{
	if (b->family == AF_INET6) {
		at[0] = 6 << 4;
		put_be16(at + 4, (uint16_t)after);
		at[6] = protocol;
		at[7] = QUOTED_TTL;
	} else {
		at[0] = 0x45;
		put_be16(at + 2, (uint16_t)(IPV4_HDR_BYTES + after));
		at[8] = QUOTED_TTL;
		at[9] = protocol;
	}
}

static void write_quoted_udp(const struct spec_tunnel *t, size_t after, uint8_t *at)
{
	put_be16(at, (uint16_t)t->src_port.v);
	put_be16(at + 2, (uint16_t)t->dst_port.v);
	put_be16(at + 4, (uint16_t)(UDP_HDR_BYTES + after));
}

/* The IP header and the first 8 bytes of the transport's of a packet the stack might have sent. */
static void write_quote(const struct build *b, const struct spec_icmp *i, uint8_t *at)
{
	size_t after = quoted_length(i), tunnel = quoted_tunnel(b);
	uint8_t *l4 = at + ip_hdr_bytes(b) + tunnel;

	write_quoted_ip(b, tunnel + after, hdr_ip_protocol(tunnel ? HDR_UDP : quoted_kind(i)), at);
	if (tunnel)
		write_quoted_udp(&b->spec->tunnel, after, at + ip_hdr_bytes(b));
	if (i->quote == QUOTE_TCP)
		put_be32(l4 + 4, i->seq);
	if (i->quote == QUOTE_UDPLITE) {
		put_be16(l4 + 4, (uint16_t)i->coverage.v);
		put_be16(l4 + 6, 0xffff);	/* it cannot be 0, and nothing says what it was */
	}
}

static void write_router_advertisement(const struct spec_icmp *i, uint8_t *at)
{
	uint8_t *option = at + ICMP_HDR_BYTES + RA_BODY_BYTES;

	if (!i->mtu.set)
		return;
	option[0] = RA_OPTION_MTU;
	option[1] = RA_MTU_BYTES / 8;
	put_be32(option + 4, (uint32_t)i->mtu.v);
}

void build_write_icmp(const struct build *b, uint8_t *at)
{
	const struct spec_icmp *i = &b->spec->icmp;

	at[0] = b->icmp_type;
	at[1] = b->icmp_code;
	if (i->quote == QUOTE_NONE && is_router_advertisement(b)) {
		write_router_advertisement(i, at);
		return;
	}
	if (i->id.set)
		put_be16(at + 4, (uint16_t)i->id.v);
	if (i->mtu.set)		/* for IPv4 the low half, which is why it is 16 bits there */
		put_be32(at + 4, (uint32_t)i->mtu.v);
	if (i->quote != QUOTE_RAW)
		write_quote(b, i, at + ICMP_HDR_BYTES);
}
