/* SPDX-License-Identifier: BSD-2-Clause */
/* The value and the length of setsockopt(2) and getsockopt(2). */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sys/eval.h"
#include "sys/opt_value.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

/* Kept between encode and verify: what the kernel wrote, and what the script wants there. */
struct opt_state {
	struct opt_value want;
	char *bytes;
	socklen_t room;
	socklen_t len;		/* in: room; out: the kernel's */
	bool any_len;		/* `...`: not compared */
	int32_t script_len;
};

/* `...` as a value: room for whatever an option tells. */
#define ANY_ROOM 4096

/* [...]: whatever it is. */
static bool is_open(const struct expr *e)
{
	return e->kind == EXPR_LIST && expr_list_count(e->items) == 1 &&
		expr_list_at(e->items, 0)->kind == EXPR_ELLIPSIS;
}

static int opt_int(struct sys_ctx *x, const struct expr *e, enum opt_use use, struct opt_value *out)
{
	int32_t v = 0;

	if (expr_list_count(e->items) != 1)
		return diag_error(x->diag, e->span, "expected [value], one number in brackets");
	if (!(use == OPT_GET && is_open(e)) && eval_s32(expr_list_at(e->items, 0), &v, x->diag))
		return -1;
	out->bytes = arena_memdup(x->arena, &v, sizeof(v));
	out->natural = out->len = sizeof(v);
	return 0;
}

static int opt_in6(struct sys_ctx *x, const struct expr *e, struct opt_value *out)
{
	const char *text = eval_address_text(e);
	struct in6_addr a;

	if (strcmp(e->text, "inet6_addr"))
		return diag_error(x->diag, e->span, "unsupported setsockopt value type: %s(...)", e->text);
	if (!text)
		return diag_error(x->diag, e->span, "expected inet6_addr(\"ADDRESS\")");
	if (inet_pton(AF_INET6, text, &a) != 1)
		return diag_error(x->diag, expr_list_at(e->items, 0)->span,
				  "'%s' is not an IPv6 address", text);
	out->bytes = arena_memdup(x->arena, &a, sizeof(a));
	out->natural = out->len = sizeof(a);
	return 0;
}

/* A length of `...` includes the NUL, as C's string functions want it. */
static int opt_string(struct sys_ctx *x, const struct expr *e, struct opt_value *out)
{
	out->bytes = arena_alloc(x->arena, e->len + 1);
	memcpy(out->bytes, e->text, e->len);
	out->len = (socklen_t)e->len;
	out->natural = out->len + 1;
	return 0;
}

int opt_value(struct sys_ctx *x, const struct expr *e, enum opt_use use, struct opt_value *v)
{
	*v = (struct opt_value){ 0 };
	switch (e->kind) {
	case EXPR_LIST:
		return opt_int(x, e, use, v);
	case EXPR_STRING:
		return opt_string(x, e, v);
	case EXPR_STRUCT:
		return opt_is_header(e) ? opt_header(x, e, v) : opt_struct(x, e, use, v);
	case EXPR_CALL:
		return opt_in6(x, e, v);
	case EXPR_ELLIPSIS:
		if (use == OPT_SET)
			break;
		v->natural = ANY_ROOM;
		return 0;
	default:
		break;
	}
	return diag_error(x->diag, e->span,
			  "unsupported socket option value type: %s; write [N], \"bytes\", "
			  "{onoff=N, linger=N} or inet6_addr(\"...\")", expr_type_name(e));
}

/* ---- setsockopt ---- */

int arg_opt_in_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct opt_state *s = arena_new_of(x->arena, struct opt_state);
	const struct expr *len = c->arg[i + 1];

	if (opt_value(x, c->arg[i], OPT_SET, &s->want))
		return -1;
	if (len->kind == EXPR_ELLIPSIS)
		s->script_len = (int32_t)s->want.natural;
	else if (eval_s32(len, &s->script_len, x->diag))
		return -1;
	s->bytes = s->want.bytes;
	/* The script's length goes to the kernel as it is: the memory behind it must exist. */
	if (s->script_len > (int32_t)s->want.len) {
		s->bytes = arg_buffer(x, len, s->script_len);
		if (!s->bytes)
			return -1;
		if (!x->check_only)
			memcpy(s->bytes, s->want.bytes, s->want.len);
	}
	c->state[i] = s;
	c->live.arg[i] = (intptr_t)s->bytes;
	return 0;
}

