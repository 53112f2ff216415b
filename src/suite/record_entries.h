/* SPDX-License-Identifier: BSD-2-Clause */
/* A record in memory, shared by what looks into it and what reads and writes its file. */
#ifndef DP_SUITE_RECORD_ENTRIES_H
#define DP_SUITE_RECORD_ENTRIES_H

#include "suite/record.h"

#include <stdbool.h>

struct environments;

struct record {
	struct arena *arena;
	struct record_entry *entry;	/* as in the file: run longest ago first */
	int n, size;
	struct record_entry **by_name;	/* sorted by last part of the path; n_sorted of them */
	int n_sorted;
	struct record *noted;		/* what this run adds, or NULL */
	bool passes;			/* the lines have last passes */
	struct environments *environments;	/* what they ran on in this run, or NULL */
};

struct record *record_new(void);
/* Adds an entry at the end, with copies of the strings. */
struct record_entry *record_add(struct record *r, const char *path, const char *version,
				enum verdict v, nstime duration);
/* Makes what was added since the last time known to record_find(). */
void record_sort(struct record *r);
/* The first entry of this absolute path and version, or NULL. */
struct record_entry *record_find(const struct record *r, const char *full, const char *version);
/* The folder with the texts of environments beside a record; in the arena. */
const char *record_environments(const char *record_path, struct arena *a);

#endif
