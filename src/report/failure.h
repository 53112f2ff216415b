/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything a reader needs about a run that did not go as its script says. */
#ifndef DP_REPORT_FAILURE_H
#define DP_REPORT_FAILURE_H

struct page;
struct result;
struct run_log;

/*
 * The event that decided the verdict: the first with the verdict of the end,
 * or the end itself when there is none.
 */
const struct result *failure_event(const struct run_log *run, const struct result *end);
/* "path:line:col", as far as known; in the run's arena. */
const char *failure_place(const struct run_log *run, const struct result *r);
/* What went wrong, in a line; never NULL. */
const char *failure_message(const struct run_log *run, const struct result *r,
			    const struct result *end);
/* A line for each deviation besides `but` that did not end the run, under the label. */
void failure_print_others(struct page *p, const struct run_log *run, const struct result *but,
			  const char *label);
/* The block: place and message, excerpt, difference, times, states, hint, ladder. */
void failure_print(struct page *p, const struct run_log *run, const struct result *end);
/* The same with the ladder from the first packet or call to the last. */
void failure_print_whole(struct page *p, const struct run_log *run, const struct result *end);
/* The same as text without colours, for so many columns; in the run's arena. */
const char *failure_text(const struct run_log *run, const struct result *end, int width);

#endif
