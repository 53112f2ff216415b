/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `repeat N { events }`. The events of a script are a list without loops:
 * those of a repeat are in it N times, the copies sharing what the first one
 * says, and each knows which time it is.
 */
#ifndef DP_SCRIPT_REPEAT_H
#define DP_SCRIPT_REPEAT_H

#include "base/source.h"

#include <stdbool.h>

struct arena;
struct buf;
struct diag_sink;
struct event;
struct script;

#define REPEAT_MAX 1000
/* Inside each other. */
#define REPEAT_MAX_DEPTH 8
/* Events of a script, repeated ones and the packets of groups counted as often as they are done. */
#define REPEAT_MAX_EVENTS 50000

struct repeat {
	int times;
	struct span span;	/* of `repeat N` */
	/* While it is parsed: where in the list its own begin, and how many errors were before it. */
	struct event *const *events;
	int errors;
};

/* One time through a repeat. */
struct iteration {
	const struct repeat *of;
	int k;				/* from 1 */
	const struct iteration *outer;	/* of the repeat around it, or NULL */
};

/* True for an event that is a copy: any of its repeats is not in its first iteration. */
bool iteration_is_again(const struct iteration *i);
/* "iteration 3 of 100", "iteration 1 of 2, 3 of 100" (the outermost first); NULL for none. */
const char *iteration_text(const struct iteration *i, struct arena *a);

/* How many repeats it is inside of. */
int iteration_depth(const struct iteration *i);

/* As how many events one counts: a group as that many as it has packets. */
int repeat_weight(const struct event *e);
/*
 * The events from *r->events on have been read once: appends their copies. An
 * error if there are none, if they have absolute times, or if they get too many.
 */
void repeat_unroll(struct script *s, const struct repeat *r, struct diag_sink *d);

/* For printing: closes the repeats that `from` is in and `to` is not, and opens the others. */
void repeat_print_braces(const struct iteration *from, const struct iteration *to,
			 struct buf *out);
/* A tab for each repeat. */
void repeat_print_indent(const struct iteration *i, struct buf *out);

#endif
