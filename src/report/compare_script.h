/* SPDX-License-Identifier: BSD-2-Clause */
/* One script in one variant on all targets, as the parts of a comparison share it. */
#ifndef DP_REPORT_COMPARE_SCRIPT_H
#define DP_REPORT_COMPARE_SCRIPT_H

#include "report/compare_align.h"
#include "report/compare_trace.h"

/* On one target. */
struct compared_runs {
	unsigned count[VERDICT_COUNT], n;
	enum verdict verdict;	/* the worst of them; of a script not run VERDICT_NONE */
	unsigned line;		/* where that failed, or 0 */
	struct trace *trace;	/* of the first run with it; NULL if there was none, or none is told */
};

struct compared_script {
	const char *path, *variant;
	struct compared_runs *on;	/* a target each */
	enum difference differs;	/* of the runs that are judged */
	unsigned line;			/* of the first step that differs; 0 = none does */
	bool settled;			/* the two above are known */
	bool everywhere;		/* judged on all targets */
};

/* What all of them share. */
struct compared {
	const char *const *labels, *const *meanings;	/* of those that say too little, else NULL */
	int n;			/* targets */
	bool times;
	struct arena *arena;
	struct compared_script **script;	/* in the order of their names once settled */
	size_t n_scripts;
};

#endif
