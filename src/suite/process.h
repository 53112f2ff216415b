/* SPDX-License-Identifier: BSD-2-Clause */
/* The process of one case: its result events on a pipe, held back until the verdict is final. */
#ifndef DP_SUITE_PROCESS_H
#define DP_SUITE_PROCESS_H

#include "base/buf.h"
#include "seam/reporter.h"
#include "suite/suite.h"

#include <sys/types.h>

struct case_process {
	struct suite_case *c;	/* NULL: this place is free */
	struct suite_turn *batch;	/* all that it runs; c is the one under way */
	int n_batch, at;
	unsigned id;
	pid_t pid;
	int fd;			/* its events; -1 once closed */
	int try, round;		/* how often it was started, in which --repeat */
	nstime began;		/* this try */
	int killed;		/* the signal the watchdog or the deadline sent, or 0 */
	struct buf bytes;	/* not decoded yet */
	struct buf held;	/* whole events kept until the verdict is final */
	bool ended;		/* RES_END came */
	size_t end_at;		/* where it begins in held */
	enum verdict verdict;	/* of RES_END */
	nstime lateness;	/* the worst */
	nstime duration;
};

/*
 * Reads what the process says; live: events but RES_END go to the reporter at
 * once. False when it has said all, or what it says is not result events.
 */
bool process_read(struct case_process *p, struct reporter *out, bool live);
/*
 * True once the case under way is over and the process has begun to speak of
 * the next: then that is to be taken up, with process_digest().
 */
bool process_case_over(const struct case_process *p);
/* As process_read(), without reading more. */
bool process_digest(struct case_process *p, struct reporter *out, bool live);
/* Hands the held events to the reporter. */
void process_release(struct case_process *p, struct reporter *out);
/* Closes the pipe and forgets all events; the process itself stays as it is. */
void process_clear(struct case_process *p);
/*
 * Waits for the end of a process that has nothing more to say, and makes it end
 * if that takes seconds: it was its stack that closed the pipe. Its wait status.
 */
int process_wait(struct case_process *p);
/* How a process ended that said no verdict, from its wait status, in the arena. */
const char *process_death(int status, struct arena *a);
/* The same of one that lived with the stack under test: NULL if it was not the stack's doing. */
const char *process_crash(int status, struct arena *a);

#endif
