/* SPDX-License-Identifier: BSD-2-Clause */
/* Fills packet specs from tokens; ranges of numbers are checked here, at the number. */
#include "config.h"

#include "packet_words.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/names.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* A number within bounds; what names it in the message. Out of range gives 0 after an error. */
static int64_t bounded(struct parse *p, const struct token *t, int64_t max, const char *what)
{
	if (t->num >= 0 && t->num <= max)
		return t->num;
	if (t->too_large)
		return 0;	/* that was said */
	diag_error(p->diag, t->span, "%s out of range: %s is not in 0..%" PRId64, what, t->text, max);
	return 0;
}

static struct spec_num number(struct parse *p, const struct token *t, int64_t max, const char *what)
{
	return (struct spec_num){ .set = true, .hex = t->hex, .v = bounded(p, t, max, what),
				  .span = t->span };
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

void packet_ports(struct parse *p, struct pkt_spec *s, const struct token *src,
		  const struct token *dst)
{
	s->src_port = number(p, src, 65535, "src port");
	s->dst_port = number(p, dst, 65535, "dst port");
}

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
		if (strcmp(table[i].name, word->text))
			continue;
		*(struct spec_num *)((char *)o + table[i].at) =
			number(p, num, table[i].max, arena_printf(p->arena, "GRE %s", word->text));
		return;
	}
	diag_error(p->diag, word->span, "unknown GRE field '%s' (flags, sum, off, key, seq are)",
		   word->text);
}

void gre_flag_list(struct parse *p, struct spec_outer *o, const struct token *word, uint32_t flags)
{
	if (strcmp(word->text, "flags") && strcmp(word->text, "Flags"))
		diag_error(p->diag, word->span, "only flags take a [list]");
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

static void want_word(struct parse *p, const struct token *t, const char *word)
{
	if (strcmp(t->text, word))
		diag_error(p->diag, t->span, "unexpected '%s', expected '%s'", t->text, word);
}

struct spec_mpls mpls_entry(struct parse *p, const struct token *label, const struct token *label_n,
			    const struct token *tc, const struct token *tc_n, const struct token *s,
			    const struct token *ttl, const struct token *ttl_n)
{
	struct spec_mpls m = { .bottom = s != NULL };

	want_word(p, label, "label");
	want_word(p, tc, "tc");
	want_word(p, ttl, "ttl");
	if (s && strcmp(s->text, "S"))
		diag_error(p->diag, s->span, "expected [S] for MPLS label stack bottom");
	m.label = (uint32_t)bounded(p, label_n, 0xfffff, "MPLS label");
	m.tc = (uint8_t)bounded(p, tc_n, 7, "MPLS traffic class");
	m.ttl = (uint8_t)bounded(p, ttl_n, 255, "MPLS ttl");
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

void ip_word(struct parse *p, struct spec_ip *ip, const struct token *word,
	     const struct token *num)
{
	static const struct name_value ecn_table[] = {
		{ "noecn", ECN_NOECN }, { "ect0", ECN_ECT0 }, { "ect1", ECN_ECT1 }, { "ce", ECN_CE },
		{ "ect01", ECN_ECT01 }, { NULL, 0 }
	};
	static const struct {
		const char *name;
		size_t at;
		int64_t max;
		const char *what;
	} table[] = {
		{ "tos", offsetof(struct spec_ip, tos), 0xff, "tos" },
		{ "ttl", offsetof(struct spec_ip, ttl), 0xff, "ttl" },
		{ "flowlabel", offsetof(struct spec_ip, flowlabel), 0xfffff, "flowlabel" },
	};
	int64_t v;
	size_t i;

	if (names_find(ecn_table, word->text, &v)) {
		if (num)
			diag_error(p->diag, num->span, "'%s' takes no number", word->text);
		ip->ecn = (enum spec_ecn)v;
		return;
	}
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, word->text))
			continue;
		if (!num)
			diag_error(p->diag, word->span, "'%s' wants a number", word->text);
		else
			*(struct spec_num *)((char *)ip + table[i].at) =
				number(p, num, table[i].max, table[i].what);
		return;
	}
	diag_error(p->diag, word->span, "unknown word '%s' for the IP header; known are: noecn ect0 "
		   "ect1 ect01 ce, tos N, ttl N, flowlabel N", word->text);
}

