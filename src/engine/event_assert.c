/* SPDX-License-Identifier: BSD-2-Clause */
/* `assert` events: what the kernel tells about a socket, compared in place. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/events.h"
#include "engine/flow_named.h"
#include "sys/assertion.h"
#include "sys/eval.h"
#include "sys/value_condition.h"

#include <string.h>

static const char *text_of(struct run *r, const struct event *e)
{
	struct buf b = { 0 };
	const char *text;

	assert_print(e->assertion, &b);
	text = arena_strdup(r->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

/* It may be the stack's fault that the connection is not further, or gone. */
static int nothing_told(struct run *r, const struct event *e, const struct flow *f)
{
	const struct plan p = timeline_plan(&r->time, e);
	struct result res = run_result(r, e, EVK_ASSERT, &p);

	res.actual = clock_now(r->clock);
	res.text = text_of(r, e);
	res.message = arena_printf(r->arena, "the connection is in %s without a descriptor, and the "
				   "kernel tells nothing more of it",
				   tcp_state_name(run_state_of(r, f)));
	res.hint = "`=> STATE` after an event sees every state";
	return run_fail(r, &res);
}

/* The connection named or under test, also one that was not accepted yet or is closed. */
static int take_flow(struct run *r, const struct event *e, struct tcp_sample *s)
{
	const char *name = e->assertion->conn.name;
	const struct flow *f = name ? flow_named(&r->flows, name) : r->flows.sut;

	if (!f || f->live_fd >= 0 || !f->tuple_known)
		return sample_flow(r, e, f, "assert", s);
	if (tcp_sample_take_tuple(r->target, &f->live, r->arena, s) == 0)
		return 0;
	return nothing_told(r, e, f);
}

/* Samples the descriptor named, or a connection. 0 or -1: the run is over. */
static int take(struct run *r, const struct event *e, struct tcp_sample *s)
{
	const struct assert_ast *a = e->assertion;
	const struct fd_entry *entry;
	int32_t fd;
	int err;

	if (!a->fd)
		return take_flow(r, e, s);
	if (eval_s32(a->fd, &fd, &r->diag))
		return run_stop_diag(r, e, VERDICT_BADSCRIPT);
	entry = fdmap_find(&r->sys.fds, fd);
	if (!entry)
		return run_stop(r, e, VERDICT_BADSCRIPT,
				arena_printf(r->arena, "assert: there is no descriptor %d", fd), NULL);
	err = tcp_sample_take(r->target, entry->live, r->arena, s);
	if (!err)
		return 0;
	return run_stop(r, e, VERDICT_BADSCRIPT,
			arena_printf(r->arena, "assert: TCP_INFO of descriptor %d: %s", fd,
				     strerror(err)), NULL);
}

static const char *first_difference(struct run *r, const struct mismatch *m)
{
	const struct mismatch *other;
	int more = 0;

	for (other = m->next; other; other = other->next)
		more++;
	return arena_printf(r->arena, more ? "%s is %s, expected %s, and %d more" :
			    "%s is %s, expected %s", m->field, m->got, m->want, more);
}

/* Appends the conditions about values that do not hold. 0 or -1: the run is over. */
static int compare_values(struct run *r, const struct event *e, struct result *res, nstime *off)
{
	struct mismatch **tail = &res->mismatches;
	const char *why;
	struct span at;

	while (*tail)
		tail = &(*tail)->next;
	if (!value_conditions_compare(&r->sys, e->assertion, &r->values, &tail, off, &why, &at))
		return 0;
	res->whole = res->span;
	res->span = at;
	res->message = why;
	return run_fail(r, res);
}

int event_assert(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	struct tcp_sample sample = { 0 };
	const char *unknown = NULL;
	nstime began, off = 0;
	struct result res;

	if (run_wait_until(r, e, p.due))
		return -1;
	began = clock_now(r->clock);
	if (assertion_wants_sample(e->assertion) && take(r, e, &sample))
		return -1;
	res = run_result(r, e, EVK_ASSERT, &p);
	res.actual = began;
	res.lateness = timeline_acted(&r->time, e, &p, began, clock_now(r->clock));
	res.text = text_of(r, e);
	res.mismatches = assertion_compare(&r->sys, e->assertion, &sample, &unknown);
	if (compare_values(r, e, &res, &off))
		return -1;
	if (res.mismatches) {
		res.message = first_difference(r, res.mismatches);
		return off ? run_fail_times(r, &res, off) : run_fail(r, &res);
	}
	if (unknown)
		return run_stop(r, e, VERDICT_SKIP, tcp_field_missing(&sample, unknown, r->arena), NULL);
	run_emit(r, &res);
	return run_observe(r, e);
}
