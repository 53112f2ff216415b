/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as readers want to see them. */
#include "config.h"

#include "script/value_eval.h"
#include "base/buf.h"
#include "base/nstime.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void value_text(enum value_kind kind, double x, struct buf *out)
{
	char text[NSTIME_TEXT];

	if (kind == VALUE_TIME)
		buf_printf(out, "%s%s s", x < 0 ? "-" : "", nstime_text((nstime)fabs(rint(x)), text));
	else if (kind == VALUE_SEQ)
		buf_printf(out, "0x%08" PRIx32, (uint32_t)x);
	else if (x == floor(x) && fabs(x) < 1e15)
		buf_printf(out, "%.0f", x);
	else
		buf_printf(out, "%.6g", x);
}

/* Of many, the latest: the others are in the function's result. */
static void kept_text(const struct kept *k, bool all, struct buf *out)
{
	buf_printf(out, "%s = ", k->name);
	if (all && k->n > 1)
		buf_printf(out, "%zu values, the last ", k->n);
	value_text(k->kind, k->v[k->n - 1], out);
}

/* many: it stands (also) for all that were kept. */
static bool uses(const struct value_expr *e, const char *name, bool *many)
{
	bool left, right;

	if (e->op == VALUE_NAME && !strcmp(e->text, name)) {
		*many |= e->many;
		return true;
	}
	left = e->left && uses(e->left, name, many);
	right = e->right && uses(e->right, name, many);
	return left || right;
}

void value_names_text(const struct value_expr *e, const struct values *v, struct buf *out)
{
	const char *before = "";
	const struct kept *k;

	for (k = v->first; k; k = k->next) {
		bool many = false;

		if (!uses(e, k->name, &many))
			continue;
		buf_adds(out, before);
		kept_text(k, many, out);
		before = ", ";
	}
}

void values_text(const struct values *v, struct buf *out)
{
	const struct kept *k;

	for (k = v->first; k; k = k->next) {
		buf_adds(out, k == v->first ? "" : ", ");
		kept_text(k, true, out);
	}
}
