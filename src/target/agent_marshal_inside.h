/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of agent_marshal.h: what writing and reading of calls share. */
#ifndef DP_TARGET_AGENT_MARSHAL_INSIDE_H
#define DP_TARGET_AGENT_MARSHAL_INSIDE_H

#include "target/agent_marshal.h"

#define MARSHAL_ARGS 6
/* In code that is about little else. */
#define NOWHERE MARSHAL_NOWHERE
/* What an argument of a call points to. */
#define P(c, i) ((void *)(c)->arg[i])

extern const char marshal_no_room[], marshal_no_ioctl[];

static inline bool is_memory(enum marshal_kind k)
{
	return k == MARSHAL_IN || k == MARSHAL_OUT || k == MARSHAL_BOTH;
}

static inline bool is_pointer(enum marshal_kind k)
{
	return k >= MARSHAL_IN;
}

static inline bool is_iov(enum marshal_kind k)
{
	return k == MARSHAL_IOV_IN || k == MARSHAL_IOV_OUT;
}

static inline bool is_msg(enum marshal_kind k)
{
	return k == MARSHAL_MSG_IN || k == MARSHAL_MSG_OUT;
}

static inline bool goes_in(enum marshal_kind k)
{
	return k != MARSHAL_OUT && k != MARSHAL_IOV_OUT;
}

static inline bool comes_out(enum marshal_kind k)
{
	return k == MARSHAL_OUT || k == MARSHAL_BOTH || k == MARSHAL_IOV_OUT ||
	       k == MARSHAL_MSG_OUT || k == MARSHAL_IOCTL;
}

/* The argument that says how much memory argument i points to, or -1. */
int marshal_count_arg(const struct marshal_arg *m, int i);
/*
 * Of the tester's call: a number where a pointer belongs, as in ioctl(fd,
 * FIONBIO, 1); or memory of a negative length, which some calls would take for
 * the greatest there is.
 */
bool marshal_is_bad(const struct target_call *c, int i);
/*
 * Adds the size of what an argument points to, as far as its memory and that of
 * those it depends on is there. NULL, or what is lacking for so much.
 */
const char *marshal_size(const struct target_call *c, int i, struct marshal_sizes *s);

/*
 * Visits all pointers in the order their memory has in a request: first what has
 * a length of its own, which includes the lengths of the rest. visit returns
 * NULL, or why not to go on, which is passed on.
 */
typedef const char *marshal_visit(void *arg, int i, const struct marshal_arg *m);
const char *marshal_for_each(enum call_id id, marshal_visit *visit, void *arg);

#endif
