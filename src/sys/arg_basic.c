/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers, descriptors, the socket domain, and what all codecs share. */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/diag.h"
#include "sys/eval.h"

#include <inttypes.h>
#include <sys/socket.h>

void mismatch_add(struct sys_ctx *x, struct mismatch ***tail, const char *field, const char *want,
		  const char *got)
{
	struct mismatch *m = arena_new_of(x->arena, struct mismatch);

	m->field = arena_strdup(x->arena, field);
	m->want = arena_strdup(x->arena, want);
	m->got = arena_strdup(x->arena, got);
	**tail = m;
	*tail = &m->next;
}

void mismatch_add_num(struct sys_ctx *x, struct mismatch ***tail, const char *field, int64_t want,
		      int64_t got)
{
	mismatch_add(x, tail, field, arena_printf(x->arena, "%" PRId64, want),
		     arena_printf(x->arena, "%" PRId64, got));
}

void *arg_buffer(struct sys_ctx *x, const struct expr *at, int64_t size)
{
	if (size < 0 || size > SYS_MAX_BUFFER) {
		diag_error(x->diag, at->span, "a buffer of %" PRId64 " bytes is not possible", size);
		return NULL;
	}
	return arena_alloc(x->arena, x->check_only ? 1 : (size_t)size + 1);
}

int arg_want_ellipsis(struct sys_ctx *x, const struct expr *e)
{
	return e->kind == EXPR_ELLIPSIS ? 0 : eval_bad_type(e, "ellipsis", x->diag);
}

int arg_fd_of(struct sys_ctx *x, const struct expr *e, int *live)
{
	const struct fd_entry *entry;
	int32_t fd;

	if (eval_s32(e, &fd, x->diag))
		return -1;
	*live = fd;
	if (x->check_only || fd < 0)
		return 0;
	entry = fdmap_find(&x->fds, fd);
	if (!entry)
		return diag_error(x->diag, e->span, "unable to find fd with script fd %d", fd);
	*live = entry->live;
	return 0;
}

int arg_fd_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	int live, script;

	if (arg_fd_of(x, c->arg[i], &live) || eval_s32(c->arg[i], &script, x->diag))
		return -1;
	if (i == 0)
		c->script_fd = script;
	c->live.arg[i] = live;
	return 0;
}

int arg_int_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	int32_t v;

	if (eval_s32(c->arg[i], &v, x->diag))
		return -1;
	c->live.arg[i] = v;
	return 0;
}

int arg_long_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	int64_t v;

	if (eval_int(c->arg[i], &v, x->diag))
		return -1;
	c->live.arg[i] = (intptr_t)v;
	return 0;
}

int arg_domain_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	if (c->arg[i]->kind != EXPR_ELLIPSIS)
		return arg_int_encode(x, c, i);
	c->live.arg[i] = x->settings->ip_version == IP_VERSION_4 ? AF_INET : AF_INET6;
	return 0;
}

/* libcap's names for sets of capabilities; only one is a script's to change. */
int arg_cap_set_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	if (arg_int_encode(x, c, i))
		return -1;
	return c->live.arg[i] == 0 ? 0 :
		diag_error(x->diag, c->arg[i]->span, "only the set CAP_EFFECTIVE can be changed");
}

int arg_spi_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct expr *e = c->arg[i];
	int32_t spi;

	if (e->kind != EXPR_LIST || expr_list_count(e->items) != 1)
		return diag_error(x->diag, e->span, "expected [SPI], one number in brackets");
	return eval_s32(expr_list_at(e->items, 0), &spi, x->diag);
}

static bool is_open(const struct expr *list)
{
	return expr_list_at(list->items, 0)->kind == EXPR_ELLIPSIS;
}

/* [N] or [...] as a place for a result, or a plain number that goes in as it is. */
int arg_int_out_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct expr *e = c->arg[i];
	int32_t want, *out;

	if (e->kind != EXPR_LIST)
		return arg_int_encode(x, c, i);
	if (expr_list_count(e->items) != 1)
		return diag_error(x->diag, e->span, "expected [value], one number in brackets");
	if (!is_open(e) && eval_s32(expr_list_at(e->items, 0), &want, x->diag))
		return -1;
	/* Some requests write a whole struct (an ifreq has 40 bytes). */
	out = arena_alloc(x->arena, 256);
	c->state[i] = out;
	c->live.arg[i] = (intptr_t)out;
	return 0;
}

void arg_int_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const int32_t *got = c->state[i];
	int32_t want;

	if (!got || c->live.result < 0 || is_open(c->arg[i]) ||
	    eval_s32(expr_list_at(c->arg[i]->items, 0), &want, x->diag))
		return;
	if (*got != want)
		mismatch_add_num(x, tail, "value", want, *got);
}

bool arg_int_out_number(const struct sys_call *c, int i, int64_t *v)
{
	const int32_t *got = c->state[i];

	if (!got || c->live.result < 0)
		return false;
	*v = *got;
	return true;
}
