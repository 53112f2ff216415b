/* SPDX-License-Identifier: BSD-2-Clause */
/* What one script did on several targets, line by line. */
#ifndef DP_REPORT_COMPARE_LINES_H
#define DP_REPORT_COMPARE_LINES_H

#include <stdbool.h>

struct compared;
struct compared_script;
struct page;

/*
 * Prints what differs, each target's verdict, and the runs side by side: line
 * and text of the script, for each target the time, and what happened where
 * that is not the same on all. The first difference is marked with >>>. Not
 * whole: the lines around it.
 */
void compare_lines_print(struct page *p, const struct compared *all,
			 const struct compared_script *s, bool whole);
/* "ipv4/demo.pkt (ipv4)" and, for people, what it differs in; in the arena. */
const char *compare_title(const struct compared *all, const struct compared_script *s);
const char *compare_difference(const struct compared *all, const struct compared_script *s);

#endif
