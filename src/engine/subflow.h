/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which subflow a packet line means: the one its endpoints name. An injected
 * packet without any goes where the line before was, an expected one is the
 * next of the connection. Subflows that MP_JOIN adds.
 */
#ifndef DP_ENGINE_SUBFLOW_H
#define DP_ENGINE_SUBFLOW_H

#include "engine/events.h"

/*
 * Before a packet is injected: makes the subflow of its endpoints the one under
 * test. *f gets a new flow if the packet begins one, else NULL. 0, or -1
 * after a diagnostic.
 */
int subflow_inbound(struct run *r, const struct pkt_spec *spec, const struct pkt *script,
		    struct flow **f);
/* The same before a packet is expected; what it leaves open is learnt when it came. */
int subflow_outbound(struct run *r, const struct pkt_spec *spec);
/* Gives the names of an expected packet's endpoints the addresses of the flow it came on. */
int subflow_learn(struct run *r, const struct pkt_spec *spec, const struct flow *f);
/*
 * The flow of the connection under test that a packet of the stack belongs to;
 * one that MP_JOIN adds is made here. NULL if it is none of it.
 */
struct flow *subflow_of(struct run *r, const struct pkt *live);

#endif
