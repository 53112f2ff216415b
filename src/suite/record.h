/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is remembered of earlier runs: each script's last verdict and how long
 * it took, in a small text file. Nothing ever fails because of it.
 */
#ifndef DP_SUITE_RECORD_H
#define DP_SUITE_RECORD_H

#include "base/nstime.h"
#include "seam/result.h"

struct arena;
struct record;
struct suite_list;

struct record_entry {
	const char *path;	/* absolute */
	const char *version;	/* "ipv4" ..., and what the run was on if not on this kernel */
	enum verdict verdict;
	nstime duration;	/* of its last run that took any time; 0 = never did */
	/* What it ran on when it last passed (suite/environments.h); NULL = not known, and when. */
	const char *passed_on;
	nstime passed_at;	/* since 1970 */
};

/* More scripts than this are not remembered; those not run for longest go first. */
#define RECORD_MAX 50000

/*
 * Where the user's record is: $XDG_STATE_HOME/drillpress/last or
 * ~/.local/state/drillpress/last, in the arena. NULL if there is no such place
 * or it is somebody else's (root with another user's HOME).
 */
const char *record_default_path(struct arena *a);
/*
 * Reads a record. It is empty when the file is not there; so it is, with a
 * warning on standard error, when the file is malformed. With `must`, what
 * cannot be read is an error: NULL after a message. Else never NULL.
 */
struct record *record_load(const char *path, bool must);
void record_free(struct record *r);
/*
 * Gives each case of the list its entry (suite_case.past), which lives as long
 * as the record. alike: the record is of another machine, where folders may
 * have other names; of the entries whose path ends in the same part or parts,
 * it is the one with most of them. `on` is appended to the versions of the
 * cases: "", or what else the runs looked for have after theirs.
 */
void record_look_up(const struct record *r, struct suite_list *list, bool alike, const char *on);
/*
 * Remembers how a case ended. Of several ends in one run the worst stays. The
 * version, here and below, is that of the entry: it has no blanks.
 */
void record_note(struct record *r, const char *path, const char *version, enum verdict v,
		 nstime duration);
/* Remembers that a case passed at a time since 1970, and what on (the text). */
void record_note_pass(struct record *r, const char *path, const char *version,
		      const char *environment, nstime at);
/*
 * What a case ran on when it last passed, in this run or before; in the arena.
 * record_path is the record's own. NULL if that is not known, else *at is the time.
 */
const char *record_last_pass(const struct record *r, const char *record_path, const char *path,
			     const char *version, struct arena *a, nstime *at);
/*
 * Puts what was noted into the file, which may have changed since; it is
 * replaced as a whole or not at all. What passing cases ran on goes into the
 * folder FILE.environments. 0, or -1 with errno set.
 */
int record_save(struct record *r, const char *path);
/* True if record_note_pass() was called: somebody will want to know if record_save() fails. */
bool record_has_passes(const struct record *r);

#endif
