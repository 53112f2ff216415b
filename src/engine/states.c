/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes of the connection's state, as events see it: changes reported, annotations checked. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/events.h"
#include "engine/flow_named.h"
#include "engine/seen.h"

/* Who watches a connection. */
static struct oracle *watch_of(struct run *r, const struct flow *f)
{
	return f && f->watch ? f->watch : &r->oracle;
}

/* "the connection", "@a" */
static const char *called(struct run *r, const struct flow *f)
{
	return f && f->name ? arena_printf(r->arena, "@%s", f->name) : "the connection";
}

static int illegal_edge(struct run *r, const struct event *e, const struct flow *f,
			const struct oracle_step *s)
{
	struct result res = { .kind = RES_EVENT, .span = e ? e->span : (struct span){ 0 },
			      .conn = f->name };
	struct buf b = { 0 };

	oracle_history(watch_of(r, f), &b);
	res.planned = res.planned_end = res.actual = s->at;
	res.message = arena_printf(r->arena, "%s went from %s to %s, which RFC 9293 does not allow",
				   called(r, f), tcp_state_name(s->from), tcp_state_name(s->to));
	res.hint = arena_printf(r->arena, "all states: %s", buf_str(&b));
	buf_free(&b);
	return run_fail(r, &res);
}

static int report_step(struct run *r, const struct event *e, const struct flow *f,
		       const struct oracle_step *s)
{
	struct result res = { .kind = RES_STATE, .span = e ? e->span : (struct span){ 0 },
			      .conn = f->name };
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
		return illegal_edge(r, e, f, s);
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
static nstime look_when_due(nstime now, nstime due)
{
	nstime step;

	if (due == NSTIME_NEVER || due > now + LOOK_LEAST)
		return due;
	step = (now - due) / 8;
	return now + (step > LOOK_LEAST ? step : LOOK_LEAST);
}

nstime run_next_look(const struct run *r, nstime usual)
{
	nstime now = clock_now(r->clock), look, next;
	const struct flow *f;

	if (!r->target->dear)
		return now + usual;
	next = look_when_due(now, r->oracle.due);
	for (f = r->flows.n_named ? r->flows.all : NULL; f; f = f->next) {
		look = f->name ? look_when_due(now, f->watch->due) : NSTIME_NEVER;
		next = look < next ? look : next;
	}
	return next;
}

static int look_at(struct run *r, const struct event *e, const struct flow *f)
{
	const struct oracle_step *s;

	if (f && !f->tuple_known)
		seen_pump(r, 0);
	s = oracle_look(watch_of(r, f), r->target, f);
	return s ? report_step(r, e, f, s) : 0;
}

int run_look(struct run *r, const struct event *e)
{
	const struct flow *f;

	if (look_at(r, e, r->flows.sut))
		return -1;
	for (f = r->flows.n_named ? r->flows.all : NULL; f; f = f->next)
		if (f->name && look_at(r, e, f))
			return -1;
	return 0;
}

enum tcp_state run_state_of(const struct run *r, const struct flow *f)
{
	const struct oracle *o = f->watch ? f->watch : &r->oracle;

	return o->flow == f ? o->state : TCPS_UNKNOWN;
}

nstime run_timer_left(const struct run *r)
{
	nstime next = r->oracle.next_look;
	const struct flow *f;

	for (f = r->flows.n_named ? r->flows.all : NULL; f; f = f->next)
		if (f->name && f->watch->next_look < next)
			next = f->watch->next_look;
	return next;
}

/*
 * How long a state may take to show. Where states are inferred, only the answer
 * to a packet proves one that is possible; one that is not may be an answer
 * ahead, which a device takes its time for.
 */
static nstime settle_time(const struct run *r, const struct event *e, const struct oracle *o,
			  enum tcp_state want)
{
	unsigned possible = o->info.possible;

	if (possible && !(possible & 1u << want))
		return r->target->settle;
	return possible && !(e->kind == EVENT_PACKET && e->pkt->dir == PKT_IN) ? 0 : SETTLE;
}

static int check_states(struct run *r, const struct event *e, const struct states_ast *want,
			const struct flow *f)
{
	struct oracle *o = watch_of(r, f);
	const struct state_want *last = STAILQ_FIRST(&want->states);
	nstime began = clock_now(r->clock);
	enum tcp_state unseen;
	struct result res;
	const char *got, *possible;

	while (STAILQ_NEXT(last, next))
		last = STAILQ_NEXT(last, next);
	while ((o->blind || o->state != last->state) &&
	       clock_now(r->clock) - began < settle_time(r, e, o, last->state)) {
		clock_wait_until(r->clock, clock_now(r->clock) + 100 * NS_PER_US);
		if (run_look(r, e))
			return -1;
	}
	if (oracle_untold(o, want))
		return run_stop(r, e, VERDICT_SKIP, "the stack does not tell the state of this "
				"connection", NULL);
	possible = oracle_unprovable(o, want, r->arena);
	got = oracle_check(o, want, r->arena, &unseen);
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
			       .got = got, .conn = f ? f->name : NULL };
	res.planned = res.planned_end = res.actual = clock_now(r->clock);
	res.message = arena_printf(r->arena, "%s's state is %s, expected %s", called(r, f), got,
				   res.want);
	res.mismatches = arena_new_of(r->arena, struct mismatch);
	*res.mismatches = (struct mismatch){ "state", res.want, got, NULL };
	return run_fail(r, &res);
}

static int check_annotation(struct run *r, const struct event *e, const struct states_ast *s)
{
	const struct spec_conn *conn = states_conn(e, s);
	const struct flow *f = conn ? flow_named(&r->flows, conn->name) : r->flows.sut;

	if (conn && !f)
		return run_stop(r, e, VERDICT_BADSCRIPT,
				arena_printf(r->arena, "no connection is named @%s", conn->name), NULL);
	return check_states(r, e, s, f);
}

int run_observe(struct run *r, const struct event *e)
{
	const struct states_ast *s;

	if (run_look(r, e))
		return -1;
	if (calls_finish(r, false))
		return -1;
	for (s = e ? e->states : NULL; s; s = s->more)
		if (check_annotation(r, e, s))
			return -1;
	return 0;
}
