/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/names.h"
#include "base/buf.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

bool names_find(const struct name_value *table, const char *name, int64_t *value)
{
	for (; table->name; table++) {
		if (!strcmp(table->name, name)) {
			*value = table->value;
			return true;
		}
	}
	return false;
}

const char *names_text(const struct name_value *table, int64_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

void names_bits(const struct name_value *table, uint64_t value, struct buf *out)
{
	const char *bar = "";

	if (!value) {
		buf_addc(out, '0');
		return;
	}
	for (; table->name; table++) {
		uint64_t bits = (uint64_t)table->value;

		if (bits && (value & bits) == bits) {
			buf_printf(out, "%s%s", bar, table->name);
			value &= ~bits;
			bar = "|";
		}
	}
	if (value)
		buf_printf(out, "%s0x%" PRIx64, bar, value);
}

#define NEAR_MAX 64

/* Levenshtein distance by rows; words too long to be a typo of one another count as far. */
static int distance(const char *a, const char *b)
{
	int row[NEAR_MAX + 1], n = (int)strlen(b), i, j;

	if (n > NEAR_MAX || strlen(a) > NEAR_MAX)
		return NEAR_MAX;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; a[i - 1]; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= n; j++) {
			int best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

bool names_near(const char *a, const char *b)
{
	return strlen(a) > 2 && distance(a, b) <= 2;
}

const char *names_nearest(const struct name_value *table, const char *word)
{
	const char *best = NULL;
	int least = 3;

	if (strlen(word) <= 2)
		return NULL;
	for (; table->name; table++) {
		int d = distance(word, table->name);

		if (d < least) {
			least = d;
			best = table->name;
		}
	}
	return best;
}
