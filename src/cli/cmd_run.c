/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress run: scripts against targets, each in a sandbox of its own. */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/run_targets.h"
#include "cli/selection.h"
#include "cli/target_list.h"
#include "sys/sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run_paths(const struct options *o, const struct target_list *targets)
{
	struct discover_options how = { .overrides = &o->overrides, .ip_version = o->ip_version,
					.slow = o->slow, .check = sys_check,
					.unsupported = sys_unsupported };
	const struct suite_case *c;
	struct selection selection;
	struct suite_list list;
	int i, err = 0, code = EXIT_USAGE;
	bool chosen;

	suite_list_init(&list);
	for (i = 0; i < o->n_paths; i++)
		err |= discover(o->paths[i], &how, &list);
	chosen = selection_begin(&selection, o, targets, &list) == 0;
	for (c = list.first; c && chosen; c = c->next)
		/* A single error is in the report, at its script. */
		if (c->diag.errors != 1 || c->diag.warnings)
			diag_print_all(stderr, &c->diag, options_colour(o, STDERR_FILENO));
	fflush(stderr);
	if (chosen && (selection.found || list.slow_left_out))
		code = run_targets(o, &list, targets, &selection);
	selection_end(&selection);
	suite_list_free(&list);
	return err && !code ? EXIT_USAGE : code;
}

/* Scripts run in folders of their own; a bare name is looked for where libraries are. */
static void resolve_stack(struct options *o)
{
	struct override *v;
	char *path;

	STAILQ_FOREACH(v, &o->overrides, next) {
		if (strcmp(v->name, "so_filename") || !strchr(v->value, '/'))
			continue;
		path = realpath(v->value, NULL);
		if (path)	/* else loading it says what is wrong */
			v->value = arena_strdup(o->arena, path);
		free(path);
	}
}

/* True with --so_filename, which says what is tested, as --target does. */
static bool names_stack(const struct options *o)
{
	const struct override *v;

	STAILQ_FOREACH(v, &o->overrides, next)
		if (!strcmp(v->name, "so_filename"))
			return true;
	return false;
}

static int run_main(const struct command *self, int argc, char **argv)
{
	struct target_list targets;
	struct options o;
	int code = EXIT_USAGE;

	if (options_parse(&o, self, argc, argv) == 0) {
		if (o.help) {
			options_help(stdout, self);
			code = 0;
		} else if (o.compare_times && o.n_targets < 2) {
			fprintf(stderr, "drillpress: --compare-times wants several --target\n");
		} else if (o.target_given && names_stack(&o)) {
			fputs("drillpress: --target and --so_filename are two ways to say what is tested; "
			      "use one of them\n", stderr);
		} else if (target_list_find(&targets, &o) == 0) {
			resolve_stack(&o);
			code = run_paths(&o, &targets);
		}
	}
	options_free(&o);
	return code;
}

const struct command cmd_run = {
	.name = "run",
	.args = "PATH...",
	.summary = "run scripts, or all scripts (*.pkt) of folders",
	.main = run_main,
	.runs = true,
};
