/* SPDX-License-Identifier: BSD-2-Clause */
/* The line of the script an event stands in, with a caret below the event. */
#ifndef DP_REPORT_EXCERPT_H
#define DP_REPORT_EXCERPT_H

struct page;
struct result;
struct run_log;
struct source;
struct span;

/*
 * Reads the script again for it; when that is not possible (standard input, a
 * file that is gone), the text of the event stands in. Nothing for an event
 * without a place.
 */
void excerpt_print(struct page *p, const struct run_log *run, const struct result *r);
/* The script, read again; NULL if it cannot be read. In the run's arena. */
const struct source *excerpt_script(const struct run_log *run);
/*
 * The event's own text as if it were a script, and where in it the event is;
 * NULL if it has none. In the run's arena.
 */
const struct source *excerpt_of_event(const struct run_log *run, const struct result *r,
				      struct span *at);

#endif
