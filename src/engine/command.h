/* SPDX-License-Identifier: BSD-2-Clause */
/* Shell commands of a script, run as packetdrill runs them: /bin/sh -c, a direct child. */
#ifndef DP_ENGINE_COMMAND_H
#define DP_ENGINE_COMMAND_H

#include "base/nstime.h"

#include <stdbool.h>

struct arena;

struct command_outcome {
	const char *output;	/* what it printed (both streams), at most some kilobytes */
	const char *failed;	/* how it failed: "non-zero status 3", "killed by SIGTERM"; NULL = it did not */
	nstime held_up;		/* it waited so long for the kernel or a processor; 0 where that cannot be seen */
	bool not_run;		/* failed is why no shell could be started: the machine's fault */
};

/*
 * Runs a command and waits for it, at most `patience` of host time, then
 * kills it. The output goes to memory, so background children it leaves
 * behind hold nothing open; aloud: to this process's own outputs instead.
 */
struct command_outcome command_run(const char *text, nstime patience, bool aloud,
				   struct arena *a);

#endif
