/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/flow.h"
#include "base/arena.h"

#include <netinet/in.h>

void flow_init(struct flow_set *s, const struct settings *settings, struct arena *a)
{
	*s = (struct flow_set){ .arena = a, .settings = settings };
}

struct flow *flow_add(struct flow_set *s, int protocol)
{
	struct flow *f = arena_new_of(s->arena, struct flow);

	f->protocol = protocol;
	f->script_fd = f->live_fd = -1;
	f->live.local = s->settings->local_ip;
	f->live.remote = s->settings->remote_ip;
	f->next = s->all;
	s->all = f;
	return f;
}

bool flow_related(const struct flow *a, const struct flow *b)
{
	return a == b || (a && b && a->mptcp && a->mptcp == b->mptcp);
}

void flow_socket(struct flow_set *s, int protocol, int script_fd, int live_fd)
{
	/* MPTCP's subflows are TCP connections. */
	struct flow *f = flow_add(s, protocol == IPPROTO_MPTCP ? IPPROTO_TCP : protocol);

	f->sut_before = s->sut;
	s->sut = f;
	f->script_fd = script_fd;
	f->live_fd = live_fd;
}

struct flow *flow_by_fd(const struct flow_set *s, int script_fd)
{
	struct flow *f;

	for (f = s->all; f; f = f->next)
		if (f->script_fd == script_fd)
			return f;
	return NULL;
}

void flow_bound(struct flow_set *s, int script_fd, const struct sockaddr_storage *at)
{
	struct flow *f = flow_by_fd(s, script_fd);
	struct ip_addr addr, none = { 0 };
	uint16_t port;

	if (!f || !ip_addr_from_sockaddr(at, &addr, &port))
		return;
	f->live.local_port = f->bound_port = port;
	none.family = addr.family;
	if (!ip_addr_equal(&addr, &none))
		f->live.local = addr;
}

void flow_connecting(struct flow_set *s, int script_fd, const struct sockaddr_storage *to)
{
	struct flow *f = flow_by_fd(s, script_fd);
	struct ip_addr addr;
	uint16_t port;

	if (!f)
		return;
	if (to && to->ss_family == AF_UNSPEC) {
		f->state = FLOW_NEW;
		f->tuple_known = false;
		return;
	}
	if (f->state != FLOW_NEW)
		return;
	f->state = FLOW_CONNECTING;
	f->order = ++s->last_order;
	f->live.remote_port = s->settings->connect_port;
	/* A bare address family has no port. */
	if (to && ip_addr_from_sockaddr(to, &addr, &port) && port) {
		f->live.remote = addr;
		f->live.remote_port = port;
	}
	f->live.local_port = 0;
	f->tuple_known = false;
}

void flow_listening(struct flow_set *s, int script_fd)
{
	struct flow *f = flow_by_fd(s, script_fd);

	if (!f)
		return;
	f->state = FLOW_LISTENING;
	f->passive = true;
	if (!f->live.local_port)
		f->live.local_port = s->settings->bind_port;
}

void flow_attach(struct flow *f, int script_fd, int live_fd)
{
	f->script_fd = script_fd;
	f->live_fd = live_fd;
}

bool flow_acceptable(const struct flow *f)
{
	return (f->state == FLOW_SYNACK_SENT || f->state == FLOW_SYNACK_ACKED) && f->live_fd < 0 &&
		!f->joined;
}

struct flow *flow_accepted(struct flow_set *s, int script_fd, int live_fd)
{
	struct flow *f;

	for (f = s->all; f; f = f->next) {
		if (flow_acceptable(f)) {
			flow_attach(f, script_fd, live_fd);
			return f;
		}
	}
	return NULL;
}

bool flow_protocol_fits(const struct flow *f, const struct pkt_spec *spec)
{
	switch (f->protocol) {
	case IPPROTO_TCP:
		return spec->kind == SPEC_TCP || spec->kind == SPEC_ICMP;
	case IPPROTO_UDP:
		return spec->kind == SPEC_UDP || spec->kind == SPEC_ICMP;
	case IPPROTO_UDPLITE:
		return spec->kind == SPEC_UDPLITE || spec->kind == SPEC_ICMP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return spec->kind == SPEC_ICMP;
	default:
		return false;
	}
}

