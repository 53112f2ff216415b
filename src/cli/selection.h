/* SPDX-License-Identifier: BSD-2-Clause */
/* What of the scripts found is run, and the memory of earlier runs that this and the order need. */
#ifndef DP_CLI_SELECTION_H
#define DP_CLI_SELECTION_H

#include "cli/options.h"
#include "suite/suite.h"

#include <stdio.h>

struct record;
struct target_list;
struct tested;

struct selection {
	const struct options *o;
	const struct target_list *targets;
	const char *on;				/* what the record has after the IP version */
	struct record *record, *durations;	/* NULL without */
	const char *record_path;
	int found, filtered, elsewhere;		/* cases; those filtered out; those of other shards */
};

/*
 * Reads the records and takes off the list what is not to be run on the targets,
 * which must stay. With several, all run the same: --last is about any of them.
 * 0, or -1 after a message. Release it with selection_end() in either case.
 */
int selection_begin(struct selection *s, const struct options *o, const struct target_list *targets,
		    struct suite_list *list);
/* From now on runs are on this target, and pasts of the cases those on it. */
void selection_target(struct selection *s, const struct tested *t, struct suite_list *list);
/* As done of struct suite_config; arg is the selection. */
void selection_done(void *arg, const struct suite_case *c, enum verdict v, nstime duration);
/* True if what passing scripts run on is to be remembered. */
bool selection_keeps_passes(const struct selection *s);
/*
 * Remembers what a script ran on that passed, at a time since 1970. Here and
 * below the version may be followed by a blank and the target's label.
 */
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
