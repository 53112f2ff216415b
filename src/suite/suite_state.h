/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a suite under way, shared by suite.c, start.c, batch.c, retry.c and watch.c and nobody else. */
#ifndef DP_SUITE_SUITE_STATE_H
#define DP_SUITE_SUITE_STATE_H

#include "suite/leaving.h"
#include "suite/pace.h"
#include "suite/process.h"
#include "suite/suite.h"

#include <signal.h>
#include <sys/queue.h>

struct suite {
	const struct suite_config *cfg;
	struct suite_totals *totals;
	struct suite_case *const *cases;
	int n_cases, next, round;
	struct suite_turn *back;	/* taken up before, but their process left them: the next ones */
	int n_back;
	bool any_ran;		/* a process was started in this round */
	bool over_time;		/* the deadline has come */
	bool able;		/* a script has been run here */
	struct pace pace;
	struct case_process *slot;
	struct pollfd *poll;	/* the signals, and one per running case */
	int n_slots, n_running;
	struct agenda *agenda;	/* one per slot, shared with its process */
	struct leaving *leaving;	/* processes that have said all */
	STAILQ_HEAD(, retry) retries;	/* cases that wait to be tried again */
	nstime retry_by;	/* when the first of them is started at the latest; 0 = not its turn yet */
	nstime start_after, start_by;	/* when the next may be started, and when it is at the latest */
	unsigned next_id;
	int signal_fd;
	sigset_t old_mask;
};

/* A start that was put off is tried again after this. */
#define SUITE_START_RETRY NS_PER_MS

/* ---- suite.c ---- */

/* True if the stack that the case is about is not this machine's kernel. */
bool suite_foreign(const struct suite *s, const struct suite_case *c);
/* Reports the begin or the end of a case's run. */
void suite_emit(struct suite *s, unsigned id, const struct suite_case *c, enum result_kind kind,
		enum verdict v, const char *message);
/* Counts a verdict that is final. */
void suite_count(struct suite *s, const struct suite_case *c, enum verdict v, nstime duration);
/* A verdict without a run. */
void suite_settle(struct suite *s, const struct suite_turn *t, enum verdict v,
		  const char *message);
/* Takes the next case of this round; false: none is left. */
bool suite_next_of_round(struct suite *s, struct suite_turn *t);
/* Gives a case back that was taken: it is the next one, behind others that were given back. */
void suite_put_back(struct suite *s, const struct suite_turn *t);
/* The last word on a case: what its process said, or with `why` what p->verdict is instead. */
void suite_conclude(struct suite *s, struct case_process *p, const char *why);
/* A case's place is free for another. */
void suite_free_slot(struct suite *s, struct case_process *p);

/* ---- watch.c ---- */

/* From now on signals that are to end the suite are read from s->signal_fd. 0, or -1 with errno set. */
int suite_watch_signals(struct suite *s);
/* One has come: asks what is under way to end; who asks twice is in a hurry. */
void suite_on_signal(struct suite *s);
/* Ends what has been waited for too long; returns in how long to look again. */
nstime suite_watch(struct suite *s);

/* ---- batch.c ---- */

/* Fills the batch of a process that *t is the first of. */
void suite_batch_fill(struct suite *s, struct case_process *p, const struct suite_turn *t);
/* Gives back the cases of the batch from `from` on. */
void suite_batch_give_back(struct suite *s, struct case_process *p, int from);
/* The case under way is over: counts it and takes up the next, which the process is at. */
void suite_batch_next(struct suite *s, struct case_process *p);

/* ---- retry.c ---- */

/* True while a case is tried again. */
bool suite_retrying(const struct suite *s);
/*
 * Has a case tried again whose process is gone and that was inconclusive, or could
 * not be run beside others: when all first tries are over, or at once where one
 * runs at a time. False: what it has said is the last word.
 */
bool suite_retry_later(struct suite *s, struct case_process *p);
/*
 * Starts what can be tried again now, when all first tries are over. True: to be
 * called again soon.
 */
bool suite_retry(struct suite *s);
/* What those that wait have said holds: there is no time to try them again. */
void suite_retry_give_up(struct suite *s);

/* ---- start.c ---- */

/* True if nothing is to be started any more, whatever is left. */
bool suite_is_over(const struct suite *s);
/* No script has anything to do for a while: time for what disturbs them. */
bool suite_quiet(const struct suite *s, nstime now);
/* True if the next start has to wait: it would disturb a script that is about to act. */
bool suite_put_off(struct suite *s);
/* Wakes a case. False if it has been settled at once: it is bad, or lacks something. */
bool suite_is_ready(struct suite *s, const struct suite_turn *t);
/* Settles a case at once, or starts it; or neither, where there is no room for it now. */
void suite_take_up(struct suite *s, const struct suite_turn *t);
/* Starts a case once more. False where nothing can be started now: what it has said holds. */
bool suite_start_again(struct suite *s, struct case_process *p);

#endif
