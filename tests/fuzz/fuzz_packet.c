/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a captured packet, plain or as a carrier of others (TCP in UDP,
 * PSP): decoding, printing (which has to be valid script text that stands for
 * the same packet), options, comparison with itself, checksums and quotations.
 */
#include "config.h"

#include "fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "script/ast.h"
#include "script/parse.h"
#include "wire/pkt.h"
#include "wire/psp.h"
#include "wire/tcpopt.h"

#include <string.h>

/* The port that the seeds with PSP in them use. */
enum { PSP_PORT = 1000 };

/* Reads every byte, so that AddressSanitizer sees where they lie. */
static unsigned touch(const uint8_t *p, size_t n)
{
	unsigned sum = 0;

	while (n--)
		sum += *p++;
	return sum;
}

static void headers(const struct pkt *p)
{
	uint32_t at = 0;
	int i;

	must(p->n_hdr > 0 && p->n_hdr <= PKT_MAX_HDRS);
	for (i = 0; i < p->n_hdr; i++) {
		must(p->hdr[i].off == at);
		at += p->hdr[i].len;
	}
	must(at == p->payload_off);
	must((size_t)at + p->payload_len <= p->len);
	touch(p->data, p->len);
}

static void options(const struct pkt *p)
{
	size_t len, pos = 0, left;
	const uint8_t *opts;
	struct tcpopt o;
	int more;

	if (!pkt_is_tcp(p))
		return;
	opts = pkt_tcp_opts(p, &len);
	left = len;
	while ((more = tcpopt_next(opts, len, &pos, &o))) {
		must(o.raw_len > 0 && o.raw_len <= left);
		left -= o.raw_len;
		touch(o.raw, o.raw_len);
		touch(o.data, o.len);
		if (more > 0)
			must(tcpopt_find(opts, len, o.kind, &o));
	}
	must(left == 0);
}

/* A label stack may be deeper on the wire than scripts can say. */
static bool has_script_form(const struct pkt *p)
{
	const struct spec_outer *o = NULL;
	int i;

	for (i = 0; i < p->n_hdr; i++)
		if (p->hdr[i].kind == HDR_MPLS && p->hdr[i].len / 4 > sizeof(o->mpls) / sizeof(o->mpls[0]))
			return false;
	return true;
}

/* Written options are the bytes that they were printed from. */
static void same_options(const struct pkt_spec *spec, const struct pkt *p, struct diag_sink *d)
{
	int family = pkt_ip(p)->kind == HDR_IPV4 ? AF_INET : AF_INET6;
	uint8_t written[TCPOPT_MAX_BYTES];
	size_t n_written, n;
	const uint8_t *opts = pkt_tcp_opts(p, &n);

	if (spec->kind != SPEC_TCP)
		return;
	must(!tcpopt_encode(spec, family, written, &n_written, d));
	must(n_written == n && !memcmp(written, opts, n));
}

/* "P. 1:2(1) ack 3 ..." can be pasted into a script. */
static void text(const struct pkt *p, bool verbose_ip, struct arena *a)
{
	struct buf b = { 0 };
	struct source *src;
	struct diag_sink d;
	struct script *s;

	buf_adds(&b, "0 > ");
	pkt_print(p, verbose_ip, &b);
	buf_addc(&b, '\n');
	diag_init(&d, a);
	src = source_from_text("print", buf_str(&b), b.len, a, &d);
	must(src);
	s = script_parse(src, NULL, a, &d);
	if (!s && has_script_form(p))
		diag_print_all(stderr, &d, false);
	must(s || !has_script_form(p));
	if (s)
		same_options(STAILQ_FIRST(&s->events)->pkt, p, &d);
	buf_free(&b);
}

/* A spec that asks for everything to be compared. */
static struct pkt_spec strict_spec(const struct pkt *p)
{
	const struct hdr *h = pkt_transport(p);
	struct pkt_spec s = { .dir = PKT_OUT, .kind = SPEC_ICMP };

	STAILQ_INIT(&s.outer);
	s.ip.tos.set = s.ip.ttl.set = true;
	if (h && h->kind == HDR_UDP)
		s.kind = SPEC_UDP;
	if (h && h->kind == HDR_TCP) {
		s.kind = SPEC_TCP;
		s.tcp.win.set = true;
		s.tcp.opts_kind = OPTS_LIST;
		STAILQ_INIT(&s.tcp.opts);
	}
	return s;
}

static void compare(const struct pkt *p, const struct pkt *other, struct arena *a)
{
	struct pkt_spec s = strict_spec(p);
	struct pkt_diff_list list;

	pkt_diff_init(&list);
	pkt_compare(&s, p, other, a, &list);
	if (list.n)
		fprintf(stderr, "%s: %s, %s\n", list.first->field, list.first->want, list.first->got);
	must(list.n == 0);
}

static void checksums(const struct pkt *p, struct arena *a)
{
	struct pkt *fixed = pkt_copy(p, a);

	pkt_checksum_ok(p);
	pkt_ip_checksum_ok(p);
	pkt_fill_checksums(fixed, NULL);
	must(pkt_ip_checksum_ok(fixed));
	must(pkt_checksum_ok(fixed));
}

static void fields(const struct pkt *p, struct arena *a)
{
	struct pkt *copy = pkt_copy(p, a);
	struct pkt_ends ends, quoted;
	uint32_t seq;

	pkt_get_ends(copy, &ends);
	pkt_set_ends(copy, &ends);
	must(!memcmp(copy->data, p->data, p->len));
	pkt_flowlabel(copy);
	if (pkt_is_tcp(copy)) {
		pkt_tcp_set_seq(copy, pkt_tcp_seq(p));
		pkt_tcp_set_ack(copy, pkt_tcp_ack(p));
		must(!memcmp(copy->data, p->data, p->len));
	}
	if (pkt_get_quote(copy, false, &quoted, &seq))
		pkt_set_quote(copy, false, &quoted, seq);
	else
		pkt_set_quote(copy, false, &ends, 1);
	headers(copy);
}

static void one_packet(const struct pkt_context *ctx, const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const char *why;
	struct pkt p;

	switch (pkt_decode_in(ctx, data, size, a, &p, &why)) {
	case DECODE_OK:
		headers(&p);
		options(&p);
		text(&p, false, a);
		text(&p, true, a);
		compare(&p, pkt_copy(&p, a), a);
		checksums(&p, a);
		fields(&p, a);
		break;
	case DECODE_BAD:
		must(why && *why);
		break;
	case DECODE_OTHER:
		break;
	}
	arena_free(a);
}

/* Decryption writes nowhere but into the bytes it was given. */
static void sealed(const uint8_t *data, size_t size)
{
	static const uint8_t key[PSP_KEY_BYTES];
	struct arena *a = arena_new();
	uint8_t *copy = arena_memdup(a, data, size);
	uint32_t spi;

	must(psp_find(data, size, PSP_PORT, &spi) || !psp_open(copy, size, PSP_PORT, key));
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pkt_context contexts[] = {
		{ .tcp_in_udp = false }, { .tcp_in_udp = true }, { .psp_port = PSP_PORT },
	};
	size_t i;

	if (size > PKT_MAX_BYTES)
		return 0;
	for (i = 0; i < sizeof(contexts) / sizeof(contexts[0]); i++)
		one_packet(&contexts[i], data, size);
	sealed(data, size);
	return 0;
}
