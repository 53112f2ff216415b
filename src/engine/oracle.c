/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/oracle.h"
#include "base/arena.h"
#include "base/buf.h"

#include <netinet/in.h>
#include <string.h>

void oracle_init(struct oracle *o)
{
	*o = (struct oracle){ .state = TCPS_CLOSED, .mark_state = TCPS_CLOSED,
			      .next_look = NSTIME_NEVER, .due = NSTIME_NEVER };
}

/*
 * No connection but a listener: a passive connection that never got past
 * SYN-RECEIVED went back to LISTEN (RFC 9293 3.10.7.4), any other is CLOSED.
 */
static enum tcp_state without_connection(const struct oracle *o, const struct flow *f)
{
	if (o->info.listener_only && f->passive &&
	    (o->state == TCPS_SYN_RECV || o->state == TCPS_LISTEN))
		return TCPS_LISTEN;
	return TCPS_CLOSED;
}

static enum tcp_state read_state(struct oracle *o, struct target *t, const struct flow *f)
{
	struct tuple tuple = f->live;

	o->info = (struct conn_info){ 0 };
	if (f->state == FLOW_LISTENING)
		tuple.remote_port = 0;
	else if (!f->tuple_known)
		/* Only its descriptor identifies it: fresh, or connecting with no SYN out. */
		return f->live_fd < 0 ? TCPS_CLOSED :
			t->ops->fd_state(t, f->live_fd, &o->info) ? TCPS_UNKNOWN : o->info.state;
	if (t->ops->conn(t, &tuple, &o->info))
		return TCPS_UNKNOWN;
	if (o->info.state == TCPS_CLOSED)
		return without_connection(o, f);
	return o->info.state;
}

/* A long script has more history than anyone reads; what counts is since the mark. */
static void forget_oldest(struct oracle *o)
{
	memmove(o->step, o->step + 1, (ORACLE_MAX_STEPS - 1) * sizeof(o->step[0]));
	o->n_steps--;
	o->mark -= o->mark > 0;
}

/* Nothing that was is held against what will be. */
static void start_over(struct oracle *o, enum tcp_state state)
{
	o->state = state;
	o->mark = o->n_steps;
	o->mark_state = state;
}

const struct oracle_step *oracle_look(struct oracle *o, struct target *t, const struct flow *f)
{
	struct oracle_step *s;
	enum tcp_state now;
	enum tcp_edge edge;

	if (!f || f->protocol != IPPROTO_TCP)
		return NULL;
	/*
	 * What another subflow went through meanwhile is not a change seen now, nor
	 * is it of the one that is under test again since the one after it has a name.
	 */
	if (o->flow != f && o->flow && (flow_related(o->flow, f) || o->flow->sut_before == f)) {
		o->flow = f;
		now = read_state(o, t, f);
		start_over(o, now == TCPS_CLOSED && f->passive ? TCPS_LISTEN : now);
		return NULL;
	}
	/* A child goes on from its listener's LISTEN; a new socket starts over. */
	if (o->flow != f && !(f->passive && o->state == TCPS_LISTEN))
		start_over(o, f->passive && f->state != FLOW_LISTENING ? TCPS_LISTEN :
			   TCPS_CLOSED);
	if (o->flow != f)
		o->blind = o->untold = o->gap = false;
	o->flow = f;
	now = read_state(o, t, f);
	o->next_look = o->info.timer == CONN_TIMER_TIMEWAIT || o->info.timer == CONN_TIMER_KEEPALIVE ?
		o->info.timer_left : NSTIME_NEVER;
	if (o->info.timer == CONN_TIMER_NONE)
		o->due = NSTIME_NEVER;
	else if (o->info.timer_left > 0)
		o->due = clock_now(t->clock) + o->info.timer_left;
	if (now == TCPS_UNKNOWN && o->info.possible) {
		o->gap = true;
		return NULL;
	}
	if (now == TCPS_UNKNOWN) {
		o->blind = o->untold = true;
		return NULL;
	}
	/* What it went through unseen is nobody's to judge. */
	if (o->blind)
		start_over(o, now);
	o->blind = false;
	if (now == o->state)
		return NULL;
	if (o->n_steps == ORACLE_MAX_STEPS)
		forget_oldest(o);
	s = &o->step[o->n_steps++];
	*s = (struct oracle_step){ .from = o->state, .to = now, .gap = o->gap,
				   .at = clock_now(t->clock) };
	o->gap = false;
	edge = tcp_edge_between(s->from, s->to, &s->middle);
	/* A device that closes when its peer does: one look sees both. */
	s->gap |= o->info.possible && edge == EDGE_ILLEGAL;
	if (edge != EDGE_THROUGH || s->gap)
		s->middle = TCPS_UNKNOWN;
	o->state = now;
	return s;
}

