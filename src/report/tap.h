/* SPDX-License-Identifier: BSD-2-Clause */
/* Results as the Test Anything Protocol, version 14, and as the kernel's KTAP, version 1. */
#ifndef DP_REPORT_TAP_H
#define DP_REPORT_TAP_H

#include <stdio.h>

struct report_options;
struct reporter;

/*
 * A report on out, which stays the caller's. The plan comes first when the
 * number of runs is known, else last. The over of struct report_kind is
 * per_run_over(); a run that was cut short ends with "Bail out!".
 */
struct reporter *report_tap_new(FILE *out, const struct report_options *o);
struct reporter *report_ktap_new(FILE *out, const struct report_options *o);

#endif
