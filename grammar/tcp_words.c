/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a TCP packet: flags, sequence numbers, fields, options. */
#include "config.h"

#include "packet_words.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/names.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* Whichever word of a TCP packet comes first. */
static void tcp_begin(struct pkt_spec *s)
{
	if (s->tcp.opts.stqh_last)
		return;
	s->kind = SPEC_TCP;
	STAILQ_INIT(&s->tcp.opts);
}

void tcp_encap(struct parse *p, struct pkt_spec *s, const struct token *psp,
	       const struct token *spi, const struct token *num)
{
	tcp_begin(s);
	word_expect(p, psp, "psp");
	word_expect(p, spi, "spi");
	s->tcp.psp_spi = word_number(p, num, UINT32_MAX, "SPI");
}

/* Letters of RFC 9293 3.1, of RFC 3168 and the first of RFC 9768. */
static const struct name_value flag_table[] = {
	{ "F", TCPF_FIN }, { "S", TCPF_SYN }, { "R", TCPF_RST }, { "P", TCPF_PSH },
	{ "U", TCPF_URG }, { "E", TCPF_ECE }, { "W", TCPF_CWR }, { "A", TCPF_AE },
	{ ".", TCPF_ACK }, { NULL, 0 }
};

/* The three bits AE, CWR, ECE as one counter (RFC 9768 3.1.1). */
static uint16_t ace_bits(int digit)
{
	return (uint16_t)((digit & 4 ? TCPF_AE : 0) | (digit & 2 ? TCPF_CWR : 0) |
			  (digit & 1 ? TCPF_ECE : 0));
}

static void set_ace(struct parse *p, struct spec_tcp *tcp, char digit, struct span at)
{
	if (digit > '7') {
		diag_error(p->diag, at, "Invalid TCP flag: '%c'; the ACE counter is 0 to 7", digit);
		return;
	}
	if (tcp->ace || tcp->flags & (TCPF_AE | TCPF_CWR | TCPF_ECE)) {
		diag_error(p->diag, at, "Conflicting TCP flag: '%c'", digit);
		return;
	}
	/* 0 is the same as writing no ECN letters. */
	tcp->ace = digit != '0';
	tcp->flags |= ace_bits(digit - '0');
}

static void flag_letters(struct parse *p, struct spec_tcp *tcp, const struct token *word)
{
	const char *c;
	int64_t bit;

	for (c = word->text; *c; c++) {
		char letter[2] = { *c, '\0' };

		if (isdigit((unsigned char)*c))
			set_ace(p, tcp, *c, word->span);
		else if (!names_find(flag_table, letter, &bit))
			diag_error(p->diag, word->span, "Invalid TCP flag: '%c' in '%s'", *c, word->text);
		else if (tcp->ace && bit & (TCPF_AE | TCPF_CWR | TCPF_ECE))
			diag_error(p->diag, word->span, "Conflicting TCP flag: '%c'", *c);
		else
			tcp->flags |= (uint16_t)bit;
	}
}

void tcp_flags(struct parse *p, struct pkt_spec *s, const struct token *word,
	       const struct token *ace, bool ack)
{
	struct spec_tcp *tcp = &s->tcp;

	tcp_begin(s);
	if (word)
		flag_letters(p, tcp, word);
	if (ace) {
		/* `.5` scans as a decimal number: the dot is ACK, the digit the counter. */
		if (ace->len != 2 || ace->text[0] != '.')
			diag_error(p->diag, ace->span, "unexpected number '%s' in TCP flags", ace->text);
		else
			set_ace(p, tcp, ace->text[1], ace->span);
	}
	if (ack)
		tcp->flags |= TCPF_ACK;
	tcp->flags_span = word ? word->span : ace ? ace->span : (struct span){ 0 };
	tcp->flags_text = !word && !ack ? "-" :
		arena_printf(p->arena, "%s%s", word ? word->text : "",
			     ace ? ace->text : ack ? "." : "");
}

