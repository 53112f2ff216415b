/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Specs written by hand, without the parser. Everything lives in the arena of
 * a struct world, which each test makes and drops.
 */
#ifndef DP_TESTS_WIRE_HELPERS_H
#define DP_TESTS_WIRE_HELPERS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "wire/pkt.h"
#include "wire/spec.h"
#include "wire/tcpopt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HELPER static inline __attribute__((unused))

struct world {
	struct arena *arena;
	struct diag_sink diag;
	struct buf out;
};

HELPER struct world world_new(void)
{
	struct world w = { .arena = arena_new() };

	return w;
}

/* The sink points at itself, so it is set up in place. */
#define WORLD(w) struct world w = world_new(); diag_init(&w.diag, w.arena)

HELPER void world_end(struct world *w)
{
	buf_free(&w->out);
	arena_free(w->arena);
}

HELPER struct spec_num num(int64_t v)
{
	return (struct spec_num){ .set = true, .v = v };
}

HELPER struct spec_num hexnum(int64_t v)
{
	return (struct spec_num){ .set = true, .hex = true, .v = v };
}

HELPER struct pkt_spec *spec_new(struct world *w, enum pkt_dir dir, enum spec_kind kind)
{
	struct pkt_spec *s = arena_new_of(w->arena, struct pkt_spec);

	s->dir = dir;
	s->kind = kind;
	STAILQ_INIT(&s->outer);
	if (kind == SPEC_TCP)
		STAILQ_INIT(&s->tcp.opts);
	return s;
}

/* One atom: a:b, a number, or a word. */
HELPER struct opt_atom *atom_new(struct world *w, const char *text)
{
	struct opt_atom *a = arena_new_of(w->arena, struct opt_atom);
	const char *colon = strchr(text, ':');
	char *end;

	a->text = arena_strdup(w->arena, text);
	a->kind = ATOM_WORD;
	if (colon) {
		a->kind = ATOM_PAIR;
		a->a = strtoll(text, NULL, 0);
		a->b = strtoll(colon + 1, NULL, 0);
	} else if (*text) {
		a->a = strtoll(text, &end, 0);
		if (!*end)
			a->kind = ATOM_NUM;
	}
	return a;
}

/* Options from "mss 1460,nop,TS val 1 ecr 2"; "..." for any. */
HELPER void spec_opts(struct world *w, struct pkt_spec *s, const char *text)
{
	char *all = arena_strdup(w->arena, text), *one, *word, *at_one = NULL, *at_word = NULL;

	STAILQ_INIT(&s->tcp.opts);
	s->tcp.opts_kind = strcmp(text, "...") ? OPTS_LIST : OPTS_ANY;
	if (s->tcp.opts_kind == OPTS_ANY)
		return;
	for (one = strtok_r(all, ",", &at_one); one; one = strtok_r(NULL, ",", &at_one)) {
		struct spec_opt *o = arena_new_of(w->arena, struct spec_opt);

		STAILQ_INIT(&o->atoms);
		o->name = strtok_r(one, " ", &at_word);
		while ((word = strtok_r(NULL, " ", &at_word))) {
			struct opt_atom *a = atom_new(w, word);

			STAILQ_INSERT_TAIL(&o->atoms, a, next);
		}
		STAILQ_INSERT_TAIL(&s->tcp.opts, o, next);
	}
}

/* flags seq:seq+len(len) ack 1 win 257, inbound or outbound. */
HELPER struct pkt_spec *spec_tcp(struct world *w, enum pkt_dir dir, uint16_t flags,
				 const char *text, uint32_t seq, uint16_t len)
{
	struct pkt_spec *s = spec_new(w, dir, SPEC_TCP);

	s->tcp.flags = flags;
	s->tcp.flags_text = text;
	s->tcp.seq = seq;
	s->tcp.end = seq + len;
	s->tcp.len = len;
	s->tcp.ack = num(1);
	s->tcp.win = num(257);
	return s;
}

