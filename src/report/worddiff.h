/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two texts word by word: what they share stands in the same columns, what
 * differs is underlined.
 */
#ifndef DP_REPORT_WORDDIFF_H
#define DP_REPORT_WORDDIFF_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct page;

/* One word of either text, or a pair that stands in the same place. */
struct diff_cell {
	const char *want, *got;	/* not terminated; NULL if this side has no such word */
	size_t n_want, n_got;
	bool same;
	bool space;		/* a blank comes before it */
};

/*
 * Lines the words of two texts up along their longest common subsequence, in
 * which a comma or bracket weighs less than a word. The cells live in the
 * arena and point into the texts; *n is their count.
 */
struct diff_cell *worddiff(struct arena *a, const char *want, const char *got, size_t *n);

/*
 * Prints both texts under each other after the labels "expected" and
 * "actual", with "^~~~" below what differs; wraps all three lines together.
 */
void worddiff_print(struct page *p, struct arena *a, const char *want, const char *got);

#endif
