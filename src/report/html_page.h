/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all pages of the HTML report share. They are HTML that is well-formed
 * XML too, so that any parser can check them.
 */
#ifndef DP_REPORT_HTML_PAGE_H
#define DP_REPORT_HTML_PAGE_H

#include "seam/result.h"

struct arena;
struct buf;

/* How a verdict looks: the class says the colour, the sign and the word stand beside it. */
struct html_verdict {
	const char *css, *sign;
};

/* Never NULL. */
const struct html_verdict *html_verdict(enum verdict v);

struct html_head {
	const char *title;
	const char *up;		/* from this page to the index's folder: "" or "../" */
	const char *skip;	/* what the first link says, which leads to the content */
	const char *right;	/* markup at the end of the bar on top; NULL = nothing */
};

/* Everything up to the content, and everything after it. */
void html_begin(struct buf *b, const struct html_head *h);
void html_end(struct buf *b);

/* Appends text on one line, harmless in an element or in double quotes; NULL gives nothing. */
void html_text(struct buf *b, struct arena *a, const char *s);
/* Appends text that may have several lines. */
void html_lines(struct buf *b, const char *s, size_t len);
/* Appends a file's name so that it can stand in a URL. */
void html_url(struct buf *b, const char *name);
/* "<span ...>FAIL</span>" */
void html_badge(struct buf *b, enum verdict v);
/* A region that scrolls sideways by keyboard too, with a name; html_wide_end() closes it. */
void html_wide(struct buf *b, const char *css, const char *name);
void html_wide_end(struct buf *b);
/* A row of a list of facts: the value is markup. */
void html_fact(struct buf *b, const char *name, const char *value);

#endif
