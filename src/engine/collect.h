/* SPDX-License-Identifier: BSD-2-Clause */
/* What the stack sent for one `>` line; between event_expect.c and collect.c. */
#ifndef DP_ENGINE_COLLECT_H
#define DP_ENGINE_COLLECT_H

#include "engine/events.h"

/* One packet, or several that make it up. */
struct found {
	struct pkt *live;	/* merged into one when there were more */
	struct pkt *script;	/* in script space */
	nstime stamp;		/* of the last */
	int pieces;
	const struct wire_frame *frames;	/* all of them as captured, if evidence is kept */
	struct pkt_diff_list diffs;	/* what is wrong with a piece in itself */
	const char *hint;	/* given: what a failure should say, too; or NULL */
};

/*
 * Takes the packets of the line out of the queue, and fills in what `want`
 * leaves to be learned. 0, or -1 after run_fail or run_stop.
 */
int collect(struct run *r, const struct event *e, const struct plan *p, struct flow *f,
	    struct pkt *want, struct found *out);
/* The first `len` bytes of a segment as a packet of their own, as segmentation would cut it. */
struct pkt *collect_prefix(struct run *r, const struct pkt *p, uint32_t len);
/* Until when a packet of this plan is awaited. */
nstime collect_patience(const struct run *r, const struct plan *p);
/* Waits for the next packet (see seen_next), looking after returning calls meanwhile. */
struct seen *collect_await(struct run *r, const struct flow *f, bool quoted, nstime until);

#endif
