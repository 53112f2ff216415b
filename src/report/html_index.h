/* SPDX-License-Identifier: BSD-2-Clause */
/* The first page of the HTML report: how it went, what failed, all runs. */
#ifndef DP_REPORT_HTML_INDEX_H
#define DP_REPORT_HTML_INDEX_H

#include "report/report.h"
#include "seam/result.h"

#include <stddef.h>

struct arena;
struct buf;
struct run_log;

/* What the index says of a run. */
struct html_entry {
	const char *script, *variant, *purpose, *message;
	const char *page;	/* file name */
	unsigned line;		/* of the script, where it failed; 0 = none */
	enum verdict verdict;
	nstime duration, lateness;
	size_t links_at;	/* where in the page html_run_links() begins */
	struct html_entry *next;
};

struct html_totals {
	const struct report_options *options;
	nstime wall;		/* 0 = not known */
	const char *missing;	/* why runs are not here, or NULL */
	struct html_entry *const *entry;	/* in the order of the list */
	size_t n;
};

/* A row for a run that ended; everything lives in the arena, but for the name of the page. */
struct html_entry *html_entry_new(struct arena *a, const struct run_log *run,
				  const struct result *end);
/* The order of the list: by path, then variant; for qsort(3) over pointers. */
int html_entry_compare(const void *x, const void *y);
/* True if someone has to look into it. */
bool html_entry_is_bad(const struct html_entry *e);
/* Appends the page. */
void html_index(struct buf *b, const struct html_totals *t);
/* Appends the page that stands there until the runs are over. */
void html_index_pending(struct buf *b, const struct report_options *o);

#endif
