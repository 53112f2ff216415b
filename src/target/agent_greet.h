/* SPDX-License-Identifier: BSD-2-Clause */
/* How tester and agent come to know each other, see agent_proto.h. */
#ifndef DP_TARGET_AGENT_GREET_H
#define DP_TARGET_AGENT_GREET_H

#include "target/agent_channel.h"

/*
 * The agent's side: 0, and the channel is sealed; or -1, and the stranger has
 * been told why. admit (may be NULL) is asked once it is known; see agent_session.h.
 */
int agent_greet_tester(struct agent_channel *c, const struct agent_secret *s,
		       const char *(*admit)(void *arg), void *arg);

/* The tester's: 0, and the channel is sealed; or -1 with why filled in. */
int agent_greet_agent(struct agent_channel *c, const struct agent_secret *s,
		      char why[AGENT_WHY]);

#endif