struct flow *flow_child(struct flow_set *s, const struct pkt *script_pkt, uint16_t peer_port)
{
	const struct flow *listener = s->sut;
	struct flow *f = flow_add(s, IPPROTO_TCP);

	s->sut = f;
	f->state = FLOW_PACKET_RECEIVED;
	f->passive = listener != NULL;
	f->live.local_port = listener ? listener->live.local_port : s->settings->bind_port;
	if (listener)
		f->live.local = listener->live.local;
	f->live.remote_port = peer_port;
	f->tuple_known = true;
	f->script.remote = f->wire.remote = pkt_tcp_seq(script_pkt);
	return f;
}

struct flow *flow_again(struct flow_set *s, struct flow *old, bool passive)
{
	struct flow *f = flow_add(s, IPPROTO_TCP);

	f->state = FLOW_PACKET_RECEIVED;
	f->passive = passive;
	f->live = old->live;
	f->tuple_known = true;
	old->tuple_known = false;
	return f;
}

bool flow_listens(const struct flow_set *s, uint16_t port)
{
	const struct flow *f;

	for (f = s->all; f; f = f->next)
		if (f->protocol == IPPROTO_TCP && f->state == FLOW_LISTENING && f->live_fd >= 0 &&
		    f->live.local_port == port)
			return true;
	return false;
}

struct flow *flow_for_inbound(struct flow_set *s, const struct pkt_spec *spec,
			      const struct pkt *script_pkt, uint16_t peer_port, const char **why)
{
	struct flow *f = s->sut, *foreign = flow_foreign_inbound(s, spec, script_pkt), *child;

	if (foreign)
		return foreign;
	if (spec->kind == SPEC_TCP && spec->src.port.set && spec->src.port.v)
		peer_port = (uint16_t)spec->src.port.v;
	if (spec->kind == SPEC_TCP && (!f || f->state == FLOW_LISTENING)) {
		child = flow_child(s, script_pkt, peer_port);
		/* Without a socket there is no other port than the one that is written. */
		if (!f && spec->dst.port.set && spec->dst.port.v)
			child->live.local_port = (uint16_t)spec->dst.port.v;
		return child;
	}
	if (f && flow_protocol_fits(f, spec))
		return f;
	*why = "no matching socket for script packet";
	return NULL;
}

void flow_expected(struct flow *f, const struct pkt_spec *spec, const struct pkt *script_pkt)
{
	uint16_t flags = spec->kind == SPEC_TCP ? pkt_tcp_flags(script_pkt) : 0;

	if (f->state == FLOW_CONNECTING && flags & TCPF_SYN && !(flags & TCPF_ACK)) {
		f->state = FLOW_SYN_SENT;
		f->script.local = pkt_tcp_seq(script_pkt);
	} else if (f->state == FLOW_PACKET_RECEIVED && flags & TCPF_SYN && flags & TCPF_ACK) {
		f->script.local = pkt_tcp_seq(script_pkt);
	}
}

struct flow *flow_for_outbound(struct flow_set *s, const struct pkt_spec *spec, const char **why)
{
	struct flow *foreign = flow_foreign_outbound(s, spec), *f = foreign ? foreign : s->sut;

	if (f && flow_protocol_fits(f, spec))
		return f;
	*why = "no matching socket for script packet";
	return NULL;
}

