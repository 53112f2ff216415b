/* SPDX-License-Identifier: BSD-2-Clause */
/* Fills packet specs from tokens; ranges of numbers are checked here, at the number. */
#include "config.h"

#include "packet_words.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/names.h"
#include "script/check.h"

#include <inttypes.h>
#include <string.h>

int64_t word_bounded(struct parse *p, const struct token *t, int64_t max, const char *what)
{
	if (parse_refuse_formula(p, t))
		return 0;
	if (t->num >= 0 && t->num <= max)
		return t->num;
	if (t->too_large)
		return 0;	/* that was said */
	diag_error(p->diag, t->span, "%s out of range: %s is not in 0..%" PRId64, what, t->text, max);
	return 0;
}

struct spec_num word_number(struct parse *p, const struct token *t, int64_t max, const char *what)
{
	if (t->value) {
		/* What counts modulo 2^32 has no bounds. */
		t->value->max = max == UINT32_MAX ? 0 : max;
		t->value->what = what;
		return (struct spec_num){ .set = true, .v = t->num, .value = &t->value->shown,
					  .span = t->span };
	}
	return (struct spec_num){ .set = true, .hex = t->hex, .v = word_bounded(p, t, max, what),
				  .span = t->span };
}

void word_expect(struct parse *p, const struct token *t, const char *word)
{
	if (strcmp(t->text, word))
		diag_error(p->diag, t->span, "unexpected '%s', expected '%s'", t->text, word);
}

bool word_range_ok(struct parse *p, const struct token *start, const struct token *end,
		     const struct token *len, struct span at)
{
	int before = p->diag->errors;
	int64_t from = word_bounded(p, start, UINT32_MAX, "TCP start sequence number");
	int64_t to = word_bounded(p, end, UINT32_MAX, "TCP end sequence number");
	int64_t n = word_bounded(p, len, 65535, "TCP payload size");

	if (p->diag->errors > before)
		return false;
	/* Sequence numbers count modulo 2^32 (RFC 9293 3.4), so a range may wrap. */
	if ((uint32_t)(from + n) == (uint32_t)to)
		return true;
	diag_error(p->diag, at, "inconsistent TCP sequence numbers and payload size: %" PRId64
		   " + %" PRId64 " is not %" PRId64, from, n, to);
	return false;
}

struct pkt_spec *packet_new(struct parse *p, enum pkt_dir dir)
{
	struct pkt_spec *s = arena_new_of(p->arena, struct pkt_spec);

	s->dir = dir;
	STAILQ_INIT(&s->outer);
	p->packet = s;
	return s;
}

void packet_add_outer(struct parse *p, struct pkt_spec *s, struct spec_outer *o, struct span at)
{
	if (s->ip.span.line)
		diag_error(p->diag, at, "outer headers come before the [...] of the innermost IP header");
	/* They say which of the numbers the header has. */
	if (o->kind == OUTER_GRE && !o->gre_bare && !o->gre_flags.set)
		diag_error(p->diag, at, "gre wants its flags: gre flags [key present] key 1");
	o->span = at;
	STAILQ_INSERT_TAIL(&s->outer, o, next);
}

void packet_ip(struct parse *p, struct pkt_spec *s, const struct spec_ip *ip, struct span at)
{
	if (s->ip.span.line)
		diag_error(p->diag, at, "the IP header is described twice");
	s->ip = *ip;
	s->ip.span = at;
}

struct spec_end end_port(struct parse *p, const struct token *port)
{
	return (struct spec_end){ .port = word_number(p, port, 65535, "port"), .span = port->span };
}

struct spec_end end_addr(struct parse *p, const struct token *addr, const struct token *port)
{
	struct spec_end e = { .span = addr->span };

	if (!ip_addr_parse(addr->text, &e.addr))
		diag_error(p->diag, addr->span, "'%s' is not an IP address", addr->text);
	if (port)
		e.port = word_number(p, port, 65535, "port");
	return e;
}

struct spec_end end_var(struct parse *p, const struct token *name, const struct token *port,
			struct span at)
{
	struct spec_end e = { .span = at, .var = name->text };

	if (port)
		e.port = word_number(p, port, 65535, "port");
	return e;
}

void packet_ends(struct pkt_spec *s, const struct spec_end *src, const struct spec_end *dst)
{
	if (src)
		s->src = *src;
	if (dst)
		s->dst = *dst;
}

void packet_tunnel(struct parse *p, struct pkt_spec *s, const struct token *src,
		   const struct token *dst, struct span at)
{
	s->tunnel.set = true;
	s->tunnel.src_port = word_number(p, src, 65535, "port");
	s->tunnel.dst_port = word_number(p, dst, 65535, "port");
	s->tunnel.span = at;
}

void packet_sctp(struct parse *p, struct span at)
{
	script_refuse_sctp(p->diag, at);
	/* Nothing behind it matters. */
	p->cut_off = true;
	p->give_up = true;
}

static const struct name_value ecn_table[] = {
	{ "noecn", ECN_NOECN }, { "ect0", ECN_ECT0 }, { "ect1", ECN_ECT1 }, { "ce", ECN_CE },
	{ "ect01", ECN_ECT01 }, { NULL, 0 }
};

/* DiffServ code points by name: RFC 2474, 2597, 3246, 5865, 8622. */
static const struct name_value dscp_table[] = {
	{ "cs0", 0 }, { "cs1", 8 }, { "cs2", 16 }, { "cs3", 24 }, { "cs4", 32 }, { "cs5", 40 },
	{ "cs6", 48 }, { "cs7", 56 }, { "af11", 10 }, { "af12", 12 }, { "af13", 14 }, { "af21", 18 },
	{ "af22", 20 }, { "af23", 22 }, { "af31", 26 }, { "af32", 28 }, { "af33", 30 }, { "af41", 34 },
	{ "af42", 36 }, { "af43", 38 }, { "ef", 46 }, { "voice-admit", 44 }, { "le", 1 }, { NULL, 0 }
};

