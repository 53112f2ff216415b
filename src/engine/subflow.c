/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/subflow.h"
#include "base/diag.h"

#include <netinet/in.h>

/* The endpoints of a packet line as far as they are known; families and ports 0 where not. */
struct ends {
	struct tuple tuple;
	bool said;		/* an address or a name of one is written */
};

static bool is_said(const struct spec_end *e)
{
	return e->addr.family || e->var;
}

/* An address that the stack must have: the first one named is the run's own. */
static int name_local(struct run *r, struct mptcp_var *v, struct span at)
{
	const struct mptcp_var *o;

	for (o = r->mptcp.vars; o; o = o->next)
		if (o->kind == MPTCP_VAR_ADDR && o->known &&
		    ip_addr_equal(&o->addr, &r->set->local_ip))
			return diag_error(&r->diag, at, "addr[%s] is not known yet: no packet of the "
					  "stack told it, and the stack's own address is addr[%s]",
					  v->name, o->name);
	v->addr = r->set->local_ip;
	v->known = true;
	return 0;
}

/* inbound: names without a value get one now. */
static int resolve(struct run *r, const struct spec_end *e, bool stack_side, bool inbound,
		   struct ip_addr *ip, uint16_t *port)
{
	struct mptcp_var *v;

	*ip = e->addr;
	*port = e->port.set ? (uint16_t)e->port.v : 0;
	if (!e->var)
		return 0;
	v = mptcp_var(&r->mptcp, e->var, MPTCP_VAR_ADDR, e->span, &r->diag);
	if (!v)
		return -1;
	if (!v->known && inbound && (stack_side ? name_local(r, v, e->span) :
				     mptcp_allocate(&r->mptcp, v, e->span, &r->diag)))
		return -1;
	if (v->known)
		*ip = v->addr;
	return 0;
}

static int resolve_ends(struct run *r, const struct pkt_spec *spec, struct ends *e)
{
	bool in = spec->dir == PKT_IN;
	const struct spec_end *local = in ? &spec->dst : &spec->src;
	const struct spec_end *remote = in ? &spec->src : &spec->dst;
	struct span at = is_said(local) ? local->span : remote->span;

	*e = (struct ends){ .said = is_said(local) || is_said(remote) };
	if (!e->said)
		return 0;
	if (spec->kind != SPEC_TCP)
		return diag_error(&r->diag, at, "addresses choose among the subflows of a TCP "
				  "connection; other packets have none");
	if (resolve(r, local, true, in, &e->tuple.local, &e->tuple.local_port) ||
	    resolve(r, remote, false, in, &e->tuple.remote, &e->tuple.remote_port))
		return -1;
	return 0;
}

static bool fits_end(const struct ip_addr *want, uint16_t want_port, const struct ip_addr *ip,
		     uint16_t port)
{
	return (!want->family || ip_addr_equal(want, ip)) && (!want_port || want_port == port);
}

static bool fits(const struct ends *e, const struct flow *f)
{
	const struct tuple *w = &e->tuple, *t = &f->live;

	if (f->protocol != IPPROTO_TCP || f->state == FLOW_LISTENING || f->state == FLOW_NEW)
		return false;
	/* Where a connection comes from is not known before its first packet. */
	return (!f->tuple_known || fits_end(&w->local, w->local_port, &t->local, t->local_port)) &&
		fits_end(&w->remote, w->remote_port, &t->remote, t->remote_port);
}

/* The subflow under test if it fits, else the newest of its connection, else the newest. */
static struct flow *find(struct run *r, const struct ends *e)
{
	struct flow *f, *other = NULL;

	if (r->flows.sut && fits(e, r->flows.sut))
		return r->flows.sut;
	for (f = r->flows.all; f; f = f->next) {
		if (!fits(e, f))
			continue;
		if (flow_related(f, r->flows.sut))
			return f;
		if (!other)
			other = f;
	}
	return other;
}

/* A flow that an injected SYN begins, with the endpoints that are written. */
static struct flow *begin(struct run *r, const struct ends *e, const struct pkt *script,
			  struct mptcp_conn *conn)
{
	struct flow *f = flow_child(&r->flows, script, r->target->ops->peer_port(r->target));

	f->passive = true;
	f->mptcp = conn;
	if (conn)
		f->live.local_port = conn->first->live.local_port;
	if (e->tuple.local.family)
		f->live.local = e->tuple.local;
	if (e->tuple.remote.family)
		f->live.remote = e->tuple.remote;
	if (e->tuple.local_port)
		f->live.local_port = e->tuple.local_port;
	if (e->tuple.remote_port)
		f->live.remote_port = e->tuple.remote_port;
	return f;
}

static int begin_join(struct run *r, const struct ends *e, const struct mptcp_opt *o,
		      const struct pkt *script, struct flow **f)
{
	struct mptcp_conn *c = r->flows.sut && r->flows.sut->mptcp ? r->flows.sut->mptcp :
		r->mptcp.conns;
	uint32_t token;

	if (mptcp_join_token(&r->mptcp, o, c, false, &token, &r->diag))
		return -1;
	*f = begin(r, e, script, mptcp_by_token(&r->mptcp, true, token));
	(*f)->joined = true;
	return 0;
}

static int none_fits(struct run *r, const struct pkt_spec *spec)
{
	return diag_error(&r->diag, spec->src.span.line ? spec->src.span : spec->dst.span,
			  "there is no connection between these addresses");
}

