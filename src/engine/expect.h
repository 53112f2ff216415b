/* SPDX-License-Identifier: BSD-2-Clause */
/* A `>` line on its way: shared by lines that must come, that may, and groups in any order. */
#ifndef DP_ENGINE_EXPECT_H
#define DP_ENGINE_EXPECT_H

#include "engine/collect.h"

struct expected {
	const struct event *e;
	struct plan plan;
	struct flow *flow;
	struct pkt *want;	/* as built from the line, in script space */
	bool in_group;		/* the group moves the timeline, not each of its packets */
	nstime stamp;		/* of what was taken for it */
	const char *hint;	/* what a failure should say, too; or NULL */
};

/*
 * Builds the packet of a line and finds its flow. 0, or -1: the run is over.
 * `tried`: the packet may turn out not to be this one; nothing is learnt yet.
 */
int expect_prepare(struct run *r, const struct event *e, const struct plan *p, bool tried,
		   struct expected *x);
/* Takes what came for the line and judges it. 0, or -1: the run is over. */
int expect_take(struct run *r, struct expected *x);
/* Appends all in which a packet differs from the line, its payload's length left out. */
void expect_compare(struct run *r, const struct event *e, struct pkt *want, struct flow *f,
		    const struct found *got, struct pkt_diff_list *list);
/* How much too early (< 0) or too late a stamp is for a plan, 0 if it is neither. */
nstime expect_time_error(const struct plan *p, nstime stamp);
/* True for an ICMP message about a flow that has packets of its own. */
bool expect_quoted(const struct event *e, const struct flow *f);
/*
 * In how much a packet differs from a line: 0 = it is what the line wants, or
 * the first piece of it (then *piece is set, if that is not NULL). Nothing is
 * taken and nothing is learnt.
 */
int expect_try(struct run *r, const struct expected *x, const struct seen *s, bool *piece);

#endif
