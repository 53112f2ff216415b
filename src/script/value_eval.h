/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run has kept, and what expressions come to. */
#ifndef DP_SCRIPT_VALUE_EVAL_H
#define DP_SCRIPT_VALUE_EVAL_H

#include "script/value.h"

/* All that one name kept, in order; times in ns. */
struct kept {
	const char *name;
	enum value_kind kind;
	double *v;
	size_t n, room;
	struct kept *next;
};

struct values {
	struct arena *arena;
	struct kept *first, **last;	/* in the order in which they were kept first */
};

void values_init(struct values *v, struct arena *a);
/* Keeps one more value; name must last. */
void values_add(struct values *v, const char *name, enum value_kind kind, double x);
/* What a name kept; NULL if nothing yet. */
const struct kept *values_find(const struct values *v, const char *name);

/*
 * What an expression comes to, of its kind. 0; or -1 with *why (in the arena)
 * if a name has not kept anything yet, something is divided by 0, a function
 * has too few values, or lists of different lengths meet.
 */
int value_eval(const struct value_expr *e, const struct values *v, struct arena *a, double *x,
	       const char **why);
/*
 * Compares two results as scripts mean it: a plain number beside a time is
 * seconds, two sequence numbers are before or after each other modulo 2^32
 * (RFC 9293 3.4). Less than, equal to or greater than 0.
 */
int value_compare(double a, enum value_kind a_kind, double b, enum value_kind b_kind);

/* Appends "0x1234abcd", "65535", "0.25 s". */
void value_text(enum value_kind kind, double x, struct buf *out);
/* Appends "isn = 0x1234abcd, w = 65535": what the names in an expression stand for. */
void value_names_text(const struct value_expr *e, const struct values *v, struct buf *out);
/* The same of all that was kept. */
void values_text(const struct values *v, struct buf *out);

#endif
