/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The threads of an agent that make a tester's calls, a thread for each call
 * that is open, so that any of them may block.
 */
#ifndef DP_TARGET_AGENT_CREW_H
#define DP_TARGET_AGENT_CREW_H

#include "seam/target.h"
#include "target/agent_channel.h"
#include "target/agent_guard.h"
#include "target/agent_marshal.h"
#include "target/caps.h"

#include <stdatomic.h>

/* A call, and the memory it is made with. */
struct crew_job {
	uint32_t number;	/* the request's */
	struct target_call call;
	struct marshal_sizes sizes;
	struct marshal_room room;
};

struct crew_hand;

struct crew {
	struct agent_channel *channel;	/* where the answers go */
	struct guard guard;
	struct caps caps;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct crew_hand *first;
	struct marshal_room kept;	/* of what the kernel may still send from, and nobody else uses */
	unsigned n_open;		/* calls; of the reading thread */
	_Atomic unsigned n_done;
	_Atomic size_t bytes;		/* of all rooms */
};

void crew_init(struct crew *w, struct agent_channel *channel);
/* How much memory another call may have. */
size_t crew_room(struct crew *w);
/*
 * Makes a call. The answer is sent when it returns. This returns when it has,
 * or when it sleeps (then AGENT_ASLEEP was sent), so that the next one cannot
 * overtake it. The job, on the heap, is the crew's from now on. NULL, or what
 * is lacking for it: then the job is still the caller's.
 */
const char *crew_make(struct crew *w, struct crew_job *j);

#endif
