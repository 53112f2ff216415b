/* SPDX-License-Identifier: BSD-2-Clause */
/* Buffers and I/O vectors. Buffers that are sent are zero bytes unless a string says otherwise. */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sys/eval.h"

#include <string.h>
#include <sys/uio.h>

int arg_buf_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct expr *e = c->arg[i];
	int64_t count;
	char *p;

	if (eval_int(c->arg[i + 1], &count, x->diag))
		return -1;
	if (eval_is_null(e))
		return 0;
	if (e->kind != EXPR_ELLIPSIS && e->kind != EXPR_STRING)
		return diag_error(x->diag, e->span, "Expected ... or NULL for buffer");
	p = arg_buffer(x, c->arg[i + 1], count);
	if (!p)
		return -1;
	if (e->kind == EXPR_STRING && c->desc->arg[i] == ARG_BUF_IN && !x->check_only)
		memcpy(p, e->text, e->len < (size_t)count ? e->len : (size_t)count);
	c->state[i] = p;
	c->live.arg[i] = (intptr_t)p;
	return 0;
}

void arg_buf_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct expr *e = c->arg[i];
	struct buf want = { 0 }, got = { 0 };
	size_t n;

	if (e->kind != EXPR_STRING || c->live.result < 0)
		return;
	n = (size_t)c->live.result;
	/* MSG_TRUNC tells the length of what there was, not of what was stored. */
	if (n > (size_t)c->live.arg[i + 1])
		n = (size_t)c->live.arg[i + 1];
	if (n == e->len && !memcmp(c->state[i], e->text, n))
		return;
	buf_add_escaped(&want, e->text, e->len);
	buf_add_escaped(&got, c->state[i], n);
	mismatch_add(x, tail, "data", buf_str(&want), buf_str(&got));
	buf_free(&want);
	buf_free(&got);
}

/* {..., N}: an address the tester provides and its length. */
static int iov_one(struct sys_ctx *x, const struct expr *e, struct iovec *v)
{
	int64_t len;

	if (e->kind != EXPR_STRUCT || expr_list_count(e->items) != 2)
		return eval_bad_type(e, "iovec", x->diag);
	if (arg_want_ellipsis(x, expr_list_at(e->items, 0)) ||
	    eval_int(expr_list_at(e->items, 1), &len, x->diag))
		return -1;
	v->iov_base = arg_buffer(x, expr_list_at(e->items, 1), len);
	v->iov_len = (size_t)len;
	return v->iov_base ? 0 : -1;
}

struct iovec *arg_iov_from(struct sys_ctx *x, const struct expr *list, int *n)
{
	struct iovec *v;
	int i;

	if (list->kind != EXPR_LIST) {
		eval_bad_type(list, "list", x->diag);
		return NULL;
	}
	*n = expr_list_count(list->items);
	v = arena_alloc(x->arena, ((size_t)*n + 1) * sizeof(*v));
	for (i = 0; i < *n; i++)
		if (iov_one(x, expr_list_at(list->items, i), &v[i]))
			return NULL;
	return v;
}

int arg_iov_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct iovec *v;
	int n;

	v = arg_iov_from(x, c->arg[i], &n);
	c->live.arg[i] = (intptr_t)v;
	return v ? 0 : -1;
}

int arg_iov_count_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	int32_t n;

	if (eval_s32(c->arg[i], &n, x->diag))
		return -1;
	if (c->arg[i - 1]->kind == EXPR_LIST && n != expr_list_count(c->arg[i - 1]->items))
		return diag_error(x->diag, c->arg[i]->span,
				  "the iovec count %d does not match the %d entries listed", n,
				  expr_list_count(c->arg[i - 1]->items));
	c->live.arg[i] = n;
	return 0;
}
