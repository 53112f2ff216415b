/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP sockets by sock_diag: what they are up to, and how to end them. */
#ifndef DP_TARGET_SOCKDIAG_H
#define DP_TARGET_SOCKDIAG_H

#include <stdint.h>

struct arena;
struct conn_details;
struct conn_info;
struct ip_addr;
struct sockdiag;
struct tuple;

/*
 * For the network namespace the calling thread is in now. NULL with errno set.
 * Released by sockdiag_close(), which takes NULL.
 */
struct sockdiag *sockdiag_open(void);
void sockdiag_close(struct sockdiag *s);

/*
 * What became of a connection, at the cost of one request (below 2 us). Finds
 * it in every state, with a descriptor or without. With remote port 0: the
 * listener at the local end. 0, or -1 if the kernel would not tell. Not for
 * several threads at once.
 */
int sockdiag_find(struct sockdiag *s, const struct tuple *t, struct conn_info *info);

/*
 * TCP_INFO and its kin of a connection without a descriptor, in the arena.
 * 0, or -1 if there is none, or it is too young (SYN-RECEIVED) or too old
 * (TIME-WAIT) to have any.
 */
int sockdiag_details(struct sockdiag *s, const struct tuple *t, struct arena *a,
		     struct conn_details *d);

/*
 * Destroys the TCP sockets of the namespace whose peer is in this network, or
 * every one (NULL), also those nobody holds any more: an orphan would keep the
 * namespace alive for minutes. Sends RSTs.
 */
void sockdiag_destroy(struct sockdiag *s, const struct ip_addr *peers, int prefix);
/*
 * Destroys one connection, if it is still there and still the one that had this
 * cookie (SO_COOKIE), in whatever state. Addresses as its socket has them.
 */
void sockdiag_destroy_one(struct sockdiag *s, const struct tuple *t, uint64_t cookie);

/* State of the TCP socket behind a descriptor of this process, by TCP_INFO. 0 or -1. */
int sockdiag_of_fd(int fd, struct conn_info *info);

#endif
