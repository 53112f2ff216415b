/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Field-by-field comparison of a captured packet with an expected one. A
 * length that differs only because the options (or IP options) before it do
 * is not a difference of its own: cause is reported, consequence is not.
 */
#include "config.h"

#include "wire/pkt.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"
#include "wire/tcpopt.h"
#include "wire/tcpopt_mptcp.h"
#include "base/arena.h"
#include "base/buf.h"

#include <inttypes.h>
#include <string.h>

struct comparison {
	const struct pkt_spec *spec;
	const struct pkt *want, *got;
	struct arena *arena;
	struct pkt_diff_list *list;
};

void pkt_diff_init(struct pkt_diff_list *list)
{
	list->first = NULL;
	list->last = &list->first;
	list->n = 0;
}

void pkt_diff_add(struct pkt_diff_list *list, struct arena *a, const char *field, const char *want,
		  const char *got)
{
	struct pkt_diff *diff = arena_new_of(a, struct pkt_diff);

	diff->field = arena_strdup(a, field);
	diff->want = arena_strdup(a, want);
	diff->got = arena_strdup(a, got);
	*list->last = diff;
	list->last = &diff->next;
	list->n++;
}

static void diff_text(const struct comparison *c, const char *field, const char *want,
		      const char *got)
{
	pkt_diff_add(c->list, c->arena, field, want, got);
}

static void diff_dec(const struct comparison *c, const char *field, uint32_t want, uint32_t got)
{
	if (want != got)
		diff_text(c, field, arena_printf(c->arena, "%" PRIu32, want),
			  arena_printf(c->arena, "%" PRIu32, got));
}

static void diff_hex(const struct comparison *c, const char *field, uint32_t want, uint32_t got)
{
	if (want != got)
		diff_text(c, field, arena_printf(c->arena, "0x%" PRIx32, want),
			  arena_printf(c->arena, "0x%" PRIx32, got));
}

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

	if (ip->tos.set)
		diff_hex(c, "tos", tos_of(want) & mask, tos_of(got) & mask);
	else if (ip->ecn != ECN_UNSAID && ip->ecn != ECN_ECT01)
		diff_dec(c, "ip_ecn", tos_of(want) & 3, ecn);
	if (ip->ecn == ECN_ECT01 && ecn != 1 && ecn != 2)
		diff_text(c, "ip_ecn", "0x1 or 0x2", arena_printf(c->arena, "0x%x", ecn));
	if (ip->ttl.set)
		diff_dec(c, "ttl", ttl_of(want), ttl_of(got));
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
		diff_dec(c, "ipv4_total_length", want, got);
	else
		diff_dec(c, "ipv6_payload_len", want - w->len, got - g->len);
}

/* Version and protocol agree once the kinds of headers do. */
static void compare_ip(const struct comparison *c, const struct spec_ip *ip, const struct hdr *w,
		       const struct hdr *g)
{
	if (w->kind == HDR_IPV4)
		diff_dec(c, "ipv4_header_length", w->len / 4, g->len / 4);
	if (w == pkt_ip(c->want))
		compare_length(c, w, g);
	compare_ip_info(c, ip, pkt_bytes(c->want, w), pkt_bytes(c->got, g));
}

static void compare_gre(const struct comparison *c, const struct hdr *w, const struct hdr *g)
{
	const uint8_t *want = pkt_bytes(c->want, w), *got = pkt_bytes(c->got, g);
	uint16_t flags = get_be16(want);
	uint32_t at;

	diff_hex(c, "gre_flags", flags, get_be16(got));
	flags &= get_be16(got);
	if (flags & GRE_CHECKSUM) {
		at = gre_field_at(flags, GRE_CHECKSUM);
		/* 0 in a script: the right one, which only the real addresses decide */
		if (get_be16(want + at))
			diff_dec(c, "gre_sum", get_be16(want + at), get_be16(got + at));
		diff_dec(c, "gre_off", get_be16(want + at + 2), get_be16(got + at + 2));
	}
	if (flags & GRE_KEY)
		diff_dec(c, "gre_key", get_be32(want + gre_field_at(get_be16(want), GRE_KEY)),
			 get_be32(got + gre_field_at(get_be16(got), GRE_KEY)));
	if (flags & GRE_SEQUENCE)
		diff_dec(c, "gre_seq", get_be32(want + gre_field_at(get_be16(want), GRE_SEQUENCE)),
			 get_be32(got + gre_field_at(get_be16(got), GRE_SEQUENCE)));
}

