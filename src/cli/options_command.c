/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/options.h"
#include "cli/cmd.h"

int options_command(const struct command *cmd, int argc, char **argv, int (*body)(struct options *o))
{
	struct options o;
	int code = EXIT_USAGE;

	if (options_parse(&o, cmd, argc, argv) == 0) {
		code = 0;
		if (o.help)
			options_help(stdout, cmd);
		else
			code = body(&o);
	}
	options_free(&o);
	return code;
}
