/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tester's end of an agent (doc/agent.md): calls made on another machine as
 * if they were made here. All functions but those that open and close may be
 * called by several threads at once. When the agent or the connection to it is
 * lost, they return at once with what they are said to return then.
 */
#ifndef DP_TARGET_AGENT_CLIENT_H
#define DP_TARGET_AGENT_CLIENT_H

#include "seam/target.h"

struct agent;
struct arena;
struct command_outcome;
struct diag_sink;

/*
 * Connects to the agent at "ADDR:PORT" or "[ADDR]:PORT" and greets it with the
 * secret in a file (see agent_secret_read()). NULL after a diagnostic that says
 * what is wrong, be it what the agent refuses for. Takes ten seconds at most.
 */
struct agent *agent_connect(const char *where, const char *secret, struct diag_sink *d);
/* The same over a stream socket that is connected already, which is the agent's from now on. */
struct agent *agent_start(int fd, const char *secret, struct diag_sink *d);

/*
 * Takes leave. Returns when the agent has ended all that was made through it
 * (its connections are reset), after two seconds at most. Calls that are still
 * open return as when the agent is lost, and so does all that is called later.
 */
void agent_end(struct agent *a);
/* agent_end() if need be, and frees it. No other thread may be in a function of the agent's. */
void agent_close(struct agent *a);

/* NULL as long as there is an agent; else how it was lost, owned by the agent. */
const char *agent_lost(struct agent *a);

/* False for a call that cannot be made from afar (open(), sendfile()). */
bool agent_has_call(enum call_id id);
/*
 * Makes a call: target_ops.call. Pointers are to memory here, which is filled in
 * as the call would; memory that is only written is zeros where it wrote nothing.
 * lacks is set if the agent does not have that (owned by the agent, until
 * agent_close()). Without an agent: -1, ENOTCONN.
 */
void agent_call(struct agent *a, struct target_call *c);
/*
 * True once a call that another thread makes has come to where nothing may
 * overtake it: it sleeps in the kernel over there, or has returned. False also
 * while it has not begun.
 */
bool agent_call_settled(struct agent *a, const struct target_call *c);

/* target_ops.conn, fd_state and details; -1 without an agent. */
int agent_conn(struct agent *a, const struct tuple *t, struct conn_info *info);
int agent_fd_state(struct agent *a, int fd, struct conn_info *info);
int agent_details(struct agent *a, const struct tuple *t, struct arena *arena,
		  struct conn_details *d);
/* target_ops.environment: of the agent's machine. NULL without an agent. */
const char *agent_environment(struct agent *a, struct arena *arena);

/*
 * Sets a sysctl below net. on the agent's machine until the tester leaves. 0;
 * -1 and *why in the arena; 1 and *why, as what the agent lacks, if it was not
 * given leave to (for a SKIP).
 */
int agent_sysctl(struct agent *a, const char *name, const char *value, struct arena *arena,
		 const char **why);
/*
 * Runs a shell command there, as command_run() does here; what it leaves running
 * is killed when the tester leaves. 0; -1 and 1 as agent_sysctl().
 */
int agent_command(struct agent *a, const char *text, nstime patience, struct arena *arena,
		  struct command_outcome *out, const char **why);

#endif
