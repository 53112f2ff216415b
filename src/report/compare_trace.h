/* SPDX-License-Identifier: BSD-2-Clause */
/* What one run did, as much of it as can be held against another run of the same script. */
#ifndef DP_REPORT_COMPARE_TRACE_H
#define DP_REPORT_COMPARE_TRACE_H

#include "seam/result.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct run_log;

enum step_kind {
	STEP_CALL,	/* a call, a command, or anything else a line of the script asks for */
	STEP_PACKET,	/* a packet that a line asks for, or injects */
	STEP_STATE,	/* a change of state */
	STEP_OTHER,	/* a packet that no line asks for */
	STEP_KINDS,
};

struct step {
	enum step_kind kind;
	unsigned line;		/* of a packet that no line asks for: the last one before it */
	bool failed;		/* judged, and not as the script wants it */
	const char *text;	/* what happened */
	const char *core;	/* that without what no two runs have in common */
	const char *asked;	/* what the script has, as far as the run knows; or NULL */
	nstime t;
	nstime off;		/* from the time planned */
	nstime tolerance;	/* of off; negative = the time is not the stack's, or anything goes */
};

struct trace {
	struct arena *arena;
	enum verdict verdict;
	unsigned line;		/* where it failed; 0 = not known, or not at a line */
	const char *message;	/* why; "" = no reason */
	struct step *step;
	size_t n;
	unsigned last_line;	/* the highest of a step */
	bool states;		/* it told of states */
};

/* Of a run that is over; the log may go afterwards. Released with trace_free(). */
struct trace *trace_new(const struct run_log *run, const struct result *end);
/* NULL is allowed. */
void trace_free(struct trace *t);
/* Nothing but the stack decided the verdict. */
bool verdict_is_judged(enum verdict v);
/* The stack does as the script says, expected or not. */
bool verdict_is_pass(enum verdict v);

#endif