/* Numbers of the IP header; IPv6 has names of its own for two of them. */
static const struct ip_field {
	const char *name;
	size_t at;
	int64_t max;
} ip_field_table[] = {
	{ "tos", offsetof(struct spec_ip, tos), 0xff },
	{ "class", offsetof(struct spec_ip, tos), 0xff },
	{ "ttl", offsetof(struct spec_ip, ttl), 0xff },
	{ "hlim", offsetof(struct spec_ip, ttl), 0xff },
	{ "flowlabel", offsetof(struct spec_ip, flowlabel), 0xfffff },
	{ "dscp", offsetof(struct spec_ip, dscp), 0x3f },
	{ NULL, 0, 0 }
};

static void ip_ecn(struct parse *p, struct spec_ip *ip, const struct token *word)
{
	int64_t v;

	if (!names_find(ecn_table, word->text, &v)) {
		diag_error(p->diag, word->span, "unknown ECN field '%s'; known are: noecn ect0 ect1 ce "
			   "ect01", word->text);
		return;
	}
	if (ip->ecn != ECN_UNSAID)
		diag_error(p->diag, word->span, "the ECN field is said twice");
	ip->ecn = (enum spec_ecn)v;
}

static void ip_number(struct parse *p, struct spec_ip *ip, const struct ip_field *f,
		      const struct token *word, const struct token *value)
{
	struct spec_num *n = (struct spec_num *)(void *)((char *)ip + f->at);
	int64_t code;

	if (n->set)
		diag_error(p->diag, word->span, "'%s' is said twice", f->name);
	else if (!value)
		diag_error(p->diag, word->span, "'%s' wants a number", f->name);
	else if (f->at == offsetof(struct spec_ip, dscp) && names_find(dscp_table, value->text, &code))
		*n = (struct spec_num){ .set = true, .v = code, .span = value->span };
	else if (!value->is_number)
		diag_error(p->diag, value->span, "'%s' wants a number, not '%s'", f->name, value->text);
	else
		*n = word_number(p, value, f->max, f->name);
}

void ip_word(struct parse *p, struct spec_ip *ip, const struct token *word,
	     const struct token *value)
{
	const struct ip_field *f;
	int64_t v;

	if (names_find(ecn_table, word->text, &v) && value) {
		diag_error(p->diag, value->span, "'%s' takes no number", word->text);
		return;
	}
	if (!strcmp(word->text, "ecn") && value) {
		ip_ecn(p, ip, value);
		return;
	}
	if (names_find(ecn_table, word->text, &v)) {
		ip_ecn(p, ip, word);
		return;
	}
	for (f = ip_field_table; f->name; f++)
		if (!strcmp(f->name, word->text))
			break;
	if (f->name)
		ip_number(p, ip, f, word, value);
	else
		diag_error(p->diag, word->span, "unknown word '%s' for the IP header; known are: noecn "
			   "ect0 ect1 ect01 ce, ecn WORD, dscp N, tos N (class N), ttl N (hlim N), "
			   "flowlabel N", word->text);
}

void udplite_len(struct parse *p, struct pkt_spec *s, const struct token *len,
		 const struct token *coverage)
{
	udp_len(p, s, len);
	s->udp.coverage = word_number(p, coverage, 65535, "UDP-Lite checksum coverage");
}

void udp_len(struct parse *p, struct pkt_spec *s, const struct token *len)
{
	s->udp.len = (uint16_t)word_bounded(p, len, 65535, "UDP payload size");
}

void icmp_begin(struct pkt_spec *s, const struct token *type)
{
	s->kind = SPEC_ICMP;
	s->icmp.type = type->text;
	s->icmp.type_span = type->span;
}

void icmp_code(struct pkt_spec *s, const struct token *code)
{
	s->icmp.code = code->text;
	s->icmp.code_span = code->span;
}

void icmp_field(struct parse *p, struct pkt_spec *s, const struct token *word,
		const struct token *num)
{
	bool mtu = !strcmp(word->text, "mtu");
	struct spec_num *n = mtu ? &s->icmp.mtu : &s->icmp.id;

	if (n->set)
		diag_error(p->diag, word->span, "'%s' is written twice", word->text);
	else
		*n = word_number(p, num, mtu ? UINT32_MAX : 65535, mtu ? "ICMP MTU" : "ICMP echo id");
}

void icmp_quote_tcp(struct parse *p, struct pkt_spec *s, const struct token *start,
		    const struct token *end, const struct token *len, struct span at)
{
	s->icmp.quote = QUOTE_TCP;
	s->icmp.quote_span = at;
	if (!word_range_ok(p, start, end, len, at))
		return;
	s->icmp.seq = (uint32_t)start->num;
	s->icmp.end = (uint32_t)end->num;
	s->icmp.len = (uint16_t)len->num;
}

void icmp_quote_len(struct parse *p, struct pkt_spec *s, enum icmp_quote kind,
		    const struct token *len, struct span at)
{
	s->icmp.quote = kind;
	s->icmp.quote_span = at;
	s->icmp.len = (uint16_t)word_bounded(p, len, 65535, "ICMP payload size");
}

void icmp_quote_udplite(struct parse *p, struct pkt_spec *s, const struct token *len,
			const struct token *coverage, struct span at)
{
	icmp_quote_len(p, s, QUOTE_UDPLITE, len, at);
	s->icmp.coverage = word_number(p, coverage, 65535, "UDP-Lite checksum coverage");
}
