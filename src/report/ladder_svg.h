/* SPDX-License-Identifier: BSD-2-Clause */
/* The ladder as a picture: SVG that needs nothing else and can stand in a page. */
#ifndef DP_REPORT_LADDER_SVG_H
#define DP_REPORT_LADDER_SVG_H

struct buf;
struct rows;

/*
 * Appends an <svg> element for the rows from first to end: light or dark as
 * the reader's screen is, its text selectable, each row with a <title> that
 * says in words what the arrow says. Title and description are those of the
 * picture, for those who cannot see it. Well-formed whatever the texts hold.
 */
void ladder_svg(struct buf *out, const struct rows *rows, const char *title, const char *desc);

#endif
