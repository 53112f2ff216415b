/* SPDX-License-Identifier: BSD-2-Clause */
/* The canonical text of a spec: one spelling for everything a script can say of a packet. */
#include "config.h"

#include "wire/spec.h"
#include "base/buf.h"

#include <inttypes.h>
#include <string.h>

/* Hex stays hex. */
static void print_num(const struct spec_num *n, struct buf *out)
{
	if (n->value)
		buf_adds(out, n->value->text);
	else if (n->hex)
		buf_printf(out, "0x%" PRIx64, (uint64_t)n->v);
	else
		buf_printf(out, "%" PRId64, n->v);
}

/* "WORD N", if it was written. */
static void print_field(const char *word, const struct spec_num *n, struct buf *out)
{
	if (!n->set)
		return;
	buf_printf(out, "%s ", word);
	print_num(n, out);
}

static void print_ip(const struct spec_ip *ip, struct buf *out)
{
	static const char *const ecn[] = {
		[ECN_NOECN] = "noecn", [ECN_ECT0] = "ect0", [ECN_ECT1] = "ect1",
		[ECN_CE] = "ce", [ECN_ECT01] = "ect01",
	};
	const struct { const char *word; const struct spec_num *n; } nums[] = {
		{ "tos", &ip->tos }, { "dscp", &ip->dscp }, { "flowlabel", &ip->flowlabel }, { "ttl", &ip->ttl },
	};
	const char *before = "[";
	size_t i;

	if (ip->ecn != ECN_UNSAID) {
		buf_printf(out, "%s%s", before, ecn[ip->ecn]);
		before = ", ";
	}
	for (i = 0; i < sizeof(nums) / sizeof(nums[0]); i++) {
		if (!nums[i].n->set)
			continue;
		buf_adds(out, before);
		print_field(nums[i].word, nums[i].n, out);
		before = ", ";
	}
	if (*before == ',')
		buf_adds(out, "] ");
}

static void print_outer_ip(const struct spec_outer *o, const char *word, struct buf *out)
{
	char src[IP_ADDR_TEXT], dst[IP_ADDR_TEXT];

	buf_printf(out, "%s ", word);
	print_ip(&o->ip, out);
	buf_printf(out, "%s > %s: ", ip_addr_text(&o->src, src), ip_addr_text(&o->dst, dst));
}

static void print_gre(const struct spec_outer *o, struct buf *out)
{
	buf_adds(out, "gre");
	if (!o->gre_bare) {
		print_field(" flags", &o->gre_flags, out);
		print_field(" sum", &o->gre_sum, out);
		print_field(" off", &o->gre_off, out);
		print_field(" key", &o->gre_key, out);
		print_field(" seq", &o->gre_seq, out);
	}
	buf_adds(out, ": ");
}

static void print_mpls(const struct spec_outer *o, struct buf *out)
{
	int i;

	buf_adds(out, "mpls");
	for (i = 0; i < o->n_mpls; i++)
		buf_printf(out, " (label %" PRIu32 ", tc %u, %sttl %u)", o->mpls[i].label,
			   o->mpls[i].tc, o->mpls[i].bottom ? "[S], " : "", o->mpls[i].ttl);
	buf_adds(out, ": ");
}

static void print_outer(const struct spec_outer *o, struct buf *out)
{
	switch (o->kind) {
	case OUTER_IPV4:
		print_outer_ip(o, "ipv4", out);
		break;
	case OUTER_IPV6:
		print_outer_ip(o, "ipv6", out);
		break;
	case OUTER_GRE:
		print_gre(o, out);
		break;
	case OUTER_MPLS:
		print_mpls(o, out);
		break;
	}
}

static void print_end(const struct spec_end *e, struct buf *out)
{
	char text[IP_ADDR_TEXT];

	if (e->var)
		buf_printf(out, "addr[%s]", e->var);
	else if (e->addr.family)
		buf_adds(out, ip_addr_text(&e->addr, text));
	if (!e->port.set)
		return;
	if (e->var || e->addr.family)
		buf_addc(out, ':');
	print_num(&e->port, out);
}

static bool is_written(const struct spec_end *e)
{
	return e->port.set || e->addr.family || e->var;
}

static void print_ends(const struct pkt_spec *s, struct buf *out)
{
	if (!is_written(&s->src) && !is_written(&s->dst))
		return;
	print_end(&s->src, out);
	buf_adds(out, is_written(&s->src) ? " > " : "> ");
	print_end(&s->dst, out);
	if (is_written(&s->dst))
		buf_addc(out, ' ');
}

/* "1:11", each side a number or a value. */
static void print_pair(const struct opt_atom *a, struct buf *out)
{
	struct spec_num left = { .v = a->a, .value = a->a_value };
	struct spec_num right = { .v = a->b, .value = a->b_value };

	print_num(&left, out);
	buf_addc(out, ':');
	print_num(&right, out);
}

static void print_atoms(const struct opt_atoms *atoms, const char *between, struct buf *out);

static void print_atom(const struct opt_atom *a, struct buf *out)
{
	switch (a->kind) {
	case ATOM_WORD:
	case ATOM_NUM:
		buf_printf(out, "%s%s", a->text, a->absolute ? "!" : "");
		break;
	case ATOM_STRING:
		buf_addc(out, '"');
		buf_add_escaped(out, a->text, strlen(a->text));
		buf_addc(out, '"');
		break;
	case ATOM_PAIR:
		print_pair(a, out);
		break;
	case ATOM_PLUS:
		buf_printf(out, "+ %s", a->text);
		break;
	case ATOM_INDEX:
		buf_printf(out, "%s[", a->text);
		print_atoms(&a->items, ", ", out);
		buf_addc(out, ']');
		break;
	case ATOM_CALL:
		buf_printf(out, "%s(", a->text);
		print_atoms(&a->items, " ", out);
		buf_addc(out, ')');
		break;
	case ATOM_ASSIGN:
		buf_printf(out, "%s=", a->text);
		print_atom(a->value, out);
		break;
	}
}

