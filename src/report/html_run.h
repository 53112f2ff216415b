/* SPDX-License-Identifier: BSD-2-Clause */
/* The page of one run: what was tested, what happened, and where the two part ways. */
#ifndef DP_REPORT_HTML_RUN_H
#define DP_REPORT_HTML_RUN_H

#include <stddef.h>

struct buf;
struct result;
struct run_log;

/* Appends the page up to its links, which html_run_links() appends. */
void html_run(struct buf *b, const struct run_log *run, const struct result *end);
/*
 * Appends the links to the index and to the pages (file names, NULL if there
 * is none) of the failures before and after this one, and the end of the page.
 */
void html_run_links(struct buf *b, const char *before, const char *after);

#endif
