/* SPDX-License-Identifier: BSD-2-Clause */
/* How an event differs from what the script wants: in its text, its fields, its time. */
#ifndef DP_REPORT_DIFFERENCES_H
#define DP_REPORT_DIFFERENCES_H

#include <stdbool.h>

struct arena;
struct buf;
struct page;
struct result;

/* Expected above actual, and the table of fields; each after a blank line. */
void differences_print(struct page *p, struct arena *a, const struct result *r);
/* When it was expected, when it came, and how late the tester itself was. */
void timing_print(struct page *p, const struct result *r);
/* True if the event has times that can be compared. */
bool timing_known(const struct result *r);
enum timing { TIMING_EXPECTED, TIMING_ACTUAL, TIMING_TESTER };
/* Appends one of the lines of timing_print(), without its label, coloured as the page is. */
void timing_words(struct buf *b, const struct page *p, const struct result *r, enum timing what);

#endif
