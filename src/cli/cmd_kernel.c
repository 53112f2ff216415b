/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress kernel build: what it takes is other programs, which a shell script calls. */
#include "config.h"

#include "cli/cmd.h"
#include "cli/data_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int kernel_main(const struct command *self, int argc, char **argv)
{
	char self_path[4096], script[4096];
	ssize_t n = readlink("/proc/self/exe", self_path, sizeof(self_path) - 1);

	if (argc < 2 || (strcmp(argv[1], "build") && strcmp(argv[1], "--help"))) {
		fprintf(stderr, "usage: drillpress %s build [OPTION]...\n"
			"drillpress kernel build --help tells of its options.\n", self->name);
		return EXIT_USAGE;
	}
	if (!data_file("kernel/build", script, sizeof(script))) {
		fprintf(stderr, "drillpress: kernel/build is not where drillpress was installed (%s)\n",
			PKGDATADIR);
		return EXIT_ENVIRONMENT;
	}
	if (n > 0) {
		self_path[n] = '\0';
		setenv("DRILLPRESS", self_path, 1);
	}
	if (strcmp(argv[1], "--help"))
		argv++;
	argv[0] = script;
	fflush(NULL);
	execv(script, argv);
	fprintf(stderr, "drillpress: cannot start %s: %s\n", script, strerror(errno));
	return EXIT_ENVIRONMENT;
}

const struct command cmd_kernel = {
	.name = "kernel",
	.args = "build [OPTION]...",
	.summary = "make a kernel to run scripts in, for --target kernel:IMAGE",
	.main = kernel_main,
};
