/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress: picks the command. */
#include "config.h"

#include "cli/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command *const command_table[] = { &cmd_run, &cmd_check, &cmd_explain, &cmd_fmt,
						       &cmd_ledger, &cmd_merge, &cmd_packetdrill,
						       &cmd_agent, &cmd_kernel, &cmd_guest };

#define N_COMMANDS (sizeof(command_table) / sizeof(command_table[0]))

static int help(FILE *f)
{
	size_t i;

	fprintf(f, "usage: drillpress COMMAND [OPTION]... PATH...\n"
		"Tests a TCP/IP stack against scripts of system calls and packets.\n\n");
	for (i = 0; i < N_COMMANDS; i++)
		if (!command_table[i]->internal)
			fprintf(f, "  %-11s %s\n", command_table[i]->name, command_table[i]->summary);
	fprintf(f, "\n  drillpress COMMAND --help    the options of a command\n"
		"  drillpress --version\n\n"
		"Exit codes: 0 all passed or skipped, 1 the stack deviates, 2 a bad script or bad\n"
		"usage, 3 the machine is not able, 4 inconclusive.\n");
	return 0;
}

/* Output that did not arrive is an error of its own, whatever the command found. */
static int finish(int code, int lost)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	fprintf(stderr, "drillpress: the output could not be written: %s\n", strerror(errno));
	return lost;
}

static int run_command(const struct command *c, int argc, char **argv)
{
	return finish(c->main(c, argc, argv), c->as_packetdrill ? EXIT_DEVIATION : EXIT_ENVIRONMENT);
}

/* The name a runner calls; also what a link to this program may be called. */
static bool called_packetdrill(const char *path)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, cmd_packetdrill.name);
}

/*
 * A file opened later must not become what was closed: a report would have the
 * text in it. The wrong way round, so that using it still fails with EBADF.
 */
static void hold_standard_descriptors(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	size_t i;

	hold_standard_descriptors();
	if (argc >= 1 && called_packetdrill(argv[0]))
		return run_command(&cmd_packetdrill, argc, argv);
	if (argc >= 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
			  !strcmp(argv[1], "help")))
		return finish(help(stdout), EXIT_ENVIRONMENT);
	if (argc >= 2 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))) {
		puts(PACKAGE_STRING);
		return finish(0, EXIT_ENVIRONMENT);
	}
	for (i = 0; argc >= 2 && i < N_COMMANDS; i++)
		if (!strcmp(command_table[i]->name, argv[1]))
			return run_command(command_table[i], argc - 1, argv + 1);
	if (argc >= 2)
		fprintf(stderr, "drillpress: unknown command '%s'\n", argv[1]);
	help(stderr);
	return EXIT_USAGE;
}
