/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeping what packets and calls had, and putting it where events say $NAME. */
#ifndef DP_ENGINE_VALUES_H
#define DP_ENGINE_VALUES_H

#include "engine/events.h"

/*
 * The event with numbers for its values; the event itself if it uses none.
 * NULL: the run is over, since one comes to nothing or does not fit.
 */
const struct event *values_put(struct run *r, const struct event *e);
/*
 * Keeps what the event says of its packet, which is as it was on the wire; the
 * stamp is clock time. 0, or -1 with the message in res if it lacks a field.
 */
int values_keep_packet(struct run *r, const struct event *e, const struct pkt *live, nstime stamp,
		       struct result *res);
/* The same of a call that has returned. */
int values_keep_call(struct run *r, const struct event *e, const struct sys_call *c, nstime ended,
		     struct result *res);
/* All that was kept so far, for a reader; NULL if nothing was. */
const char *values_shown(struct run *r);

#endif