/* The stack's SYN that waits for an answer, if the subflow under test does not. */
static void answer_join(struct run *r)
{
	struct flow *f;

	if (!r->flows.sut || r->flows.sut->state == FLOW_SYN_SENT || !r->flows.sut->mptcp)
		return;
	for (f = r->flows.all; f; f = f->next)
		if (f->state == FLOW_SYN_SENT && flow_related(f, r->flows.sut))
			break;
	if (f)
		r->flows.sut = f;
}

int subflow_inbound(struct run *r, const struct pkt_spec *spec, const struct pkt *script,
		    struct flow **f)
{
	uint16_t flags = spec->kind == SPEC_TCP ? spec->tcp.flags & (TCPF_SYN | TCPF_ACK) : 0;
	struct mptcp_opt join;
	struct flow *old;
	struct ends e;
	int n;

	*f = NULL;
	if (resolve_ends(r, spec, &e))
		return -1;
	if (flags == TCPF_SYN) {
		n = mptcp_find_written(&r->mptcp, spec, MPTCP_JOIN_SYN, &join, &r->diag);
		if (n)
			return n < 0 ? -1 : begin_join(r, &e, &join, script, f);
	}
	if (!e.said) {
		if (flags == (TCPF_SYN | TCPF_ACK))
			answer_join(r);
		return 0;
	}
	old = find(r, &e);
	if (old)
		r->flows.sut = old;
	else if (flags == TCPF_SYN)
		*f = begin(r, &e, script, NULL);
	return old || *f ? 0 : none_fits(r, spec);
}

/* A SYN of the stack that joins: the oldest nobody has asked for, or one to come. */
static struct flow *expect_join(struct run *r, const struct ends *e)
{
	struct mptcp_conn *c = r->flows.sut->mptcp;
	struct flow *f, *found = NULL;

	for (f = r->flows.all; f; f = f->next)
		if (f->joined && f->mptcp == c && f->state == FLOW_CONNECTING && fits(e, f))
			found = f;
	if (found)
		return found;
	f = flow_add(&r->flows, IPPROTO_TCP);
	f->state = FLOW_CONNECTING;
	f->joined = true;
	f->mptcp = c;
	f->live.remote = e->tuple.remote;
	return f;
}

int subflow_outbound(struct run *r, const struct pkt_spec *spec)
{
	struct mptcp_opt join;
	struct flow *f;
	struct ends e;
	int n;

	if (resolve_ends(r, spec, &e))
		return -1;
	n = mptcp_find_written(&r->mptcp, spec, MPTCP_JOIN_SYN, &join, &r->diag);
	if (n < 0)
		return -1;
	if (n && r->flows.sut && r->flows.sut->mptcp) {
		r->flows.sut = expect_join(r, &e);
		return 0;
	}
	if (!e.said)
		return 0;
	f = find(r, &e);
	if (!f)
		return none_fits(r, spec);
	r->flows.sut = f;
	return 0;
}

static int learn(struct run *r, const struct spec_end *e, const struct ip_addr *ip)
{
	struct mptcp_var *v;

	if (!e->var)
		return 0;
	v = mptcp_var(&r->mptcp, e->var, MPTCP_VAR_ADDR, e->span, &r->diag);
	if (!v)
		return -1;
	if (!v->known)
		v->addr = *ip;
	v->known = true;
	return 0;
}

int subflow_learn(struct run *r, const struct pkt_spec *spec, const struct flow *f)
{
	return learn(r, &spec->src, &f->live.local) || learn(r, &spec->dst, &f->live.remote) ? -1 : 0;
}

/* The flow of a SYN that joins: expected already, or new. */
static struct flow *joined_by(struct run *r, struct mptcp_conn *c, const struct pkt *live)
{
	struct pkt_ends e;
	struct flow *f;

	pkt_get_ends(live, &e);
	for (f = r->flows.all; f; f = f->next)
		if (f->joined && f->mptcp == c && !f->tuple_known &&
		    (!f->live.remote.family || ip_addr_equal(&f->live.remote, &e.dst)))
			break;
	if (!f) {
		f = flow_add(&r->flows, IPPROTO_TCP);
		f->state = FLOW_CONNECTING;
		f->joined = true;
		f->mptcp = c;
	}
	f->live = (struct tuple){ e.src, e.dst, e.src_port, e.dst_port };
	f->tuple_known = true;
	f->wire.local = pkt_tcp_seq(live);
	return f;
}

struct flow *subflow_of(struct run *r, const struct pkt *live)
{
	struct flow *sut = r->flows.sut, *f;
	struct mptcp_conn *c;
	struct mptcp_opt o;

	if (!sut || flow_owns(sut, live))
		return sut;
	if (!sut->mptcp)
		return NULL;
	for (f = r->flows.all; f; f = f->next)
		if (f != sut && f->mptcp == sut->mptcp && flow_owns(f, live))
			return f;
	if (!pkt_is_tcp(live) || !mptcp_find(live, MPTCP_JOIN_SYN, &o))
		return NULL;
	/* One with a wrong token is shown to differ. */
	c = mptcp_by_token(&r->mptcp, false, (uint32_t)o.token.n);
	return joined_by(r, c ? c : sut->mptcp, live);
}
