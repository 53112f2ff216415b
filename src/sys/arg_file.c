/* SPDX-License-Identifier: BSD-2-Clause */
/* Files and pipes: paths, offsets behind pointers, and the two ends of a pipe. */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/diag.h"
#include "sys/eval.h"

#include <string.h>

int arg_path_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct expr *e = c->arg[i];

	if (eval_is_null(e))
		return 0;
	if (e->kind != EXPR_STRING)
		return eval_bad_type(e, "string", x->diag);
	if (memchr(e->text, '\0', e->len))
		return diag_error(x->diag, e->span, "a path cannot contain a NUL byte");
	c->live.arg[i] = (intptr_t)arena_strndup(x->arena, e->text, e->len);
	return 0;
}

int arg_offset_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct expr *e = c->arg[i];
	int64_t offset;

	if (eval_is_null(e))
		return 0;
	if (e->kind != EXPR_LIST || expr_list_count(e->items) != 1)
		return diag_error(x->diag, e->span, "expected NULL or [offset], one number in brackets");
	if (eval_int(expr_list_at(e->items, 0), &offset, x->diag))
		return -1;
	c->live.arg[i] = (intptr_t)arena_memdup(x->arena, &offset, sizeof(offset));
	return 0;
}

int arg_pipe_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct expr *e = c->arg[i];
	int32_t name[2];
	int k;

	if (eval_is_null(e))
		return 0;
	if (e->kind != EXPR_LIST || expr_list_count(e->items) != 2)
		return diag_error(x->diag, e->span, "expected [reading end, writing end], two numbers");
	for (k = 0; k < 2; k++)
		if (eval_s32(expr_list_at(e->items, k), &name[k], x->diag))
			return -1;
	c->state[i] = arena_memdup(x->arena, name, sizeof(name));
	c->live.arg[i] = (intptr_t)arena_alloc(x->arena, 2 * sizeof(int));
	return 0;
}

void arg_pipe_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const int *live = (const int *)c->live.arg[i];
	const int32_t *name = c->state[i];
	int k;

	for (k = 0; name && c->live.result == 0 && k < 2; k++)
		sys_register_fd(x, name[k], live[k], tail);
}
