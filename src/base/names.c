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

static int least(int a, int b)
{
	return a < b ? a : b;
}

/*
 * Edits from one word to the other (insert, delete, replace, swap neighbours),
 * by rows; words too long to be a typo of one another count as far.
 */
static int distance(const char *a, const char *b)
{
	int rows[3][NEAR_MAX + 1], n = (int)strlen(b), i, j;

	if (n > NEAR_MAX || strlen(a) > NEAR_MAX)
		return NEAR_MAX;
	for (j = 0; j <= n; j++)
		rows[0][j] = j;
	for (i = 1; a[i - 1]; i++) {
		const int *above = rows[(i - 1) % 3], *higher = rows[(i + 1) % 3];
		int *row = rows[i % 3];

		row[0] = i;
		for (j = 1; j <= n; j++) {
			row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]),
				       least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], higher[j - 2] + 1);
		}
	}
	return rows[(i - 1) % 3][n];
}

bool names_near(const char *a, const char *b)
{
	return strlen(a) > 2 && distance(a, b) <= 2;
}

const char *names_nearest(const struct name_value *table, const char *word)
{
	const char *best = NULL;
	int nearest = 3;

	if (strlen(word) <= 2)
		return NULL;
	for (; table->name; table++) {
		int d = distance(word, table->name);

		if (d < nearest) {
			nearest = d;
			best = table->name;
		}
	}
	return best;
}
