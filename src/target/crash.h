/* SPDX-License-Identifier: BSD-2-Clause */
/* A stack in this process may crash, or not come back. That is a result, and says where. */
#ifndef DP_TARGET_CRASH_H
#define DP_TARGET_CRASH_H

/* Spares processes that are forked from this one a part of what crash_watch() takes. */
void crash_prepare(void);
/*
 * From now on a signal that means a defect (SIGSEGV, SIGBUS, SIGFPE, SIGILL,
 * SIGABRT) in the calling thread calls told() once, and then ends the process
 * with this status. what: what happened and where, in words; trace: the
 * functions that were active in modules that the program has loaded, a line
 * each. told() runs in a process that is no longer sound: if it gets stuck, the
 * process is ended after two seconds.
 */
void crash_watch(void (*told)(void *arg, const char *what, const char *trace), void *arg,
		 int status);
/* From now on so many seconds of a processor's time, 0 = any, are as such a signal. */
void crash_limit(unsigned seconds);

#endif
