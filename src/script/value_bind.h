/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts numbers where an event says $NAME, so that nothing else need know of values. */
#ifndef DP_SCRIPT_VALUE_BIND_H
#define DP_SCRIPT_VALUE_BIND_H

#include "script/ast.h"
#include "script/value_eval.h"

struct value_binding {
	const struct values *values;	/* NULL: none are known yet, and any number that fits will do */
	struct arena *arena;
	const char *why;		/* what is wrong, and where */
	struct span at;
};

/*
 * The event itself if it uses no values; else a copy in the arena where their
 * numbers stand instead. Conditions about values are left as they are. NULL
 * with why and at set if an expression comes to nothing or to what cannot
 * stand where it does.
 */
const struct event *value_bind(const struct event *e, struct value_binding *b);
/*
 * The same of a script that is not running, for checks: NULL after a
 * diagnostic.
 */
const struct event *value_bind_any(const struct event *e, struct arena *a, struct diag_sink *d);

#endif
