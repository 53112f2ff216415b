/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `%{ code }%` events. At its time a block only samples the socket under test;
 * when the script is over and went well, all blocks are run, as one program.
 */
#include "config.h"

#include "base/arena.h"
#include "engine/events.h"

#include <string.h>

int sample_flow(struct run *r, const struct event *e, const struct flow *f, const char *what,
		struct tcp_sample *s)
{
	int err;

	if (!f)
		return run_stop(r, e, VERDICT_BADSCRIPT,
				arena_printf(r->arena, "runtime error in %s: no socket to use for %s",
					     what, what), NULL);
	if (f->live_fd < 0)
		return run_stop(r, e, VERDICT_BADSCRIPT,
				arena_printf(r->arena, "runtime error in %s: can't find getsockopt to get "
					     "TCP info: the connection has no descriptor (not accepted "
					     "yet, or closed)", what), NULL);
	err = tcp_sample_take(r->target, f->live_fd, r->arena, s);
	if (!err)
		return 0;
	return run_stop(r, e, VERDICT_BADSCRIPT,
			arena_printf(r->arena, "runtime error in %s: can't find getsockopt to get TCP "
				     "info: %s", what, strerror(err)), NULL);
}

int event_code(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	struct code_block *b = arena_new_of(r->arena, struct code_block);
	struct result res;
	nstime began;

	if (run_wait_until(r, e, p.due))
		return -1;
	began = clock_now(r->clock);
	if (sample_flow(r, e, r->flows.sut, "code", &b->sample))
		return -1;
	b->text = e->text->text;
	b->span = e->text->span;
	res = run_result(r, e, EVK_CODE, &p);
	res.actual = began;
	res.lateness = timeline_acted(&r->time, e, &p, began, clock_now(r->clock));
	res.text = e->text->text;
	b->event = res;
	STAILQ_INSERT_TAIL(&r->code, b, next);
	run_emit(r, &res);
	return run_observe(r, e);
}
