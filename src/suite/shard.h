/* SPDX-License-Identifier: BSD-2-Clause */
/* One of several machines' share of a suite. */
#ifndef DP_SUITE_SHARD_H
#define DP_SUITE_SHARD_H

#include "suite/discover.h"

struct shard {
	int k, n;	/* the k-th, from 1, of n; n is 0 without shards */
};

/*
 * Reads "K/N", "auto" (both from the environment of a CI engine) or "auto/N"
 * (for engines that do not tell N). On failure false, and *why, if it is not
 * just bad text, says what is missing; it may lie in the arena.
 */
bool shard_parse(struct shard *s, const char *text, struct arena *a, const char **why);
/*
 * Takes the cases of the other shards off the list; returns how many. Every
 * machine that has the same list deals it out the same way, the longest case
 * first and always to whoever has least so far. Past durations, if the cases
 * have any, must be the same on all machines too.
 */
int shard_apply(const struct shard *s, struct suite_list *list);

#endif
