/* SPDX-License-Identifier: BSD-2-Clause */
/* `<`: a packet into the stack. */
#include "config.h"

#include "base/arena.h"
#include "engine/events.h"
#include "engine/evidence.h"
#include "engine/flow_named.h"
#include "engine/remap.h"
#include "engine/subflow.h"
#include "engine/values.h"

/* The flow of a line with a name, made if need be; NULL: *why. */
static struct flow *named_flow(struct run *r, const struct event *e, const struct pkt *script,
			       const char **why)
{
	bool is_new = !flow_named(&r->flows, e->pkt->conn.name) && !e->pkt->src.port.set;
	uint16_t port = is_new ? r->target->ops->peer_port(r->target) : 0;

	return flow_named_inbound(&r->flows, e->pkt, script, port, why);
}

/* A SYN to a listener whose connection is over, as far as the stack tells. */
static bool begins_again(const struct run *r, const struct flow *f, const struct pkt *script)
{
	const struct oracle *o = &r->oracle;

	return f == r->flows.sut && f->passive && f->state > FLOW_LISTENING &&
		pkt_is_tcp(script) && (pkt_tcp_flags(script) & (TCPF_SYN | TCPF_ACK)) == TCPF_SYN &&
		run_state_of(r, f) == TCPS_CLOSED && !o->blind && o->info.state == TCPS_CLOSED &&
		flow_listens(&r->flows, f->live.local_port);
}

static struct flow *next_connection(struct run *r, struct flow *old, const struct pkt *script)
{
	struct flow *f = flow_again(&r->flows, old, true);

	f->script.remote = f->wire.remote = pkt_tcp_seq(script);
	r->flows.sut = f;
	return f;
}

static struct pkt *prepare(struct run *r, const struct event *e, struct pkt **script,
			   struct flow **flow, const char **why)
{
	uint16_t port = 0;

	*script = pkt_build(e->pkt, r->set->ip_version, r->arena, &r->diag);
	if (!*script)
		return NULL;
	if (e->pkt->conn.name)
		*flow = named_flow(r, e, *script, why);
	else if (subflow_inbound(r, e->pkt, *script, flow))
		return NULL;
	if (*why)
		return NULL;
	if (!*flow && (!r->flows.sut || r->flows.sut->state == FLOW_LISTENING))
		port = r->target->ops->peer_port(r->target);
	if (!*flow)
		*flow = flow_for_inbound(&r->flows, e->pkt, *script, port, why);
	if (*flow && begins_again(r, *flow, *script))
		*flow = next_connection(r, *flow, *script);
	if (!*flow || mptcp_fill_inbound(&r->mptcp, *flow, e->pkt, *script, &r->diag))
		return NULL;
	return remap_to_wire(*flow, e->pkt, *script, r->set, r->arena, why);
}

/* The script asks for a packet that cannot be made: no socket for it, an unknown timestamp. */
static int refuse(struct run *r, const struct event *e, const char *why)
{
	if (!why)
		return run_stop_diag(r, e, VERDICT_BADSCRIPT);
	return run_stop(r, e, VERDICT_BADSCRIPT,
			arena_printf(r->arena, "cannot inject this packet: %s", why), NULL);
}

int event_inject(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	struct target_frame frame = { 0 };
	struct result res;
	struct pkt *script, *live;
	struct flow *flow = NULL;
	const char *why = NULL;
	nstime actual;

	if (run_wait_until(r, e, p.due - NS_PER_MS))
		return -1;
	live = prepare(r, e, &script, &flow, &why);
	if (!live)
		return refuse(r, e, why);
	if (run_wait_until(r, e, p.due))
		return -1;
	flow_injected(&r->flows, flow, script, run_state_of(r, flow));
	mptcp_track(&r->mptcp, flow, live, false);
	frame.data = live->data;
	frame.len = live->len;
	frame.gso_size = e->pkt->kind == SPEC_TCP && r->set->mss > 0 ? (uint16_t)r->set->mss : 0;
	actual = clock_now(r->clock);
	if (r->target->ops->inject(r->target, &frame, r->arena, &why))
		return run_stop(r, e, VERDICT_ENVIRONMENT,
				arena_printf(r->arena, "cannot inject this packet: %s", why), NULL);
	res = run_result(r, e, EVK_INBOUND, &p);
	res.actual = actual;
	res.lateness = timeline_acted(&r->time, e, &p, actual, actual);
	res.text = res.written;
	res.live = run_pkt_brief(r, live);
	res.frames = evidence_frame(r, actual, live->data, live->len, live->len);
	if (values_keep_packet(r, e, live, actual, &res))
		return run_fail(r, &res);
	run_emit(r, &res);
	return run_observe(r, e);
}
