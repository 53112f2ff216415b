/* SPDX-License-Identifier: BSD-2-Clause */
/* Results as JSON Lines, all of them: doc/results.md describes the format. */
#ifndef DP_REPORT_JSON_H
#define DP_REPORT_JSON_H

#include <stdio.h>

struct report_end;
struct report_options;
struct reporter;

/* "format" and "version" of the first line. The version grows when a reader has to change. */
#define JSON_FORMAT "drillpress-results"
#define JSON_VERSION 1
/* More shards than this no suite is dealt out to. */
#define JSON_MAX_SHARDS 10000

/*
 * A report on out, which stays the caller's. What a run said is out when the
 * run is over, so that a killed drillpress loses only what was under way.
 */
struct reporter *report_json_new(FILE *out, const struct report_options *o);
/* The over of struct report_kind. */
void report_json_over(struct reporter *r, const struct report_end *end);

#endif
