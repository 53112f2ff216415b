/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What passing scripts ran on, kept beside the record: a small file for each
 * distinct text, named by its content, so that thousands of scripts share one.
 */
#ifndef DP_SUITE_ENVIRONMENTS_H
#define DP_SUITE_ENVIRONMENTS_H

#include "base/nstime.h"

#include <stdbool.h>

struct arena;
struct environments;

/* Hexadecimal digits of a name. */
#define ENVIRONMENT_ID 32
/* Longer texts are not kept. */
#define ENVIRONMENT_MAX (64 * 1024)

/* True if this can be the name of a text: nothing else is looked for in the folder. */
bool environment_is_id(const char *id);

/* Texts to be kept; none yet. */
struct environments *environments_new(void);
void environments_free(struct environments *e);
/* Notes a text. Its name, which lives as long as *e; NULL if it is too long. */
const char *environments_add(struct environments *e, const char *text);
/*
 * The text of that name: one that was noted (e may be NULL), else from the
 * folder; in the arena. NULL if there is none, or it is not what the name says.
 */
const char *environments_get(const struct environments *e, const char *folder, const char *id,
			     struct arena *a);
/*
 * Writes what was noted and is not there yet into the folder, which is made. 0,
 * or -1 with errno when one could not be written.
 */
int environments_save(const struct environments *e, const char *folder);
/*
 * Removes files of the folder that nobody uses. Those of the day before now
 * (since 1970) stay: a run under way may be about to use them.
 */
void environments_tidy(const char *folder, nstime now,
		       bool (*used)(const void *arg, const char *id), const void *arg);

#endif
