/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of several runs of one script, side by side. */
#ifndef DP_REPORT_COMPARE_ALIGN_H
#define DP_REPORT_COMPARE_ALIGN_H

#include "report/compare_trace.h"

/* What two runs can differ in, the worst first. */
enum difference {
	DIFFER_VERDICT, DIFFER_CALLS, DIFFER_PACKETS, DIFFER_STATES, DIFFER_TIMES,
	DIFFER_DETAILS,		/* both do as the script says, but not the same: it leaves something open */
	DIFFER_NOTHING,
};

struct aligned {
	unsigned line;
	enum step_kind kind;
	const struct step **step;	/* of each trace; NULL = it did no such thing */
	bool *over;			/* of each trace: it had ended by then, or tells no such things */
	enum difference differs;
	size_t nth;			/* in the order in which they were found */
};

struct alignment {
	struct aligned *row;	/* in the order of the script's lines */
	size_t n;
	size_t first;		/* that differs in more than details, else in these; n = none does */
};

/*
 * Those of the n traces that are not NULL; times: also what is farther apart
 * than the larger tolerance of a line. In the arena, and the traces must stay.
 */
void alignment_make(struct alignment *al, const struct trace *const *trace, int n, bool times,
		    struct arena *a);
#endif
