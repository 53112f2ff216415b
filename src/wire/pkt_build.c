/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a spec to bytes: first all headers are planned (kinds, lengths, limits),
 * then written. IPv4 (RFC 791), IPv6 (RFC 8200), GRE (RFC 2784, 2890), MPLS
 * (RFC 3032); the transports are in pkt_build_l4.c.
 */
#include "config.h"

#include "wire/pkt_build.h"
#include "wire/bytes.h"
#include "base/arena.h"
#include "base/diag.h"

#include <inttypes.h>
#include <string.h>

enum { DEFAULT_TTL = 255, MAX_FLOWLABEL = 0xfffff, MAX_LABEL = 0xfffff,
       MAX_DSCP = 0x3f };

int build_check(const struct build *b, const struct spec_num *n, int64_t max, const char *what)
{
	if (!n->set || (n->v >= 0 && n->v <= max))
		return 0;
	return diag_error(b->diag, n->span, "%s out of range (0 to %" PRId64 ")", what, max);
}

/* The sequence space wraps, so END may be the smaller number. */
int build_check_range(const struct build *b, uint32_t seq, uint32_t end, uint16_t len,
		      struct span at)
{
	if (seq + len == end)
		return 0;
	return diag_error(b->diag, at, "inconsistent TCP sequence numbers and payload size: "
			  "%" PRIu32 " + %u is %" PRIu32 ", not %" PRIu32, seq, len, seq + len,
			  end);
}

void build_push(struct build *b, enum hdr_kind kind, uint32_t len)
{
	b->p->hdr[b->p->n_hdr++] =
		(struct hdr){ .kind = kind, .off = (uint32_t)b->p->len, .len = len };
	b->p->len += len;
}

/* A bare `gre:` has no flags. */
static uint16_t gre_flags(const struct spec_outer *o)
{
	return o->gre_flags.set ? (uint16_t)o->gre_flags.v : 0;
}

static uint8_t tos_byte(const struct spec_ip *ip)
{
	static const uint8_t ecn_bits[] = { [ECN_ECT0] = 2, [ECN_ECT1] = 1, [ECN_CE] = 3,
					    [ECN_ECT01] = 0 };
	uint8_t tos = ip->tos.set ? (uint8_t)ip->tos.v : 0;

	if (ip->dscp.set)
		tos = (uint8_t)(ip->dscp.v << 2);
	if (ip->ecn == ECN_UNSAID)
		return tos;
	return (uint8_t)((tos & ~3) | ecn_bits[ip->ecn]);
}

static int check_ip(const struct build *b, const struct spec_ip *ip)
{
	if (build_check(b, &ip->tos, 0xff, "tos") ||
	    build_check(b, &ip->ttl, 0xff, "ttl") ||
	    build_check(b, &ip->dscp, MAX_DSCP, "dscp") ||
	    build_check(b, &ip->flowlabel, MAX_FLOWLABEL, "flowlabel"))
		return -1;
	if (ip->tos.set && ip->dscp.set)
		return diag_error(b->diag, ip->dscp.span,
				  "dscp is a part of tos (class): only one of them can be said");
	if (ip->tos.set && ip->tos.v & 3 && ip->ecn != ECN_UNSAID &&
	    (ip->ecn == ECN_ECT01 || (tos_byte(ip) & 3) != (ip->tos.v & 3)))
		return diag_error(b->diag, ip->tos.span,
				  "the last two bits of tos (class) contradict the ECN field");
	if (ip->ecn == ECN_ECT01 && b->spec->dir == PKT_IN)
		return diag_error(b->diag, ip->span,
				  "ect01 can only be used with outbound packets");
	return 0;
}

static int plan_gre(struct build *b, const struct spec_outer *o)
{
	uint16_t flags;

	if (build_check(b, &o->gre_flags, 0xffff, "GRE flags") ||
	    build_check(b, &o->gre_sum, 0xffff, "GRE sum") ||
	    build_check(b, &o->gre_off, 0xffff, "GRE off") ||
	    build_check(b, &o->gre_key, UINT32_MAX, "GRE key") ||
	    build_check(b, &o->gre_seq, UINT32_MAX, "GRE seq"))
		return -1;
	flags = gre_flags(o);
	if (flags & GRE_VERSION)
		return diag_error(b->diag, o->gre_flags.span, "only GRE version 0 is supported");
	if (flags & GRE_ROUTING)
		return diag_error(b->diag, o->gre_flags.span, "GRE routing is not supported");
	build_push(b, HDR_GRE, gre_hdr_bytes(flags));
	return 0;
}

static int plan_mpls(struct build *b, const struct spec_outer *o)
{
	int i;

	for (i = 0; i < o->n_mpls; i++) {
		if (o->mpls[i].label > MAX_LABEL)
			return diag_error(b->diag, o->span, "MPLS label out of range for 20 bits");
		if (o->mpls[i].tc > 7)
			return diag_error(b->diag, o->span,
					  "MPLS traffic_class out of range for 3 bits");
	}
	build_push(b, HDR_MPLS, (uint32_t)o->n_mpls * MPLS_ENTRY_BYTES);
	return 0;
}