static void compare_mpls(const struct comparison *c, const struct hdr *w, const struct hdr *g)
{
	const uint8_t *want = pkt_bytes(c->want, w), *got = pkt_bytes(c->got, g);
	uint32_t at;

	diff_dec(c, "mpls_stack_depth", w->len / MPLS_ENTRY_BYTES, g->len / MPLS_ENTRY_BYTES);
	for (at = 0; at < w->len && at < g->len; at += MPLS_ENTRY_BYTES)
		diff_hex(c, arena_printf(c->arena, "mpls_label_%" PRIu32, at / MPLS_ENTRY_BYTES),
			 get_be32(want + at), get_be32(got + at));
}

static void compare_flags(const struct comparison *c, uint16_t want, uint16_t got)
{
	static const struct { const char *field; uint16_t bit; bool ace; } bits[] = {
		{ "tcp_fin", TCPF_FIN, false }, { "tcp_syn", TCPF_SYN, false },
		{ "tcp_rst", TCPF_RST, false }, { "tcp_psh", TCPF_PSH, false },
		{ "tcp_ack", TCPF_ACK, false }, { "tcp_urg", TCPF_URG, false },
		{ "tcp_ece", TCPF_ECE, true }, { "tcp_cwr", TCPF_CWR, true },
		{ "tcp_ae", TCPF_AE, true },
	};
	size_t i;

	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (!bits[i].ace || !c->spec->tcp.ace)
			diff_dec(c, bits[i].field, !!(want & bits[i].bit), !!(got & bits[i].bit));
	/* Written as a digit, AE, CWR and ECE are one counter (RFC 9768). */
	if (c->spec->tcp.ace)
		diff_dec(c, "tcp_ace", want >> 6 & 7, got >> 6 & 7);
	/* As the digit after `reserved`: AE's bit has been looked at. */
	diff_dec(c, "tcp_reserved_bits", want >> 8 & 0xe, got >> 8 & 0xe);
}

static bool same_option(const struct tcpopt *want, const struct tcpopt *got)
{
	/* Time stamps: presence only, values are judged by who knows the clock. */
	if (want->kind == TCPO_TIMESTAMP && want->len == 8 && got->len == 8)
		return got->kind == TCPO_TIMESTAMP;
	return want->raw_len == got->raw_len && !memcmp(want->raw, got->raw, want->raw_len);
}

static bool same_options(const uint8_t *want, size_t n_want, const uint8_t *got, size_t n_got)
{
	size_t at_want = 0, at_got = 0;
	struct tcpopt w, g;

	for (;;) {
		int more_want = tcpopt_next(want, n_want, &at_want, &w);
		int more_got = tcpopt_next(got, n_got, &at_got, &g);

		if (more_want != more_got)
			return false;
		if (!more_want)
			return true;
		if (!same_option(&w, &g))
			return false;
	}
}

static const char *options_text(const struct comparison *c, const uint8_t *opts, size_t len)
{
	struct buf out = { 0 };
	const char *text;

	tcpopt_print_all(opts, len, &out);
	text = len ? arena_strdup(c->arena, buf_str(&out)) : "none";
	buf_free(&out);
	return text;
}

/* The fields in which two MPTCP options of one form differ; false if they cannot be told so. */
static bool diff_mptcp(const struct comparison *c, const struct tcpopt *want,
		       const struct tcpopt *got)
{
	struct mptcp_field_text w[MPTCP_MAX_TEXTS], g[MPTCP_MAX_TEXTS];
	struct mptcp_opt a, b;
	size_t n, i;

	if (want->kind != TCPO_MPTCP || got->kind != TCPO_MPTCP ||
	    !mptcp_opt_decode(want->data, want->len, &a) ||
	    !mptcp_opt_decode(got->data, got->len, &b) || a.form != b.form)
		return false;
	n = mptcp_opt_fields(&a, c->arena, w);
	mptcp_opt_fields(&b, c->arena, g);
	for (i = 0; i < n; i++)
		if (strcmp(w[i].text, g[i].text))
			diff_text(c, w[i].field, w[i].text, g[i].text);
	return true;
}

/* Lists that differ in nothing but values of MPTCP options: named field by field. */
static bool diff_values(const struct comparison *c, const uint8_t *want, size_t n_want,
			const uint8_t *got, size_t n_got, bool say)
{
	size_t at_want = 0, at_got = 0;
	struct tcpopt w, g;

	for (;;) {
		int more_want = tcpopt_next(want, n_want, &at_want, &w);
		int more_got = tcpopt_next(got, n_got, &at_got, &g);
		struct comparison dry = *c;
		struct pkt_diff_list unused;

		if (more_want != more_got)
			return false;
		if (!more_want)
			return true;
		pkt_diff_init(&unused);
		dry.list = &unused;
		if (!same_option(&w, &g) && !diff_mptcp(say ? c : &dry, &w, &g))
			return false;
	}
}

