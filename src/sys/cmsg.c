/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of control messages: built, taken apart, compared one by one. */
#include "config.h"

#include "sys/cmsg.h"
#include "base/arena.h"
#include "base/diag.h"
#include "sys/args.h"
#include "sys/eval.h"

#include <string.h>
#include <sys/socket.h>

/* Longest payload a script may ask for; the kernel's limit (net.core.optmem_max) is of this size. */
#define MAX_PAYLOAD 65536

const char *cmsg_field(struct sys_ctx *x, const struct cmsg_want *w, const char *field)
{
	return arena_printf(x->arena, "cmsg %d %s", w->index, field);
}

/* A number; or, in what is received, ... for any. */
static int eval_id(struct sys_ctx *x, const struct expr *e, bool send, int32_t *v, bool *any)
{
	*any = e->kind == EXPR_ELLIPSIS && !send;
	return *any ? 0 : eval_s32(e, v, x->diag);
}

static int eval_len(struct sys_ctx *x, const struct expr *e, struct cmsg_want *w)
{
	int32_t len;

	w->width = -1;
	if (!e)
		return 0;
	if (eval_s32(e, &len, x->diag))
		return -1;
	if (len < (int32_t)CMSG_LEN(0) || len > MAX_PAYLOAD)
		return diag_error(x->diag, e->span, "a cmsg_len is at least %zu, the header's, and at "
				  "most %d", CMSG_LEN(0), MAX_PAYLOAD);
	w->width = len - (int32_t)CMSG_LEN(0);
	return 0;
}

static int cmsg_eval(struct sys_ctx *x, const struct expr *e, bool send, struct cmsg_want *w)
{
	static const char *const members[] = {
		"cmsg_len", "cmsg_level", "cmsg_type", "cmsg_data", NULL
	};
	const struct expr *level = eval_field(e, "cmsg_level"), *type = eval_field(e, "cmsg_type");
	const struct expr *len = eval_field(e, "cmsg_len");
	const struct cmsg_row *row;

	w->data = eval_field(e, "cmsg_data");
	if (e->kind != EXPR_STRUCT || !level || !type || !w->data)
		return eval_bad_type(e, "cmsg {cmsg_level=, cmsg_type=, cmsg_data=}", x->diag);
	if (eval_members(e, members, x->diag) ||
	    eval_id(x, level, send, &w->level, &w->any_level) ||
	    eval_id(x, type, send, &w->type, &w->any_type) || eval_len(x, len, w))
		return -1;
	row = w->any_level || w->any_type ? NULL : cmsg_find(w->level, w->type);
	w->kind = row && w->data->kind != EXPR_STRING ? row->kind : &cmsg_bytes;
	if (w->data->kind == EXPR_ELLIPSIS) {
		if (send || w->width < 0)
			return diag_error(x->diag, w->data->span, "payload written as ... is for "
					  "messages received, and needs a cmsg_len");
		w->room = (size_t)w->width;
		return 0;
	}
	if (send && w->kind == &cmsg_stats)
		return diag_error(x->diag, w->data->span, "attributes by their names are for "
				  "messages received; write \"bytes\"");
	if (w->kind->encode(x, w))
		return -1;
	if (w->width >= 0 && send && (size_t)w->width != w->len)
		return diag_error(x->diag, len->span, "cmsg_len leaves %d bytes for %zu bytes of data",
				  w->width, w->len);
	if (!w->open)
		w->room = w->width >= 0 ? (size_t)w->width : w->len;
	return 0;
}

static void put_messages(const struct cmsg_set *s)
{
	uint8_t *p = s->control;
	int i;

	for (i = 0; i < s->n; i++) {
		const struct cmsg_want *w = &s->want[i];
		struct cmsghdr h = { .cmsg_len = CMSG_LEN(w->len), .cmsg_level = w->level,
				     .cmsg_type = w->type };

		memcpy(p, &h, sizeof(h));
		memcpy(p + CMSG_LEN(0), w->bytes, w->len);
		p += CMSG_SPACE(w->len);
	}
}

