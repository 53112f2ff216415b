/* SPDX-License-Identifier: BSD-2-Clause */
/* What the commands of a script find in their environment. */
#ifndef DP_CLI_ENVIRONMENT_H
#define DP_CLI_ENVIRONMENT_H

struct settings;

/*
 * Sets PACKETDRILL_PID, the script's settings as OPT_NAME, and each defined
 * symbol by its own name, for this process and those it starts.
 */
void environment_set(const struct settings *s);

#endif
