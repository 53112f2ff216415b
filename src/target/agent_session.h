/* SPDX-License-Identifier: BSD-2-Clause */
/* One tester's stay with the agent, in a process of its own: greeting, requests, end. */
#ifndef DP_TARGET_AGENT_SESSION_H
#define DP_TARGET_AGENT_SESSION_H

#include "target/agent_proto.h"

#include <stdbool.h>

struct agent_rules {
	const struct agent_secret *secret;
	bool allow_sysctl, allow_commands;
	/*
	 * Asked once the tester is known: NULL = it may stay, or why not. May be
	 * NULL. leaving: it has gone, and what it had is about to be ended.
	 */
	const char *(*admit)(void *arg);
	void (*leaving)(void *arg);
	void *arg;
};

/* How a session ended; main of agent_server.c has them as exit statuses. */
enum agent_end { AGENT_LEFT, AGENT_TURNED_AWAY };

/*
 * Serves the tester at the other end of fd, which becomes the session's. Ends
 * with the connection, or as soon as lifeline (another descriptor, the session's
 * too, or -1) is readable or at its end. The calling process, which must be
 * single-threaded and have no descriptors that matter but 0, 1 and 2, must exit
 * at once after that: threads may still be in calls, and what the tester had is
 * closed, and its connections reset, by the exit.
 */
enum agent_end agent_session(int fd, int lifeline, const struct agent_rules *rules);

#endif
