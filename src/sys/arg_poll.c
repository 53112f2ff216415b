/* SPDX-License-Identifier: BSD-2-Clause */
/* poll(2): [{fd=N, events=M, revents=R}, ...]. */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/names.h"
#include "sys/eval.h"

#include <poll.h>

static const struct name_value poll_table[] = {
	{ "POLLIN", POLLIN }, { "POLLPRI", POLLPRI }, { "POLLOUT", POLLOUT }, { "POLLERR", POLLERR },
	{ "POLLHUP", POLLHUP }, { "POLLNVAL", POLLNVAL }, { "POLLRDNORM", POLLRDNORM },
	{ "POLLRDBAND", POLLRDBAND }, { "POLLWRNORM", POLLWRNORM }, { "POLLWRBAND", POLLWRBAND },
	{ "POLLRDHUP", POLLRDHUP }, { NULL, 0 }
};

static int poll_mask(struct sys_ctx *x, const struct expr *e, int32_t *mask)
{
	if (eval_s32(e, mask, x->diag))
		return -1;
	if (*mask < INT16_MIN || *mask > UINT16_MAX)
		return diag_error(x->diag, e->span, "poll() has masks of 16 bits, not 0x%x",
				  (unsigned)*mask);
	return 0;
}

static int pollfd_one(struct sys_ctx *x, const struct expr *e, struct pollfd *p, int32_t *want)
{
	static const char *const members[] = { "fd", "events", "revents", NULL };
	const struct expr *fd = eval_field(e, "fd"), *events = eval_field(e, "events");
	const struct expr *revents = eval_field(e, "revents");
	int32_t mask;

	if (e->kind != EXPR_STRUCT || !fd || !events)
		return eval_bad_type(e, "pollfd {fd=, events=, revents=}", x->diag);
	if (eval_members(e, members, x->diag) || arg_fd_of(x, fd, &p->fd) ||
	    poll_mask(x, events, &mask))
		return -1;
	p->events = (short)mask;
	*want = 0;
	return revents ? poll_mask(x, revents, want) : 0;
}

int arg_pollfds_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct expr *list = c->arg[i];
	int32_t count, *want;
	struct pollfd *p;
	int n, k;

	if (list->kind != EXPR_LIST)
		return eval_bad_type(list, "list", x->diag);
	n = expr_list_count(list->items);
	if (eval_s32(c->arg[i + 1], &count, x->diag))
		return -1;
	if (count != n)
		return diag_error(x->diag, c->arg[i + 1]->span,
				  "the poll count %d does not match the %d entries listed", count, n);
	p = arena_alloc(x->arena, ((size_t)n + 1) * sizeof(*p));
	want = arena_alloc(x->arena, ((size_t)n + 1) * sizeof(*want));
	for (k = 0; k < n; k++)
		if (pollfd_one(x, expr_list_at(list->items, k), &p[k], &want[k]))
			return -1;
	c->state[i] = want;
	c->live.arg[i] = (intptr_t)p;
	return 0;
}

void arg_pollfds_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct pollfd *p = (const struct pollfd *)c->live.arg[i];
	const int32_t *want = c->state[i];
	int k, n = expr_list_count(c->arg[i]->items);

	for (k = 0; k < n; k++) {
		struct buf w = { 0 }, g = { 0 };

		if (p[k].revents == (short)want[k])
			continue;
		names_bits(poll_table, (uint64_t)(unsigned short)want[k], &w);
		names_bits(poll_table, (uint64_t)(unsigned short)p[k].revents, &g);
		mismatch_add(x, tail, arena_printf(x->arena, "pollfd %d revents", k), buf_str(&w),
			     buf_str(&g));
		buf_free(&w);
		buf_free(&g);
	}
}
