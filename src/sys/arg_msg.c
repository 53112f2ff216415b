/* SPDX-License-Identifier: BSD-2-Clause */
/* struct msghdr for sendmsg(2) and recvmsg(2). */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/diag.h"
#include "sys/eval.h"

#include <sys/socket.h>
#include <sys/uio.h>

struct msg_state {
	struct msghdr live;
	int32_t want_flags;
	struct sockaddr_storage name;
};

static const struct expr *msg_part(struct sys_ctx *x, const struct expr *e, const char *name)
{
	const struct expr *v = eval_field(e, name);

	if (!v)
		diag_error(x->diag, e->span, "the message header lacks %s", name);
	return v;
}

/* {msg_name(...)=..., msg_iov(N)=[...], msg_flags=F}; for msg_control see unsupported.c. */
static int msg_encode(struct sys_ctx *x, struct sys_call *c, int i, struct msg_state **out)
{
	const struct expr *e = c->arg[i], *name, *iov, *flags;
	struct msg_state *s = arena_new_of(x->arena, struct msg_state);
	int n;

	if (e->kind != EXPR_STRUCT)
		return eval_bad_type(e, "msghdr", x->diag);
	name = msg_part(x, e, "msg_name");
	iov = msg_part(x, e, "msg_iov");
	flags = msg_part(x, e, "msg_flags");
	if (!name || !iov || !flags)
		return -1;
	s->live.msg_iov = arg_iov_from(x, iov, &n);
	if (!s->live.msg_iov || eval_s32(flags, &s->want_flags, x->diag))
		return -1;
	s->live.msg_iovlen = (size_t)n;
	if (!eval_is_null(name)) {
		if (arg_want_ellipsis(x, name))
			return -1;
		s->live.msg_name = &s->name;
		s->live.msg_namelen = sizeof(s->name);
	}
	c->state[i] = s;
	c->live.arg[i] = (intptr_t)&s->live;
	*out = s;
	return 0;
}

int arg_msg_in_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct settings *set = x->settings;
	struct msg_state *s;

	if (msg_encode(x, c, i, &s))
		return -1;
	if (s->want_flags)
		return diag_error(x->diag, c->arg[i]->span, "sendmsg ignores msg_flags; it must be 0");
	if (s->live.msg_name)
		s->live.msg_namelen = ip_addr_to_sockaddr(&set->remote_ip, set->connect_port,
							  set->ip_version, &s->name);
	return 0;
}

int arg_msg_out_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct msg_state *s;

	return msg_encode(x, c, i, &s);
}

void arg_msg_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct msg_state *s = c->state[i];

	if (c->live.result >= 0 && s->live.msg_flags != s->want_flags)
		mismatch_add(x, tail, "msg_flags",
			     arena_printf(x->arena, "0x%x", (unsigned)s->want_flags),
			     arena_printf(x->arena, "0x%x", (unsigned)s->live.msg_flags));
}
