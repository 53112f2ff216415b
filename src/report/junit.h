/* SPDX-License-Identifier: BSD-2-Clause */
/* Results as JUnit XML: what GitLab, Jenkins and GitHub's readers agree on. */
#ifndef DP_REPORT_JUNIT_H
#define DP_REPORT_JUNIT_H

#include <stdio.h>

struct report_options;
struct reporter;

/*
 * A report on out, which stays the caller's. It is written by close(): the
 * numbers of tests and failures stand in the first tag. The over of struct
 * report_kind is per_run_over().
 */
struct reporter *report_junit_new(FILE *out, const struct report_options *o);

#endif
