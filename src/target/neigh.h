/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions and answers about who has an IP address on a link: ARP (RFC 826)
 * and IPv6 Neighbor Discovery (RFC 4861 4.3, 4.4), as bytes behind the
 * Ethernet header.
 */
#ifndef DP_TARGET_NEIGH_H
#define DP_TARGET_NEIGH_H

#include "target/ether.h"
#include "wire/addr.h"

#include <stdbool.h>

/* Room for any message made here. */
#define NEIGH_BYTES 72

enum neigh_kind { NEIGH_ASK, NEIGH_TELL };

struct neigh {
	enum neigh_kind kind;
	struct ip_addr target;		/* whose Ethernet address is asked for or told */
	struct ip_addr sender;		/* who asks or tells; all zeros: an address being probed */
	bool has_mac;
	uint8_t mac[ETHER_MAC];		/* of the sender (asking), of the target (telling) */
};

/* A message and where it goes. */
struct neigh_frame {
	uint8_t to[ETHER_MAC];
	uint16_t type;			/* of Ethernet: ARP or IPv6 */
	uint8_t data[NEIGH_BYTES];
	size_t len;
};

/*
 * Reads a message. False if it is none, or malformed in a way that the RFCs
 * want ignored (hop limit, checksum, code, lengths: RFC 4861 7.1). A plain ARP
 * request that tells of its own address counts as NEIGH_ASK.
 */
bool neigh_read(uint16_t type, const uint8_t *p, size_t len, struct neigh *n);
/* Who has `target`? Asked by the owner of `sender`; to == NULL: asks all. */
void neigh_ask(const struct ip_addr *target, const struct ip_addr *sender,
	       const uint8_t mac[ETHER_MAC], const uint8_t *to, struct neigh_frame *f);
/* I have it: the answer to a question, sent to whom asked or, if that is nobody yet, to all. */
void neigh_tell(const struct neigh *question, const uint8_t mac[ETHER_MAC], struct neigh_frame *f);

#endif
