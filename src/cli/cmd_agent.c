/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress agent: makes the calls of a tester that is on another machine. */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "target/agent_server.h"

#include <signal.h>
#include <stdio.h>

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static int serve(struct options *o)
{
	const struct agent_server_config cfg = {
		.listen = o->listen, .secret = o->secret, .once = o->once,
		.allow_sysctl = o->allow_sysctl, .allow_commands = o->allow_commands,
	};
	struct agent_server *s;
	struct diag_sink d;
	int rc;

	if (!o->secret) {
		fputs("drillpress: agent wants --secret FILE; see drillpress agent --help\n", stderr);
		return EXIT_USAGE;
	}
	diag_init(&d, o->arena);
	block_signals();
	s = agent_server_open(&cfg, &d);
	if (!s) {
		fprintf(stderr, "drillpress: %s\n", d.first->msg);
		return EXIT_ENVIRONMENT;
	}
	printf("listening on %s\n", agent_server_where(s));
	fflush(stdout);
	rc = agent_server_run(s);
	agent_server_close(s);
	return rc ? EXIT_ENVIRONMENT : 0;
}

static int agent_main(const struct command *self, int argc, char **argv)
{
	return options_command(self, argc, argv, serve);
}

const struct command cmd_agent = {
	.name = "agent",
	.args = "--secret FILE",
	.summary = "make the calls of a tester on another machine",
	.main = agent_main,
	.wants = "",
	.details =
	"It makes calls on sockets for whoever has the secret, one tester at a time, and ends\n"
	"all that tester had when it leaves, dies or falls silent. Make a secret with\n"
	"  (umask 077; head -c 32 /dev/urandom > FILE)\n"
	"and copy it to both machines. What they say to each other cannot be changed on the way,\n"
	"but it can be read. SIGTERM ends the agent.\n",
};
