/* SPDX-License-Identifier: BSD-2-Clause */
/* The canonical text of a spec: one spelling for everything a script can say of a packet. */
#include "config.h"

#include "wire/spec.h"
#include "base/buf.h"

#include <inttypes.h>

/* Hex stays hex. */
static void print_num(const struct spec_num *n, struct buf *out)
{
	if (n->hex)
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
		{ "tos", &ip->tos }, { "flowlabel", &ip->flowlabel }, { "ttl", &ip->ttl },
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

static void print_ports(const struct pkt_spec *s, struct buf *out)
{
	if (!s->src_port.set && !s->dst_port.set)
		return;
	print_num(&s->src_port, out);
	buf_adds(out, " > ");
	print_num(&s->dst_port, out);
	buf_addc(out, ' ');
}

static void print_opt(const struct spec_opt *o, struct buf *out)
{
	const struct opt_atom *a;

	buf_adds(out, o->name);
	STAILQ_FOREACH(a, &o->atoms, next) {
		if (a->kind == ATOM_PAIR)
			buf_printf(out, " %" PRId64 ":%" PRId64, a->a, a->b);
		else
			buf_printf(out, " %s", a->text);
	}
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

static void print_tcp(const struct pkt_spec *s, struct buf *out)
{
	const struct spec_tcp *t = &s->tcp;

	if (t->psp_spi.set) {
		print_field("encap psp spi", &t->psp_spi, out);
		buf_addc(out, ' ');
	}
	print_ports(s, out);
	buf_printf(out, "%s ", t->flags_text);
	print_range(t->seq, t->end, t->len, out);
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
}

static void print_icmp(const struct spec_icmp *i, struct buf *out)
{
	buf_printf(out, "icmp %s", i->type);
	if (i->code)
		buf_printf(out, " %s", i->code);
	print_field(" mtu", &i->mtu, out);
	print_field(" id", &i->id, out);
	switch (i->quote) {
	case QUOTE_NONE:
		break;
	case QUOTE_TCP:
		buf_adds(out, " [");
		print_range(i->seq, i->end, i->len, out);
		buf_addc(out, ']');
		break;
	case QUOTE_UDP:
		buf_printf(out, " [udp (%u)]", i->len);
		break;
	case QUOTE_RAW:
		buf_printf(out, " [raw (%u)]", i->len);
		break;
	}
}

void spec_print(const struct pkt_spec *s, struct buf *out)
{
	const struct spec_outer *o;

	if (s->kind == SPEC_NOTHING) {
		buf_adds(out, "nothing");
		return;
	}
	STAILQ_FOREACH(o, &s->outer, next)
		print_outer(o, out);
	print_ip(&s->ip, out);
	if (s->kind == SPEC_TCP) {
		print_tcp(s, out);
	} else if (s->kind == SPEC_UDP) {
		buf_adds(out, "udp ");
		print_ports(s, out);
		buf_printf(out, "(%u)", s->udp.len);
	} else {
		print_icmp(&s->icmp, out);
	}
}
