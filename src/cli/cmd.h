/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands of the program: each file cmd_*.c defines one, main.c lists them. */
#ifndef DP_CLI_CMD_H
#define DP_CLI_CMD_H

#include <stdbool.h>

/* Exit codes; see suite_exit_code() for a suite's. */
enum { EXIT_DEVIATION = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3, EXIT_INCONCLUSIVE = 4 };

struct command {
	const char *name, *args, *summary;
	/* argv[0] is the command's name. Returns the exit code. */
	int (*main)(const struct command *self, int argc, char **argv);
	/* More lines for --help, or NULL. */
	const char *details;
	/* What its paths are when they are no scripts: settings of scripts are then no options. "": it has none. */
	const char *wants;
	/* Knows what to do without a path. */
	bool has_paths;
	/* Reports runs, by the kinds of report/report_table.h. */
	bool runs;
	bool internal;	/* not for people: left out of the help */
	/* Says what packetdrill says when its command line is wrong. */
	bool as_packetdrill;
};

extern const struct command cmd_agent, cmd_run, cmd_check, cmd_explain, cmd_fmt, cmd_guest, cmd_kernel,
	cmd_ledger, cmd_merge, cmd_packetdrill;

#endif
