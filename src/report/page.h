/* SPDX-License-Identifier: BSD-2-Clause */
/* Where text goes: a stream of known width, perhaps with colours. */
#ifndef DP_REPORT_PAGE_H
#define DP_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum ink { INK_PLAIN, INK_GREEN, INK_RED, INK_YELLOW, INK_MAGENTA, INK_CYAN, INK_BOLD, INK_DIM };

struct page {
	FILE *out;	/* not owned */
	bool colour;
	int width;	/* columns */
	const char *prefix;	/* stands before every line, NULL = nothing */
	bool begun;	/* something was printed */
	unsigned lines;	/* printed so far */
	unsigned ends;	/* line ends since the last other character; 2 = a blank line */
};

/* What labels of a block take: two blanks, a word, blanks. */
#define PAGE_LABEL 12
/* When nobody knows how wide the stream is. */
#define PAGE_DEFAULT_WIDTH 100
/* Below this, layouts fall apart; narrower terminals wrap by themselves. */
#define PAGE_MIN_WIDTH 60

/* The escape sequence that starts the ink, or "" without colours. Back to plain: INK_PLAIN. */
const char *page_ink(const struct page *p, enum ink ink);
/* Print, counting lines. */
void page_puts(struct page *p, const char *s);
/* An empty line, unless there is one already or nothing was printed yet. */
void page_gap(struct page *p);
void page_printf(struct page *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/*
 * Prints text broken at blanks to fit the width. The first line follows
 * `start`, which is not coloured; later ones are indented by `indent` columns.
 */
void page_wrapped(struct page *p, const char *start, int indent, enum ink ink, const char *text);
/* The same after a label in the margin: "  hint      text". */
void page_labelled(struct page *p, const char *label, const char *text);

#endif
