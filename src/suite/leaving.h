/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes of cases that have said all. To take one down with its namespaces
 * costs the kernel milliseconds in which it may not let anyone else run, the
 * more the more go at once. So each waits to be told, and is told when nothing
 * is planned, one after the other.
 */
#ifndef DP_SUITE_LEAVING_H
#define DP_SUITE_LEAVING_H

#include "base/nstime.h"

#include <stdbool.h>
#include <sys/types.h>

struct leaver {
	pid_t pid;
	nstime since;		/* when it was done */
	bool told;
};

struct leaving {
	struct leaver *list;	/* in the order they came */
	int n, n_waiting;
	nstime next;		/* not before this is another one told */
};

/* A process that ends at SIGTERM, and has nothing else to do; it is reaped here. */
void leaving_add(struct leaving *l, pid_t pid, nstime now);
/*
 * Tells the next one to end if it is time and the machine is quiet, or if it
 * has waited for too long, and reaps what is gone. Returns when to call again,
 * NSTIME_NEVER if nobody waits.
 */
nstime leaving_tend(struct leaving *l, nstime now, bool quiet);
/* Tells all to end and waits until they are gone: what they hold is needed. */
void leaving_hurry(struct leaving *l);
/* Tells all to end and frees the list. What still lives is reaped by whom the caller leaves it to. */
void leaving_end(struct leaving *l);

#endif
