/* SPDX-License-Identifier: BSD-2-Clause */
/* What a stack did when its script did not ask: what a packet capture and netstat would show. */
#ifndef DP_REPORT_OBSERVED_H
#define DP_REPORT_OBSERVED_H

struct page;
struct run_log;

/*
 * Prints the packets of a run whose script expects none, with the intervals
 * between retransmissions, and the states. Nothing for other runs.
 */
void observed_print(struct page *p, const struct run_log *run);

#endif
