/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "wire/spec.h"
#include "base/arena.h"

static void copy_outer(struct pkt_spec *to, const struct pkt_spec *from, struct arena *a)
{
	const struct spec_outer *o;

	STAILQ_INIT(&to->outer);
	STAILQ_FOREACH(o, &from->outer, next) {
		struct spec_outer *copy = arena_memdup(a, o, sizeof(*o));

		STAILQ_INSERT_TAIL(&to->outer, copy, next);
	}
}

static void copy_atoms(struct opt_atoms *to, const struct opt_atoms *from, struct arena *a);

static struct opt_atom *copy_atom(const struct opt_atom *from, struct arena *a)
{
	struct opt_atom *copy = arena_memdup(a, from, sizeof(*from));

	copy_atoms(&copy->items, &from->items, a);
	if (from->value)
		copy->value = copy_atom(from->value, a);
	return copy;
}

static void copy_atoms(struct opt_atoms *to, const struct opt_atoms *from, struct arena *a)
{
	const struct opt_atom *atom;

	STAILQ_INIT(to);
	STAILQ_FOREACH(atom, from, next) {
		struct opt_atom *copy = copy_atom(atom, a);

		STAILQ_INSERT_TAIL(to, copy, next);
	}
}

static void copy_opts(struct spec_tcp *to, const struct spec_tcp *from, struct arena *a)
{
	const struct spec_opt *o;

	STAILQ_INIT(&to->opts);
	STAILQ_FOREACH(o, &from->opts, next) {
		struct spec_opt *copy = arena_memdup(a, o, sizeof(*o));

		copy_atoms(&copy->atoms, &o->atoms, a);
		STAILQ_INSERT_TAIL(&to->opts, copy, next);
	}
}

struct pkt_spec *spec_copy(const struct pkt_spec *s, struct arena *a)
{
	struct pkt_spec *copy = arena_memdup(a, s, sizeof(*s));

	copy_outer(copy, s, a);
	if (s->kind == SPEC_TCP)
		copy_opts(&copy->tcp, &s->tcp, a);
	return copy;
}

typedef void (*num_visitor)(struct spec_num *n, void *ctx);

static void each_of_ip(struct spec_ip *ip, num_visitor visit, void *ctx)
{
	visit(&ip->tos, ctx);
	visit(&ip->ttl, ctx);
	visit(&ip->flowlabel, ctx);
	visit(&ip->dscp, ctx);
}

static void each_of_outer(struct spec_outer *o, num_visitor visit, void *ctx)
{
	each_of_ip(&o->ip, visit, ctx);
	visit(&o->gre_flags, ctx);
	visit(&o->gre_sum, ctx);
	visit(&o->gre_off, ctx);
	visit(&o->gre_key, ctx);
	visit(&o->gre_seq, ctx);
}

static void each_of_tcp(struct spec_tcp *t, num_visitor visit, void *ctx)
{
	visit(&t->ack, ctx);
	visit(&t->win, ctx);
	visit(&t->urg, ctx);
	visit(&t->doff, ctx);
	visit(&t->reserved, ctx);
	visit(&t->csum, ctx);
	visit(&t->psp_spi, ctx);
	visit(&t->diag_code, ctx);
	visit(&t->diag_pen, ctx);
}

void spec_each_num(struct pkt_spec *s, void (*visit)(struct spec_num *n, void *ctx), void *ctx)
{
	struct spec_outer *o;

	STAILQ_FOREACH(o, &s->outer, next)
		each_of_outer(o, visit, ctx);
	each_of_ip(&s->ip, visit, ctx);
	visit(&s->src.port, ctx);
	visit(&s->dst.port, ctx);
	visit(&s->tunnel.src_port, ctx);
	visit(&s->tunnel.dst_port, ctx);
	switch (s->kind) {
	case SPEC_TCP:
		each_of_tcp(&s->tcp, visit, ctx);
		break;
	case SPEC_UDP:
	case SPEC_UDPLITE:
		visit(&s->udp.coverage, ctx);
		break;
	case SPEC_ICMP:
		visit(&s->icmp.mtu, ctx);
		visit(&s->icmp.id, ctx);
		visit(&s->icmp.coverage, ctx);
		break;
	case SPEC_NOTHING:
		break;
	}
}
