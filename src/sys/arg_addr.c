/* SPDX-License-Identifier: BSD-2-Clause */
/* Socket addresses: scripts write `...`, and the settings know the rest, or write them out. */
#include "config.h"

#include "sys/args.h"
#include "base/arena.h"
#include "base/buf.h"
#include "sys/eval.h"
#include "sys/sockaddr.h"

#include <netinet/in.h>
#include <string.h>

/* What ARG_ADDR_LEN finds in the state of the argument before it. */
struct addr_state {
	socklen_t len;
	struct sockaddr_storage ss;
	struct sockaddr_storage want;	/* of an address filled in, if written out */
};

static struct addr_state *addr_new(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct addr_state *s = arena_new_of(x->arena, struct addr_state);

	c->state[i] = s;
	c->live.arg[i] = (intptr_t)&s->ss;
	return s;
}

static int addr_literal(struct sys_ctx *x, struct sys_call *c, int i)
{
	struct addr_state *s = addr_new(x, c, i);

	return sockaddr_eval(c->arg[i], &s->ss, &s->len, x->diag);
}

int arg_local_encode(struct sys_ctx *x, struct sys_call *c, int i)
{
	const struct settings *set = x->settings;
	const struct fd_entry *fd = fdmap_find(&x->fds, c->script_fd);
	struct ip_addr ip = set->local_ip;
	struct addr_state *s;

	if (sockaddr_is_literal(c->arg[i]))
		return addr_literal(x, c, i);
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
	if (sockaddr_is_literal(c->arg[i]))
		return addr_literal(x, c, i);
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
	socklen_t len;

	if (eval_is_null(c->arg[i]))
		return 0;
	if (!sockaddr_is_literal(c->arg[i]) && arg_want_ellipsis(x, c->arg[i]))
		return -1;
	s = addr_new(x, c, i);
	s->len = sizeof(s->ss);
	return sockaddr_is_literal(c->arg[i]) ?
		sockaddr_eval(c->arg[i], &s->want, &len, x->diag) : 0;
}

void arg_addr_mismatch(struct sys_ctx *x, const struct expr *e, const struct sockaddr_storage *want,
		       const struct sockaddr_storage *ss, socklen_t len, const char *field,
		       struct mismatch ***tail)
{
	struct buf w = { 0 }, g = { 0 };

	if (!sockaddr_is_literal(e) || (len && sockaddr_equal(want, ss)))
		return;
	sockaddr_print(want, sizeof(*want), &w);
	sockaddr_print(ss, len, &g);
	mismatch_add(x, tail, field, buf_str(&w), buf_str(&g));
	buf_free(&w);
	buf_free(&g);
}

void arg_addr_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail)
{
	const struct addr_state *s = c->state[i];

	if (s && c->live.result >= 0)
		arg_addr_mismatch(x, c->arg[i], &s->want, &s->ss, s->len, "address", tail);
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
