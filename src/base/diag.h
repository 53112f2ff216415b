/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Diagnostics: errors and warnings about a script or the environment, each
 * with its place. Functions that take a sink return 0 or -1 (or NULL); -1
 * means that a diagnostic was recorded.
 */
#ifndef DP_BASE_DIAG_H
#define DP_BASE_DIAG_H

#include "base/source.h"

#include <stdbool.h>
#include <stdio.h>

enum diag_level { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct diag {
	enum diag_level level;
	struct span span;
	const struct source *src;	/* what the span refers to; NULL: what the sink says */
	const char *msg;	/* one line, no full stop, no file name when span is set */
	struct diag *next;
};

struct diag_sink {
	struct arena *arena;	/* where messages are kept; the sink does not own it */
	const struct source *src;	/* what spans recorded now refer to; may be NULL */
	struct diag *first, **last;
	int errors, warnings;
	bool refused;		/* see diag_refuse() */
};

/* Past this many errors the rest of a file is not worth reading. */
#define DIAG_MAX_ERRORS 100

void diag_init(struct diag_sink *d, struct arena *a);
/* Records a diagnostic; always returns -1 so that callers can `return diag_error(...)`. */
int diag_error(struct diag_sink *d, struct span at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void diag_warning(struct diag_sink *d, struct span at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A remark that belongs to the diagnostic before it. */
void diag_note(struct diag_sink *d, struct span at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Refuses a file as a whole: this error is the only diagnostic of it, whatever
 * was or will be recorded. Of several refusals the first in the text stays.
 */
int diag_refuse(struct diag_sink *d, struct span at, const char *why);

/* Puts them in the order of their places; those without one come first. */
void diag_sort(struct diag_sink *d);
/*
 * Prints one or all diagnostics as "FILE:LINE:COL: error: TEXT", the source
 * line and a caret line below it; in an expanded text FILE is where the place
 * was written, and a further line says how it came into the text. colour adds
 * ANSI colours.
 */
void diag_print(FILE *f, const struct diag_sink *d, const struct diag *one, bool colour);
void diag_print_all(FILE *f, const struct diag_sink *d, bool colour);
/* "FILE:LINE:COL", "FILE" or NULL: where a diagnostic points to, in the sink's arena. */
const char *diag_place(const struct diag_sink *d, const struct diag *one);
/* The source line and its caret line, each with the given prefix. Shared with reports. */
void diag_print_excerpt(FILE *f, const struct source *src, struct span at, const char *prefix,
			const char *caret_on, const char *caret_off);

#endif
