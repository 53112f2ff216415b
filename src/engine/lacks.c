/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/lacks.h"
#include "base/arena.h"
#include "sys/assertion.h"
#include "sys/sys.h"

static const char *shell(struct target *t, const char *what, struct arena *a)
{
	return arena_printf(a, "%s is for this machine, and does nothing to %s", what, t->name);
}

static const char *event_lacks(const struct event *e, struct target *t, struct arena *a)
{
	enum call_id id;

	switch (e->kind) {
	case EVENT_COMMAND:
		return t->foreign ? shell(t, "a shell command", a) : NULL;
	case EVENT_ASSERT:
		if (!assertion_wants_sample(e->assertion))
			return NULL;
		/* fall through */
	case EVENT_CODE:
		return t->foreign ? arena_printf(a, "%s has no TCP_INFO", t->name) : NULL;
	case EVENT_SYSCALL:
		id = sys_call_id(e->call->name);
		if (id == CALL_COUNT || !t->ops->has_call || t->ops->has_call(t, id))
			return NULL;
		return arena_printf(a, "%s has no %s()", t->name, e->call->name);
	case EVENT_PACKET:
	case EVENT_GROUP:
		return NULL;
	}
	return NULL;
}

const char *script_lacks(const struct script *s, struct target *t, struct arena *a,
			 struct span *at)
{
	const struct text_ast *command = s->init ? s->init : s->cleanup;
	const struct event *e;
	const char *what;

	if (command && t->foreign) {
		*at = command->span;
		return shell(t, "a shell command", a);
	}
	STAILQ_FOREACH(e, &s->events, next) {
		what = event_lacks(e, t, a);
		if (what) {
			*at = e->span;
			return what;
		}
	}
	return NULL;
}