static void compare_options(const struct comparison *c)
{
	const uint8_t *want, *got;
	size_t n_want, n_got;

	if (c->spec->tcp.opts_kind == OPTS_ANY)
		return;
	want = pkt_tcp_opts(c->want, &n_want);
	got = pkt_tcp_opts(c->got, &n_got);
	if (same_options(want, n_want, got, n_got))
		return;
	if (diff_values(c, want, n_want, got, n_got, false))
		diff_values(c, want, n_want, got, n_got, true);
	else
		diff_text(c, "tcp_options", options_text(c, want, n_want),
			  options_text(c, got, n_got));
}

/* The data offset is the length of the options: compared with them. */
static void compare_tcp(const struct comparison *c, const uint8_t *want, const uint8_t *got)
{
	compare_flags(c, pkt_tcp_flags(c->want), pkt_tcp_flags(c->got));
	diff_dec(c, "tcp_seq", get_be32(want + 4), get_be32(got + 4));
	diff_dec(c, "tcp_ack_seq", get_be32(want + 8), get_be32(got + 8));
	if (c->spec->tcp.win.set)
		diff_dec(c, "tcp_window", get_be16(want + 14), get_be16(got + 14));
	diff_dec(c, "tcp_urg_ptr", get_be16(want + 18), get_be16(got + 18));
	compare_options(c);
}

static void compare_transport(const struct comparison *c)
{
	const struct hdr *w = pkt_transport(c->want), *g = pkt_transport(c->got);
	const uint8_t *want, *got;

	if (!w || !g || w->kind != g->kind)
		return;
	want = pkt_bytes(c->want, w);
	got = pkt_bytes(c->got, g);
	switch (w->kind) {
	case HDR_TCP:
		compare_tcp(c, want, got);
		break;
	case HDR_UDP:
		diff_dec(c, "udp_len", get_be16(want + 4), get_be16(got + 4));
		break;
	default:
		diff_dec(c, "icmp_type", want[0], got[0]);
		diff_dec(c, "icmp_code", want[1], got[1]);
		break;
	}
}

/* Only the first byte that differs; that the lengths do has been said. */
static void compare_payload(const struct comparison *c)
{
	const uint8_t *want = c->want->data + c->want->payload_off;
	const uint8_t *got = c->got->data + c->got->payload_off;
	const struct hdr *w = pkt_transport(c->want), *g = pkt_transport(c->got);
	uint32_t i;

	if (!w || !g || w->kind != g->kind || (w->kind != HDR_TCP && w->kind != HDR_UDP))
		return;
	for (i = 0; i < c->want->payload_len && i < c->got->payload_len; i++) {
		if (want[i] == got[i])
			continue;
		diff_text(c, "payload",
			  arena_printf(c->arena, "0x%02x at byte %" PRIu32, want[i], i),
			  arena_printf(c->arena, "0x%02x at byte %" PRIu32, got[i], i));
		return;
	}
}

static const char *layers_text(const struct comparison *c, const struct pkt *p)
{
	const char *text = "";
	int i;

	for (i = 0; i < p->n_hdr; i++)
		text = arena_printf(c->arena, "%s%s%s", text, i ? " " : "",
				    hdr_kind_name(p->hdr[i].kind));
	return text;
}

static bool same_layers(const struct pkt *a, const struct pkt *b)
{
	int i;

	for (i = 0; i < a->n_hdr && i < b->n_hdr; i++)
		if (a->hdr[i].kind != b->hdr[i].kind)
			return false;
	return a->n_hdr == b->n_hdr;
}

/* All headers before the transport's, which are of the same kinds. */
static void compare_layers(const struct comparison *c)
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
		o = o ? STAILQ_NEXT(o, next) : NULL;
	}
}

void pkt_compare(const struct pkt_spec *spec, const struct pkt *want, const struct pkt *got,
		 struct arena *a, struct pkt_diff_list *list)
{
	struct comparison c = { .spec = spec, .want = want, .got = got, .arena = a, .list = list };

	if (same_layers(want, got))
		compare_layers(&c);
	else
		diff_text(&c, "header_layers", layers_text(&c, want), layers_text(&c, got));
	compare_transport(&c);
	compare_payload(&c);
}
