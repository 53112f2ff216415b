/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the stack that a command line names, and what else it says. */
#ifndef DP_TARGET_STACK_LOAD_H
#define DP_TARGET_STACK_LOAD_H

#include "drillpress/stack.h"

struct arena;
struct diag_sink;

struct stack_file {
	const char *path;
	const char **options;	/* "key=value" for the stack, NULL at the end */
	uint64_t seed;
	void *handle;		/* of dlopen(); never closed: the process ends with it */
	const struct dp_stack_ops *ops;	/* NULL: the file has packetdrill's interface */
	const char *flags;	/* for that, or NULL */
};

/* As check of struct target_desc: "FILE[,KEY=VALUE...]"; whether there is such a file is not asked. */
int stack_check(const char *where, struct diag_sink *d);
/* Parses "FILE[,KEY=VALUE...]" and loads the file. 0, or -1 after a diagnostic. */
int stack_load(const char *where, struct stack_file *f, struct arena *a, struct diag_sink *d);

#endif
