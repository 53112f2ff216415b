/* SPDX-License-Identifier: BSD-2-Clause */
/* How long the rest of a suite will take, from how long its scripts took the last time. */
#ifndef DP_SUITE_ETA_H
#define DP_SUITE_ETA_H

#include "seam/clock.h"
#include "seam/reporter.h"

struct eta;
struct suite_case;
struct suite_config;

/*
 * For a suite of these n cases, which are begun in this order; the array must
 * live as long. Of cfg the jobs, the repetitions, the deadline and the clock
 * count. Never NULL.
 */
struct eta *eta_new(const struct suite_config *cfg, struct suite_case *const *cases, int n);
void eta_free(struct eta *e);
/* A reporter that watches what begins and ends, and passes everything on to next. */
struct reporter *eta_reporter(struct eta *e, struct reporter *next);
/*
 * How long from now; negative when it is not known: of a script that is not
 * done there is no past duration, or the suite repeats for ever.
 */
nstime eta_left(const struct eta *e);

#endif
