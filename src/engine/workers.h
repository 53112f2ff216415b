/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that make system calls, so that a call may block while the script
 * goes on: as many at once as the script has. A worker touches nothing but
 * its job; everything else belongs to the engine's thread.
 */
#ifndef DP_ENGINE_WORKERS_H
#define DP_ENGINE_WORKERS_H

#include "seam/target.h"

struct workers;

struct job {
	struct target_call *call;
	nstime start_at;	/* the worker waits for this itself */
	nstime started;		/* clock time just before the call; valid once it sleeps or is done */
	nstime ended;		/* and just after; valid once done */
	nstime starved;		/* host time the worker was ready to run but had no processor */
};

/* NULL if no thread can be made. Threads still in a call at workers_free() are abandoned. */
struct workers *workers_new(struct target *t);
/* 0 if every thread could be joined, -1 if one is stuck in a call (then memory it uses leaks). */
int workers_free(struct workers *w);
/* Hands a job to an idle worker, or a new one; the job must stay until it is done. -1: no thread. */
int workers_submit(struct workers *w, struct job *j);
/* True if the call has returned. */
bool workers_done(struct workers *w, struct job *j);
/* Waits for `patience` of host or virtual time at most until it has returned. */
bool workers_wait(struct workers *w, struct job *j, nstime patience);
/*
 * Waits until the call has returned or sleeps in the kernel, so that what
 * follows in the script cannot overtake it; at most for `patience`.
 */
void workers_wait_asleep(struct workers *w, struct job *j, nstime patience);

#endif
