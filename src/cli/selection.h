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
/* Says what was left out, a line for each reason. */
void selection_say(const struct selection *s, const struct suite_list *list, FILE *out);
/*
 * Saves the record. That it cannot be written is said only if the user named
 * the file, and is no failure.
 */
void selection_end(struct selection *s);

#endif
