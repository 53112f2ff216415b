/* SPDX-License-Identifier: BSD-2-Clause */
/* What one run has said so far, kept until its end. */
#ifndef DP_REPORT_RUN_LOG_H
#define DP_REPORT_RUN_LOG_H

#include "base/buf.h"
#include "seam/result.h"

struct arena;

struct record {
	struct result r;	/* strings in the run's arena */
	struct record *next;
};

struct run_log {
	unsigned id;
	struct arena *arena;
	const char *script, *variant;	/* "" when unknown */
	const char *script_at;		/* where its text is now; NULL = at its path. Not copied */
	struct record *first, **last;
	struct buf pending;		/* verbose lines waiting for the end of the run */
	struct run_log *next;
};

/* An empty log; release it with run_log_free(). */
struct run_log *run_log_new(unsigned id);
void run_log_free(struct run_log *run);
/* Keeps a copy of the event and returns it. */
const struct result *run_log_add(struct run_log *run, const struct result *e);
/*
 * Which of the runs under way (oldest first) the event belongs to; a new one if
 * there is none. A second start under the same number is another attempt: the
 * first does not count.
 */
struct run_log **run_log_open(struct run_log **runs, unsigned id, const struct result *e);
/* Takes the run out of its list and frees it. */
void run_log_drop(struct run_log **at);
/* Whoever started a run says how it ended; if nobody did, this adds that. */
const struct result *run_log_add_orphan_end(struct run_log *run);
/* "path (variant)", in the run's arena. */
const char *run_log_title(const struct run_log *run);

/* Walking the events of a kind: pass NULL first; NULL when there are no more. */
const struct record *run_log_next(const struct run_log *run, const struct record *after,
				  enum result_kind kind);
/* True if a packet was wanted and none came. */
bool result_is_absence(const struct result *r);
/* True if both are of the connection of one name, or of none with a name. */
bool result_same_conn(const struct result *a, const struct result *b);
/* True for a call that was made and has not returned; its return is an event of its own. */
bool result_is_call_start(const struct result *r);
/* True for a deviation that does not decide the verdict (--non_fatal). */
bool result_is_warning(const struct result *r);
/*
 * Where the " = result" of a call's text starts; NULL if the text is not that
 * of a call with a result.
 */
const char *call_result(const char *text);

#endif
