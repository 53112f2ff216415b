/* SPDX-License-Identifier: BSD-2-Clause */
/* Socket addresses: scripts write `...`, the settings know the rest. */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "sys/eval.h"

#include <netinet/in.h>
#include <string.h>

/* What ARG_ADDR_LEN finds in the state of the argument before it. */
struct addr_state {
	socklen_t len;
	struct sockaddr_storage ss;
};

static struct addr_state *addr_new(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct addr_state *s = arena_new_of(x->arena, struct addr_state);

	c->state[i] = s;
	c->live.arg[i] = (intptr_t)&s->ss;
	return s;
}

int arg_local_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct settings *set = x->settings;
	const struct fd_entry *fd = fdmap_find(&x->fds, c->script_fd);
	struct ip_addr ip = set->local_ip;
	struct addr_state *s;

	if (arg_want_ellipsis(x, c->arg[i]))
		return -1;
	s = addr_new(x, c, i);
	/* Subflows of MPTCP may join at other addresses than the first one's (RFC 8684 3.2). */
	if (fd && fd->protocol == IPPROTO_MPTCP)
		memset(ip.b, 0, sizeof(ip.b));
	s->len = ip_addr_to_sockaddr(&ip, set->bind_port, set->ip_version, &s->ss);
	return 0;
}

int arg_remote_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct settings *set = x->settings;
	struct addr_state *s;
	int32_t family;

	if (c->arg[i]->kind == EXPR_ELLIPSIS) {
		s = addr_new(x, c, i);
		s->len = ip_addr_to_sockaddr(&set->remote_ip, set->connect_port, set->ip_version,
					     &s->ss);
		return 0;
	}
	/* sendto(..., NULL, 0): to whom the socket is connected. */
	if (c->desc->id == CALL_sendto && eval_is_null(c->arg[i]))
		return 0;
	/* A bare family, as in connect(fd, AF_UNSPEC, ...): nothing else is filled in. */
	if (eval_s32(c->arg[i], &family, x->diag))
		return -1;
	s = addr_new(x, c, i);
	s->ss.ss_family = (sa_family_t)family;
	s->len = sizeof(s->ss);
	return 0;
}

int arg_addr_len_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct addr_state *s = c->state[i - 1];

	if (c->arg[i]->kind != EXPR_ELLIPSIS)
		return arg_int_encode(x, c, i);
	c->live.arg[i] = (intptr_t)(s ? s->len : 0);
	return 0;
}

int arg_addr_out_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct addr_state *s;

	if (eval_is_null(c->arg[i]))
		return 0;
	if (arg_want_ellipsis(x, c->arg[i]))
		return -1;
	s = addr_new(x, c, i);
	s->len = sizeof(s->ss);
	return 0;
}

int arg_addr_out_len_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct addr_state *s = c->state[i - 1];

	if (eval_is_null(c->arg[i]))
		return 0;
	if (arg_want_ellipsis(x, c->arg[i]))
		return -1;
	c->live.arg[i] = (intptr_t)(s ? &s->len : NULL);
	return 0;
}
