/* SPDX-License-Identifier: BSD-2-Clause */
/* Which scripts a run is about: files and folders into a sorted list of cases. */
#ifndef DP_SUITE_DISCOVER_H
#define DP_SUITE_DISCOVER_H

#include "base/diag.h"
#include "script/ast.h"
#include "script/meta.h"
#include "script/parse.h"

struct record_entry;

/* One script, or one case of its table, in one IP version: ready to run, or with the reason why not. */
struct suite_case {
	const char *path;		/* as reports and records name it: FILE, or FILE[CASE] */
	const char *file;		/* where it is read; "-" is standard input */
	const char *which;		/* the case of the table, or NULL */
	const char *version;		/* "ipv4" ... */
	const char *about;		/* what it tests, or NULL */
	const struct source *text;	/* the file as it was read; asleep: NULL */
	struct arena *arena;
	struct diag_sink diag;
	struct script *script;		/* NULL when it has errors (in diag), or sleeps */
	struct script_info info;	/* asleep: only its requirements and tags */
	const char *unsupported;	/* why it must be skipped, or NULL */
	nstime estimate;		/* how long it takes by its own timeline */
	const struct record_entry *past;	/* what is remembered of it, or NULL */
	bool elsewhere;			/* another shard runs it */
	bool asleep;
	int users;			/* who woke it and did not send it to sleep yet */
	const char *asked_version;	/* the IP version it was loaded for, or NULL: its own choice */
	const struct discover_options *how;
	struct suite_case *next;
};

struct discover_options {
	const struct override_list *overrides;
	const char *ip_version;		/* the user's choice, or NULL for each script's own */
	bool slow;			/* also scripts tagged slow */
	/* Checks beyond parsing: 0, or -1 after a diagnostic. */
	int (*check)(const struct script *s, struct diag_sink *d);
	/* What a valid script needs that this version lacks, or NULL. */
	const char *(*unsupported)(const struct script *s);
};

struct suite_list {
	struct suite_case *first, **last;
	int n, slow_left_out;
};

/*
 * Adds a file (always), the cases of one whose names fit a pattern (FILE[PATTERN]),
 * or what a folder holds (*.pkt, recursively, sorted; hidden names and slow
 * scripts left out). 0, or -1 after a message on standard error when the path
 * is not there, or holds no script or no such case.
 */
int discover(const char *path, const struct discover_options *o, struct suite_list *list);
/*
 * Thousands of typed scripts would fill the memory, and each fork would copy
 * its page tables: cases without errors or warnings come asleep from
 * discover(), whose options must outlive them. To wake one is to load it
 * again; a file that has changed for the worse then has errors. Standard
 * input, which can be read once, never sleeps. Several may wake the same case,
 * and it sleeps when all of them have said so.
 */
void suite_case_wake(struct suite_case *c);
void suite_case_sleep(struct suite_case *c);
/* True if it has errors and cannot be run. */
bool suite_case_is_bad(const struct suite_case *c);
/*
 * One script as it is, in the IP version its settings say: no variants, of a
 * table one case, which the path must name; and its script is NULL when it has errors. Released with suite_case_free().
 */
struct suite_case *suite_case_load(const char *path, const struct discover_options *o);
/* Its IP version, or this for a script with errors, which has none. */
#define SUITE_NO_VERSION "-"
const char *suite_case_version(const struct suite_case *c);
void suite_list_init(struct suite_list *l);
/* Takes the cases for which drop() is true off the list and releases them; returns how many. */
int suite_list_drop(struct suite_list *l, bool (*drop)(const struct suite_case *c, const void *arg),
		    const void *arg);
void suite_list_free(struct suite_list *l);
void suite_case_free(struct suite_case *c);

#endif