void oracle_history(const struct oracle *o, struct buf *out)
{
	int i;

	buf_adds(out, tcp_state_name(o->n_steps ? o->step[0].from : o->state));
	for (i = 0; i < o->n_steps; i++)
		buf_printf(out, " -> %s", tcp_state_name(o->step[i].to));
}

/* The states since the mark, as text; for messages. */
static const char *since_mark(const struct oracle *o, struct arena *a)
{
	struct buf b = { 0 };
	const char *text;
	int i;

	for (i = o->mark; i < o->n_steps; i++)
		buf_printf(&b, "%s%s", i > o->mark ? " -> " : "", tcp_state_name(o->step[i].to));
	text = o->mark < o->n_steps ? arena_strdup(a, buf_str(&b)) :
		arena_printf(a, "%s (no change since)", tcp_state_name(o->state));
	buf_free(&b);
	return text;
}

/* Walks the wanted path along the observed one; a middle state that was wanted counts as unseen. */
static bool path_holds(const struct oracle *o, const struct states_ast *want,
		       enum tcp_state *unseen)
{
	const struct state_want *w = STAILQ_FIRST(&want->states);
	int i;

	if (w->state == o->mark_state && (o->mark == o->n_steps || o->step[o->mark].to != w->state))
		w = STAILQ_NEXT(w, next);
	for (i = o->mark; i < o->n_steps; i++) {
		const struct oracle_step *s = &o->step[i];

		if (w && s->middle != TCPS_UNKNOWN && w->state == s->middle) {
			*unseen = s->middle;
			w = STAILQ_NEXT(w, next);
		}
		if (!w || w->state != s->to)
			return false;
		w = STAILQ_NEXT(w, next);
	}
	return !w;
}

bool oracle_untold(const struct oracle *o, const struct states_ast *want)
{
	return o->blind || (o->untold && want->n > 1);
}

static bool known(const struct oracle *o)
{
	return !o->info.possible || o->info.state != TCPS_UNKNOWN;
}

static bool gap_since_mark(const struct oracle *o)
{
	int i;

	for (i = o->mark; i < o->n_steps; i++)
		if (o->step[i].gap)
			return true;
	return o->gap;
}

/* "FIN-WAIT-1, FIN-WAIT-2 or CLOSED" */
static const char *possible_text(unsigned possible, struct arena *a)
{
	const char *text = "";
	int s;

	for (s = 1; s < TCPS_COUNT; s++) {
		if (!(possible & 1u << s))
			continue;
		possible &= ~(1u << s);
		text = arena_printf(a, "%s%s%s", text, !*text ? "" : possible ? ", " : " or ",
				    tcp_state_name((enum tcp_state)s));
	}
	return text;
}

const char *oracle_unprovable(const struct oracle *o, const struct states_ast *want,
			      struct arena *a)
{
	const struct state_want *last = STAILQ_FIRST(&want->states);

	while (STAILQ_NEXT(last, next))
		last = STAILQ_NEXT(last, next);
	if (known(o) && (want->n == 1 || !gap_since_mark(o)))
		return NULL;
	if (known(o) ? last->state != o->state : !(o->info.possible & 1u << last->state))
		return NULL;
	return known(o) ? tcp_state_name(o->state) : possible_text(o->info.possible, a);
}

const char *oracle_check(struct oracle *o, const struct states_ast *want, struct arena *a,
			 enum tcp_state *unseen)
{
	const struct state_want *w = STAILQ_FIRST(&want->states);
	const char *wrong = NULL;

	*unseen = TCPS_UNKNOWN;
	if (!known(o)) {
		wrong = possible_text(o->info.possible, a);
	} else if (want->n == 1) {
		/* The record of a refused passive open is gone: CLOSED is as true as LISTEN. */
		if (w->state != o->state &&
		    !(w->state == TCPS_CLOSED && o->state == TCPS_LISTEN && o->info.listener_only))
			wrong = tcp_state_name(o->state);
	} else if (!path_holds(o, want, unseen)) {
		wrong = since_mark(o, a);
	}
	start_over(o, o->state);
	o->untold = false;
	return wrong;
}
