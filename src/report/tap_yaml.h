/* SPDX-License-Identifier: BSD-2-Clause */
/* The YAML block that TAP 14 allows after a result. */
#ifndef DP_REPORT_TAP_YAML_H
#define DP_REPORT_TAP_YAML_H

#include <stdio.h>

struct result;
struct run_log;

/* Prints what is known about a run that did not go well: doc/results.md lists the keys. */
void tap_yaml(FILE *out, struct run_log *run, const struct result *end);

#endif
