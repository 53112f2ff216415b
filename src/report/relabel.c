/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/relabel.h"
#include "base/buf.h"

static void relabel_event(struct reporter *r, unsigned run, const struct result *e)
{
	const struct relabel *l = (const struct relabel *)r;
	bool names = e->kind == RES_BEGIN || e->kind == RES_END;
	struct buf b = { 0 };
	struct result copy;

	if (names) {
		copy = *e;
		copy.target = e->kind == RES_BEGIN ? l->target : NULL;
	}
	if (names && l->label) {
		/* A script with errors has no variant. */
		buf_printf(&b, "%s%s%s", e->variant ? e->variant : "", e->variant ? " " : "",
			   l->label);
		copy.variant = b.s;
	}
	reporter_event(l->next, run + l->offset, names ? &copy : e);
	buf_free(&b);
}

void relabel_init(struct relabel *r, struct reporter *next)
{
	static const struct reporter_ops ops = { .event = relabel_event };

	*r = (struct relabel){ .base = { &ops }, .next = next };
}
