/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of pkt_compare() below the transport. A length that differs only
 * because the options (or IP options) before it do is not a difference of its
 * own: cause is reported, consequence is not.
 */
#include "config.h"

#include "wire/pkt_compare.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"
#include "wire/icmp_names.h"
#include "base/arena.h"

#include <inttypes.h>

static uint8_t tos_of(const uint8_t *ip)
{
	return ip[0] >> 4 == 4 ? ip[1] : (uint8_t)(get_be16(ip) >> 4);
}

static uint8_t ttl_of(const uint8_t *ip)
{
	return ip[0] >> 4 == 4 ? ip[8] : ip[7];
}

/* TOS, ECN and TTL are compared as far as the script says something of them. */
static void compare_ip_info(const struct comparison *c, const struct spec_ip *ip,
			    const uint8_t *want, const uint8_t *got)
{
	uint8_t mask = ip->ecn == ECN_ECT01 ? 0xfc : 0xff, ecn = tos_of(got) & 3;

	if (ip->dscp.set)
		compare_dec(c, "ip_dscp", tos_of(want) >> 2, tos_of(got) >> 2);
	if (ip->tos.set)
		compare_hex(c, "tos", tos_of(want) & mask, tos_of(got) & mask);
	else if (ip->ecn != ECN_UNSAID && ip->ecn != ECN_ECT01)
		compare_dec(c, "ip_ecn", tos_of(want) & 3, ecn);
	if (ip->ecn == ECN_ECT01 && ecn != 1 && ecn != 2)
		compare_text(c, "ip_ecn", "0x1 or 0x2", arena_printf(c->arena, "0x%x", ecn));
	if (ip->ttl.set)
		compare_dec(c, "ttl", ttl_of(want), ttl_of(got));
}

/* Bytes from this IP header on, by its own account; 0 there means all there are. */
static uint32_t total_length(const struct pkt *p, const struct hdr *ip)
{
	const uint8_t *at = pkt_bytes(p, ip);
	uint32_t said = get_be16(at + (ip->kind == HDR_IPV4 ? 2 : 4));

	if (!said)
		return (uint32_t)p->len - ip->off;
	return ip->kind == HDR_IPV4 ? said : ip->len + said;
}

/* Lengths say where the payload ends; the headers' own share is compared elsewhere. */
static uint32_t headers_share(const struct pkt *p, const struct hdr *ip)
{
	const struct hdr *l4 = pkt_transport(p);

	return ip->len + (l4 ? l4->len : 0);
}

static void compare_length(const struct comparison *c, const struct hdr *w, const struct hdr *g)
{
	uint32_t got = total_length(c->got, g);
	uint32_t want = total_length(c->want, w) - headers_share(c->want, w) +
			headers_share(c->got, g);

	if (w->kind == HDR_IPV4)
		compare_dec(c, "ipv4_total_length", want, got);
	else
		compare_dec(c, "ipv6_payload_len", want - w->len, got - g->len);
}

bool compare_is_icmp_error(const struct pkt *p)
{
	const struct hdr *h = pkt_transport(p);

	if (!h || (h->kind != HDR_ICMPV4 && h->kind != HDR_ICMPV6))
		return false;
	return icmp_is_error(h->kind == HDR_ICMPV4 ? AF_INET : AF_INET6, *pkt_bytes(p, h));
}

/* How much an error quotes is the sender's choice (RFC 1812 4.3.2.3, RFC 4443 2.4). */
static bool quotes_all_it_can(const struct comparison *c)
{
	return c->spec->kind == SPEC_ICMP && c->spec->icmp.quote != QUOTE_RAW &&
		compare_is_icmp_error(c->want);
}

/* Version and protocol agree once the kinds of headers do. */
static void compare_ip(const struct comparison *c, const struct spec_ip *ip, const struct hdr *w,
		       const struct hdr *g)
{
	if (w->kind == HDR_IPV4)
		compare_dec(c, "ipv4_header_length", w->len / 4, g->len / 4);
	if (w == pkt_ip(c->want) && !quotes_all_it_can(c))
		compare_length(c, w, g);
	compare_ip_info(c, ip, pkt_bytes(c->want, w), pkt_bytes(c->got, g));
}

