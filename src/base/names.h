/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of names and numbers, searched both ways. Tables end with a NULL name. */
#ifndef DP_BASE_NAMES_H
#define DP_BASE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

struct name_value {
	const char *name;
	int64_t value;
};

/* Looks a name up; false if it is not in the table. */
bool names_find(const struct name_value *table, const char *name, int64_t *value);
/* The first name with this value, or NULL. */
const char *names_text(const struct name_value *table, int64_t value);
/* Appends the names of all bits set, joined by "|"; what has no name as hex; "0" for none. */
void names_bits(const struct name_value *table, uint64_t value, struct buf *out);
/*
 * The name of the table closest to a misspelt word (at most two edits away),
 * for "did you mean"; NULL if none is near.
 */
const char *names_nearest(const struct name_value *table, const char *word);
/* True if the two words are at most two edits apart. */
bool names_near(const char *a, const char *b);

#endif
