/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress run: scripts against a target, each in a sandbox of its own. */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/reports.h"
#include "cli/run_case.h"
#include "cli/selection.h"
#include "report/dossier.h"
#include "report/dossier_folder.h"
#include "report/report_set.h"
#include "suite/order.h"
#include "suite/suite.h"
#include "sys/sys.h"
#include "target/clock_real.h"
#include "target/target_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS_MAX 256
/* Scripts mostly wait. What disturbs them is how many are started and ended a second. */
#define JOBS_PER_CPU 16
#define STARTS_PER_CPU 50

static int at_most(int n, int most)
{
	n = n < most ? n : most;
	return n > 0 ? n : 1;
}

/* How many at a time; when the user said no number, fewer while the tester is late. */
static void set_jobs(struct suite_config *cfg, const struct options *o, int n, bool sandboxed)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (cpus < 1)
		cpus = 1;
	cfg->jobs = o->jobs;
	if (!o->jobs) {
		/* Each takes a few descriptors of this process; many processors do not make them cheaper. */
		cfg->jobs_most = at_most((int)cpus * JOBS_PER_CPU, at_most(n, JOBS_MAX));
		cfg->jobs = cfg->jobs_most;
		cfg->jobs_least = at_most((int)cpus, cfg->jobs);
	}
	cfg->jobs = at_most(cfg->jobs, n);
	if (!sandboxed) {
		if (o->jobs > 1)
			fprintf(stderr, "drillpress: scripts on target %s run one at a time\n", o->target);
		cfg->jobs = 1;
		cfg->jobs_least = cfg->jobs_most = 0;
	}
	cfg->spacing = NS_PER_SEC / (cpus * STARTS_PER_CPU);
}

static void set_repeat(struct suite_config *cfg, const struct options *o)
{
	cfg->repeat = o->repeat ? o->repeat : o->until_fail ? REPEAT_FOREVER : 1;
	cfg->fail_fast = o->fail_fast || o->until_fail;
	if (o->deadline)
		cfg->deadline = clock_now(cfg->clock) + o->deadline;
}

/* A script as it was read. Standard input goes by its source's name. */
static const char *script_text(void *arg, const char *path, size_t *len)
{
	const struct suite_list *list = arg;
	const struct suite_case *c;

	for (c = list->first; c; c = c->next)
		if (c->script && !strcmp(c->script->src->name, path)) {
			*len = c->script->src->len;
			return c->script->src->text;
		}
	return NULL;
}

/* 0, or -1 after a message. */
static int make_folder(const char *path)
{
	if (dossier_folder_make(path) == 0)
		return 0;
	fprintf(stderr, "drillpress: cannot make the folder %s: %s\n", path, strerror(errno));
	return -1;
}

/* For people: where a program reads the output, on standard error. */
static void tell(const struct suite_totals *t, const struct selection *selection,
		 const struct suite_list *list, FILE *out)
{
	if (t->not_run)
		fprintf(out, "%d script%s not run after the failure\n", t->not_run,
			t->not_run == 1 ? "" : "s");
	selection_say(selection, list, out);
	if (t->hopeless)
		fprintf(stderr, "drillpress: no script can run here; the rest was not tried\n");
}

static int run_list(const struct options *o, const struct suite_list *list,
		    const struct target_desc *target, struct selection *selection)
{
	struct case_runner runner = { .target = target, .where = target_where(o->target),
				      .evidence = o->dossier != NULL };
	struct suite_config cfg = { .tries = CASE_TRIES, .start = case_start, .start_arg = &runner,
				    .done = selection_done, .done_arg = selection,
				    .hopeless_status = CASE_HOPELESS, .clock = clock_real() };
	nstime began = clock_now(cfg.clock);
	struct dossier_options dossier = { .dir = o->dossier, .err = stderr,
					   .script = script_text, .arg = (void *)list };
	struct report_set *reports;
	struct suite_case **cases;
	struct suite_totals totals;
	unsigned kept = 0;
	bool text;
	int code;

	if (o->dossier && make_folder(o->dossier))
		return EXIT_ENVIRONMENT;
	set_jobs(&cfg, o, list->n, target->sandboxed);
	set_repeat(&cfg, o);
	cfg.live = cfg.jobs == 1;
	reports = reports_open(o, cfg.repeat > 0 ? list->n * cfg.repeat : 0, cfg.jobs,
			       began + clock_wall_offset(cfg.clock));
	if (!reports)
		return EXIT_USAGE;
	dossier.next = cfg.out = report_set_reporter(reports);
	text = report_set_text_on_stdout(reports);
	if (o->dossier)
		cfg.out = report_dossier_new(&dossier);
	/* One after the other, no order is faster than any other. */
	cases = suite_order(list, cfg.jobs > 1);
	code = suite_run(&cfg, cases, list->n, &totals) ? EXIT_ENVIRONMENT : suite_exit_code(&totals);
	free(cases);
	if (o->dossier) {
		kept = report_dossier_count(cfg.out);
		if (cfg.out->ops->close(cfg.out) && !code)
			code = EXIT_ENVIRONMENT;
	}
	code = reports_close(reports, &totals, clock_now(cfg.clock) - began, code);
	tell(&totals, selection, list, text ? stdout : stderr);
	if (kept)
		fprintf(stderr, "drillpress: %u dossier%s in %s\n", kept, kept == 1 ? "" : "s",
			o->dossier);
	return code;
}

static int run_paths(const struct options *o, const struct target_desc *target)
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
	chosen = selection_begin(&selection, o, &list) == 0;
	for (c = list.first; c && chosen; c = c->next)
		/* A single error is in the report, at its script. */
		if (c->diag.errors != 1 || c->diag.warnings)
			diag_print_all(stderr, &c->diag, options_colour(o, STDERR_FILENO));
	fflush(stderr);
	if (chosen && (selection.found || list.slow_left_out))
		code = run_list(o, &list, target, &selection);
	selection_end(&selection);
	suite_list_free(&list);
	return err && !code ? EXIT_USAGE : code;
}

/* 0, or -1 after a message: no such target, or what follows its name is wrong. */
static int check_target(const struct options *o, const struct target_desc *target)
{
	const char *where = target_where(o->target);
	struct diag_sink d;

	diag_init(&d, o->arena);
	if (!target) {
		fprintf(stderr, "drillpress: unknown target '%s'; see drillpress run --help\n", o->target);
		return -1;
	}
	if (target->check ? target->check(where, &d) == 0 : !where)
		return 0;
	fprintf(stderr, "drillpress: %s\n", d.first ? d.first->msg :
		arena_printf(o->arena, "nothing can follow target %s", target->name));
	return -1;
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
		} else if (check_target(&o, target) == 0) {
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
