/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Field-by-field comparison of a captured packet with an expected one. A
 * length that differs only because the options (or IP options) before it do
 * is not a difference of its own: cause is reported, consequence is not.
 */
#include "config.h"

#include "wire/pkt_compare.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"
#include "wire/icmp_names.h"
#include "wire/tcpopt.h"
#include "base/arena.h"
#include "base/buf.h"

#include <inttypes.h>
#include <string.h>

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

void pkt_diff_append(struct pkt_diff_list *list, const struct pkt_diff_list *more)
{
	if (!more->n)
		return;
	*list->last = more->first;
	list->last = more->last;
	list->n += more->n;
}

void compare_text(const struct comparison *c, const char *field, const char *want,
		      const char *got)
{
	pkt_diff_add(c->list, c->arena, field, want, got);
}

void compare_dec(const struct comparison *c, const char *field, uint32_t want, uint32_t got)
{
	if (want != got)
		compare_text(c, field, arena_printf(c->arena, "%" PRIu32, want),
			  arena_printf(c->arena, "%" PRIu32, got));
}

void compare_hex(const struct comparison *c, const char *field, uint32_t want, uint32_t got)
{
	if (want != got)
		compare_text(c, field, arena_printf(c->arena, "0x%" PRIx32, want),
			  arena_printf(c->arena, "0x%" PRIx32, got));
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
			compare_dec(c, bits[i].field, !!(want & bits[i].bit), !!(got & bits[i].bit));
	/* Written as a digit, AE, CWR and ECE are one counter (RFC 9768). */
	if (c->spec->tcp.ace)
		compare_dec(c, "tcp_ace", want >> 6 & 7, got >> 6 & 7);
	/* As the digit after `reserved`: AE's bit has been looked at. */
	compare_dec(c, "tcp_reserved_bits", want >> 8 & 0xe, got >> 8 & 0xe);
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

static void compare_options(const struct comparison *c)
{
	const uint8_t *want, *got;
	size_t n_want, n_got;

	if (c->spec->tcp.opts_kind == OPTS_ANY)
		return;
	want = pkt_tcp_opts(c->want, &n_want);
	got = pkt_tcp_opts(c->got, &n_got);
	if (!same_options(want, n_want, got, n_got))
		compare_text(c, "tcp_options", options_text(c, want, n_want),
			  options_text(c, got, n_got));
}

/* The data offset is the length of the options: compared with them. */
static void compare_tcp(const struct comparison *c, const uint8_t *want, const uint8_t *got)
{
	compare_flags(c, pkt_tcp_flags(c->want), pkt_tcp_flags(c->got));
	if (!c->spec->tcp.seq_any)
		compare_dec(c, "tcp_seq", get_be32(want + 4), get_be32(got + 4));
	compare_dec(c, "tcp_ack_seq", get_be32(want + 8), get_be32(got + 8));
	if (c->spec->tcp.win.set)
		compare_dec(c, "tcp_window", get_be16(want + 14), get_be16(got + 14));
	compare_dec(c, "tcp_urg_ptr", get_be16(want + 18), get_be16(got + 18));
	compare_options(c);
}

/* Which packet the message is about: its protocol, and for TCP which segment. */
static void compare_quote(const struct comparison *c)
{
	const struct spec_icmp *i = &c->spec->icmp;
	struct pkt_quote want, got;

	if (i->quote == QUOTE_NONE || i->quote == QUOTE_RAW || !compare_is_icmp_error(c->want) ||
	    !pkt_quote_of(c->want, c->spec->tunnel.set, &want))
		return;
	if (!pkt_quote_of(c->got, c->spec->tunnel.set, &got)) {
		compare_text(c, "icmp_quote", "a quoted packet", "none");
		return;
	}
	compare_dec(c, "icmp_quote_protocol", want.protocol, got.protocol);
	if (i->quote == QUOTE_TCP && want.protocol == got.protocol)
		compare_dec(c, "icmp_quote_seq", want.tcp_seq, got.tcp_seq);
}

static void compare_icmp(const struct comparison *c, const uint8_t *want, const uint8_t *got)
{
	compare_dec(c, "icmp_type", want[0], got[0]);
	compare_dec(c, "icmp_code", want[1], got[1]);
	if (want[0] == got[0])
		compare_quote(c);
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
		compare_dec(c, "udp_len", get_be16(want + 4), get_be16(got + 4));
		break;
	case HDR_UDPLITE:
		compare_dec(c, "udplite_cov", get_be16(want + 4), get_be16(got + 4));
		break;
	default:
		compare_icmp(c, want, got);
		break;
	}
}

