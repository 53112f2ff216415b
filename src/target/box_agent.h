/* SPDX-License-Identifier: BSD-2-Clause */
/* A device on a wire whose calls are made by an agent on it (doc/agent.md). */
#ifndef DP_TARGET_BOX_AGENT_H
#define DP_TARGET_BOX_AGENT_H

struct box;
struct diag_sink;
struct target_config;

/*
 * Connects to the agent of the options, sets the script's sysctls there and
 * makes the target ask it from now on. 0; -1 after a diagnostic, or with
 * *cfg->lacks set.
 */
int box_agent_join(struct box *b, const struct target_config *cfg, struct diag_sink *d);

#endif
