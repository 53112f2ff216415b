/* SPDX-License-Identifier: BSD-2-Clause */
/* What the process of a session may still do, and the processes it leaves behind. */
#ifndef DP_TARGET_AGENT_JAIL_H
#define DP_TARGET_AGENT_JAIL_H

#include <stdbool.h>

/*
 * Gives up what calls on sockets do not need: programs with more privileges,
 * core files (the secret would be in them), more descriptors than a tester may
 * have. Unless powers are kept (for sysctls and commands), also all capabilities
 * that are not about the network. What cannot be given up stays.
 */
void jail_enter(bool keep_powers);
/* Makes orphaned descendants children of this process, for jail_end_children(). */
void jail_adopt(void);
/* Kills all children, and theirs as they are adopted, and waits for them. */
void jail_end_children(void);

#endif
