/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of agent_client.h: requests of many threads and their answers over
 * one connection. A thread of the link's own reads it, and keeps it alive.
 */
#ifndef DP_TARGET_AGENT_LINK_H
#define DP_TARGET_AGENT_LINK_H

#include "target/agent_channel.h"

#include <stdbool.h>

struct agent;
struct target_call;

/* A request that is under way; on the stack of the thread that made it. */
struct request {
	uint32_t number;
	const struct target_call *call;	/* that it is about, or NULL */
	enum agent_frame_type type;	/* of the answer, once there is one */
	struct buf answer;		/* without the number; the requesting thread's to free */
	bool done, asleep;
	pthread_cond_t changed;
	struct request *next;
};

struct agent {
	struct agent_channel channel;
	pthread_t reader;
	int stop[2];			/* a pipe: closing the second end ends the reader */
	pthread_mutex_t lock;		/* of all below */
	struct request *first;
	uint32_t last_number;
	bool ended, joined;
	char lost[AGENT_WHY];		/* "" = it is there */
	struct lack {
		struct lack *next;
		char text[];
	} *lacks;
};

/* Takes a channel that is sealed. NULL, and the channel closed, if there is no thread to be had. */
struct agent *link_new(const struct agent_channel *c);

/*
 * Sends a request and waits for its answer. body has 4 bytes for the number in
 * front. 0; or -1 without an agent, or when it gives another answer than of type
 * `want` or AGENT_LACKS.
 */
int link_request(struct agent *a, struct request *r, enum agent_frame_type type, struct buf *body,
		 enum agent_frame_type want);
/* Of an AGENT_LACKS: its text, kept until the agent is closed. */
const char *link_lacks(struct agent *a, const struct request *r);

/* See agent_end() and agent_close(). */
void link_end(struct agent *a);
void link_free(struct agent *a);

#endif
