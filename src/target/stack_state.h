/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a stack target, shared by the files stack*.c and nobody else. */
#ifndef DP_TARGET_STACK_STATE_H
#define DP_TARGET_STACK_STATE_H

#include "drillpress/stack.h"
#include "seam/target.h"

#include <sys/queue.h>

/* What drillpress keeps of a descriptor, since it makes blocking calls by itself. */
struct stack_fd {
	bool open, stream, nonblock, cloexec;
	nstime receive_timeout, send_timeout;	/* SO_RCVTIMEO, SO_SNDTIMEO; 0 = none, < 0 = at once */
};

/* A packet the stack has sent and nobody has taken. */
struct stack_packet {
	STAILQ_ENTRY(stack_packet) next;
	nstime stamp;
	size_t len;
	uint8_t data[];
};

/* A call that would block. */
struct stack_pending {
	struct target_call *call;
	nstime give_up;		/* when it ends by itself, NSTIME_NEVER */
	bool connecting;	/* a connect() that is under way */
	size_t progress;	/* bytes sent or received so far */
	TAILQ_ENTRY(stack_pending) next;
};

struct stack_target {
	struct target target;		/* first */
	struct clock clock;
	nstime now;
	unsigned still;			/* steps since the clock moved or the script did something */
	const struct dp_stack_ops *ops;
	struct dp_stack *stack;
	struct dp_host host;
	uint64_t random;
	uint16_t peer_port;
	struct stack_fd *fd, nobody;	/* nobody: that of numbers that are no descriptors */
	int n_fds;
	STAILQ_HEAD(, stack_packet) out;
	TAILQ_HEAD(stack_pending_list, stack_pending) pending;
};

static inline struct stack_target *stack_of(struct target *t)
{
	return (struct stack_target *)t;
}

#endif
