/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames put on an Ethernet interface by libnet's link layer, from an address
 * that is not the interface's own: this machine's kernel takes no part in what
 * is sent to it.
 */
#ifndef DP_TARGET_ETHER_H
#define DP_TARGET_ETHER_H

#include <stddef.h>
#include <stdint.h>

#define ETHER_MAC 6
#define ETHER_MAC_TEXT 18

struct diag_sink;
struct ether;

/*
 * Opens an interface of the calling thread's network namespace and makes it
 * hear frames to the address given. NULL after a diagnostic: no such
 * interface, it is down, it is not Ethernet, no CAP_NET_RAW.
 */
struct ether *ether_open(const char *device, const uint8_t mac[ETHER_MAC], struct diag_sink *d);
/* NULL is allowed. */
void ether_close(struct ether *e);

/* Sends one frame. 0, or -1 with errno set (EMSGSIZE: above the MTU). Not for two threads at once. */
int ether_send(struct ether *e, const uint8_t to[ETHER_MAC], uint16_t type, const uint8_t *payload,
	       size_t len);

/* The socket behind it, which receives nothing until ether_hear_neighbours(). */
int ether_fd(const struct ether *e);
/* From now on ARP, and ICMPv6 neighbour solicitations and advertisements, can be received. */
void ether_hear_neighbours(struct ether *e);

/*
 * A locally administered address (RFC 7042 2.1) that is the same for an
 * interface every time and not its own. 0, or -1 if there is no such Ethernet
 * interface.
 */
int ether_made_up(const char *device, uint8_t mac[ETHER_MAC]);
/* "02:00:5e:10:00:01", and back; -1 if the text is no such address or a group's. */
const char *ether_mac_text(const uint8_t mac[ETHER_MAC], char buf[ETHER_MAC_TEXT]);
int ether_mac_parse(const char *text, uint8_t mac[ETHER_MAC]);

#endif
