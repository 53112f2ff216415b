/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scripts that are put together before they are parsed: `#include "FILE"`,
 * `#define NAME text`, `#define NAME(a, b) text`, and tables of cases,
 * `//@ cases name A B`, `//@ case NAME value value`. What comes of one is a
 * plain text, with a map of where its parts were written (base/origin.h).
 */
#ifndef DP_SCRIPT_TEMPLATE_H
#define DP_SCRIPT_TEMPLATE_H

#include "base/source.h"

#include <stdbool.h>

struct arena;
struct diag_sink;
struct word_list;

/* Bounds of what one script may be put together from. */
#define TEMPLATE_MAX_DEPTH 32		/* of files, and of definitions, within each other */
#define TEMPLATE_MAX_FILES 1000		/* counted as often as they are included */
#define TEMPLATE_MAX_USES 100000	/* of definitions */
#define TEMPLATE_MAX_BYTES (1u << 20)	/* of text that comes of it */
#define TEMPLATE_MAX_WORK (1u << 24)	/* bytes looked at in definitions */
#define TEMPLATE_MAX_CASES 2000

/* True if the text has anything of the above; if not, it is a script as it stands. */
bool template_is(const struct source *src);
/*
 * The names of all cases, in their order; none for a script that has no table.
 * 0, or -1 after a diagnostic: a table that is malformed, a file that cannot
 * be included.
 */
int template_cases(const struct source *src, struct word_list *names, struct arena *a,
		   struct diag_sink *d);
/*
 * The script for one of its cases; which is NULL for a script without cases.
 * Its name is "NAME[CASE]". src itself if it is no template; NULL after a
 * diagnostic. src must live as long as what is returned.
 */
struct source *template_expand(const struct source *src, const char *which, struct arena *a,
			       struct diag_sink *d);

/*
 * Splits "FILE[CASE]", unless there is a file of that very name. *which is
 * NULL if no case is named. In the arena.
 */
void template_path(const char *path, struct arena *a, const char **file, const char **which);
/* "FILE[CASE]", or FILE without a case. */
const char *template_name(const char *file, const char *which, struct arena *a);
/* Loads what such a path means, ready to be parsed; NULL after a diagnostic. */
struct source *template_load(const char *path, struct arena *a, struct diag_sink *d);

#endif
