/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/repeat.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "script/ast.h"

bool iteration_is_again(const struct iteration *i)
{
	for (; i; i = i->outer)
		if (i->k > 1)
			return true;
	return false;
}

const char *iteration_text(const struct iteration *i, struct arena *a)
{
	const char *outer;

	if (!i)
		return NULL;
	outer = iteration_text(i->outer, a);
	return arena_printf(a, "%s%d of %d", outer ? arena_printf(a, "%s, ", outer) : "iteration ", i->k,
			    i->of->times);
}

/* The same place in another iteration of the repeat r, which is among its repeats. */
static const struct iteration *move(const struct iteration *i, const struct repeat *r, int k,
				    struct arena *a)
{
	struct iteration *moved = arena_memdup(a, i, sizeof(*i));

	if (i->of == r)
		moved->k = k;
	else
		moved->outer = move(i->outer, r, k, a);
	return moved;
}

/* The second time would be before the first. */
static void check_times(const struct event *e, const struct repeat *r, struct diag_sink *d)
{
	for (; e; e = STAILQ_NEXT(e, next))
		if (e->loop->of == r && !iteration_is_again(e->loop) &&
		    (e->when.kind == WHEN_ABS || e->when.kind == WHEN_ABS_RANGE))
			diag_error(d, e->when.span, "in a repeat, times count from the event before: "
				   "write +TIME");
}

int repeat_weight(const struct event *e)
{
	return e->kind == EVENT_GROUP ? e->group->n : 1;
}

void repeat_unroll(struct script *s, const struct repeat *r, struct diag_sink *d)
{
	const struct event *first = *r->events, *last = NULL, *e;
	struct event *copy;
	int k, body = 0;

	for (e = first; e; e = STAILQ_NEXT(e, next)) {
		last = e;
		body += repeat_weight(e);
	}
	if (!body) {
		/* It may have had one that could not be read. */
		if (d->errors == r->errors)
			diag_error(d, r->span, "there is nothing in it to repeat");
		return;
	}
	check_times(first, r, d);
	if (r->times - 1 > (REPEAT_MAX_EVENTS - s->n_events) / body) {
		diag_error(d, r->span, "a script has at most %d events, repeated ones included",
			   REPEAT_MAX_EVENTS);
		return;
	}
	for (k = 2; k <= r->times; k++) {
		for (e = first; ; e = STAILQ_NEXT(e, next)) {
			copy = arena_memdup(s->arena, e, sizeof(*e));
			copy->loop = move(e->loop, r, k, s->arena);
			STAILQ_INSERT_TAIL(&s->events, copy, next);
			s->n_events += repeat_weight(e);
			if (e == last)
				break;
		}
	}
}

int iteration_depth(const struct iteration *i)
{
	int n = 0;

	for (; i; i = i->outer)
		n++;
	return n;
}

/* The iteration at that depth, from 1 for the outermost. */
static const struct iteration *at_depth(const struct iteration *i, int depth)
{
	int n = iteration_depth(i);

	for (; n > depth; n--)
		i = i->outer;
	return n == depth ? i : NULL;
}

static void indent(int n, struct buf *out)
{
	while (n-- > 0)
		buf_addc(out, '\t');
}

void repeat_print_braces(const struct iteration *from, const struct iteration *to,
			 struct buf *out)
{
	int common = 0, depth, n = iteration_depth(to);

	while (common < n && at_depth(from, common + 1) &&
	       at_depth(from, common + 1)->of == at_depth(to, common + 1)->of)
		common++;
	for (depth = iteration_depth(from); depth > common; depth--) {
		indent(depth - 1, out);
		buf_adds(out, "}\n");
	}
	for (depth = common + 1; depth <= n; depth++) {
		indent(depth - 1, out);
		buf_printf(out, "repeat %d {\n", at_depth(to, depth)->of->times);
	}
}

void repeat_print_indent(const struct iteration *i, struct buf *out)
{
	indent(iteration_depth(i), out);
}
