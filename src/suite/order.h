/* SPDX-License-Identifier: BSD-2-Clause */
/* Which case is taken up first. */
#ifndef DP_SUITE_ORDER_H
#define DP_SUITE_ORDER_H

#include "suite/discover.h"

/* What a script takes besides its timeline. */
#define SUITE_CASE_COST (30 * NS_PER_MS)

/* How long a case will take: as it took the last time, else by its own timeline. */
nstime suite_case_expected(const struct suite_case *c);
/*
 * The cases of the list, in an array the caller frees: as found or, if wanted,
 * those with errors, which cost nothing to tell, and then the longest first.
 */
struct suite_case **suite_order(const struct suite_list *list, bool longest_first);

#endif