HELPER struct pkt_spec *spec_udp(struct world *w, enum pkt_dir dir, uint16_t len)
{
	struct pkt_spec *s = spec_new(w, dir, SPEC_UDP);

	s->udp.len = len;
	return s;
}

HELPER struct pkt_spec *spec_icmp(struct world *w, const char *type, const char *code)
{
	struct pkt_spec *s = spec_new(w, PKT_IN, SPEC_ICMP);

	s->icmp.type = type;
	s->icmp.code = code;
	return s;
}

HELPER struct spec_outer *spec_outer(struct world *w, struct pkt_spec *s, enum outer_kind kind)
{
	struct spec_outer *o = arena_new_of(w->arena, struct spec_outer);

	o->kind = kind;
	STAILQ_INSERT_TAIL(&s->outer, o, next);
	return o;
}

HELPER struct spec_outer *spec_outer_ip(struct world *w, struct pkt_spec *s, const char *src,
					const char *dst)
{
	struct spec_outer *o = spec_outer(w, s, OUTER_IPV4);

	assert_true(ip_addr_parse(src, &o->src));
	assert_true(ip_addr_parse(dst, &o->dst));
	if (o->src.family == AF_INET6)
		o->kind = OUTER_IPV6;
	return o;
}

HELPER struct spec_outer *spec_outer_gre(struct world *w, struct pkt_spec *s, uint16_t flags,
					 uint16_t sum, uint16_t off, uint32_t key, uint32_t seq)
{
	struct spec_outer *o = spec_outer(w, s, OUTER_GRE);

	o->gre_flags = hexnum(flags);
	o->gre_sum = num(sum);
	o->gre_off = num(off);
	o->gre_key = num(key);
	o->gre_seq = num(seq);
	return o;
}

HELPER struct pkt *built(struct world *w, const struct pkt_spec *s, enum ip_version v)
{
	struct pkt *p = pkt_build(s, v, w->arena, &w->diag);

	if (!p)
		fail_msg("not built: %s", w->diag.first ? w->diag.first->msg : "(no message)");
	return p;
}

/* Building must fail, with a message that has this in it. */
HELPER void assert_refused(struct world *w, const struct pkt_spec *s, enum ip_version v,
			   const char *part)
{
	diag_init(&w->diag, w->arena);
	assert_null(pkt_build(s, v, w->arena, &w->diag));
	assert_int_equal(w->diag.errors, 1);
	if (!strstr(w->diag.first->msg, part))
		fail_msg("\"%s\" is not in \"%s\"", part, w->diag.first->msg);
}

HELPER struct pkt *decoded(struct world *w, const uint8_t *bytes, size_t n)
{
	struct pkt *p = arena_new_of(w->arena, struct pkt);
	const char *why = NULL;
	enum decode r = pkt_decode(bytes, n, w->arena, p, &why);

	if (r != DECODE_OK)
		fail_msg("not decoded: %d %s", r, why ? why : "");
	return p;
}

HELPER const char *printed(struct world *w, const struct pkt *p)
{
	buf_clear(&w->out);
	pkt_print(p, true, &w->out);
	return buf_str(&w->out);
}

HELPER const char *spec_text(struct world *w, const struct pkt_spec *s)
{
	buf_clear(&w->out);
	spec_print(s, &w->out);
	return buf_str(&w->out);
}

HELPER void set_ends(struct pkt *p, const char *src, uint16_t src_port, const char *dst,
		     uint16_t dst_port)
{
	struct pkt_ends e = { .src_port = src_port, .dst_port = dst_port };

	assert_true(ip_addr_parse(src, &e.src));
	assert_true(ip_addr_parse(dst, &e.dst));
	pkt_set_ends(p, &e);
}

HELPER void assert_bytes(const struct pkt *p, const uint8_t *want, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < p->len; i++)
		if (p->data[i] != want[i])
			fail_msg("byte %zu is 0x%02x, not 0x%02x", i, p->data[i], want[i]);
	assert_int_equal(p->len, n);
}

#endif
