/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads JSON results (report/json.h) of any number of drillpress runs and tells
 * a reporter all of them as if they were one. The files come from other
 * machines: nothing in them is trusted.
 */
#ifndef DP_REPORT_JSON_READ_H
#define DP_REPORT_JSON_READ_H

#include "seam/reporter.h"

#include <stdio.h>

struct json_joined;

/* What all inputs so far add up to. */
struct json_totals {
	unsigned runs, count[VERDICT_COUNT];
	nstime wall;		/* the longest of the inputs': they ran side by side */
	unsigned unfinished;	/* inputs that lack something: see json_read() */
	unsigned repeated;	/* inputs that were left out: read before */
	unsigned misdealt;	/* shards that are missing, there twice, or of other numbers */
};

/*
 * Nothing read yet. Events go to out; what is wrong with an input is said on
 * complaints, a line each, NULL = not at all. Freed with json_joined_free().
 */
struct json_joined *json_joined_new(struct reporter *out, FILE *complaints);
void json_joined_free(struct json_joined *j);
/*
 * Reads one input to its end; name is for messages and must live as long as
 * *j. Results that were read before (the same header) are left out and
 * counted as repeated. An input counts as unfinished when it has no results,
 * when its last line is missing or says that runs are, or from the first line
 * that is not as doc/results.md says; runs that had begun by then end with
 * VERDICT_ENVIRONMENT.
 */
void json_read(struct json_joined *j, FILE *in, const char *name);
/* All inputs were read: of a suite that ran in shards, which ones are missing? */
void json_joined_end(struct json_joined *j);
const struct json_totals *json_joined_totals(const struct json_joined *j);
/* What machines the inputs so far come from, a line each, as far as they say; *j's. */
const char *json_joined_machines(const struct json_joined *j);

#endif
