/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Owns addresses on a link that no kernel has: a thread answers ARP and
 * Neighbor Discovery for them, whatever the rest of the program does, and
 * finds out who has other addresses.
 */
#ifndef DP_TARGET_NEIGH_OWNER_H
#define DP_TARGET_NEIGH_OWNER_H

#include "base/nstime.h"
#include "target/ether.h"
#include "wire/addr.h"

#include <stdbool.h>

struct diag_sink;
struct neigh_owner;

/* Starts on an interface, with the Ethernet address to be told. NULL after a diagnostic. */
struct neigh_owner *neigh_owner_start(const char *device, const uint8_t mac[ETHER_MAC],
				      struct diag_sink *d);
/* NULL is allowed. */
void neigh_owner_stop(struct neigh_owner *o);
/* One more address; those it has already are left alone. */
void neigh_owner_add(struct neigh_owner *o, const struct ip_addr *a);
bool neigh_owner_has(struct neigh_owner *o, const struct ip_addr *a);
/*
 * Asks who has an address, as the owner of `sender`, again every second (RFC
 * 4861 10: RETRANS_TIMER) for so long. 0 with its Ethernet address, or -1: no answer.
 */
int neigh_owner_find(struct neigh_owner *o, const struct ip_addr *a, const struct ip_addr *sender,
		     nstime patience, uint8_t mac[ETHER_MAC]);
/* Asks the same of a neighbour one knows, so that it knows the owner of `sender`. */
void neigh_owner_introduce(struct neigh_owner *o, const struct ip_addr *a,
			   const struct ip_addr *sender, const uint8_t mac[ETHER_MAC]);

#endif