static void compare_gre(const struct comparison *c, const struct hdr *w, const struct hdr *g)
{
	const uint8_t *want = pkt_bytes(c->want, w), *got = pkt_bytes(c->got, g);
	uint16_t flags = get_be16(want);
	uint32_t at;

	compare_hex(c, "gre_flags", flags, get_be16(got));
	flags &= get_be16(got);
	if (flags & GRE_CHECKSUM) {
		at = gre_field_at(flags, GRE_CHECKSUM);
		/* 0 in a script: the right one, which only the real addresses decide */
		if (get_be16(want + at))
			compare_dec(c, "gre_sum", get_be16(want + at), get_be16(got + at));
		compare_dec(c, "gre_off", get_be16(want + at + 2), get_be16(got + at + 2));
	}
	if (flags & GRE_KEY)
		compare_dec(c, "gre_key", get_be32(want + gre_field_at(get_be16(want), GRE_KEY)),
			 get_be32(got + gre_field_at(get_be16(got), GRE_KEY)));
	if (flags & GRE_SEQUENCE)
		compare_dec(c, "gre_seq", get_be32(want + gre_field_at(get_be16(want), GRE_SEQUENCE)),
			 get_be32(got + gre_field_at(get_be16(got), GRE_SEQUENCE)));
}

static void compare_mpls(const struct comparison *c, const struct hdr *w, const struct hdr *g)
{
	const uint8_t *want = pkt_bytes(c->want, w), *got = pkt_bytes(c->got, g);
	uint32_t at;

	compare_dec(c, "mpls_stack_depth", w->len / MPLS_ENTRY_BYTES, g->len / MPLS_ENTRY_BYTES);
	for (at = 0; at < w->len && at < g->len; at += MPLS_ENTRY_BYTES)
		compare_hex(c, arena_printf(c->arena, "mpls_label_%" PRIu32, at / MPLS_ENTRY_BYTES),
			 get_be32(want + at), get_be32(got + at));
}

/* The UDP header around TCP: with PSP its ports say nothing of the connection. */
static void compare_tunnel(const struct comparison *c, const struct hdr *w, const struct hdr *g)
{
	const uint8_t *want = pkt_bytes(c->want, w), *got = pkt_bytes(c->got, g);

	if (w != pkt_tunnel(c->want) || w[1].kind == HDR_PSP)
		return;
	compare_dec(c, "udp_src_port", get_be16(want), get_be16(got));
	compare_dec(c, "udp_dst_port", get_be16(want + 2), get_be16(got + 2));
}

static void compare_psp(const struct comparison *c, const uint8_t *want, const uint8_t *got)
{
	compare_dec(c, "psp_ext_len", want[1], got[1]);
	compare_dec(c, "psp_next_header", want[0], got[0]);
	compare_dec(c, "psp_crypto_offset", want[2] & 0x3f, got[2] & 0x3f);
	compare_hex(c, "psp_flags", want[3], got[3]);
	compare_dec(c, "psp_spi", get_be32(want + 4), get_be32(got + 4));
}

/* All headers before the transport's, which are of the same kinds. */
void compare_layers(const struct comparison *c)
{
	const struct spec_outer *o = STAILQ_FIRST(&c->spec->outer);
	int i;

	for (i = 0; i < c->want->n_hdr; i++) {
		const struct hdr *w = &c->want->hdr[i], *g = &c->got->hdr[i];

		if (w->kind == HDR_IPV4 || w->kind == HDR_IPV6)
			compare_ip(c, o ? &o->ip : &c->spec->ip, w, g);
		else if (w->kind == HDR_GRE)
			compare_gre(c, w, g);
		else if (w->kind == HDR_MPLS)
			compare_mpls(c, w, g);
		else if (w->kind == HDR_UDP)
			compare_tunnel(c, w, g);
		else if (w->kind == HDR_PSP)
			compare_psp(c, pkt_bytes(c->want, w), pkt_bytes(c->got, g));
		o = o ? STAILQ_NEXT(o, next) : NULL;
	}
}
