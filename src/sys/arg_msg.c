/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * struct msghdr for sendmsg(2) and recvmsg(2): {msg_name(...)=..., msg_iov(N)=[...],
 * msg_flags=F, msg_control=[...]}. Members stand in any order, so that both
 * packetdrill's and its SCTP fork's (msg_control(N) before msg_flags) are read.
 */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/names.h"
#include "sys/cmsg.h"
#include "sys/eval.h"
#include "sys/sockaddr.h"

#include <sys/socket.h>
#include <sys/uio.h>

/* Flags that recvmsg(2) returns; the numbers are for headers that lack the name. */
static const struct name_value flag_table[] = {
	{ "MSG_OOB", MSG_OOB }, { "MSG_PEEK", MSG_PEEK }, { "MSG_CTRUNC", MSG_CTRUNC },
	{ "MSG_TRUNC", MSG_TRUNC }, { "MSG_DONTWAIT", MSG_DONTWAIT }, { "MSG_EOR", MSG_EOR },
	{ "MSG_WAITALL", MSG_WAITALL }, { "MSG_FIN", 0x200 }, { "MSG_SYN", 0x400 },
	{ "MSG_CONFIRM", MSG_CONFIRM }, { "MSG_RST", 0x1000 }, { "MSG_ERRQUEUE", MSG_ERRQUEUE },
	{ "MSG_NOSIGNAL", MSG_NOSIGNAL }, { "MSG_MORE", MSG_MORE }, { "MSG_NOTIFICATION", 0x8000 },
	{ "MSG_ZEROCOPY", 0x4000000 }, { "MSG_FASTOPEN", 0x20000000 },
	{ "MSG_CMSG_CLOEXEC", 0x40000000 }, { NULL, 0 }
};

struct msg_state {
	struct msghdr live;
	const struct expr *name, *iov, *flags;
	int32_t want_flags;
	struct sockaddr_storage ss, want_name;
	struct cmsg_set control;
};

/* A member, or NULL after a diagnostic. */
static const struct expr *msg_part(struct sys_ctx *x, const struct expr *e, const char *name)
{
	const struct expr *v = eval_field(e, name);

	if (!v)
		diag_error(x->diag, e->span, "the message header lacks %s", name);
	return v;
}

/* The N of msg_iov(N), or NULL for msg_iov or msg_iov(...). */
static const struct expr *msg_count(const struct expr *e, const char *name)
{
	const struct expr *f, *n;

	STAILQ_FOREACH(f, e->items, next) {
		if (f->kind != EXPR_FIELD || f->value != eval_field(e, name))
			continue;
		n = expr_list_at(f->items, 0);
		return n && n->kind != EXPR_ELLIPSIS ? n : NULL;
	}
	return NULL;
}

static int check_count(struct sys_ctx *x, const struct expr *n, int entries)
{
	int32_t v;

	if (!n)
		return 0;
	if (eval_s32(n, &v, x->diag))
		return -1;
	if (v != entries)
		return diag_error(x->diag, n->span,
				  "the iovec count %d does not match the %d entries listed", v, entries);
	return 0;
}

/* msg_control(N): the bytes of the messages, counted with or without what aligns them. */
static int check_control(struct sys_ctx *x, const struct expr *n, const struct cmsg_set *s)
{
	int64_t v;

	if (!n)
		return 0;
	if (eval_int(n, &v, x->diag))
		return -1;
	if (v < 0 || ((size_t)v != s->sum && (size_t)v != s->len && (size_t)v != s->space))
		return diag_error(x->diag, n->span, "msg_control(%d) does not match the %zu bytes of "
				  "the messages listed", (int)v, s->sum);
	return 0;
}

