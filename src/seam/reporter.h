/* SPDX-License-Identifier: BSD-2-Clause */
/* Who reads result events. The engine writes to one; the suite fans out to many. */
#ifndef DP_SEAM_REPORTER_H
#define DP_SEAM_REPORTER_H

#include "seam/result.h"

struct reporter;

struct reporter_ops {
	/* One event; it and its strings are valid only during the call. run tells parallel runs apart. */
	void (*event)(struct reporter *r, unsigned run, const struct result *e);
	/* All runs are over: print totals, close files, free. -1 if output was lost (disk full). */
	int (*close)(struct reporter *r);
};

struct reporter {
	const struct reporter_ops *ops;
};

static inline void reporter_event(struct reporter *r, unsigned run, const struct result *e)
{
	r->ops->event(r, run, e);
}

#endif
