/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The transport half of pkt_build(): TCP (RFC 9293, AE of RFC 9768), UDP
 * (RFC 768), ICMP (RFC 792, 4443) with the packet an error quotes.
 */
#include "config.h"

#include "wire/pkt_build.h"
#include "wire/bytes.h"
#include "wire/icmp_names.h"
#include "base/diag.h"
#include "base/names.h"

#include <string.h>

/* Bytes of the quoted TCP or UDP header: what RFC 792 asks for. */
enum { QUOTED_L4_BYTES = 8, QUOTED_TTL = 255 };

/* A number of the spec, 0 if it is not written. */
static uint32_t written(const struct spec_num *n)
{
	return n->set ? (uint32_t)n->v : 0;
}

static int check_numbers(const struct build *b, const struct spec_tcp *t)
{
	if (build_check_range(b, t->seq, t->end, t->len, t->range_span) ||
	    build_check(b, &t->ack, UINT32_MAX, "TCP ack sequence number") ||
	    build_check(b, &t->win, UINT16_MAX, "TCP window value") ||
	    build_check(b, &t->urg, UINT16_MAX, "urg_ptr value") ||
	    build_check(b, &t->doff, 0xf, "TCP data offset") ||
	    build_check(b, &t->reserved, 0xf, "TCP reserved bits"))
		return -1;
	return t->csum_kind == CSUM_LITERAL ?
	       build_check(b, &t->csum, UINT16_MAX, "TCP checksum") : 0;
}

/* What makes sense only in packets we send, or only in those we expect. */
static int check_direction(const struct build *b, const struct spec_tcp *t)
{
	if (b->spec->dir == PKT_IN) {
		if (!t->win.set)
			return diag_error(b->diag, b->spec->span,
					  "window must be specified for inbound packets");
		if (t->opts_kind == OPTS_ANY)
			return diag_error(b->diag, t->opts_span, "<...> for TCP options can only "
					  "be used with outbound packets");
		return 0;
	}
	if (t->doff.set)
		return diag_error(b->diag, t->doff.span,
				  "doff can only be used with inbound packets");
	if (t->csum_kind != CSUM_GOOD)
		return diag_error(b->diag, t->csum.span,
				  "csum can only be used with inbound packets");
	return 0;
}

int build_plan_tcp(struct build *b)
{
	const struct spec_tcp *t = &b->spec->tcp;

	if (t->psp_spi.set)
		return diag_error(b->diag, t->psp_spi.span,
				  "PSP needs a device with the kernel's psp support; "
				  "not available");
	if (check_numbers(b, t) || check_direction(b, t) ||
	    tcpopt_encode(b->spec, b->family, b->opts, &b->opts_len, b->diag))
		return -1;
	if (b->opts_len % 4 && !t->doff.set)
		return diag_error(b->diag, t->opts_span, "TCP options are not padded correctly to "
				  "ensure TCP header is a multiple of 4 bytes: %zu excess bytes",
				  b->opts_len % 4);
	build_push(b, HDR_TCP, (uint32_t)(TCP_HDR_BYTES + b->opts_len));
	b->payload_len = t->len;
	return 0;
}

void build_write_tcp(const struct build *b, uint8_t *at)
{
	const struct pkt_spec *s = b->spec;
	const struct spec_tcp *t = &s->tcp;
	uint32_t doff = (uint32_t)(TCP_HDR_BYTES + b->opts_len) / 4;

	if (t->doff.set)
		doff = written(&t->doff);
	put_be16(at, (uint16_t)written(&s->src.port));
	put_be16(at + 2, (uint16_t)written(&s->dst.port));
	put_be32(at + 4, t->seq);
	put_be32(at + 8, written(&t->ack));
	put_be16(at + 12, (uint16_t)(doff << 12 | written(&t->reserved) << 8 | t->flags));
	put_be16(at + 14, (uint16_t)written(&t->win));
	put_be16(at + 18, (uint16_t)written(&t->urg));
	memcpy(at + TCP_HDR_BYTES, b->opts, b->opts_len);
}

int build_plan_udp(struct build *b)
{
	build_push(b, HDR_UDP, UDP_HDR_BYTES);
	b->payload_len = b->spec->udp.len;
	return 0;
}

void build_write_udp(const struct build *b, uint8_t *at)
{
	put_be16(at, (uint16_t)written(&b->spec->src.port));
	put_be16(at + 2, (uint16_t)written(&b->spec->dst.port));
	put_be16(at + 4, (uint16_t)(UDP_HDR_BYTES + b->payload_len));
}

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

static int check_mtu(const struct build *b, const struct spec_icmp *i)
{
	bool v6 = b->family == AF_INET6;

	if (!i->mtu.set)
		return 0;
	if (v6 && (b->icmp_type != ICMP6_PACKET_TOO_BIG || b->icmp_code))
		return diag_error(b->diag, i->mtu.span,
				  "ICMPv6 MTU is only valid for packet_too_big-0");
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

/* Bytes the quoted packet had after its IP header. */
static size_t quoted_length(const struct spec_icmp *i)
{
	return i->quote == QUOTE_UDP ? UDP_HDR_BYTES + i->len : TCP_HDR_BYTES + i->len;
}

static int plan_body(struct build *b, const struct spec_icmp *i)
{
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
	if (ip_hdr_bytes(b) + quoted_length(i) > PKT_MAX_BYTES)
		return diag_error(b->diag, i->quote_span, "the quoted packet is too large");
	b->payload_len = (uint32_t)ip_hdr_bytes(b) + QUOTED_L4_BYTES;
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

/* The IP header and the first 8 bytes above it of a packet the stack might have sent. */
static void write_quote(const struct build *b, const struct spec_icmp *i, uint8_t *at)
{
	enum hdr_kind kind = i->quote == QUOTE_UDP ? HDR_UDP : HDR_TCP;

	if (b->family == AF_INET6) {
		at[0] = 6 << 4;
		put_be16(at + 4, (uint16_t)quoted_length(i));
		at[6] = hdr_ip_protocol(kind);
		at[7] = QUOTED_TTL;
	} else {
		at[0] = 0x45;
		put_be16(at + 2, (uint16_t)(IPV4_HDR_BYTES + quoted_length(i)));
		at[8] = QUOTED_TTL;
		at[9] = hdr_ip_protocol(kind);
	}
	if (i->quote == QUOTE_TCP)
		put_be32(at + ip_hdr_bytes(b) + 4, i->seq);
}

void build_write_icmp(const struct build *b, uint8_t *at)
{
	const struct spec_icmp *i = &b->spec->icmp;

	at[0] = b->icmp_type;
	at[1] = b->icmp_code;
	if (i->id.set)
		put_be16(at + 4, (uint16_t)i->id.v);
	if (i->mtu.set)		/* for IPv4 the low half, which is why it is 16 bits there */
		put_be32(at + 4, (uint32_t)i->mtu.v);
	if (i->quote != QUOTE_RAW)
		write_quote(b, i, at + ICMP_HDR_BYTES);
}
