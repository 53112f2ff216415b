/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress check: all errors of scripts, nothing run. */
#include "config.h"

#include "cli/cmd.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "suite/discover.h"
#include "sys/sys.h"

#include <stdio.h>
#include <unistd.h>

static int check_main(const struct command *self, int argc, char **argv)
{
	struct discover_options how = { .slow = true, .check = sys_check,
					.unsupported = sys_unsupported };
	const struct suite_case *c;
	struct suite_list list;
	struct options o;
	int i, bad = 0, err = 0;

	suite_list_init(&list);
	if (options_parse(&o, self, argc, argv)) {
		options_free(&o);
		return EXIT_USAGE;
	}
	if (o.help) {
		options_help(stdout, self);
		options_free(&o);
		return 0;
	}
	how.overrides = &o.overrides;
	how.ip_version = o.ip_version;
	for (i = 0; i < o.n_paths; i++)
		err |= discover(o.paths[i], &how, &list);
	diagnostics_print(&list, &o, false);
	for (c = list.first; c; c = c->next)
		bad += suite_case_is_bad(c);
	printf("%d script%s checked, %d with errors\n", list.n, list.n == 1 ? "" : "s", bad);
	suite_list_free(&list);
	options_free(&o);
	return bad || err ? EXIT_USAGE : 0;
}

const struct command cmd_check = {
	.name = "check",
	.args = "PATH...",
	.summary = "report every error of scripts without running them",
	.main = check_main,
};
