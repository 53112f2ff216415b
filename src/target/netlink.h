/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Links, addresses and routes by rtnetlink. Works on the network namespace the
 * calling thread was in at nl_open(), wherever it has gone since.
 */
#ifndef DP_TARGET_NETLINK_H
#define DP_TARGET_NETLINK_H

#include "wire/addr.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct nl;

/* NULL with errno set. Released by nl_close(), which takes NULL. */
struct nl *nl_open(void);
void nl_close(struct nl *nl);

/*
 * The functions below return 0, or -1 with errno set. nl_why() is the kernel's
 * own word on the last failure, or strerror(errno).
 */
const char *nl_why(const struct nl *nl);

/* The index of a device; 0 if there is none. */
int nl_link_index(struct nl *nl, const char *name);
/* Its IFF_ flags; 0 if there is none. */
unsigned nl_link_flags(struct nl *nl, int index);
/* Appends "veth, mtu 1500, qdisc noqueue". */
int nl_link_describe(struct nl *nl, const char *name, struct buf *out);
/* True once the device and its queue are ready to carry packets. */
bool nl_link_running(struct nl *nl, int index);
/* Sets the MTU (0 = leave) and flags, so that flags & mask = set. */
int nl_link_set(struct nl *nl, int index, unsigned mtu, unsigned set, unsigned mask);

struct nl_veth_end {
	const char *name;
	uint8_t mac[6];
	unsigned mtu;
	unsigned flags;		/* IFF_UP is ignored for the peer */
};
/* A pair: one end here, the peer in the network namespace behind a descriptor. */
int nl_veth_add(struct nl *nl, const struct nl_veth_end *here, const struct nl_veth_end *peer,
		int peer_netns);

/* An address, usable at once: no duplicate address detection. */
int nl_addr_add(struct nl *nl, int index, const struct ip_addr *a, int prefix);
/*
 * True if packets for the address would be taken in. IPv6 finishes an address
 * some 100 us after it was added.
 */
bool nl_addr_usable(struct nl *nl, const struct ip_addr *a);
/* A route to dst/prefix through the device; via may be NULL. */
int nl_route_add(struct nl *nl, int index, const struct ip_addr *dst, int prefix,
		 const struct ip_addr *via);

#endif
