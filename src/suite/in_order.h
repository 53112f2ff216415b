/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reporter that hands runs on one after the other, by their numbers from 0
 * on, whatever the order they end in: so the same results are the same reports.
 */
#ifndef DP_SUITE_IN_ORDER_H
#define DP_SUITE_IN_ORDER_H

#include "seam/reporter.h"

/* next stays the caller's. */
struct reporter *in_order_new(struct reporter *next);
/* Hands on what is left, of runs whose turn did not come, and frees it. */
void in_order_end(struct reporter *r);

#endif
