/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/sctp.h"
#include "script/check.h"
#include "sys/expr_find.h"

#include <string.h>

static bool is_sctp_word(const struct expr *e)
{
	return e->kind == EXPR_WORD &&
		(!strncmp(e->text, "SCTP_", 5) || !strncmp(e->text, "SPP_", 4) ||
		 !strcmp(e->text, "IPPROTO_SCTP") || !strcmp(e->text, "SOL_SCTP") ||
		 !strcmp(e->text, "MSG_NOTIFICATION"));
}

int sctp_refuse(const struct script *s, struct diag_sink *d)
{
	const struct expr *word;
	const struct event *e;

	STAILQ_FOREACH(e, &s->events, next) {
		if (e->kind != EVENT_SYSCALL)
			continue;
		if (!strncmp(e->call->name, "sctp_", 5))
			return script_refuse_sctp(d, e->call->name_span);
		word = call_find_expr(e->call, is_sctp_word);
		if (word)
			return script_refuse_sctp(d, word->span);
	}
	return 0;
}
