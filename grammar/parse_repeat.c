/* SPDX-License-Identifier: BSD-2-Clause */
/* `repeat N { events }`. */
#include "config.h"

#include "parse_state.h"

#include "base/arena.h"
#include "base/diag.h"

void parse_repeat_begin(struct parse *p, const struct token *times, struct span at)
{
	struct repeat *r = arena_new_of(p->arena, struct repeat);
	struct iteration *first = arena_new_of(p->arena, struct iteration);

	*r = (struct repeat){ .times = (int)times->num, .span = at,
			      .events = p->script->events.stqh_last };
	*first = (struct iteration){ .of = r, .k = 1, .outer = p->iteration };
	p->iteration = first;
	if (!parse_refuse_formula(p, times) && (times->num < 1 || times->num > REPEAT_MAX)) {
		diag_error(p->diag, times->span, "repeat takes a number from 1 to %d", REPEAT_MAX);
		r->times = 1;
	}
	if (iteration_depth(first) > REPEAT_MAX_DEPTH) {
		diag_error(p->diag, at, "more than %d repeats inside each other", REPEAT_MAX_DEPTH);
		r->times = 1;
	}
	r->errors = p->errors_seen = p->diag->errors;
}

void parse_repeat_end(struct parse *p)
{
	const struct repeat *r = p->iteration->of;

	p->iteration = p->iteration->outer;
	repeat_unroll(p->script, r, p->diag);
	p->errors_seen = p->diag->errors;
}