/* One with values, which is checked when these are known. */
static void range_of_values(struct parse *p, struct spec_tcp *tcp, const struct token *start,
			    const struct token *end, const struct token *len)
{
	struct spec_num seq = word_number(p, start, UINT32_MAX, "TCP start sequence number");
	struct spec_num n = word_number(p, len, 65535, "TCP payload size"), to = { 0 };

	if (end)
		to = word_number(p, end, UINT32_MAX, "TCP end sequence number");
	tcp->seq = (uint32_t)seq.v;
	tcp->seq_value = seq.value;
	tcp->end = (uint32_t)to.v;
	tcp->end_value = to.value;
	tcp->no_end = !end;
	tcp->len = (uint16_t)n.v;
	tcp->len_value = n.value;
}

void tcp_range(struct parse *p, struct pkt_spec *s, const struct token *start,
	       const struct token *end, const struct token *len, struct span at)
{
	s->tcp.range_span = at;
	if (!end || start->value || end->value || len->value) {
		range_of_values(p, &s->tcp, start, end, len);
		return;
	}
	if (!word_range_ok(p, start, end, len, at))
		return;
	s->tcp.seq = (uint32_t)start->num;
	s->tcp.end = (uint32_t)end->num;
	s->tcp.len = (uint16_t)len->num;
}

void tcp_range_any(struct parse *p, struct pkt_spec *s, const struct token *len, struct span at)
{
	if (s->dir == PKT_IN)
		diag_error(p->diag, at, "...(N) is for outbound packets: an injected one needs its "
			   "sequence number");
	s->tcp.range_span = at;
	s->tcp.seq_any = true;
	s->tcp.len = (uint16_t)word_bounded(p, len, 65535, "TCP payload size");
}

void tcp_diag(struct parse *p, struct pkt_spec *s, const struct token *code,
	      const struct token *code_n, const struct token *pen, const struct token *pen_n,
	      struct span at)
{
	word_expect(p, code, "code");
	word_expect(p, pen, "pen");
	if (!(s->tcp.flags & TCPF_RST) || s->tcp.len != 8)
		diag_error(p->diag, at, "[code N, pen N] is the 8 byte payload of an RST");
	s->tcp.diag_code = word_number(p, code_n, 0xffff, "code");
	s->tcp.diag_pen = word_number(p, pen_n, UINT32_MAX, "pen");
}

static void tcp_csum(struct parse *p, struct spec_tcp *tcp, const struct token *value)
{
	tcp->csum = (struct spec_num){ .set = true, .hex = true, .span = value->span };
	if (!strcmp(value->text, "bad")) {
		tcp->csum_kind = CSUM_BAD;
	} else if (value->is_number) {
		tcp->csum_kind = CSUM_LITERAL;
		tcp->csum.v = word_bounded(p, value, 0xffff, "checksum");
	} else {
		diag_error(p->diag, value->span, "csum wants 'bad' or a number");
	}
}

/* The numbers after the sequence range. A row adds one. */
static const struct tcp_field_desc {
	const char *name, *what;
	size_t at;
	int64_t max;
} tcp_field_table[] = {
	{ "ack", "TCP ack sequence number", offsetof(struct spec_tcp, ack), UINT32_MAX },
	{ "win", "TCP window value", offsetof(struct spec_tcp, win), 65535 },
	{ "urg", "urg_ptr value", offsetof(struct spec_tcp, urg), 65535 },
	{ "doff", "TCP data offset", offsetof(struct spec_tcp, doff), 15 },
	{ "reserved", "TCP reserved bits", offsetof(struct spec_tcp, reserved), 15 },
	{ NULL, NULL, 0, 0 }
};

void tcp_field(struct parse *p, struct pkt_spec *s, const struct token *word,
	       const struct token *value)
{
	const struct tcp_field_desc *f;
	struct spec_num *n;

	if (!strcmp(word->text, "csum")) {
		if (s->tcp.csum.set)
			diag_error(p->diag, word->span, "'csum' is written twice");
		tcp_csum(p, &s->tcp, value);
		return;
	}
	for (f = tcp_field_table; f->name; f++)
		if (!strcmp(f->name, word->text))
			break;
	if (!f->name) {
		diag_error(p->diag, word->span, "unknown TCP field '%s'; known are: ack win urg doff "
			   "reserved csum, then <options>", word->text);
		return;
	}
	n = (struct spec_num *)(void *)((char *)&s->tcp + f->at);
	if (n->set)
		diag_error(p->diag, word->span, "'%s' is written twice", f->name);
	else if (!value->is_number)
		diag_error(p->diag, value->span, "%s wants a number, not '%s'", f->name, value->text);
	else
		*n = word_number(p, value, f->max, f->what);
}