static int plan_outer(struct build *b, const struct spec_outer *o)
{
	switch (o->kind) {
	case OUTER_IPV4:
		build_push(b, HDR_IPV4, IPV4_HDR_BYTES);
		return check_ip(b, &o->ip);
	case OUTER_IPV6:
		build_push(b, HDR_IPV6, IPV6_HDR_BYTES);
		return check_ip(b, &o->ip);
	case OUTER_GRE:
		return plan_gre(b, o);
	case OUTER_MPLS:
		return plan_mpls(b, o);
	}
	return -1;
}

/* Every header has to have a way to say what follows it. */
static int check_order(const struct build *b, struct span at)
{
	const struct hdr *h = &b->p->hdr[b->p->n_hdr - 1];

	if (b->p->n_hdr > 1 && !hdr_can_follow(h[-1].kind, h->kind))
		return diag_error(b->diag, at, "%s cannot directly follow %s",
				  hdr_kind_name(h->kind), hdr_kind_name(h[-1].kind));
	if (b->p->n_hdr == 1 && h->kind != HDR_IPV4 && h->kind != HDR_IPV6)
		return diag_error(b->diag, at, "the outermost header must be ipv4 or ipv6");
	return 0;
}

static int plan_outers(struct build *b)
{
	const struct spec_outer *o;

	STAILQ_FOREACH(o, &b->spec->outer, next) {
		if (b->p->n_hdr >= PKT_MAX_HDRS - 2)
			return diag_error(b->diag, o->span, "too many headers");
		if (plan_outer(b, o) || check_order(b, o->span))
			return -1;
	}
	return 0;
}

static int plan_ip(struct build *b)
{
	if (b->family == AF_INET6)
		build_push(b, HDR_IPV6, IPV6_HDR_BYTES);
	else
		build_push(b, HDR_IPV4, IPV4_HDR_BYTES);
	if (build_check(b, &b->spec->src.port, UINT16_MAX, "src port") ||
	    build_check(b, &b->spec->dst.port, UINT16_MAX, "dst port"))
		return -1;
	return check_ip(b, &b->spec->ip);
}

static uint8_t ttl_byte(const struct spec_ip *ip)
{
	return ip->ttl.set ? (uint8_t)ip->ttl.v : DEFAULT_TTL;
}

static void put_addr(uint8_t *at, const struct ip_addr *a, size_t n)
{
	if (a)
		memcpy(at, a->b, n);
}

/* o is NULL for the innermost header, whose addresses come later. */
static void write_ipv4(struct build *b, const struct hdr *h, const struct spec_ip *ip,
		       const struct spec_outer *o)
{
	uint8_t *at = pkt_bytes(b->p, h);

	at[0] = 0x45;
	at[1] = tos_byte(ip);
	put_be16(at + 2, (uint16_t)(b->p->len - h->off));
	at[8] = ttl_byte(ip);
	at[9] = hdr_ip_protocol(h[1].kind);
	put_addr(at + 12, o ? &o->src : NULL, 4);
	put_addr(at + 16, o ? &o->dst : NULL, 4);
}

static void write_ipv6(struct build *b, const struct hdr *h, const struct spec_ip *ip,
		       const struct spec_outer *o)
{
	uint8_t *at = pkt_bytes(b->p, h);
	uint32_t label = ip->flowlabel.set ? (uint32_t)ip->flowlabel.v : 0;

	put_be32(at, 6u << 28 | (uint32_t)tos_byte(ip) << 20 | label);
	put_be16(at + 4, (uint16_t)(b->p->len - h->off - IPV6_HDR_BYTES));
	at[6] = hdr_ip_protocol(h[1].kind);
	at[7] = ttl_byte(ip);
	put_addr(at + 8, o ? &o->src : NULL, 16);
	put_addr(at + 24, o ? &o->dst : NULL, 16);
}

static void write_gre(struct build *b, const struct hdr *h, const struct spec_outer *o)
{
	uint16_t flags = gre_flags(o);
	uint8_t *at = pkt_bytes(b->p, h);

	put_be16(at, flags);
	put_be16(at + 2, hdr_ethertype(h[1].kind));
	if (flags & GRE_CHECKSUM) {
		put_be16(at + gre_field_at(flags, GRE_CHECKSUM), (uint16_t)o->gre_sum.v);
		put_be16(at + gre_field_at(flags, GRE_CHECKSUM) + 2, (uint16_t)o->gre_off.v);
	}
	if (flags & GRE_KEY)
		put_be32(at + gre_field_at(flags, GRE_KEY), (uint32_t)o->gre_key.v);
	if (flags & GRE_SEQUENCE)
		put_be32(at + gre_field_at(flags, GRE_SEQUENCE), (uint32_t)o->gre_seq.v);
}

