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
 * time. Packets of the connection under test, of those with a name and of flows
 * with written ports are queued, others reported as seen. Returns the number
 * of packets queued, or -1 if the capture broke.
 */
int seen_pump(struct run *r, nstime until);
/*
 * The oldest queued packet of a flow, waiting for one; NULL at `until`. f
 * NULL: of any subflow of the connection under test; order holds within a
 * subflow, between subflows it means nothing. quoted: of the ICMP messages
 * about it instead.
 */
struct seen *seen_next(struct run *r, const struct flow *f, bool quoted, nstime until);
/* The same without waiting, of what is queued already. */
struct seen *seen_first(struct run *r, const struct flow *f, bool quoted);
/* Takes a packet out of the queue. */
void seen_take(struct run *r, struct seen *s);
/* Puts one, or what is left of it, before all others. */
void seen_put_back(struct run *r, struct seen *s);
/* Reports packets nobody asked for; with --strict=strays they fail the script. */
void seen_report_rest(struct run *r);

#endif
