/* SPDX-License-Identifier: BSD-2-Clause */
/* The agent: listens, and has a process for each tester that comes; one at a time may stay. */
#ifndef DP_TARGET_AGENT_SERVER_H
#define DP_TARGET_AGENT_SERVER_H

#include "target/agent_proto.h"

#include <stdbool.h>

struct diag_sink;

struct agent_server_config {
	const char *listen;	/* "ADDR:PORT", "[ADDR]:PORT"; port 0 = any */
	const char *secret;	/* file */
	bool once;		/* end with the first tester that was let in */
	bool allow_sysctl, allow_commands;
};

struct agent_server;

/* Binds and listens. NULL after a diagnostic. */
struct agent_server *agent_server_open(const struct agent_server_config *cfg, struct diag_sink *d);
/* "127.0.0.1:41234", owned by the server. */
const char *agent_server_where(const struct agent_server *s);
/*
 * Serves until SIGTERM, SIGINT or SIGHUP, which must be blocked from before
 * agent_server_open(), or, with once, until the tester has left. Then nothing of
 * any tester's is left. 0, or -1 if it cannot go on. The caller is single-threaded.
 */
int agent_server_run(struct agent_server *s);
void agent_server_close(struct agent_server *s);

#endif