static void print_atoms(const struct opt_atoms *atoms, const char *between, struct buf *out)
{
	const struct opt_atom *a;

	STAILQ_FOREACH(a, atoms, next) {
		if (a != STAILQ_FIRST(atoms))
			buf_adds(out, between);
		print_atom(a, out);
	}
}

static void print_opt(const struct spec_opt *o, struct buf *out)
{
	buf_adds(out, o->name);
	if (!STAILQ_EMPTY(&o->atoms))
		buf_addc(out, ' ');
	print_atoms(&o->atoms, " ", out);
}

static void print_opts(const struct spec_tcp *t, struct buf *out)
{
	const struct spec_opt *o;
	const char *before = " <";

	if (t->opts_kind == OPTS_ANY)
		buf_adds(out, " <...>");
	if (t->opts_kind != OPTS_LIST)
		return;
	STAILQ_FOREACH(o, &t->opts, next) {
		buf_adds(out, before);
		print_opt(o, out);
		before = ",";
	}
	buf_addc(out, '>');
}

static void print_range(uint32_t seq, uint32_t end, uint16_t len, struct buf *out)
{
	buf_printf(out, "%" PRIu32 ":%" PRIu32 "(%u)", seq, end, len);
}

static void print_tcp_range(const struct spec_tcp *t, struct buf *out)
{
	struct spec_num seq = { .v = t->seq, .value = t->seq_value };
	struct spec_num end = { .v = t->end, .value = t->end_value };
	struct spec_num len = { .v = t->len, .value = t->len_value };

	print_num(&seq, out);
	if (!t->no_end) {
		buf_addc(out, ':');
		print_num(&end, out);
	}
	buf_addc(out, '(');
	print_num(&len, out);
	buf_addc(out, ')');
}

static void print_tunnel(const struct spec_tunnel *t, struct buf *out)
{
	if (!t->set)
		return;
	buf_adds(out, "/udp(");
	print_num(&t->src_port, out);
	buf_adds(out, " > ");
	print_num(&t->dst_port, out);
	buf_addc(out, ')');
}

static void print_tcp(const struct pkt_spec *s, struct buf *out)
{
	const struct spec_tcp *t = &s->tcp;

	if (t->psp_spi.set) {
		print_field("encap psp spi", &t->psp_spi, out);
		buf_addc(out, ' ');
	}
	print_ends(s, out);
	buf_printf(out, "%s ", t->flags_text);
	if (t->seq_any)
		buf_printf(out, "...(%u)", t->len);
	else
		print_tcp_range(t, out);
	if (t->seq_absolute)
		buf_addc(out, '!');
	print_field(" ack", &t->ack, out);
	print_field(" win", &t->win, out);
	print_field(" urg", &t->urg, out);
	print_field(" doff", &t->doff, out);
	print_field(" reserved", &t->reserved, out);
	if (t->csum_kind == CSUM_BAD)
		buf_adds(out, " csum bad");
	else if (t->csum_kind == CSUM_LITERAL)
		print_field(" csum", &t->csum, out);
	print_opts(t, out);
	if (t->diag_code.set) {
		print_field(" [code", &t->diag_code, out);
		print_field(", pen", &t->diag_pen, out);
		buf_addc(out, ']');
	}
	print_tunnel(&s->tunnel, out);
}

static void print_quote(const struct pkt_spec *s, struct buf *out)
{
	const struct spec_icmp *i = &s->icmp;

	switch (i->quote) {
	case QUOTE_NONE:
		break;
	case QUOTE_TCP:
		buf_adds(out, " [");
		print_range(i->seq, i->end, i->len, out);
		print_tunnel(&s->tunnel, out);
		buf_addc(out, ']');
		break;
	case QUOTE_UDP:
		buf_printf(out, " [udp (%u)]", i->len);
		break;
	case QUOTE_UDPLITE:
		buf_printf(out, " [udplite (%u", i->len);
		print_field(",", &i->coverage, out);
		buf_adds(out, ")]");
		break;
	case QUOTE_RAW:
		buf_printf(out, " [raw (%u)]", i->len);
		break;
	}
}

static void print_icmp(const struct pkt_spec *s, struct buf *out)
{
	const struct spec_icmp *i = &s->icmp;

	buf_printf(out, "icmp %s", i->type);
	if (i->code)
		buf_printf(out, " %s", i->code);
	print_field(" mtu", &i->mtu, out);
	print_field(" id", &i->id, out);
	print_quote(s, out);
}

void spec_print(const struct pkt_spec *s, struct buf *out)
{
	const struct spec_outer *o;

	STAILQ_FOREACH(o, &s->outer, next)
		print_outer(o, out);
	print_ip(&s->ip, out);
	switch (s->kind) {
	case SPEC_TCP:
		print_tcp(s, out);
		break;
	case SPEC_UDP:
		buf_adds(out, "udp ");
		print_ends(s, out);
		buf_printf(out, "(%u)", s->udp.len);
		break;
	case SPEC_UDPLITE:
		buf_adds(out, "udplite ");
		print_ends(s, out);
		buf_printf(out, "(%u", s->udp.len);
		print_field(",", &s->udp.coverage, out);
		buf_addc(out, ')');
		break;
	case SPEC_ICMP:
		print_icmp(s, out);
		break;
	case SPEC_NOTHING:
		buf_adds(out, "nothing");
		break;
	}
}
