/* SPDX-License-Identifier: BSD-2-Clause */
/* Outer headers: the words of `ipv4 A > B:`, `gre ...:` and `mpls (...):`. */
#include "config.h"

#include "packet_words.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/names.h"

#include <inttypes.h>
#include <string.h>

struct spec_outer *outer_new(struct parse *p, enum outer_kind kind)
{
	struct spec_outer *o = arena_new_of(p->arena, struct spec_outer);

	o->kind = kind;
	return o;
}

struct spec_outer *outer_ip(struct parse *p, enum outer_kind kind, const struct spec_ip *ip,
			    const struct token *src, const struct token *dst)
{
	struct spec_outer *o = outer_new(p, kind);
	int family = kind == OUTER_IPV4 ? AF_INET : AF_INET6;

	if (ip)
		o->ip = *ip;
	if (!ip_addr_parse(src->text, &o->src) || o->src.family != family)
		diag_error(p->diag, src->span, "'%s' is not an %s address", src->text,
			   family == AF_INET ? "IPv4" : "IPv6");
	if (!ip_addr_parse(dst->text, &o->dst) || o->dst.family != family)
		diag_error(p->diag, dst->span, "'%s' is not an %s address", dst->text,
			   family == AF_INET ? "IPv4" : "IPv6");
	return o;
}

void gre_item(struct parse *p, struct spec_outer *o, const struct token *word,
	      const struct token *num)
{
	static const struct {
		const char *name;
		size_t at;
		int64_t max;
	} table[] = {
		{ "flags", offsetof(struct spec_outer, gre_flags), 0xffff },
		{ "Flags", offsetof(struct spec_outer, gre_flags), 0xffff },
		{ "sum", offsetof(struct spec_outer, gre_sum), 0xffff },
		{ "off", offsetof(struct spec_outer, gre_off), 0xffff },
		{ "key", offsetof(struct spec_outer, gre_key), UINT32_MAX },
		{ "seq", offsetof(struct spec_outer, gre_seq), UINT32_MAX },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct spec_num *n = (struct spec_num *)(void *)((char *)o + table[i].at);

		if (strcmp(table[i].name, word->text))
			continue;
		if (n->set)
			diag_error(p->diag, word->span, "GRE %s is written twice", word->text);
		*n = word_number(p, num, table[i].max, arena_printf(p->arena, "GRE %s", word->text));
		return;
	}
	diag_error(p->diag, word->span, "unknown GRE field '%s' (flags, sum, off, key, seq are)",
		   word->text);
}

void gre_flag_list(struct parse *p, struct spec_outer *o, const struct token *word, uint32_t flags)
{
	if (strcmp(word->text, "flags") && strcmp(word->text, "Flags"))
		diag_error(p->diag, word->span, "only flags take a [list]");
	else if (o->gre_flags.set)
		diag_error(p->diag, word->span, "GRE %s is written twice", word->text);
	o->gre_flags = (struct spec_num){ .set = true, .hex = true, .v = flags, .span = word->span };
}

uint32_t gre_flag(struct parse *p, const struct token *word, const struct token *present)
{
	static const struct name_value table[] = {
		{ "none", 0 }, { "checksum", 0x8000 }, { "key", 0x2000 }, { "sequence#", 0x1000 },
		{ NULL, 0 }
	};
	int64_t v = 0;

	if (!names_find(table, word->text, &v) || !present != !v ||
	    (present && strcmp(present->text, "present")))
		diag_error(p->diag, word->span, "unknown GRE flag; known are: none, checksum present, "
			   "key present, sequence# present");
	return (uint32_t)v;
}

struct spec_mpls mpls_entry(struct parse *p, const struct token *label, const struct token *label_n,
			    const struct token *tc, const struct token *tc_n, const struct token *s,
			    const struct token *ttl, const struct token *ttl_n)
{
	struct spec_mpls m = { .bottom = s != NULL };

	word_expect(p, label, "label");
	word_expect(p, tc, "tc");
	word_expect(p, ttl, "ttl");
	if (s && strcmp(s->text, "S"))
		diag_error(p->diag, s->span, "expected [S] for MPLS label stack bottom");
	m.label = (uint32_t)word_bounded(p, label_n, 0xfffff, "MPLS label");
	m.tc = (uint8_t)word_bounded(p, tc_n, 7, "MPLS traffic class");
	m.ttl = (uint8_t)word_bounded(p, ttl_n, 255, "MPLS ttl");
	return m;
}

void mpls_add(struct parse *p, struct spec_outer *o, const struct spec_mpls *m, struct span at)
{
	const int room = (int)(sizeof(o->mpls) / sizeof(o->mpls[0]));

	if (o->n_mpls == room)
		diag_error(p->diag, at, "too many MPLS labels (at most %d)", room);
	else
		o->mpls[o->n_mpls++] = *m;
}
