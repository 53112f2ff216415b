/* SPDX-License-Identifier: BSD-2-Clause */
/* The states a run's connections went through, on a few lines. */
#ifndef DP_REPORT_STATES_H
#define DP_REPORT_STATES_H

struct arena;
struct page;
struct result;
struct run_log;

/*
 * Prints "CLOSED -> LISTEN (line 7, 0.000) -> ..." after the label "states",
 * the latest changes when there are many, and a footnote if a state between
 * two could not be observed. Nothing when no state was reported.
 */
void states_print(struct page *p, const struct run_log *run);
/* One change: "LISTEN -> SYN-RECEIVED", or "LISTEN -> (?) -> CLOSE-WAIT". In the arena. */
const char *state_change_text(struct arena *a, const struct result *r);

#endif