/* [code N, pen N]: true if that is what the payloads are. */
static bool compare_diag(const struct comparison *c, const uint8_t *want, const uint8_t *got)
{
	if (c->spec->kind != SPEC_TCP || !c->spec->tcp.diag_code.set ||
	    c->got->payload_len != TCP_DIAG_BYTES)
		return false;
	compare_hex(c, "rst_magic", get_be16(want), get_be16(got));
	compare_dec(c, "rst_code", get_be16(want + 2), get_be16(got + 2));
	compare_dec(c, "rst_pen", get_be32(want + 4), get_be32(got + 4));
	return true;
}

/* Only the first byte that differs; that the lengths do has been said. */
static void compare_payload(const struct comparison *c)
{
	const uint8_t *want = c->want->data + c->want->payload_off;
	const uint8_t *got = c->got->data + c->got->payload_off;
	const struct hdr *w = pkt_transport(c->want), *g = pkt_transport(c->got);
	uint32_t i;

	if (!w || !g || w->kind != g->kind || w->kind == HDR_ICMPV4 || w->kind == HDR_ICMPV6)
		return;
	if (compare_diag(c, want, got))
		return;
	for (i = 0; i < c->want->payload_len && i < c->got->payload_len; i++) {
		if (want[i] == got[i])
			continue;
		compare_text(c, "payload",
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

void pkt_compare(const struct pkt_spec *spec, const struct pkt *want, const struct pkt *got,
		 struct arena *a, struct pkt_diff_list *list)
{
	struct comparison c = { .spec = spec, .want = want, .got = got, .arena = a, .list = list };

	if (same_layers(want, got))
		compare_layers(&c);
	else
		compare_text(&c, "header_layers", layers_text(&c, want), layers_text(&c, got));
	compare_transport(&c);
	compare_payload(&c);
}

void pkt_compare_icmp_fields(const struct pkt_spec *spec, const struct pkt *want,
			     const struct pkt *got, struct arena *a, struct pkt_diff_list *list)
{
	struct comparison c = { .spec = spec, .want = want, .got = got, .arena = a, .list = list };
	const struct hdr *w = pkt_transport(want), *g = pkt_transport(got);

	if (spec->kind != SPEC_ICMP || !w || !g || w->kind != g->kind)
		return;
	if (spec->icmp.id.set)
		compare_dec(&c, "icmp_id", get_be16(pkt_bytes(want, w) + 4),
			 get_be16(pkt_bytes(got, g) + 4));
	if (spec->icmp.mtu.set)
		compare_dec(&c, "icmp_mtu", get_be32(pkt_bytes(want, w) + 4),
			 get_be32(pkt_bytes(got, g) + 4));
}

void pkt_compare_checksums(const struct pkt *got, struct arena *a, struct pkt_diff_list *list)
{
	const struct hdr *h = pkt_tunnel(got) ? pkt_tunnel(got) : pkt_transport(got);

	if (!pkt_ip_checksum_ok(got))
		pkt_diff_add(list, a, "ipv4_checksum", "right", "wrong");
	if (!pkt_checksum_ok(got))
		pkt_diff_add(list, a, arena_printf(a, "%s_checksum", hdr_kind_name(h->kind)),
			     "right", "wrong");
}
