/* SPDX-License-Identifier: BSD-2-Clause */
/* The kinds of report; a new one is a row here. */
#ifndef DP_REPORT_REPORT_TABLE_H
#define DP_REPORT_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buf;
struct report_end;
struct report_options;
struct reporter;

struct report_kind {
	const char *name, *help;
	/* A reporter that writes to out, which stays the caller's; close() frees it. Never NULL. */
	struct reporter *(*open)(FILE *out, const struct report_options *o);
	/* Said once, before close(). */
	void (*over)(struct reporter *r, const struct report_end *end);
	bool environment;	/* has a use for what the stack of a failure ran on */
	/*
	 * Instead of open, for a report that is a folder, which is made: NULL with
	 * the reason in *why if that is not possible.
	 */
	struct reporter *(*open_folder)(const char *path, const struct report_options *o,
					const char **why);
	/* With open_folder: 0, or the errno of what could not be written; it writes no more. */
	int (*lost)(const struct reporter *r);
};

extern const struct report_kind report_table[];
extern const size_t report_table_count;

/* The kind whose name these n bytes are, or NULL. */
const struct report_kind *report_find(const char *name, size_t n);
/* A line for each kind below a title, as --help has it. */
void report_table_help(struct buf *b);

#endif
