/* SPDX-License-Identifier: BSD-2-Clause */
/* A judged ledger as text, JSON and a page; doc/ledger.md describes them. */
#ifndef DP_REPORT_LEDGER_H
#define DP_REPORT_LEDGER_H

#include "ledger/ledger.h"
#include "report/page.h"

#include <stdio.h>

struct arena;
struct buf;

/* What there is to show. */
struct ledger_view {
	const struct ledger *ledger;
	const char *const *required;	/* what was demanded, in the words of ledger/choice.h */
	int n_required;
	const char *verified;		/* the column that was measured, too, or NULL */
	bool verbose;			/* every script and run */
};

/* For people: a row for each requirement, then how many stand how. */
void ledger_print(struct page *p, const struct ledger_view *v);

/* "format" and "version" of the JSON. The version grows when a reader has to change. */
#define LEDGER_FORMAT "drillpress-ledger"
#define LEDGER_VERSION 1
/* 0, or -1 when out of memory or out lost something. */
int ledger_write_json(FILE *out, const struct ledger_view *v);

/* The page's name in its folder, which may be that of an HTML report. */
#define LEDGER_PAGE "ledger.html"
/* Makes the folder and the page in it. 0, or -1 with the reason in *why. */
int ledger_write_html(const char *folder, const struct ledger_view *v, const char **why);
/* Appends the page. */
void ledger_html(struct buf *b, const struct ledger_view *v);

/* What the totals of all of these have a row for: a group of ids and a strength. */
struct ledger_share {
	const char *group;
	enum strength strength;
};
/*
 * Those of which there are any, as the catalogue has the groups and by strength,
 * in the arena; *n gets how many.
 */
const struct ledger_share *ledger_shares(const struct ledger *l, struct arena *a, unsigned *n);
/* True if this is the verified column, and the measurement says something else. */
bool ledger_view_disagrees(const struct ledger_view *v, const struct ledger_row *row,
			   unsigned column);
/* True if any requirement stands so on any target. */
bool ledger_has(const struct ledger *l, enum standing s);

#endif
