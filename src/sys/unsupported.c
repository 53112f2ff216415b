/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of the language that is parsed and checked but not executed yet. */
#include "config.h"

#include "base/arena.h"
#include "sys/args.h"
#include "sys/eval.h"

#include <string.h>

bool unsupported_call(const char *name)
{
	return !strcmp(name, "psp_rx_assoc") || !strcmp(name, "psp_tx_assoc");
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
	const struct event *e;

	STAILQ_FOREACH(e, &s->events, next) {
		if (e->kind == EVENT_SYSCALL && unsupported_call(e->call->name))
			return arena_printf(s->arena, "%s() needs a kernel with PSP (CONFIG_INET_PSP) and "
					    "is not supported by this version", e->call->name);
		if (e->kind == EVENT_SYSCALL && has_control(e->call))
			return "msg_control is not supported by this version";
		if (e->kind == EVENT_PACKET && e->pkt->kind == SPEC_TCP && e->pkt->tcp.psp_spi.set)
			return "PSP packets are not supported by this version";
	}
	return NULL;
}