void flow_injected(struct flow_set *s, struct flow *f, const struct pkt *script_pkt, enum tcp_state now)
{
	uint16_t flags;

	if (!pkt_is_tcp(script_pkt))
		return;
	flags = pkt_tcp_flags(script_pkt);
	if (f->state == FLOW_SYNACK_SENT && flags & TCPF_ACK) {
		f->state = FLOW_SYNACK_ACKED;
		f->order = ++s->last_order;
	} else if ((f->state == FLOW_SYN_SENT || (f->state == FLOW_SYN_ACKED && now == TCPS_SYN_SENT)) &&
		   flags & TCPF_SYN) {
		/* SYN,ACK; or a bare SYN that crosses ours (simultaneous open), after which it stays. */
		if (now != TCPS_SYN_RECV && now != TCPS_ESTABLISHED)
			f->script.remote = f->wire.remote = pkt_tcp_seq(script_pkt);
		if (flags & TCPF_ACK)
			f->state = FLOW_SYN_ACKED;
	} else if (f->passive && f->state > FLOW_LISTENING && now == TCPS_LISTEN && flags & TCPF_SYN &&
		   !(flags & TCPF_ACK)) {
		/* The request before went away: this is a new connection of the same ports. */
		f->state = FLOW_PACKET_RECEIVED;
		f->script.remote = f->wire.remote = pkt_tcp_seq(script_pkt);
	}
}

/* A connecting socket's first packet tells its port: nothing else goes to that peer and port. */
static bool first_of_connecting(const struct flow *f, const struct pkt *live,
				const struct pkt_ends *e)
{
	const struct hdr *h = pkt_transport(live);

	if (f->tuple_known || (f->state != FLOW_CONNECTING && f->state != FLOW_SYN_SENT))
		return false;
	if (!h || !ip_addr_equal(&e->dst, &f->live.remote))
		return false;
	if (h->kind == HDR_TCP)
		return f->protocol == IPPROTO_TCP && e->dst_port == f->live.remote_port &&
			(!f->name || !f->bound_port || e->src_port == f->bound_port) &&
			(pkt_tcp_flags(live) & (TCPF_SYN | TCPF_ACK)) == TCPF_SYN;
	if (h->kind == HDR_UDP)
		return f->protocol == IPPROTO_UDP && e->dst_port == f->live.remote_port;
	if (h->kind == HDR_UDPLITE)
		return f->protocol == IPPROTO_UDPLITE && e->dst_port == f->live.remote_port;
	return f->protocol == IPPROTO_ICMP || f->protocol == IPPROTO_ICMPV6;
}

bool flow_has_ports(const struct flow *f)
{
	return f->protocol == IPPROTO_TCP || f->protocol == IPPROTO_UDP ||
		f->protocol == IPPROTO_UDPLITE;
}

bool flow_is_quoted(const struct flow *f, const struct pkt *live)
{
	struct pkt_quote q;

	return f->tuple_known && pkt_quote_of(live, false, &q) && q.protocol == f->protocol &&
		q.ends.src_port == f->live.remote_port && q.ends.dst_port == f->live.local_port &&
		ip_addr_equal(&q.ends.src, &f->live.remote) &&
		ip_addr_equal(&q.ends.dst, &f->live.local);
}

bool flow_owns(struct flow *f, const struct pkt *live)
{
	struct pkt_ends e;

	pkt_get_ends(live, &e);
	if (first_of_connecting(f, live, &e)) {
		f->live.local = e.src;
		f->live.local_port = e.src_port;
		f->tuple_known = true;
		if (pkt_is_tcp(live))
			f->wire.local = pkt_tcp_seq(live);
		return true;
	}
	if (!f->tuple_known)
		return false;
	return e.src_port == f->live.local_port && e.dst_port == f->live.remote_port &&
		ip_addr_equal(&e.src, &f->live.local) && ip_addr_equal(&e.dst, &f->live.remote);
}

void flow_learn_isn(struct flow *f, const struct pkt *script_pkt, const struct pkt *live)
{
	uint16_t flags;

	if (!pkt_is_tcp(script_pkt) || !pkt_is_tcp(live))
		return;
	flags = pkt_tcp_flags(script_pkt);
	if (f->state == FLOW_PACKET_RECEIVED && flags & TCPF_SYN && flags & TCPF_ACK) {
		f->wire.local = pkt_tcp_seq(live);
		f->state = FLOW_SYNACK_SENT;
	}
}
