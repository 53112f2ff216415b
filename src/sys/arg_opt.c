/* SPDX-License-Identifier: BSD-2-Clause */
/* Socket option values: [N], "bytes", {onoff=, linger=}, inet6_addr("..."). */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sys/eval.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

/* Kept between encode and verify: what the kernel wrote, and what the script wants there. */
struct opt_state {
	void *bytes;
	void *want;
	socklen_t want_len;
	socklen_t len;		/* in: room; out: the kernel's */
	int32_t script_len;
};

static int opt_int(struct sys_ctx *x, const struct expr *e, void **bytes, socklen_t *len)
{
	int32_t v;

	if (expr_list_count(e->items) != 1)
		return diag_error(x->diag, e->span, "expected [value], one number in brackets");
	if (eval_s32(expr_list_at(e->items, 0), &v, x->diag))
		return -1;
	*bytes = arena_memdup(x->arena, &v, sizeof(v));
	*len = sizeof(v);
	return 0;
}

static int opt_linger(struct sys_ctx *x, const struct expr *e, void **bytes, socklen_t *len)
{
	const struct expr *onoff = eval_field(e, "onoff"), *seconds = eval_field(e, "linger");
	struct linger l;

	if (!onoff || !seconds || expr_list_count(e->items) != 2)
		return diag_error(x->diag, e->span, "expected {onoff=N, linger=N}");
	if (eval_s32(onoff, &l.l_onoff, x->diag) || eval_s32(seconds, &l.l_linger, x->diag))
		return -1;
	*bytes = arena_memdup(x->arena, &l, sizeof(l));
	*len = sizeof(l);
	return 0;
}

static int opt_in6(struct sys_ctx *x, const struct expr *e, void **bytes, socklen_t *len)
{
	const struct expr *text = expr_list_at(e->items, 0);
	struct in6_addr a;

	if (strcmp(e->text, "inet6_addr") || !text || text->kind != EXPR_STRING)
		return diag_error(x->diag, e->span, "unsupported setsockopt value type: %s(...)", e->text);
	if (inet_pton(AF_INET6, text->text, &a) != 1)
		return diag_error(x->diag, text->span, "'%s' is not an IPv6 address", text->text);
	*bytes = arena_memdup(x->arena, &a, sizeof(a));
	*len = sizeof(a);
	return 0;
}

/* The bytes a written value stands for. */
static int opt_bytes(struct sys_ctx *x, const struct expr *e, void **bytes, socklen_t *len)
{
	switch (e->kind) {
	case EXPR_LIST:
		return opt_int(x, e, bytes, len);
	case EXPR_STRING:
		*bytes = arena_memdup(x->arena, e->text, e->len);
		*len = (socklen_t)e->len;
		return 0;
	case EXPR_STRUCT:
		return opt_linger(x, e, bytes, len);
	case EXPR_CALL:
		return opt_in6(x, e, bytes, len);
	default:
		return diag_error(x->diag, e->span,
				  "unsupported socket option value type: %s; write [N], \"bytes\", "
				  "{onoff=N, linger=N} or inet6_addr(\"...\")", expr_type_name(e));
	}
}

int arg_opt_in_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	void *bytes, *room;
	socklen_t len;
	int32_t script_len;

	if (opt_bytes(x, c->arg[i], &bytes, &len) || eval_s32(c->arg[i + 1], &script_len, x->diag))
		return -1;
	/* The script's length goes to the kernel unchecked; the memory behind it must exist. */
	if (script_len > (int32_t)len && script_len <= SYS_MAX_BUFFER) {
		room = arena_alloc(x->arena, (size_t)script_len);
		memcpy(room, bytes, len);
		bytes = room;
	}
	c->live.arg[i] = (intptr_t)bytes;
	return 0;
}

int arg_opt_out_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct opt_state *s = arena_new_of(x->arena, struct opt_state);
	const struct expr *len = c->arg[i + 1];

	if (opt_bytes(x, c->arg[i], &s->want, &s->want_len))
		return -1;
	if (len->kind != EXPR_LIST || expr_list_count(len->items) != 1)
		return diag_error(x->diag, len->span, "expected [length]");
	if (eval_s32(expr_list_at(len->items, 0), &s->script_len, x->diag))
		return -1;
	s->len = s->script_len > 0 ? (socklen_t)s->script_len : 0;
	s->bytes = arg_buffer(x, len, s->len > s->want_len ? s->len : s->want_len);
	if (!s->bytes)
		return -1;
	c->state[i] = s;
	c->live.arg[i] = (intptr_t)s->bytes;
	return 0;
}

int arg_opt_out_len_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct opt_state *s = c->state[i - 1];

	if (!s)
		return -1;
	c->live.arg[i] = (intptr_t)&s->len;
	return 0;
}

static void opt_differs(struct sys_ctx *x, const struct sys_call *c, int i,
			const struct opt_state *s, struct mismatch ***tail)
{
	struct buf want = { 0 }, got = { 0 };

	if (c->arg[i]->kind == EXPR_LIST) {
		int32_t w, g;

		memcpy(&w, s->want, sizeof(w));
		memcpy(&g, s->bytes, sizeof(g));
		mismatch_add_num(x, tail, "option value", w, g);
		return;
	}
	buf_add_escaped(&want, s->want, s->want_len);
	buf_add_escaped(&got, s->bytes, s->want_len);
	mismatch_add(x, tail, "option value", buf_str(&want), buf_str(&got));
	buf_free(&want);
	buf_free(&got);
}

/* Also after a failed call: the buffer then is zeros, and scripts write [0]. */
void arg_opt_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct opt_state *s = c->state[i];

	if (memcmp(s->want, s->bytes, s->want_len))
		opt_differs(x, c, i, s, tail);
}

void arg_opt_out_len_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct opt_state *s = c->state[i - 1];

	if (s->script_len >= 0 && s->len != (socklen_t)s->script_len)
		mismatch_add_num(x, tail, "option length", s->script_len, s->len);
}
