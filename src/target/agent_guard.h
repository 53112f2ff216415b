/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a tester may ask of its agent: calls on sockets, epoll instances and
 * pipes that it made itself. The agent's own descriptors, files, and whatever
 * would change the machine rather than a socket are out of reach.
 */
#ifndef DP_TARGET_AGENT_GUARD_H
#define DP_TARGET_AGENT_GUARD_H

#include "target/agent_proto.h"
#include "wire/addr.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct sockdiag;
struct target_call;

/* A connection whose descriptor was closed; it may live on. */
struct orphan {
	struct tuple tuple;	/* addresses as the socket has them, be they mapped ones */
	uint64_t cookie;
};

#define GUARD_ORPHANS 1024

/* The tester's descriptors. Several threads may ask at once. */
struct guard {
	pthread_mutex_t lock;
	bool owned[AGENT_MAX_FDS];
	struct orphan orphan[GUARD_ORPHANS];	/* the last so many */
	size_t n_orphans;			/* ever */
};

void guard_init(struct guard *g);

/*
 * Makes a descriptor of the agent's own safe from being taken for one of the
 * tester's: the same under a number that the tester never has, and the old one
 * closed. -1 with errno set (and the old one closed).
 */
int guard_own_fd(int fd);

/* NULL, or why the call is not for a tester to make: what the agent lacks, as target_call.lacks. */
const char *guard_refuses(const struct target_call *c);

/*
 * False if the call names a descriptor that is not the tester's: it is not to
 * be made, and has been answered with EBADF. One that closes a descriptor has
 * given it up. In a poll() such descriptors are replaced by one that is never
 * open; guard_after() puts them back.
 */
struct guarded {
	int *polled;		/* what poll()'s descriptors were */
};

bool guard_before(struct guard *g, struct target_call *c, struct guarded *was);
/* After the call: descriptors it made are the tester's now, or, being too many, EMFILE. */
void guard_after(struct guard *g, struct target_call *c, struct guarded *was);

/* True if that is a descriptor of the tester's. */
bool guard_owns(struct guard *g, int fd);
/*
 * Ends everything the tester has: once its descriptors are closed, which is left
 * to the exit of the process since threads may be in calls on them, its
 * connections will be reset. Those that were closed before are destroyed here;
 * for that the agent needs CAP_NET_ADMIN. diag may be NULL.
 */
void guard_end(struct guard *g, struct sockdiag *diag);

#endif
