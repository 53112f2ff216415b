/* SPDX-License-Identifier: BSD-2-Clause */
/* Which shards of a suite results are of, and what that leaves to be desired. */
#ifndef DP_REPORT_JSON_SHARDS_H
#define DP_REPORT_JSON_SHARDS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* All zero: none seen. Freed with json_shards_free(). */
struct json_shards {
	const char **of;	/* for each shard the name of the input it is of, or NULL */
	unsigned n;		/* how many there are; 0 = not known */
	const char *first;	/* name of the input that said so */
};

/*
 * Adds the shard a header names ("K/N"); the name of the input must live as
 * long as *s. False when the text is malformed. Appends what is wrong with it
 * beside those seen before, if anything is.
 */
bool json_shards_add(struct json_shards *s, const char *text, const char *name, struct buf *wrong);
/* Appends which are missing ("shard 2 of 3 is missing"); returns how many are. */
unsigned json_shards_missing(const struct json_shards *s, struct buf *out);
void json_shards_free(struct json_shards *s);

#endif
