/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ladder diagram: the stack under test on the left, drillpress on the right,
 * packets as arrows between them, calls and states on the stack's lifeline.
 */
#ifndef DP_REPORT_LADDER_H
#define DP_REPORT_LADDER_H

struct page;
struct result;
struct rows;
struct run_log;

/*
 * Draws the last `most` packets and calls of the run in the order of their
 * times, and the state changes among them. If `failed` is one of the run's
 * events, it is in the picture and marked.
 */
void ladder_print(struct page *p, const struct run_log *run, const struct result *failed,
		  unsigned most);
/* Draws rows that were chosen already; nothing if there are none. */
void ladder_draw(struct page *p, const struct rows *rows);

#endif
