/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of the language that is parsed and checked but not executed yet. */
#include "config.h"

#include "base/arena.h"
#include "sys/args.h"
#include "sys/foreign.h"

#include <string.h>

/* They are never made: a script that has one is skipped. */
static const struct call_desc table[] = {
	{ "psp_rx_assoc", CALL_COUNT, RESULT_EXACT, 2, 2, { ARG_FD, ARG_SPI } },
	{ "psp_tx_assoc", CALL_COUNT, RESULT_EXACT, 2, 2, { ARG_FD, ARG_INT } },
};

const struct call_desc *unsupported_call(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i].name, name))
			return &table[i];
	return NULL;
}

static bool has_psp(const struct event *e)
{
	const struct event *member;

	if (e->kind == EVENT_GROUP)
		STAILQ_FOREACH(member, &e->group->events, next)
			if (has_psp(member))
				return true;
	return e->kind == EVENT_PACKET && e->pkt->kind == SPEC_TCP && e->pkt->tcp.psp_spi.set;
}

const char *sys_unsupported(const struct script *s)
{
	const char *why = foreign_reason(s);
	const struct event *e;

	if (why)
		return why;
	if (s->settings.udp_encapsulation != UDP_ENCAP_NONE)
		return "Linux has no TCP over UDP (--udp_encapsulation); FreeBSD has";
	STAILQ_FOREACH(e, &s->events, next) {
		if (e->kind == EVENT_SYSCALL && unsupported_call(e->call->name))
			return arena_printf(s->arena, "%s() needs a kernel with PSP (CONFIG_INET_PSP) and "
					    "is not supported by this version", e->call->name);
		if (has_psp(e))
			return "PSP packets are not supported by this version";
	}
	return NULL;
}
