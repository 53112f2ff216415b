/* SPDX-License-Identifier: BSD-2-Clause */
/* From text to a typed script. Defined in grammar/. */
#ifndef DP_SCRIPT_PARSE_H
#define DP_SCRIPT_PARSE_H

#include <sys/queue.h>

struct arena;
struct diag_sink;
struct script;
struct source;

/* One --name=value of the command line; it wins over the script's own. */
struct override {
	const char *name, *value;
	STAILQ_ENTRY(override) next;
};
STAILQ_HEAD(override_list, override);

/*
 * Parses a script into the arena. Every error is recorded in d (several in
 * one go); NULL is returned if there was any. overrides may be NULL. The
 * parser keeps no state: any number may run at once.
 */
struct script *script_parse(const struct source *src, const struct override_list *overrides,
			    struct arena *a, struct diag_sink *d);
/*
 * The same, but what could be understood is returned also when there were
 * errors, so that checks can find more of them. Not to be run then.
 */
struct script *script_parse_all(const struct source *src, const struct override_list *overrides,
				struct arena *a, struct diag_sink *d);

#endif
