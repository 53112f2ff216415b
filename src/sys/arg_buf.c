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

static void data_differs(struct sys_ctx *x, const char *field, const struct expr *want,
			 const void *p, size_t n, struct mismatch ***tail)
{
	struct buf w = { 0 }, g = { 0 };

	if (n == want->len && !memcmp(p, want->text, n))
		return;
	buf_add_escaped(&w, want->text, want->len);
	buf_add_escaped(&g, p, n);
	mismatch_add(x, tail, field, buf_str(&w), buf_str(&g));
	buf_free(&w);
	buf_free(&g);
}

void arg_buf_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	size_t n;

	if (c->arg[i]->kind != EXPR_STRING || c->live.result < 0)
		return;
	n = (size_t)c->live.result;
	/* MSG_TRUNC tells the length of what there was, not of what was stored. */
	if (n > (size_t)c->live.arg[i + 1])
		n = (size_t)c->live.arg[i + 1];
	data_differs(x, "data", c->arg[i], c->state[i], n, tail);
}

/* {BASE, N} or {iov_base=BASE, iov_len=N}; BASE is ... or bytes. Returns BASE, or NULL. */
static const struct expr *iov_base(const struct expr *e, const struct expr **len)
{
	const struct expr *base = eval_field(e, "iov_base");

	*len = eval_field(e, "iov_len");
	if (base && *len)
		return base;
	*len = expr_list_at(e->items, 1);
	return expr_list_at(e->items, 0);
}

static int iov_one(struct sys_ctx *x, const struct expr *e, bool send, struct iovec *v)
{
	const struct expr *base, *len_expr;
	int64_t len;

	if (e->kind != EXPR_STRUCT || expr_list_count(e->items) != 2)
		return eval_bad_type(e, "iovec", x->diag);
	base = iov_base(e, &len_expr);
	if (base->kind != EXPR_STRING && arg_want_ellipsis(x, base))
		return -1;
	if (eval_int(len_expr, &len, x->diag))
		return -1;
	v->iov_base = arg_buffer(x, len_expr, len);
	v->iov_len = (size_t)len;
	if (!v->iov_base)
		return -1;
	if (base->kind == EXPR_STRING && base->len > v->iov_len)
		return diag_error(x->diag, base->span, "%zu bytes do not fit an iov_len of %zu",
				  base->len, v->iov_len);
	if (send && base->kind == EXPR_STRING && !x->check_only)
		memcpy(v->iov_base, base->text, base->len);
	return 0;
}

struct iovec *arg_iov_from(struct sys_ctx *x, const struct expr *list, bool send, int *n)
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
		if (iov_one(x, expr_list_at(list->items, i), send, &v[i]))
			return NULL;
	return v;
}

int arg_iov_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct iovec *v;
	int n;

	v = arg_iov_from(x, c->arg[i], c->desc->arg[i] == ARG_IOV_IN, &n);
	c->live.arg[i] = (intptr_t)v;
	return v ? 0 : -1;
}

void arg_iov_compare(struct sys_ctx *x, const struct expr *list, const struct iovec *v,
		     intptr_t result, struct mismatch ***tail)
{
	size_t left = result > 0 ? (size_t)result : 0, here;
	int i, n = expr_list_count(list->items);
	const struct expr *base, *len;

	for (i = 0; i < n && result >= 0; i++, left -= here) {
		here = left < v[i].iov_len ? left : v[i].iov_len;
		base = iov_base(expr_list_at(list->items, i), &len);
		if (base->kind == EXPR_STRING)
			data_differs(x, arena_printf(x->arena, "iov %d data", i), base,
				     v[i].iov_base, here, tail);
	}
}

void arg_iov_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	arg_iov_compare(x, c->arg[i], (const struct iovec *)c->live.arg[i], c->live.result, tail);
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
