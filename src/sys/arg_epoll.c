/* SPDX-License-Identifier: BSD-2-Clause */
/* epoll(7): {events=M, fd=N}, or ptr=, u32=, u64= as the data of an event. */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/names.h"
#include "sys/eval.h"

#include <inttypes.h>
#include <string.h>
#include <sys/epoll.h>

static const struct name_value epoll_table[] = {
	{ "EPOLLIN", EPOLLIN }, { "EPOLLPRI", EPOLLPRI }, { "EPOLLOUT", EPOLLOUT },
	{ "EPOLLERR", EPOLLERR }, { "EPOLLHUP", EPOLLHUP }, { "EPOLLRDNORM", EPOLLRDNORM },
	{ "EPOLLRDBAND", EPOLLRDBAND }, { "EPOLLWRNORM", EPOLLWRNORM },
	{ "EPOLLWRBAND", EPOLLWRBAND }, { "EPOLLMSG", EPOLLMSG }, { "EPOLLRDHUP", EPOLLRDHUP },
	{ "EPOLLEXCLUSIVE", EPOLLEXCLUSIVE }, { "EPOLLWAKEUP", EPOLLWAKEUP },
	{ "EPOLLONESHOT", EPOLLONESHOT }, { "EPOLLET", EPOLLET }, { NULL, 0 }
};

/* Which member of the data a script means, and how much of it counts. */
enum data_member { DATA_FD, DATA_PTR, DATA_U32, DATA_U64, DATA_MEMBERS };

static const struct {
	const char *name;
	bool half;		/* 32 bits; the kernel hands back all 64 */
} member_table[DATA_MEMBERS] = {
	[DATA_FD] = { "fd", true }, [DATA_PTR] = { "ptr", false },
	[DATA_U32] = { "u32", true }, [DATA_U64] = { "u64", false },
};

struct wanted_event {
	enum data_member member;
	struct epoll_event live;
};

/* What a script expects of a wait: one event or a list of them. */
struct wait_state {
	int n;
	bool listed;
	struct wanted_event want[];
};

static const struct expr *find_data(const struct expr *e, enum data_member *member)
{
	const struct expr *v;
	int m;

	for (m = 0; m < DATA_MEMBERS; m++) {
		v = eval_field(e, member_table[m].name);
		if (v) {
			*member = (enum data_member)m;
			return v;
		}
	}
	return NULL;
}

static int event_from(struct sys_ctx *x, const struct expr *e, struct wanted_event *w)
{
	const struct expr *events = eval_field(e, "events"), *data = find_data(e, &w->member);
	int32_t mask, half;
	int64_t whole;

	if (e->kind != EXPR_STRUCT || !events || !data || expr_list_count(e->items) != 2)
		return eval_bad_type(e, "epoll_event {events=, fd=|ptr=|u32=|u64=}", x->diag);
	if (eval_s32(events, &mask, x->diag))
		return -1;
	memset(&w->live, 0, sizeof(w->live));
	w->live.events = (uint32_t)mask;
	if (w->member == DATA_FD ? arg_fd_of(x, data, &half) :
	    member_table[w->member].half ? eval_s32(data, &half, x->diag) :
	    eval_int(data, &whole, x->diag))
		return -1;
	w->live.data.u64 = member_table[w->member].half ? (uint32_t)half : (uint64_t)whole;
	return 0;
}

int arg_epoll_in_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct wanted_event w;

	if (eval_is_null(c->arg[i]))
		return 0;
	if (event_from(x, c->arg[i], &w))
		return -1;
	c->live.arg[i] = (intptr_t)arena_memdup(x->arena, &w.live, sizeof(w.live));
	return 0;
}

static struct wait_state *wait_from(struct sys_ctx *x, const struct expr *e)
{
	bool listed = e->kind == EXPR_LIST;
	int n = listed ? expr_list_count(e->items) : 1, k;
	struct wait_state *s = arena_alloc(x->arena, sizeof(*s) + (size_t)n * sizeof(s->want[0]));

	s->n = n;
	s->listed = listed;
	for (k = 0; k < n; k++)
		if (event_from(x, listed ? expr_list_at(e->items, k) : e, &s->want[k]))
			return NULL;
	return s;
}

int arg_epoll_out_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct expr *e = c->arg[i];
	struct wait_state *s = NULL;
	int64_t room;
	int32_t max;

	if (eval_s32(c->arg[i + 1], &max, x->diag))
		return -1;
	if (eval_is_null(e))
		return 0;
	if (e->kind != EXPR_ELLIPSIS) {
		s = wait_from(x, e);
		if (!s)
			return -1;
		if (s->listed && max > 0 && s->n > max)
			return diag_error(x->diag, e->span, "%d events are listed where at most %d "
					  "are asked for", s->n, max);
	}
	/* Also what a failing call does not write is compared. */
	room = max > 0 ? max : 0;
	if (s && room < s->n)
		room = s->n;
	c->live.arg[i] = (intptr_t)arg_buffer(x, c->arg[i + 1],
					      room * (int64_t)sizeof(struct epoll_event));
	c->state[i] = s;
	return c->live.arg[i] ? 0 : -1;
}

static void mask_differs(struct sys_ctx *x, const char *field, uint32_t want, uint32_t got,
			 struct mismatch ***tail)
{
	struct buf w = { 0 }, g = { 0 };

	names_bits(epoll_table, want, &w);
	names_bits(epoll_table, got, &g);
	mismatch_add(x, tail, field, buf_str(&w), buf_str(&g));
	buf_free(&w);
	buf_free(&g);
}

/* A descriptor as the script calls it, where it has a name for it. */
static const char *data_text(struct sys_ctx *x, enum data_member member, uint64_t v)
{
	const struct fd_entry *e = member == DATA_FD && v ? fdmap_find_live(&x->fds, (int)v) : NULL;

	if (member == DATA_FD)
		return e ? arena_printf(x->arena, "%d", e->script) :
			arena_printf(x->arena, "%d, not a descriptor of the script", (int)v);
	return arena_printf(x->arena, member == DATA_PTR ? "0x%" PRIx64 : "%" PRIu64, v);
}

/* Events beyond the result are zeros, and so is what scripts write for them: {events=0, ptr=0}. */
void arg_epoll_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct epoll_event *got = (const struct epoll_event *)c->live.arg[i];
	const struct wait_state *s = c->state[i];
	int k;

	for (k = 0; s && k < s->n; k++) {
		const struct wanted_event *w = &s->want[k];
		uint64_t mask = member_table[w->member].half ? UINT32_MAX : UINT64_MAX;
		uint64_t want = w->live.data.u64 & mask, data = got[k].data.u64 & mask;

		if (got[k].events != w->live.events)
			mask_differs(x, arena_printf(x->arena, "epoll_event %d events", k),
				     w->live.events, got[k].events, tail);
		if (data != want)
			mismatch_add(x, tail, arena_printf(x->arena, "epoll_event %d %s", k,
							   member_table[w->member].name),
				     data_text(x, w->member, want), data_text(x, w->member, data));
	}
}
