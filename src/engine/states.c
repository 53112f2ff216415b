/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes of the connection's state, as events see it: changes reported, annotations checked. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/events.h"
#include "engine/seen.h"

static int illegal_edge(struct run *r, const struct event *e, const struct oracle_step *s)
{
	struct result res = { .kind = RES_EVENT, .span = e ? e->span : (struct span){ 0 } };
	struct buf b = { 0 };

	oracle_history(&r->oracle, &b);
	res.planned = res.planned_end = res.actual = s->at;
	res.message = arena_printf(r->arena, "the connection went from %s to %s, which RFC 9293 does "
				   "not allow", tcp_state_name(s->from), tcp_state_name(s->to));
	res.hint = arena_printf(r->arena, "all states: %s", buf_str(&b));
	buf_free(&b);
	return run_fail(r, &res);
}

static int report_step(struct run *r, const struct event *e, const struct oracle_step *s)
{
	struct result res = { .kind = RES_STATE, .span = e ? e->span : (struct span){ 0 } };
	enum tcp_state middle;

	res.planned = res.planned_end = res.actual = s->at;
	res.state_from = tcp_state_name(s->from);
	res.state_to = tcp_state_name(s->to);
	res.unobservable = s->middle != TCPS_UNKNOWN;
	if (res.unobservable)
		res.message = arena_printf(r->arena, "%s lies between, but cannot be seen from outside",
					   tcp_state_name(s->middle));
	run_emit(r, &res);
	if (!s->gap && tcp_edge_between(s->from, s->to, &middle) == EDGE_ILLEGAL)
		return illegal_edge(r, e, s);
	return 0;
}

/* A change the softirq of another CPU is still making is given this long. */
#define SETTLE (2 * NS_PER_MS)

static const char *states_text(struct run *r, const struct states_ast *s)
{
	const struct state_want *w;
	const char *text = "";

	STAILQ_FOREACH(w, &s->states, next)
		text = arena_printf(r->arena, "%s%s%s", text, *text ? " -> " : "",
				    tcp_state_name(w->state));
	return text;
}

/* Looks no closer together than this. */
#define LOOK_LEAST (5 * NS_PER_MS)

/* A kernel's timer may be late by an eighth of its length (see granularity.c). */
nstime run_next_look(const struct run *r, nstime usual)
{
	nstime now = clock_now(r->clock), due = r->oracle.due, step;

	if (!r->target->dear)
		return now + usual;
	if (due == NSTIME_NEVER || due > now + LOOK_LEAST)
		return due;
	step = (now - due) / 8;
	return now + (step > LOOK_LEAST ? step : LOOK_LEAST);
}

int run_look(struct run *r, const struct event *e)
{
	const struct oracle_step *s;

	if (r->flows.sut && !r->flows.sut->tuple_known)
		seen_pump(r, 0);
	s = oracle_look(&r->oracle, r->target, r->flows.sut);
	return s ? report_step(r, e, s) : 0;
}

/*
 * How long a state may take to show. Where states are inferred, only the answer
 * to a packet proves one that is possible; one that is not may be an answer
 * ahead, which a device takes its time for.
 */
static nstime settle_time(const struct run *r, const struct event *e, enum tcp_state want)
{
	unsigned possible = r->oracle.info.possible;

	if (possible && !(possible & 1u << want))
		return r->target->settle;
	return possible && !(e->kind == EVENT_PACKET && e->pkt->dir == PKT_IN) ? 0 : SETTLE;
}

static int check_states(struct run *r, const struct event *e)
{
	const struct states_ast *want = e->states;
	const struct state_want *last = STAILQ_FIRST(&want->states);
	nstime began = clock_now(r->clock);
	enum tcp_state unseen;
	struct result res;
	const char *got, *possible;

	while (STAILQ_NEXT(last, next))
		last = STAILQ_NEXT(last, next);
	while ((r->oracle.blind || r->oracle.state != last->state) &&
	       clock_now(r->clock) - began < settle_time(r, e, last->state)) {
		clock_wait_until(r->clock, clock_now(r->clock) + 100 * NS_PER_US);
		if (run_look(r, e))
			return -1;
	}
	if (oracle_untold(&r->oracle, want))
		return run_stop(r, e, VERDICT_SKIP, "the stack does not tell the state of this "
				"connection", NULL);
	possible = oracle_unprovable(&r->oracle, want, r->arena);
	got = oracle_check(&r->oracle, want, r->arena, &unseen);
	if (possible) {
		run_note(r, want->span, "%s is unobservable here: the packets seen allow %s",
			 states_text(r, want), possible);
		return 0;
	}
	if (!got && unseen != TCPS_UNKNOWN)
		run_note(r, want->span, "%s is unobservable here; the states around it were seen",
			 tcp_state_name(unseen));
	if (!got)
		return 0;
	/* A state read long after the event may have changed meanwhile. */
	timeline_noticed_late(&r->time, began - r->time.anchor);
	res = (struct result){ .kind = RES_EVENT, .span = want->span, .want = states_text(r, want),
			       .got = got };
	res.planned = res.planned_end = res.actual = clock_now(r->clock);
	res.message = arena_printf(r->arena, "the connection's state is %s, expected %s", got, res.want);
	res.mismatches = arena_new_of(r->arena, struct mismatch);
	*res.mismatches = (struct mismatch){ "state", res.want, got, NULL };
	return run_fail(r, &res);
}

int run_observe(struct run *r, const struct event *e)
{
	if (run_look(r, e))
		return -1;
	if (calls_finish(r, false))
		return -1;
	return e && e->states ? check_states(r, e) : 0;
}
