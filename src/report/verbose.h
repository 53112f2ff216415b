/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as lines of a script: what is printed parses again. */
#ifndef DP_REPORT_VERBOSE_H
#define DP_REPORT_VERBOSE_H

struct buf;
struct result;
struct run_log;

/*
 * Appends the line of an event: its time and text as a script has them, or a
 * comment for what a script cannot ask for. Nothing for RES_END. The event is
 * the run's latest.
 */
void verbose_add(struct run_log *run, const struct result *r, struct buf *out);

#endif
