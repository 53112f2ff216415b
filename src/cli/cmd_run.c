/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress run: scripts against a target, each in a sandbox of its own. */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/reports.h"
#include "cli/run_case.h"
#include "report/report_set.h"
#include "suite/suite.h"
#include "sys/sys.h"
#include "target/clock_real.h"
#include "target/target_table.h"

#include <stdio.h>
#include <unistd.h>

#define JOBS_MAX 256

static int default_jobs(const struct options *o, const struct suite_list *list)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int jobs = o->jobs ? o->jobs : (int)(cpus > 0 ? cpus * 4 : 4);

	/* Each takes a few descriptors of this process; many processors do not make them cheaper. */
	if (jobs > JOBS_MAX)
		jobs = JOBS_MAX;

	return jobs < list->n ? jobs : list->n ? list->n : 1;
}

/* For people, and only where no program reads the output. */
static void tell_slow(const struct suite_list *list, bool text)
{
	if (list->slow_left_out)
		fprintf(text ? stdout : stderr, "%d slow script%s not run; --slow runs %s\n",
			list->slow_left_out, list->slow_left_out == 1 ? "" : "s",
			list->slow_left_out == 1 ? "it" : "them");
}

static int run_list(const struct options *o, const struct suite_list *list,
		    const struct target_desc *target)
{
	struct case_runner runner = { .target = target };
	struct suite_config cfg = { .tries = CASE_TRIES, .start = case_start, .start_arg = &runner,
				    .hopeless_status = CASE_HOPELESS };
	struct clock *clock = clock_real();
	nstime began = clock_now(clock);
	struct suite_totals totals;
	struct report_set *reports;
	bool text;
	int code;

	cfg.jobs = default_jobs(o, list);
	cfg.live = cfg.jobs == 1;
	reports = reports_open(o, list->n, cfg.jobs, began + clock_wall_offset(clock));
	if (!reports)
		return EXIT_USAGE;
	cfg.out = report_set_reporter(reports);
	text = report_set_text_on_stdout(reports);
	code = suite_run(&cfg, list, &totals) ? EXIT_ENVIRONMENT : suite_exit_code(&totals);
	code = reports_close(reports, &totals, clock_now(clock) - began, code);
	tell_slow(list, text);
	if (totals.hopeless)
		fprintf(stderr, "drillpress: no script can run here; the rest was not tried\n");
	return code;
}

static int run_paths(const struct options *o, const struct target_desc *target)
{
	struct discover_options how = { .overrides = &o->overrides, .ip_version = o->ip_version,
					.slow = o->slow, .check = sys_check,
					.unsupported = sys_unsupported };
	const struct suite_case *c;
	struct suite_list list;
	int i, err = 0, code;

	suite_list_init(&list);
	for (i = 0; i < o->n_paths; i++)
		err |= discover(o->paths[i], &how, &list);
	for (c = list.first; c; c = c->next)
		/* A single error is in the report, at its script. */
		if (c->diag.errors != 1 || c->diag.warnings)
			diag_print_all(stderr, &c->diag, options_colour(o, STDERR_FILENO));
	fflush(stderr);
	code = list.n || list.slow_left_out ? run_list(o, &list, target) : EXIT_USAGE;
	suite_list_free(&list);
	return err && !code ? EXIT_USAGE : code;
}

static int run_main(const struct command *self, int argc, char **argv)
{
	const struct target_desc *target;
	struct options o;
	int code = EXIT_USAGE;

	if (options_parse(&o, self, argc, argv) == 0) {
		target = target_find(o.target);
		if (o.help) {
			options_help(stdout, self);
			code = 0;
		} else if (!target) {
			fprintf(stderr, "drillpress: unknown target '%s'; there is: host\n", o.target);
		} else {
			code = run_paths(&o, target);
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
};
