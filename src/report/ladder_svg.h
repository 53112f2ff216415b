/* SPDX-License-Identifier: BSD-2-Clause */
/* The ladder as a picture: SVG that needs nothing else and can stand in a page. */
#ifndef DP_REPORT_LADDER_SVG_H
#define DP_REPORT_LADDER_SVG_H

#include <stdbool.h>

struct buf;
struct row;
struct rows;

/*
 * Appends an <svg> element for the rows from first to end: light or dark as
 * the reader's screen is, its text selectable, each row with a <title> that
 * says in words what the arrow says. Title and description are those of the
 * picture, for those who cannot see it. Well-formed whatever the texts hold.
 */
void ladder_svg(struct buf *out, const struct rows *rows, const char *title, const char *desc);
/*
 * The same for a page that has ladder_svg_style among its rules. A narrow one
 * fits a phone: what is in the margin of the other stands above each row.
 */
void ladder_svg_inline(struct buf *out, const struct rows *rows, const char *title,
		       const char *desc, bool narrow);
/* Who did what: "the stack sent". */
const char *ladder_row_words(const struct row *row);
/* Rules in CSS for what is of the class dp-ladder. */
extern const char ladder_svg_style[];

#endif
