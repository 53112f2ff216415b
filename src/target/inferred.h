/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The states of a stack's TCP connections as far as its packets prove them,
 * for a stack that cannot be asked.
 */
#ifndef DP_TARGET_INFERRED_H
#define DP_TARGET_INFERRED_H

#include "base/nstime.h"
#include "wire/addr.h"
#include "wire/pkt.h"

#include <stdbool.h>

struct inferred;

struct inferred *inferred_new(void);
/* NULL is allowed. */
void inferred_free(struct inferred *all);
/* A packet that was sent to the stack or came from it. Packets of other protocols are ignored. */
void inferred_told(struct inferred *all, const struct pkt *p, nstime when);
void inferred_said(struct inferred *all, const struct pkt *p, nstime when);
/*
 * The states possible now, as bits 1 << state. A connection of which no packet
 * was seen, and one with the remote port 0 (a listener), can be none or listen.
 */
unsigned inferred_states(const struct inferred *all, const struct tuple *t, nstime now);
/*
 * A connection that may still be there, in no order; *next (0 at first) walks
 * through them. Its sequence numbers are what the stack expects and sends next
 * as far as it said. False past the last.
 */
bool inferred_open(const struct inferred *all, unsigned *next, struct tuple *t, uint32_t *expects);

#endif
