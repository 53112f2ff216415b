/* SPDX-License-Identifier: BSD-2-Clause */
/* What an agent does for a script beside calls, if it was started with leave to: sysctls, commands. */
#ifndef DP_TARGET_AGENT_CHORES_H
#define DP_TARGET_AGENT_CHORES_H

#include "base/nstime.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct agent_channel;
struct arena;
struct changed_sysctl;

struct chores {
	struct agent_channel *channel;	/* where the answers go */
	struct arena *arena;
	struct changed_sysctl *changed;	/* last one first */
	_Atomic bool busy;		/* a command runs */
};

void chores_init(struct chores *c, struct agent_channel *channel);
/* Sets a sysctl below net., and answers. */
void chores_sysctl(struct chores *c, uint32_t number, const char *name, const char *value);
/*
 * Starts a command, which is answered when it has ended, or was killed after
 * `patience`. NULL, or what is lacking for it.
 */
const char *chores_command(struct chores *c, uint32_t number, const char *text, nstime patience);
/* Sets all sysctls back. A command may still run. */
void chores_end(struct chores *c);

#endif
