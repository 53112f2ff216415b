/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/flow_named.h"
#include "base/arena.h"
#include "engine/oracle.h"

#include <limits.h>
#include <netinet/in.h>
#include <string.h>

struct flow *flow_named(const struct flow_set *s, const char *name)
{
	struct flow *f;

	for (f = s->all; f; f = f->next)
		if (f->name && !strcmp(f->name, name))
			return f;
	return NULL;
}

void flow_name(struct flow_set *s, struct flow *f, const char *name)
{
	struct flow *old = flow_named(s, name);

	if (old == f)
		return;
	if (old)
		old->name = NULL;
	else
		s->n_named++;
	f->name = name;
	if (!f->watch) {
		f->watch = arena_new_of(s->arena, struct oracle);
		oracle_init(f->watch);
	}
	if (!s->sut || !s->sut->name)
		return;
	while (s->sut && s->sut->name)
		s->sut = s->sut->sut_before;
	f->sut_before = s->sut;
}

static int protocol_of(const struct pkt_spec *spec)
{
	return spec->kind == SPEC_UDP ? IPPROTO_UDP :
		spec->kind == SPEC_UDPLITE ? IPPROTO_UDPLITE : IPPROTO_TCP;
}

static bool is_open_server(const struct flow *f, int protocol)
{
	return f->protocol == protocol && f->live_fd >= 0 &&
		(protocol == IPPROTO_TCP ? f->state == FLOW_LISTENING : f->bound_port != 0);
}

static uint16_t server_port(const struct flow *f)
{
	return f->protocol == IPPROTO_TCP ? f->live.local_port : f->bound_port;
}

/* The socket that a packet with a new name is for; NULL if none is there. */
static const struct flow *server(const struct flow_set *s, int protocol, uint16_t port)
{
	const struct flow *f = s->sut;

	if (!port && f && is_open_server(f, protocol))
		return f;
	for (f = s->all; f; f = f->next)
		if (is_open_server(f, protocol) && (!port || server_port(f) == port))
			return f;
	return NULL;
}

static uint16_t port_of(const struct spec_end *e)
{
	return e->port.set ? (uint16_t)e->port.v : 0;
}

static bool is_syn(const struct pkt_spec *spec)
{
	return spec->kind == SPEC_TCP && (spec->tcp.flags & (TCPF_SYN | TCPF_ACK)) == TCPF_SYN;
}

static struct flow *begin(struct flow_set *s, const struct pkt_spec *spec, uint16_t peer_port)
{
	int protocol = protocol_of(spec);
	uint16_t local = port_of(&spec->dst), remote = port_of(&spec->src);
	const struct flow *to = server(s, protocol, local);
	struct flow *f = flow_add(s, protocol);

	f->state = FLOW_PACKET_RECEIVED;
	f->passive = to != NULL;
	f->tuple_known = true;
	if (to)
		f->live.local = to->live.local;
	if (spec->dst.addr.family)
		f->live.local = spec->dst.addr;
	if (spec->src.addr.family)
		f->live.remote = spec->src.addr;
	f->live.local_port = local ? local : to ? server_port(to) : s->settings->bind_port;
	f->live.remote_port = remote ? remote : peer_port;
	flow_name(s, f, spec->conn.name);
	return f;
}

/* Gone, as far as the stack tells: a SYN finds nothing of it. */
static bool is_over(const struct flow *f)
{
	const struct oracle *o = f->watch;

	return f->protocol == IPPROTO_TCP && f->tuple_known && o->flow == f && !o->blind &&
		o->info.state == TCPS_CLOSED;
}

/* The same ends, nothing else; the old one keeps its descriptor, if it has one. */
static struct flow *again(struct flow_set *s, struct flow *old)
{
	const struct flow *to = server(s, IPPROTO_TCP, old->live.local_port);
	struct flow *f = flow_again(s, old, to != NULL);

	f->watch = old->watch;
	flow_name(s, f, old->name);
	return f;
}

static bool ends_fit(const struct flow *f, const struct pkt_spec *spec)
{
	uint16_t local = port_of(&spec->dst), remote = port_of(&spec->src);

	return (!local || local == f->live.local_port) &&
		(!remote || remote == f->live.remote_port) &&
		(!spec->dst.addr.family || ip_addr_equal(&spec->dst.addr, &f->live.local)) &&
		(!spec->src.addr.family || ip_addr_equal(&spec->src.addr, &f->live.remote));
}

struct flow *flow_named_inbound(struct flow_set *s, const struct pkt_spec *spec,
				const struct pkt *script_pkt, uint16_t peer_port, const char **why)
{
	struct flow *f = flow_named(s, spec->conn.name);

	if (!f) {
		if (spec->kind == SPEC_ICMP) {
			*why = "no connection has this name";
			return NULL;
		}
		f = begin(s, spec, peer_port);
	} else if (!flow_protocol_fits(f, spec)) {
		*why = "the connection of this name is of another protocol";
		return NULL;
	} else if (!f->tuple_known) {
		*why = f->state == FLOW_LISTENING ? "this is the name of a listener: what comes to it "
			"needs a name of its own" : "the connection of this name has no peer yet";
		return NULL;
	} else if (!ends_fit(f, spec)) {
		*why = "the connection of this name has other ports or addresses";
		return NULL;
	} else if (!is_syn(spec) || !is_over(f)) {
		return f;
	} else {
		f = again(s, f);
	}
	if (is_syn(spec))
		f->script.remote = f->wire.remote = pkt_tcp_seq(script_pkt);
	return f;
}

/* Those whose first packet may have any port, the one that connected first before others. */
static struct flow *first_connecting(struct flow_set *s, const struct pkt *live)
{
	unsigned tried = 0;

	for (;;) {
		struct flow *f, *next = NULL;

		for (f = s->all; f; f = f->next)
			if ((f->name || f == s->sut) && !f->tuple_known && f->order > tried &&
			    (!next || f->order < next->order))
				next = f;
		if (!next || flow_owns(next, live))
			return next;
		tried = next->order;
	}
}

struct flow *flow_named_owner(struct flow_set *s, const struct pkt *live, bool *quoted)
{
	struct flow *f;

	*quoted = false;
	if (!s->n_named)
		return NULL;
	for (f = s->all; f; f = f->next)
		if ((f->name || f == s->sut) && f->tuple_known && flow_owns(f, live))
			return f;
	for (f = s->all; f; f = f->next)
		if (f->name && flow_is_quoted(f, live)) {
			*quoted = true;
			return f;
		}
	return first_connecting(s, live);
}

struct flow *flow_first_acceptable(const struct flow_set *s, const struct ip_addr *peer,
				   uint16_t port)
{
	struct flow *f, *first = NULL;

	for (f = s->all; f; f = f->next) {
		if (!flow_acceptable(f))
			continue;
		if (port && (f->live.remote_port != port || !ip_addr_equal(&f->live.remote, peer)))
			continue;
		/* One that was never completed (order 0) comes last: 0 - 1 is the largest. */
		if (!first || f->order - 1 < first->order - 1)
			first = f;
	}
	return first;
}