int arg_opt_in_len_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct opt_state *s = c->state[i - 1];

	(void)x;
	if (!s)
		return -1;
	c->live.arg[i] = s->script_len;
	return 0;
}

/* ---- getsockopt ---- */

/* [N], or `...` and [...]: room for all there is. */
static int out_len(struct sys_ctx *x, const struct expr *e, struct opt_state *s)
{
	const struct expr *n = e;

	if (e->kind == EXPR_LIST && expr_list_count(e->items) == 1)
		n = expr_list_at(e->items, 0);
	else if (e->kind != EXPR_ELLIPSIS)
		return diag_error(x->diag, e->span, "expected [length]");
	s->any_len = n->kind == EXPR_ELLIPSIS;
	if (s->any_len) {
		s->script_len = (int32_t)s->want.natural;
		return 0;
	}
	return eval_s32(n, &s->script_len, x->diag);
}

int arg_opt_out_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct opt_state *s = arena_new_of(x->arena, struct opt_state);
	const struct expr *len = c->arg[i + 1];

	if (opt_value(x, c->arg[i], OPT_GET, &s->want) || out_len(x, len, s))
		return -1;
	/* A negative length goes to the kernel as it is: it has an error for it. */
	s->len = (socklen_t)s->script_len;
	s->room = s->script_len > (int32_t)s->want.len ? s->len : s->want.len;
	s->bytes = arg_buffer(x, len, s->room);
	if (!s->bytes)
		return -1;
	c->state[i] = s;
	c->live.arg[i] = (intptr_t)s->bytes;
	return 0;
}

int arg_opt_out_len_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct opt_state *s = c->state[i - 1];

	(void)x;
	if (!s)
		return -1;
	c->live.arg[i] = (intptr_t)&s->len;
	return 0;
}

static socklen_t returned(const struct opt_state *s)
{
	return s->len < s->room ? s->len : s->room;
}

static void int_verify(struct sys_ctx *x, const struct opt_state *s, struct mismatch ***tail)
{
	int32_t w, g;

	memcpy(&w, s->want.bytes, sizeof(w));
	memcpy(&g, s->bytes, sizeof(g));
	if (w != g)
		mismatch_add_num(x, tail, "option value", w, g);
}

/* The length of what was written, and NULs as far as the kernel answered. */
static bool same_bytes(const struct opt_state *s)
{
	socklen_t i;

	for (i = s->want.len; i < returned(s); i++)
		if (s->bytes[i])
			return false;
	return !memcmp(s->want.bytes, s->bytes, s->want.len);
}

static void bytes_verify(struct sys_ctx *x, const struct opt_state *s, struct mismatch ***tail)
{
	struct buf want = { 0 }, got = { 0 };
	socklen_t n = returned(s);

	if (same_bytes(s))
		return;
	while (n > s->want.len && !s->bytes[n - 1])
		n--;
	buf_add_escaped(&want, s->want.bytes, s->want.len);
	buf_add_escaped(&got, s->bytes, n > s->want.len ? n : s->want.len);
	mismatch_add(x, tail, "option value", buf_str(&want), buf_str(&got));
	buf_free(&want);
	buf_free(&got);
}

/*
 * Also after a failed call: the buffer then is zeros, and scripts write [0].
 * Structs by their members and lengths of `...` come from scripts that are
 * used to a comparison only after success.
 */
void arg_opt_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct opt_state *s = c->state[i];
	const struct expr *e = c->arg[i];
	bool members = e->kind == EXPR_STRUCT && !opt_is_header(e);

	if (e->kind == EXPR_ELLIPSIS || is_open(e) || (c->live.result < 0 && (members || s->any_len)))
		return;
	if (members)
		opt_struct_verify(x, e, s->bytes, returned(s), tail);
	else if (e->kind == EXPR_LIST)
		int_verify(x, s, tail);
	else
		bytes_verify(x, s, tail);
}

void arg_opt_out_len_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct opt_state *s = c->state[i - 1];

	if (!s->any_len && s->script_len >= 0 && s->len != (socklen_t)s->script_len)
		mismatch_add_num(x, tail, "option length", s->script_len, s->len);
}

bool arg_opt_out_number(const struct sys_call *c, int i, int64_t *v)
{
	const struct opt_state *s = c->state[i];
	int32_t got;

	if (c->arg[i]->kind != EXPR_LIST || c->live.result < 0 || returned(s) < sizeof(got))
		return false;
	memcpy(&got, s->bytes, sizeof(got));
	*v = got;
	return true;
}
