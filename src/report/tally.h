/* SPDX-License-Identifier: BSD-2-Clause */
/* Verdicts: how each looks, how many there were, and which have to be looked into. */
#ifndef DP_REPORT_TALLY_H
#define DP_REPORT_TALLY_H

#include "report/page.h"
#include "seam/result.h"

struct arena;

struct verdict_style {
	enum ink ink;
	const char *counted;	/* "3 passed": what follows the number */
	bool reason;		/* the message is shown with the verdict */
	bool block;		/* the whole story is told */
	bool bad;		/* someone has to look into it */
};

/* Never NULL. */
const struct verdict_style *verdict_style(enum verdict v);

struct tally_entry {
	enum verdict verdict;
	const char *place, *message;
	struct tally_entry *next;
};

struct tally {
	struct arena *arena;
	unsigned runs, count[VERDICT_COUNT];
	nstime lateness;	/* the worst */
	nstime duration;	/* sum of all runs */
	nstime wall;		/* set from outside; 0 = not known */
	struct tally_entry *bad, **last_bad;
};

void tally_init(struct tally *t);
void tally_fini(struct tally *t);
/* Counts a run that ended; place and message are copied. */
void tally_add(struct tally *t, const struct result *end, const char *place, const char *message);
/* The bad ones again, a line each. */
void tally_print_bad(struct page *p, const struct tally *t);
/* "105 scripts: 103 passed, ..." */
void tally_print(struct page *p, const struct tally *t, int jobs);

#endif
