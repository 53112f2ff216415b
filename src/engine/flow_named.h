/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections with a name (@NAME). Each is watched for itself and is never the
 * connection under test, so lines without a name mean what they would if those
 * with one were not there.
 */
#ifndef DP_ENGINE_FLOW_NAMED_H
#define DP_ENGINE_FLOW_NAMED_H

#include "engine/flow.h"

/* The connection that a name means now, or NULL. */
struct flow *flow_named(const struct flow_set *s, const char *name);
/* Gives a flow a name; one that had it before loses it. */
void flow_name(struct flow_set *s, struct flow *f, const char *name);
/*
 * The flow of an injected packet with a name. A new name makes one: to the
 * listener of the port written, else to the one under test or the newest, and
 * from the port and address written, else from peer_port. A SYN to a connection
 * that is gone makes one between the same ends. NULL with *why (static) set if
 * the line does not fit the connection.
 */
struct flow *flow_named_inbound(struct flow_set *s, const struct pkt_spec *spec,
				const struct pkt *script_pkt, uint16_t peer_port, const char **why);
/*
 * The flow of a packet of the stack, if it is one with a name, or the one under
 * test where the stack alone knows which of several connect() calls a SYN is
 * of: then the first. NULL if not. *quoted: it is an ICMP message about it.
 */
struct flow *flow_named_owner(struct flow_set *s, const struct pkt *live, bool *quoted);
/*
 * The connection that accept() gives: the one from that peer, or where that is
 * not known (port 0) the one that was completed first. NULL if there is none.
 */
struct flow *flow_first_acceptable(const struct flow_set *s, const struct ip_addr *peer,
				   uint16_t port);

#endif