void tcp_begin(struct pkt_spec *s)
{
	s->kind = SPEC_TCP;
	STAILQ_INIT(&s->tcp.opts);
}

void tcp_encap(struct parse *p, struct pkt_spec *s, const struct token *psp,
	       const struct token *spi, const struct token *num)
{
	want_word(p, psp, "psp");
	want_word(p, spi, "spi");
	s->tcp.psp_spi = number(p, num, UINT32_MAX, "SPI");
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

static bool range_ok(struct parse *p, const struct token *start, const struct token *end,
		     const struct token *len, struct span at)
{
	int before = p->diag->errors;
	int64_t from = bounded(p, start, UINT32_MAX, "TCP start sequence number");
	int64_t to = bounded(p, end, UINT32_MAX, "TCP end sequence number");
	int64_t n = bounded(p, len, 65535, "TCP payload size");

	if (p->diag->errors > before)
		return false;
	/* Sequence numbers count modulo 2^32 (RFC 9293 3.4), so a range may wrap. */
	if ((uint32_t)(from + n) == (uint32_t)to)
		return true;
	diag_error(p->diag, at, "inconsistent TCP sequence numbers and payload size: %" PRId64
		   " + %" PRId64 " is not %" PRId64, from, n, to);
	return false;
}

void tcp_range(struct parse *p, struct pkt_spec *s, const struct token *start,
	       const struct token *end, const struct token *len, struct span at)
{
	s->tcp.range_span = at;
	if (!range_ok(p, start, end, len, at))
		return;
	s->tcp.seq = (uint32_t)start->num;
	s->tcp.end = (uint32_t)end->num;
	s->tcp.len = (uint16_t)len->num;
}

static void tcp_csum(struct parse *p, struct spec_tcp *tcp, const struct token *value)
{
	tcp->csum = (struct spec_num){ .set = true, .hex = true, .span = value->span };
	if (!strcmp(value->text, "bad")) {
		tcp->csum_kind = CSUM_BAD;
	} else if (isdigit((unsigned char)value->text[0])) {
		tcp->csum_kind = CSUM_LITERAL;
		tcp->csum.v = bounded(p, value, 0xffff, "checksum");
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
	else if (!isdigit((unsigned char)value->text[0]) && value->text[0] != '-')
		diag_error(p->diag, value->span, "%s wants a number, not '%s'", f->name, value->text);
	else
		*n = number(p, value, f->max, f->what);
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

void opt_atom(struct parse *p, struct spec_opt *o, const struct token *a, const struct token *b)
{
	struct opt_atom *atom = arena_new_of(p->arena, struct opt_atom);

	atom->kind = b ? ATOM_PAIR : isdigit((unsigned char)a->text[0]) || a->text[0] == '-' ?
		ATOM_NUM : ATOM_WORD;
	/* 12ab scans as a word, yet begins with a digit: a hex blob, not a number. */
	if (atom->kind == ATOM_NUM && !a->hex && strspn(a->text, "-0123456789") != strlen(a->text))
		atom->kind = ATOM_WORD;
	atom->text = a->text;
	atom->a = a->num;
	atom->b = b ? b->num : 0;
	atom->span = b ? span_join(a->span, b->span) : a->span;
	o->span = span_join(o->span, atom->span);
	STAILQ_INSERT_TAIL(&o->atoms, atom, next);
}

void udp_len(struct parse *p, struct pkt_spec *s, const struct token *len)
{
	s->udp.len = (uint16_t)bounded(p, len, 65535, "UDP payload size");
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
	if (!strcmp(word->text, "mtu"))
		s->icmp.mtu = number(p, num, UINT32_MAX, "ICMP MTU");
	else
		s->icmp.id = number(p, num, 65535, "ICMP echo id");
}

void icmp_quote_tcp(struct parse *p, struct pkt_spec *s, const struct token *start,
		    const struct token *end, const struct token *len, struct span at)
{
	s->icmp.quote = QUOTE_TCP;
	s->icmp.quote_span = at;
	if (!range_ok(p, start, end, len, at))
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
	s->icmp.len = (uint16_t)bounded(p, len, 65535, "ICMP payload size");
}
