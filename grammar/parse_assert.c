/* SPDX-License-Identifier: BSD-2-Clause */
/* Nodes of `assert` events. */
#include "config.h"

#include "parse_state.h"

#include "base/arena.h"

struct event *assert_event(struct parse *p, struct expr *fd, struct assert_ast *a, struct span at)
{
	struct event *e = arena_new_of(p->arena, struct event);

	a->fd = fd;
	a->span = at;
	e->kind = EVENT_ASSERT;
	e->assertion = a;
	return e;
}

struct assert_ast *assert_add(struct parse *p, struct assert_ast *a, struct condition *c)
{
	if (!a) {
		a = arena_new_of(p->arena, struct assert_ast);
		STAILQ_INIT(&a->conditions);
	}
	STAILQ_INSERT_TAIL(&a->conditions, c, next);
	return a;
}

struct condition *condition_new(struct parse *p, const struct token *field, const struct token *op,
				struct expr *value, struct expr *high, struct span at)
{
	struct condition *c = arena_new_of(p->arena, struct condition);

	*c = (struct condition){ .field = field->text, .field_span = field->span, .span = at,
				 .op = op ? condition_op(op->text) : CONDITION_RANGE,
				 .value = value, .high = high };
	return c;
}

struct condition *condition_of_value(struct parse *p, const struct token *left,
				     const struct token *op, struct expr *value, struct expr *high,
				     struct span at)
{
	struct token formula = parse_formula(p, left);
	struct condition *c = condition_new(p, &formula, op, value, high, at);

	c->left = formula.value;
	return c;
}
