/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flows of packets with written ports: `1234 > 8080 S ...` does not belong to
 * the socket under test, but what the stack answers can be expected, too.
 */
#include "config.h"

#include "base/arena.h"
#include "engine/flow.h"

#include <netinet/in.h>

/* The ports a line writes, seen from the stack; 0 = not written. */
struct ports {
	uint16_t local, remote;
};

/* Lines that also say addresses are matched by those, not here. */
static bool written_ports(const struct pkt_spec *spec, struct ports *p)
{
	const struct spec_end *local = spec->dir == PKT_IN ? &spec->dst : &spec->src;
	const struct spec_end *remote = spec->dir == PKT_IN ? &spec->src : &spec->dst;

	*p = (struct ports){ local->port.set ? (uint16_t)local->port.v : 0,
			     remote->port.set ? (uint16_t)remote->port.v : 0 };
	if (local->addr.family || local->var || remote->addr.family || remote->var)
		return false;
	return (p->local || p->remote) && spec->kind != SPEC_ICMP;
}

static int protocol_of(const struct pkt_spec *spec)
{
	return spec->kind == SPEC_TCP ? IPPROTO_TCP :
		spec->kind == SPEC_UDP ? IPPROTO_UDP : IPPROTO_UDPLITE;
}

static bool has_ports(const struct flow *f, const struct ports *p)
{
	return (!p->local || f->live.local_port == p->local) &&
		(!p->remote || f->live.remote_port == p->remote);
}

static struct flow *find(const struct flow_set *s, const struct pkt_spec *spec,
			 const struct ports *p)
{
	struct flow *f;

	for (f = s->all; f; f = f->next)
		if (f->foreign && f->protocol == protocol_of(spec) && has_ports(f, p))
			return f;
	return NULL;
}

struct flow *flow_foreign_outbound(const struct flow_set *s, const struct pkt_spec *spec)
{
	struct ports p;

	return written_ports(spec, &p) ? find(s, spec, &p) : NULL;
}

/* A SYN that only comes from another port than usual makes a child like any other. */
static bool is_for_sut(const struct flow *sut, const struct pkt_spec *spec, const struct ports *p)
{
	if (spec->kind == SPEC_TCP && (!sut || sut->state == FLOW_LISTENING))
		return !p->local || !sut || p->local == sut->live.local_port;
	return sut && sut->protocol == protocol_of(spec) && has_ports(sut, p);
}

struct flow *flow_foreign_inbound(struct flow_set *s, const struct pkt_spec *spec,
				  const struct pkt *script_pkt)
{
	const struct flow *sut = s->sut;
	struct ports p;
	struct flow *f;

	if (!written_ports(spec, &p) || is_for_sut(sut, spec, &p))
		return NULL;
	f = find(s, spec, &p);
	if (!f) {
		f = arena_new_of(s->arena, struct flow);
		*f = (struct flow){ .state = FLOW_PACKET_RECEIVED, .protocol = protocol_of(spec),
				    .script_fd = -1, .live_fd = -1, .tuple_known = true,
				    .foreign = true, .next = s->all };
		f->live.local = s->settings->local_ip;
		f->live.remote = s->settings->remote_ip;
		f->live.local_port = p.local ? p.local :
			sut ? sut->live.local_port : s->settings->bind_port;
		f->live.remote_port = p.remote ? p.remote :
			sut ? sut->live.remote_port : s->settings->connect_port;
		/* Numbers mean what they mean for the connection it pretends to belong to. */
		if (sut) {
			f->script = sut->script;
			f->wire = sut->wire;
		}
		s->all = f;
	}
	if (spec->kind == SPEC_TCP && pkt_tcp_flags(script_pkt) & TCPF_SYN) {
		f->script = f->wire = (struct isn_pair){ .remote = pkt_tcp_seq(script_pkt) };
		f->stand_in = sut;
		f->state = FLOW_PACKET_RECEIVED;
	}
	return f;
}
