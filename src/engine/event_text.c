/* SPDX-License-Identifier: BSD-2-Clause */
/* `command` events. */
#include "config.h"

#include "base/arena.h"
#include "engine/command.h"
#include "engine/events.h"

#include <string.h>

/* Enough of a long command to know which one is meant. */
static const char *first_line(struct run *r, const char *text)
{
	size_t n = strcspn(text, "\n");

	return text[n] ? arena_printf(r->arena, "%.*s ...", (int)n, text) : text;
}

/* Where the stack is. -1: the run is over. */
static int run_command(struct run *r, const struct event *e, nstime patience,
		       struct command_outcome *o)
{
	const struct target_ops *ops = r->target->ops;
	const char *why;
	int rc;

	if (!ops->command) {
		*o = command_run(e->text->text, patience, r->cfg->commands_aloud, r->arena);
		return 0;
	}
	rc = ops->command(r->target, e->text->text, patience, r->arena, o, &why);
	if (!rc)
		return 0;
	return run_stop(r, e, rc > 0 ? VERDICT_SKIP : VERDICT_ENVIRONMENT,
			arena_printf(r->arena, rc > 0 ? "the agent has no %s" : "%s", why), NULL);
}

int event_command(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	struct command_outcome o;
	struct result res;
	nstime began;

	if (run_wait_until(r, e, p.due))
		return -1;
	began = clock_now(r->clock);
	if (run_command(r, e, r->deadline - began, &o))
		return -1;
	res = run_result(r, e, EVK_COMMAND, &p);
	res.actual = began;
	if (!p.first && clock_now(r->clock) - began > r->slow_command) {
		r->slow_command = clock_now(r->clock) - began;
		r->held_up = o.held_up;
	}
	res.lateness = timeline_acted(&r->time, e, &p, began, clock_now(r->clock));
	res.text = arena_printf(r->arena, "`%s`", e->text->text);
	if (*o.output)
		res.hint = arena_printf(r->arena, "it printed: %s", o.output);
	if (o.failed) {
		res.message = arena_printf(r->arena, "error executing `%s` command: %s",
					   first_line(r, e->text->text), o.failed);
		if (o.not_run)
			return run_stop(r, e, VERDICT_ENVIRONMENT, res.message,
					"check the limit on processes (ulimit -u), or run fewer scripts at a time (-j)");
		return run_fail(r, &res);
	}
	run_emit(r, &res);
	return run_observe(r, e);
}
