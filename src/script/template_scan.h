/* SPDX-License-Identifier: BSD-2-Clause */
/* A script's text in pieces, as far as templates care: what may be a name, and what is left alone. */
#ifndef DP_SCRIPT_TEMPLATE_SCAN_H
#define DP_SCRIPT_TEMPLATE_SCAN_H

#include "base/source.h"

#include <stdbool.h>

/* A stretch of a file. */
struct slice {
	const struct source *file;
	const char *s;
	size_t len;
	uint32_t line, col;	/* of its first byte */
};

enum item_kind {
	ITEM_END,
	ITEM_PLAIN,		/* blanks, strings, comments, commands, code, punctuation */
	/* letters, digits, _, and - before a letter; in a state also before a digit, in a formula never */
	ITEM_WORD,
	ITEM_META,		/* a comment that begins with //@ */
	ITEM_DEFINE,		/* a line #define, with those that its backslashes continue */
	ITEM_INCLUDE,		/* a line #include */
	ITEM_CONDITION,		/* #ifdef NAME, #ifndef NAME */
	ITEM_ENDIF,
	ITEM_CONTINUATION,	/* a backslash at the end of a line */
};

struct scan {
	struct slice left;	/* what is not scanned yet */
	bool line_start;	/* nothing but blanks before it on its line */
	bool state;		/* the next word is a TCP state's, as after => */
	bool dollar;		/* it is just behind a $ */
	int formula;		/* brackets open in a $(formula) */
	bool bare;		/* there are no lines of its own here: # means nothing */
};

/* bare: of a definition's text or an argument. */
void scan_begin(struct scan *s, const struct slice *text, bool bare);
/* The next piece; its kind. What has no end goes to the end of the text. */
enum item_kind scan_next(struct scan *s, struct slice *item);
/* The first n bytes of a slice, and what is behind them. */
struct slice slice_head(const struct slice *s, size_t n);
struct slice slice_tail(const struct slice *s, size_t n);
/* Without the blanks before and behind. */
struct slice slice_trim(const struct slice *s);
/* The next word of a line, between blanks or in quotes of one kind, which are taken off; false at its end. */
bool slice_word(struct slice *line, struct slice *word);
bool slice_is(const struct slice *s, const char *text);
/* The whole text of a file. */
struct slice slice_file(const struct source *file);
/* Where it stands in its file. */
struct span slice_span(const struct slice *s);

#endif