int cmsg_set_eval(struct sys_ctx *x, const struct expr *list, bool send, struct cmsg_set *s)
{
	int i;

	if (list->kind != EXPR_LIST)
		return eval_bad_type(list, "list", x->diag);
	s->n = expr_list_count(list->items);
	s->want = arena_alloc(x->arena, ((size_t)s->n + 1) * sizeof(*s->want));
	for (i = 0; i < s->n; i++) {
		struct cmsg_want *w = &s->want[i];

		w->index = i;
		if (cmsg_eval(x, expr_list_at(list->items, i), send, w))
			return -1;
		s->sum += CMSG_LEN(w->room);
		s->len = s->space + CMSG_LEN(w->room);
		s->space += CMSG_SPACE(w->room);
	}
	s->control = s->n ? arena_alloc(x->arena, s->space) : NULL;
	if (send)
		put_messages(s);
	return 0;
}

static void id_differs(struct sys_ctx *x, const struct cmsg_want *w, const struct cmsghdr *h,
		       struct mismatch ***tail)
{
	const struct cmsg_row *got = cmsg_find(h->cmsg_level, h->cmsg_type);
	const struct cmsg_row *want = cmsg_find(w->level, w->type);

	if (!w->any_level && h->cmsg_level != w->level)
		mismatch_add(x, tail, cmsg_field(x, w, "cmsg_level"),
			     arena_printf(x->arena, "%d%s%s", w->level, want ? " " : "",
					  want ? want->level_name : ""),
			     arena_printf(x->arena, "%d%s%s", h->cmsg_level, got ? " " : "",
					  got ? got->level_name : ""));
	if (!w->any_type && h->cmsg_type != w->type)
		mismatch_add(x, tail, cmsg_field(x, w, "cmsg_type"),
			     arena_printf(x->arena, "%d%s%s", w->type, want ? " " : "",
					  want ? want->type_name : ""),
			     arena_printf(x->arena, "%d%s%s", h->cmsg_type, got ? " " : "",
					  got ? got->type_name : ""));
}

static bool id_fits(const struct cmsg_want *w, const struct cmsghdr *h)
{
	return (w->any_level || h->cmsg_level == w->level) && (w->any_type || h->cmsg_type == w->type);
}

static void cmsg_verify(struct sys_ctx *x, const struct cmsg_want *w, const struct cmsghdr *h,
			const uint8_t *data, struct mismatch ***tail)
{
	size_t want = w->width >= 0 ? (size_t)w->width : w->len, len = h->cmsg_len - CMSG_LEN(0);

	if (!id_fits(w, h)) {
		/* Another message: its payload says nothing about the wanted one. */
		id_differs(x, w, h, tail);
		return;
	}
	if (len != want && (!w->open || w->width >= 0))
		mismatch_add_num(x, tail, cmsg_field(x, w, "cmsg_len"), (int64_t)CMSG_LEN(want),
				 (int64_t)h->cmsg_len);
	if (w->data->kind != EXPR_ELLIPSIS)
		w->kind->verify(x, w, data, len, tail);
}

void cmsg_set_verify(struct sys_ctx *x, const struct cmsg_set *s, const void *control, size_t len,
		     struct mismatch ***tail)
{
	const uint8_t *p = control;
	struct cmsghdr h;
	int n = 0;

	while (len >= sizeof(h)) {
		memcpy(&h, p, sizeof(h));
		if (h.cmsg_len < sizeof(h) || h.cmsg_len > len)
			break;
		if (n < s->n)
			cmsg_verify(x, &s->want[n], &h, p + CMSG_LEN(0), tail);
		n++;
		if (CMSG_ALIGN(h.cmsg_len) >= len)
			break;
		p += CMSG_ALIGN(h.cmsg_len);
		len -= CMSG_ALIGN(h.cmsg_len);
	}
	if (n != s->n)
		mismatch_add(x, tail, "the number of cmsgs", arena_printf(x->arena, "%d", s->n),
			     arena_printf(x->arena, "%d (received %s %d cmsgs)", n,
					  n < s->n ? "only" : "more than", n < s->n ? n : s->n));
}
