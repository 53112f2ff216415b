/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of the language that is parsed and checked but not executed yet. */
#include "config.h"

#include "base/arena.h"
#include "sys/args.h"
#include "sys/eval.h"
#include "sys/foreign.h"

#include <string.h>

bool unsupported_call(const char *name)
{
	static const char *const table[] = {
		"pipe", "splice", "sendfile", "open", "epoll_create", "epoll_ctl", "epoll_wait",
		"cap_set", "psp_rx_assoc", "psp_tx_assoc", NULL
	};
	int i;

	for (i = 0; table[i]; i++)
		if (!strcmp(table[i], name))
			return true;
	return false;
}

static bool has_control(const struct syscall_ast *c)
{
	const struct expr *e;

	if (c->args)
		STAILQ_FOREACH(e, c->args, next)
			if (e->kind == EXPR_STRUCT && eval_field(e, "msg_control"))
				return true;
	return false;
}

const char *sys_unsupported(const struct script *s)
{
	const char *why = foreign_reason(s);
	const struct event *e;

	if (why)
		return why;
	STAILQ_FOREACH(e, &s->events, next) {
		if (e->kind == EVENT_SYSCALL && unsupported_call(e->call->name))
			return arena_printf(s->arena, "%s() is not supported by this version",
					    e->call->name);
		if (e->kind == EVENT_SYSCALL && has_control(e->call))
			return "msg_control is not supported by this version";
		if (e->kind == EVENT_PACKET && e->pkt->kind == SPEC_TCP && e->pkt->tcp.psp_spi.set)
			return "PSP packets are not supported by this version";
	}
	return NULL;
}
