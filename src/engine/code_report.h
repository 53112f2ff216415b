/* SPDX-License-Identifier: BSD-2-Clause */
/* What the code's program reports of itself (the lines are described in code_runner.py). */
#ifndef DP_ENGINE_CODE_REPORT_H
#define DP_ENGINE_CODE_REPORT_H

#include "seam/result.h"

#include <stddef.h>

struct arena;

enum code_end {
	CODE_LOST,	/* nothing was said about it: killed, or never begun */
	CODE_ENDED,	/* all blocks were run */
	CODE_EXITED,	/* a block ended the program */
	CODE_FAILED,	/* an exception nobody caught */
	CODE_SYNTAX,	/* a block is no Python: none was run */
};

struct code_printed {
	int block;
	const char *text;
	struct code_printed *next;
};

struct code_report {
	enum code_end end;
	int block;			/* the last one that began, -1 if none did */
	uint32_t line;			/* of the script, where it failed; 0 if that is not known */
	uint32_t inner_line;		/* the same of the innermost call */
	const char *function;		/* that was called there */
	const char *type, *message;	/* of the exception; message of the others, "" without */
	struct mismatch *mismatches;	/* comparisons of an assertion that were false */
	const char *values;		/* "a = 1, b = 2": what the failed statement names, or "" */
	struct code_printed *printed;
};

/* Reads a report; all texts are copied into the arena. What is not understood is left out. */
void code_report_read(const char *text, size_t len, struct arena *a, struct code_report *rep);

#endif
