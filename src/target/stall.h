/* SPDX-License-Identifier: BSD-2-Clause */
/* Watches this machine for times in which it stands still, while scripts run. */
#ifndef DP_TARGET_STALL_H
#define DP_TARGET_STALL_H

#include "seam/stall.h"

#include <sys/types.h>

struct stall_watch {
	struct stall_log *log;	/* shared with processes forked later; NULL: nobody watches */
	pid_t pid;
};

/*
 * Starts the watcher, a process that ends with the calling thread however that
 * ends. The caller must be single-threaded. Where it cannot be (it takes
 * real-time priority and memory to share), nobody watches, which is no error.
 */
void stall_watch_start(struct stall_watch *w);
/* Ends it; the log is gone. Also for one that was not started. */
void stall_watch_end(struct stall_watch *w);

#endif
