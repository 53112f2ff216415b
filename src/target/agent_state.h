/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections and their states as bytes: what AGENT_CONN and its kin carry. */
#ifndef DP_TARGET_AGENT_STATE_H
#define DP_TARGET_AGENT_STATE_H

#include "seam/target.h"

struct arena;
struct buf;
struct unpack;

/* A reader fills its struct in any case; unpack.bad says whether it was there and made sense. */

/* Families 4 and 6 (8 bits each), addresses (16 bytes each), ports (16 bits each). */
void state_put_tuple(struct buf *b, const struct tuple *t);
void state_get_tuple(struct unpack *u, struct tuple *t);
/* rc as of the function that told; the rest counts if it is 0. */
void state_put(struct buf *b, int rc, const struct conn_info *info);
int state_get(struct unpack *u, struct conn_info *info);
void state_put_details(struct buf *b, int rc, const struct conn_details *d);
/* The bytes are in the arena. */
int state_get_details(struct unpack *u, struct arena *a, struct conn_details *d);

#endif
