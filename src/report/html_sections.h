/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a run's page, each with its heading; nothing where there is nothing to say. */
#ifndef DP_REPORT_HTML_SECTIONS_H
#define DP_REPORT_HTML_SECTIONS_H

#include <stdint.h>

struct buf;
struct result;
struct run_log;
struct source;

struct html_case {
	const struct run_log *run;
	const struct result *why, *end;	/* what decided the verdict, and the end */
	const struct source *src;	/* the script; NULL if it cannot be read */
	uint32_t first, last;		/* the lines of it that the page shows */
};

/* Place, message and hint; expected and actual; the fields; the times. html_failure.c */
void html_failure(struct buf *b, const struct html_case *c);
/* The ladder as a picture and as a table, and packets nobody asked for. html_ladder.c */
void html_ladder(struct buf *b, const struct html_case *c);
/* States with their times; notes, and what else deviated. html_ladder.c */
void html_states(struct buf *b, const struct html_case *c);
void html_notes(struct buf *b, const struct html_case *c);
/* Reads the script and says which lines of it are shown, around the line that failed. html_script.c */
void html_script_choose(struct html_case *c);
/* The lines around an event, and the script with it marked. html_script.c */
void html_excerpt(struct buf *b, const struct html_case *c);
void html_script(struct buf *b, const struct html_case *c);
/* "line 5", as a link to it if the page shows it; nothing for an event without a place. html_script.c */
void html_line_link(struct buf *b, const struct html_case *c, const struct result *r);

#endif
