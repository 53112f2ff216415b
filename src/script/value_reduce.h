/* SPDX-License-Identifier: BSD-2-Clause */
/* What functions make of many values. */
#ifndef DP_SCRIPT_VALUE_REDUCE_H
#define DP_SCRIPT_VALUE_REDUCE_H

#include "script/value.h"

struct value_list {
	size_t n;
	double *v;
};

/*
 * One number out of many: of at least as many as value_function_table says,
 * and by any function but REDUCE_DIFF. The standard deviation is that of a
 * sample (n - 1), the median of an even number the mean of the middle two.
 * The arena is for scratch.
 */
double value_reduce(enum value_reduce how, struct value_list l, struct arena *a);

#endif