void tcp_opts_any(struct parse *p, struct pkt_spec *s, struct span at)
{
	if (s->dir == PKT_IN)
		diag_error(p->diag, at, "<...> for TCP options can only be used with outbound packets");
	s->tcp.opts_kind = OPTS_ANY;
	s->tcp.opts_span = at;
}

void tcp_opts_list(struct parse *p, struct pkt_spec *s, struct span at)
{
	s->tcp.opts_kind = OPTS_LIST;
	s->tcp.opts_span = at;
}

struct spec_opt *tcp_opt_new(struct parse *p, struct pkt_spec *s, const struct token *name)
{
	struct spec_opt *o = arena_new_of(p->arena, struct spec_opt);

	o->name = name->text;
	o->span = name->span;
	STAILQ_INIT(&o->atoms);
	STAILQ_INSERT_TAIL(&s->tcp.opts, o, next);
	return o;
}

void tcp_opt_add(struct spec_opt *o, struct opt_atom *a)
{
	o->span = span_join(o->span, a->span);
	STAILQ_INSERT_TAIL(&o->atoms, a, next);
}

static struct opt_atom *atom_of(struct parse *p, enum atom_kind kind, struct span at)
{
	struct opt_atom *a = arena_new_of(p->arena, struct opt_atom);

	a->kind = kind;
	a->span = at;
	a->text = "";
	STAILQ_INIT(&a->items);
	return a;
}

struct opt_atom *atom_new(struct parse *p, const struct token *t)
{
	/* 12ab scans as a word, yet begins with a digit: a hex blob, not a number. */
	struct opt_atom *a = atom_of(p, t->is_number ? ATOM_NUM : ATOM_WORD, t->span);

	a->text = t->text;
	a->a = t->num;
	if (t->value)
		a->a_value = &t->value->shown;
	return a;
}

struct opt_atom *atom_any(struct parse *p, struct span at)
{
	struct opt_atom *a = atom_of(p, ATOM_WORD, at);

	a->text = "...";
	return a;
}

struct opt_atom *atom_string(struct parse *p, const struct token *t)
{
	struct opt_atom *a = atom_of(p, ATOM_STRING, t->span);

	a->text = t->text;
	return a;
}

struct opt_atom *atom_pair(struct parse *p, const struct token *a, const struct token *b)
{
	struct opt_atom *pair = atom_of(p, ATOM_PAIR, span_join(a->span, b->span));

	pair->text = a->text;
	pair->a = a->num;
	pair->b = b->num;
	if (a->value)
		pair->a_value = &a->value->shown;
	if (b->value)
		pair->b_value = &b->value->shown;
	return pair;
}

struct opt_atom *atom_plus(struct parse *p, const struct token *t, struct span at)
{
	struct opt_atom *a = atom_of(p, ATOM_PLUS, at);

	parse_refuse_formula(p, t);
	a->text = t->text;
	a->a = t->num;
	return a;
}

struct opt_atom *atom_absolute(struct opt_atom *a, struct span at)
{
	a->absolute = true;
	a->span = at;
	return a;
}

struct opt_atom *atom_items(struct parse *p, enum atom_kind kind, const struct token *t,
			    struct opt_atoms *items, struct span at)
{
	struct opt_atom *a = atom_of(p, kind, at);

	if (t)
		a->text = t->text;
	if (items)
		STAILQ_CONCAT(&a->items, items);
	return a;
}

struct opt_atom *atom_assign(struct parse *p, const struct token *t, struct opt_atom *value,
			     struct span at)
{
	struct opt_atom *a = atom_of(p, ATOM_ASSIGN, at);

	a->text = t->text;
	a->value = value;
	return a;
}

struct opt_atoms *atoms_add(struct parse *p, struct opt_atoms *list, struct opt_atom *a)
{
	if (!list) {
		list = arena_new_of(p->arena, struct opt_atoms);
		STAILQ_INIT(list);
	}
	STAILQ_INSERT_TAIL(list, a, next);
	return list;
}
