/* SPDX-License-Identifier: BSD-2-Clause */
/* How an event differs from what the script wants: in its text, its fields, its time. */
#ifndef DP_REPORT_DIFFERENCES_H
#define DP_REPORT_DIFFERENCES_H

struct arena;
struct page;
struct result;

/* Expected above actual, and the table of fields; each after a blank line. */
void differences_print(struct page *p, struct arena *a, const struct result *r);
/* When it was expected, when it came, and how late the tester itself was. */
void timing_print(struct page *p, const struct result *r);

#endif