static int msg_name(struct sys_ctx *x, const struct expr *n, bool send, struct msg_state *s)
{
	const struct settings *set = x->settings;
	socklen_t len = sizeof(s->ss);
	int32_t room;

	if (eval_is_null(s->name))
		return 0;
	if (sockaddr_is_literal(s->name)) {
		if (sockaddr_eval(s->name, &s->want_name, &len, x->diag))
			return -1;
		if (send)
			s->ss = s->want_name;
	} else if (arg_want_ellipsis(x, s->name)) {
		return -1;
	} else if (send) {
		len = ip_addr_to_sockaddr(&set->remote_ip, set->connect_port, set->ip_version, &s->ss);
	}
	s->live.msg_name = &s->ss;
	s->live.msg_namelen = send ? len : sizeof(s->ss);
	if (!n)
		return 0;
	if (eval_s32(n, &room, x->diag))
		return -1;
	if (room < 0 || (size_t)room > sizeof(s->ss))
		return diag_error(x->diag, n->span, "an address has 0 to %zu bytes", sizeof(s->ss));
	s->live.msg_namelen = (socklen_t)room;
	return 0;
}

static int msg_control(struct sys_ctx *x, const struct expr *e, bool send, struct msg_state *s)
{
	const struct expr *control = eval_field(e, "msg_control");

	if (!control)
		return 0;
	if (cmsg_set_eval(x, control, send, &s->control) ||
	    check_control(x, msg_count(e, "msg_control"), &s->control))
		return -1;
	s->live.msg_control = s->control.control;
	s->live.msg_controllen = s->control.len;
	return 0;
}

static int msg_encode(struct sys_ctx *x, struct sys_call *c, int i, bool send)
{
	static const char *const members[] = {
		"msg_name", "msg_iov", "msg_flags", "msg_control", NULL
	};
	const struct expr *e = c->arg[i];
	struct msg_state *s = arena_new_of(x->arena, struct msg_state);
	int n;

	if (e->kind != EXPR_STRUCT)
		return eval_bad_type(e, "msghdr", x->diag);
	if (eval_members(e, members, x->diag))
		return -1;
	s->name = msg_part(x, e, "msg_name");
	s->iov = msg_part(x, e, "msg_iov");
	s->flags = msg_part(x, e, "msg_flags");
	if (!s->name || !s->iov || !s->flags)
		return -1;
	s->live.msg_iov = arg_iov_from(x, s->iov, send, &n);
	if (!s->live.msg_iov || check_count(x, msg_count(e, "msg_iov"), n))
		return -1;
	s->live.msg_iovlen = (size_t)n;
	if ((send || s->flags->kind != EXPR_ELLIPSIS) && eval_s32(s->flags, &s->want_flags, x->diag))
		return -1;
	if (send && s->want_flags)
		return diag_error(x->diag, s->flags->span, "sendmsg ignores msg_flags; it must be 0");
	if (msg_name(x, msg_count(e, "msg_name"), send, s) || msg_control(x, e, send, s))
		return -1;
	c->state[i] = s;
	c->live.arg[i] = (intptr_t)&s->live;
	return 0;
}

int arg_msg_in_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	return msg_encode(x, c, i, true);
}

int arg_msg_out_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	return msg_encode(x, c, i, false);
}

/* "0x2008 (MSG_CTRUNC|MSG_ERRQUEUE)" */
static const char *flags_text(struct sys_ctx *x, int32_t flags)
{
	struct buf names = { 0 };
	const char *text;

	names_bits(flag_table, (uint32_t)flags, &names);
	text = flags ? arena_printf(x->arena, "0x%x (%s)", (unsigned)flags, buf_str(&names)) : "0";
	buf_free(&names);
	return text;
}

void arg_msg_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct msg_state *s = c->state[i];

	/* A call that failed has filled in nothing. */
	if (c->live.result < 0)
		return;
	if (s->flags->kind != EXPR_ELLIPSIS && s->live.msg_flags != s->want_flags)
		mismatch_add(x, tail, "msg_flags", flags_text(x, s->want_flags),
			     flags_text(x, s->live.msg_flags));
	arg_addr_mismatch(x, s->name, &s->want_name, &s->ss, s->live.msg_namelen, "msg_name", tail);
	arg_iov_compare(x, s->iov, s->live.msg_iov, c->live.result, tail);
	cmsg_set_verify(x, &s->control, s->live.msg_control, s->live.msg_controllen, tail);
}
