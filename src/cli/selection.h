/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the scripts found is run, and the memory of earlier runs that this and the order need. */
#ifndef DP_CLI_SELECTION_H
#define DP_CLI_SELECTION_H

#include "cli/options.h"
#include "suite/suite.h"

#include <stdio.h>

struct record;

struct selection {
	const struct options *o;
	struct record *record, *durations;	/* NULL without */
	const char *record_path;
	int found, filtered, elsewhere;		/* cases; those filtered out; those of other shards */
};

/*
 * Reads the records and takes off the list what is not to be run. 0, or -1
 * after a message. Release it with selection_end() in either case.
 */
int selection_begin(struct selection *s, const struct options *o, struct suite_list *list);
/* As done of struct suite_config; arg is the selection. */
void selection_done(void *arg, const struct suite_case *c, enum verdict v, nstime duration);
/* True if what passing scripts run on is to be remembered. */
bool selection_keeps_passes(const struct selection *s);
/* Remembers what a script ran on that passed, at a time since 1970. */
void selection_passed(struct selection *s, const char *path, const char *version,
		      const char *environment, nstime at);
/* What it ran on when it last passed, in the arena, and when; NULL if that is not known. */
const char *selection_last_pass(const struct selection *s, const char *path, const char *version,
				struct arena *a, nstime *at);
/* Says what was left out, a line for each reason. */
void selection_say(const struct selection *s, const struct suite_list *list, FILE *out);
/*
 * Saves the record. That it cannot be written is no failure, and said only if
 * the user named the file, or if a full disk loses what passing scripts ran on.
 */
void selection_end(struct selection *s);

#endif
