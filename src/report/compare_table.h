/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdicts of scripts on several targets, as a table. */
#ifndef DP_REPORT_COMPARE_TABLE_H
#define DP_REPORT_COMPARE_TABLE_H

#include <stdbool.h>

struct compared;
struct page;

/*
 * Prints a line for each script that differs, with its verdicts and what
 * differs, and counts the rest; whole: these get a line each, too.
 */
void compare_table_print(struct page *p, const struct compared *all, bool whole);

#endif
