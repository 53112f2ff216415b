/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/value_reduce.h"
#include "base/arena.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double mean(const double *v, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += v[i];
	return sum / (double)n;
}

static double stddev(const double *v, size_t n)
{
	double middle = mean(v, n), sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += (v[i] - middle) * (v[i] - middle);
	return sqrt(sum / (double)(n - 1));
}

static double distinct(const double *sorted, size_t n)
{
	size_t i, found = n > 0;

	for (i = 1; i < n; i++)
		found += sorted[i] != sorted[i - 1];
	return (double)found;
}

double value_reduce(enum value_reduce how, struct value_list l, struct arena *a)
{
	size_t n = l.n;
	double *v;

	if (how == REDUCE_COUNT)
		return (double)n;
	v = n ? arena_memdup(a, l.v, n * sizeof(*v)) : NULL;
	if (n)
		qsort(v, n, sizeof(*v), by_size);
	switch (how) {
	case REDUCE_DISTINCT:
		return distinct(v, n);
	case REDUCE_MIN:
		return v[0];
	case REDUCE_MAX:
		return v[n - 1];
	case REDUCE_RANGE:
		return v[n - 1] - v[0];
	case REDUCE_MEAN:
		return mean(v, n);
	case REDUCE_STDDEV:
		return stddev(v, n);
	case REDUCE_MEDIAN:
		return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
	case REDUCE_COUNT:
	case REDUCE_DIFF:
		break;
	}
	return 0;
}