static void write_mpls(struct build *b, const struct hdr *h, const struct spec_outer *o)
{
	uint8_t *at = pkt_bytes(b->p, h);
	int i;

	for (i = 0; i < o->n_mpls; i++) {
		const struct spec_mpls *m = &o->mpls[i];

		put_be32(at + i * MPLS_ENTRY_BYTES,
			 m->label << 12 | (uint32_t)m->tc << 9 | (uint32_t)m->bottom << 8 | m->ttl);
	}
}

/* UDP, and PSP in it, between the innermost IP header and TCP. */
static int plan_tunnel(struct build *b)
{
	const struct spec_tunnel *t = &b->spec->tunnel;
	bool psp = b->spec->kind == SPEC_TCP && b->spec->tcp.psp_spi.set;

	if (psp && t->set)
		return diag_error(b->diag, t->span, "PSP is carried in UDP already");
	if (build_check(b, &t->src_port, UINT16_MAX, "port") ||
	    build_check(b, &t->dst_port, UINT16_MAX, "port"))
		return -1;
	if (b->spec->kind != SPEC_TCP || (!psp && !t->set))
		return 0;
	build_push(b, HDR_UDP, UDP_HDR_BYTES);
	if (psp) {
		build_push(b, HDR_PSP, PSP_HDR_BYTES);
		b->p->trailer_len = PSP_TRAILER_BYTES;
	}
	return 0;
}

/*
 * PSP's transport mode (Google's PSP architecture specification): next header,
 * one extension word, nothing in the clear, version 0. Its ports and IV come
 * with the key (psp_seal).
 */
static void write_psp(const struct build *b, uint8_t *at)
{
	at[0] = hdr_ip_protocol(HDR_TCP);
	at[1] = 1;
	at[3] = 1;
	put_be32(at + 4, (uint32_t)b->spec->tcp.psp_spi.v);
}

static void write_tunnel(struct build *b)
{
	const struct hdr *h = pkt_tunnel(b->p);
	uint8_t *at;

	if (!h)
		return;
	at = pkt_bytes(b->p, h);
	put_be16(at, (uint16_t)b->spec->tunnel.src_port.v);
	put_be16(at + 2, (uint16_t)b->spec->tunnel.dst_port.v);
	put_be16(at + 4, (uint16_t)(b->p->len - h->off));
	if (h[1].kind == HDR_PSP)
		write_psp(b, pkt_bytes(b->p, h + 1));
}

static void write_headers(struct build *b)
{
	const struct spec_outer *o = STAILQ_FIRST(&b->spec->outer);
	const struct hdr *h = b->p->hdr, *inner = pkt_ip(b->p);

	for (; h <= inner; h++) {
		const struct spec_ip *ip = h == inner ? &b->spec->ip : &o->ip;

		if (h->kind == HDR_IPV4)
			write_ipv4(b, h, ip, o);
		else if (h->kind == HDR_IPV6)
			write_ipv6(b, h, ip, o);
		else if (h->kind == HDR_GRE)
			write_gre(b, h, o);
		else
			write_mpls(b, h, o);
		o = o ? STAILQ_NEXT(o, next) : NULL;
	}
}

/* How each kind of packet goes on after its IP header. */
static const struct {
	int (*plan)(struct build *b);
	void (*write)(const struct build *b, uint8_t *at);
	const char *too_large;
} transports[] = {
	[SPEC_TCP] = { build_plan_tcp, build_write_tcp, "TCP segment" },
	[SPEC_UDP] = { build_plan_udp, build_write_udp, "UDP datagram" },
	[SPEC_UDPLITE] = { build_plan_udplite, build_write_udplite, "UDP-Lite datagram" },
	[SPEC_ICMP] = { build_plan_icmp, build_write_icmp, "ICMP message" },
};

static int plan_payload(struct build *b)
{
	struct pkt *p = b->p;

	p->payload_off = (uint32_t)p->len;
	p->payload_len = b->payload_len;
	p->len += b->payload_len + p->trailer_len;
	if (p->len > PKT_MAX_BYTES)
		return diag_error(b->diag, b->spec->span,
				  "%s too large: an IP packet of %zu bytes, %d is the limit",
				  transports[b->spec->kind].too_large, p->len, PKT_MAX_BYTES);
	return 0;
}

struct pkt *pkt_build(const struct pkt_spec *spec, enum ip_version v, struct arena *a,
		      struct diag_sink *d)
{
	struct build b = { .spec = spec, .family = ip_version_family(v), .diag = d,
			   .p = arena_new_of(a, struct pkt) };

	if (spec->kind == SPEC_NOTHING) {
		diag_error(d, spec->span, "'nothing' is not a packet");
		return NULL;
	}
	if (plan_outers(&b) || plan_ip(&b) || check_order(&b, spec->span) || plan_tunnel(&b) ||
	    transports[spec->kind].plan(&b) || plan_payload(&b))
		return NULL;
	b.p->data = arena_alloc(a, b.p->len);
	write_headers(&b);
	write_tunnel(&b);
	transports[spec->kind].write(&b, pkt_bytes(b.p, pkt_transport(b.p)));
	return b.p;
}
