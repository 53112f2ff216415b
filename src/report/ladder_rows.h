/* SPDX-License-Identifier: BSD-2-Clause */
/* Which events of a run make the rows of its ladder, and in which order. */
#ifndef DP_REPORT_LADDER_ROWS_H
#define DP_REPORT_LADDER_ROWS_H

#include "base/nstime.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct result;
struct run_log;

enum row_shape {
	ROW_RIGHT,	/* a packet the stack sent */
	ROW_LEFT,	/* a packet the stack got */
	ROW_MISSING,	/* a packet the stack should have sent */
	ROW_CALL,	/* a call, a command, or anything else on the stack's side */
	ROW_STATE,	/* a change of state; does not count as packet or call */
	ROW_REMARK,	/* what else went wrong, `repeat N {`; does not count either */
};

struct row {
	const struct result *r;
	enum row_shape shape;
	nstime t;
	size_t nth;		/* in the stream */
	const char *text;
	const char *when;	/* instead of t, as the script has it; NULL in the ladder of a run */
	bool failed;
};

struct rows {
	struct row *at;
	size_t n;
	size_t first, end;	/* the ones to draw */
	unsigned drawn, total;	/* packets and calls among them, and in all */
};

/* As `most`: the whole run. */
#define LADDER_ALL UINT_MAX

/* Chooses and orders rows; everything lives in the run's arena. */
void ladder_rows(struct rows *rows, const struct run_log *run, const struct result *failed,
		 unsigned most);

#endif
