/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of template.h share while they put one script together. */
#ifndef DP_SCRIPT_TEMPLATE_STATE_H
#define DP_SCRIPT_TEMPLATE_STATE_H

#include "base/buf.h"
#include "base/origin.h"
#include "script/template.h"
#include "script/template_scan.h"

#include <sys/queue.h>

#define MACRO_MAX_PARAMS 16

/* NAME, or NAME(a, b), and the text in its place. */
struct macro {
	struct slice name, body;
	struct slice param[MACRO_MAX_PARAMS];
	int n_params;			/* -1: it takes none */
	STAILQ_ENTRY(macro) next;
};

/* //@ cases: the columns that the rows below it fill. */
struct case_table {
	struct slice at;
	struct slice *column;
	int n;
};

/* //@ case */
struct case_row {
	const char *name;
	struct slice at, *cell;
	const struct case_table *table;
	STAILQ_ENTRY(case_row) next;
};

struct template {
	struct arena *arena;
	struct diag_sink *diag;
	const struct source *main;
	bool collecting;		/* the tables, not the text */
	STAILQ_HEAD(, case_row) rows;
	const struct case_table *table;	/* the last one */
	int n_rows;
	const struct case_row *chosen;
	STAILQ_HEAD(, macro) macros;
	int n_macros;
	STAILQ_HEAD(, included) files;	/* read so far: by the table's reader, then again */
	int n_files, depth, ifs, uses, nesting;
	size_t work;
	bool failed;
	/* What came of it so far. */
	struct buf out;
	uint32_t line, col;
	struct slice end;		/* where the last piece went on in its file */
	const struct origin_use *end_use;
	struct origin_piece *piece;
	size_t n_pieces, size;
};

/* Records an error at a place of a file; what is put together is not used then. Always -1. */
int template_error(struct template *t, const struct slice *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Appends text as it stands in its file, by this use. */
void template_put(struct template *t, const struct slice *text, const struct origin_use *use);
/* A definition by this name, or NULL. */
struct macro *template_macro(struct template *t, const struct slice *name);
/* Adds one; -1 after a diagnostic if there is one already. params as in struct macro. */
int template_define(struct template *t, const struct macro *m);
/* A line #define. */
void template_read_define(struct template *t, const struct slice *line);
/* A word of a file, or what it is defined to be; its arguments are taken from behind it. */
void template_word(struct template *t, const struct slice *item, struct scan *behind);

/*
 * A line `//@ ...` about cases: a table's head, a row, or `for`, of which *rest
 * gets what is left for the chosen case (empty for others). False if the line
 * is about something else.
 */
bool template_case_line(struct template *t, const struct slice *line, struct slice *rest);
/* True if it is about cases, right or wrong. */
bool template_is_case_line(const struct slice *line);
/* The row of this name, or NULL. */
const struct case_row *template_row(const struct template *t, const char *name);
/* Its columns as definitions. */
void template_choose(struct template *t, const struct case_row *row);

#endif
