/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets the stack sent: read, decoded, sorted by connection, kept in order. */
#ifndef DP_ENGINE_SEEN_H
#define DP_ENGINE_SEEN_H

#include "base/nstime.h"

struct flow;
struct run;
struct seen;

/*
 * Reads what is there; if nothing new is, waits for a packet until the given
 * time. Packets of the connection under test are queued, others reported as
 * seen. Returns the number of packets queued, or -1 if the capture broke.
 */
int seen_pump(struct run *r, nstime until);
/*
 * The oldest queued packet of the flow, waiting for one; NULL at `until`. f
 * NULL: of any subflow of the connection under test. Order holds within a
 * subflow; between subflows it means nothing.
 */
struct seen *seen_next(struct run *r, const struct flow *f, nstime until);
/* Takes a packet out of the queue. */
void seen_take(struct run *r, struct seen *s);
/* Reports packets nobody asked for. */
void seen_report_rest(struct run *r);

#endif
