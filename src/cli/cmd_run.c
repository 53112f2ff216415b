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
#include "suite/eta.h"
#include "suite/order.h"
#include "suite/suite.h"
#include "sys/sys.h"
#include "target/clock_real.h"
#include "target/stall.h"
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
static void set_jobs(struct suite_config *cfg, const struct options *o,
		     const struct target_desc *target, int n)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (cpus < 1)
		cpus = 1;
	cfg->jobs = o->jobs;
	if (!o->jobs) {
		/* Each takes a few descriptors of this process; many processors do not make them cheaper. */
		cfg->jobs_most = at_most((int)cpus * (target->exact ? 1 : JOBS_PER_CPU),
					 at_most(n, JOBS_MAX));
		cfg->jobs = cfg->jobs_most;
		cfg->jobs_least = at_most((int)cpus, cfg->jobs);
	}
	cfg->jobs = at_most(cfg->jobs, n);
	/* In virtual time nobody is disturbed. */
	if (!target->exact)
		cfg->spacing = NS_PER_SEC / (cpus * STARTS_PER_CPU);
	if (target->one_at_a_time) {
		if (o->jobs > 1)
			fprintf(stderr, "drillpress: scripts on target %s run one at a time\n", o->target);
		cfg->jobs = 1;
		cfg->jobs_least = cfg->jobs_most = 0;
	}
}

static void set_repeat(struct suite_config *cfg, const struct options *o)
{
	cfg->repeat = o->repeat ? o->repeat : o->until_fail ? REPEAT_FOREVER : 1;
	cfg->fail_fast = o->fail_fast || o->until_fail;
	if (o->deadline)
		cfg->deadline = clock_now(cfg->clock) + o->deadline;
}

/* Who knows what dossiers ask for. */
struct witness {
	const struct suite_list *list;
	struct selection *selection;
	struct clock *clock;
};

/* A script as it was read. Standard input goes by its source's name. */
static const char *script_text(void *arg, const char *path, size_t *len)
{
	const struct witness *w = arg;
	const struct suite_case *c;

	for (c = w->list->first; c; c = c->next)
		if (c->script && !strcmp(c->script->src->name, path)) {
			*len = c->script->src->len;
			return c->script->src->text;
		}
	return NULL;
}

static void script_passed(void *arg, const char *path, const char *version,
			  const char *environment)
{
	const struct witness *w = arg;

	selection_passed(w->selection, path, version, environment,
			 clock_now(w->clock) + clock_wall_offset(w->clock));
}

static const char *last_pass(void *arg, const char *path, const char *version, struct arena *a,
			     nstime *at)
{
	return selection_last_pass(((const struct witness *)arg)->selection, path, version, a, at);
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
		    const struct target_desc *target, const char *where,
		    struct selection *selection)
{
	struct case_runner runner = { .target = target, .where = where,
				      .evidence = o->dossier != NULL,
				      .evidence_of_pass = selection_keeps_passes(selection) };
	struct suite_config cfg = { .tries = CASE_TRIES, .start = case_start, .start_arg = &runner,
				    .done = selection_done, .done_arg = selection,
				    .foreign = target->in_process,
				    .hopeless_status = CASE_HOPELESS, .clock = clock_real() };
	nstime began = clock_now(cfg.clock);
	struct witness witness = { list, selection, cfg.clock };
	struct dossier_options dossier = { .dir = o->dossier, .err = stderr,
					   .script = script_text, .passed = script_passed,
					   .last_pass = last_pass, .arg = &witness };
	struct report_set *reports;
	struct suite_case **cases;
	struct suite_totals totals;
	struct eta *eta;
	struct stall_watch watch = { 0 };
	unsigned kept = 0;
	bool text;
	int code;

	if (o->dossier && make_folder(o->dossier))
		return EXIT_ENVIRONMENT;
	set_jobs(&cfg, o, target, list->n);
	set_repeat(&cfg, o);
	cfg.live = cfg.jobs == 1;
	/* One after the other, no order is faster than any other. */
	cases = suite_order(list, cfg.jobs > 1);
	eta = eta_new(&cfg, cases, list->n);
	reports = reports_open(o, cfg.repeat > 0 ? list->n * cfg.repeat : 0, cfg.jobs,
			       began + clock_wall_offset(cfg.clock), NULL, eta);
	if (!reports) {
		eta_free(eta);
		free(cases);
		return EXIT_USAGE;
	}
	runner.environment = report_set_wants_environment(reports);
	dossier.next = cfg.out = eta_reporter(eta, report_set_reporter(reports));
	text = report_set_text_on_stdout(reports);
	if (o->dossier)
		cfg.out = report_dossier_new(&dossier);
	/* In virtual time a machine that stands still disturbs nothing. */
	if (!target->exact)
		stall_watch_start(&watch);
	runner.stalls = watch.log;
	code = suite_run(&cfg, cases, list->n, &totals) ? EXIT_ENVIRONMENT : suite_exit_code(&totals);
	stall_watch_end(&watch);
	if (o->dossier) {
		kept = report_dossier_count(cfg.out);
		if (cfg.out->ops->close(cfg.out) && !code)
			code = EXIT_ENVIRONMENT;
	}
	code = reports_close(reports, &totals, clock_now(cfg.clock) - began, code);
	eta_free(eta);
	free(cases);
	tell(&totals, selection, list, text ? stdout : stderr);
	if (kept)
		fprintf(stderr, "drillpress: %u dossier%s in %s\n", kept, kept == 1 ? "" : "s",
			o->dossier);
	return code;
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

static int run_paths(const struct options *o, const struct target_desc *target, const char *where)
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
		code = run_list(o, &list, target, where, &selection);
	selection_end(&selection);
	suite_list_free(&list);
	return err && !code ? EXIT_USAGE : code;
}

static void unknown_target(const char *name)
{
	const struct target_desc *t;
	unsigned i;

	fprintf(stderr, "drillpress: unknown target '%s'; there are:", name);
	for (i = 0; (t = target_at(i)); i++)
		fprintf(stderr, "%s %s%s%s", i ? "," : "", t->name, t->arg ? ":" : "",
			t->arg ? t->arg : "");
	fputc('\n', stderr);
}

/* 0, or -1 after a message: no such target, or what follows its name is wrong. */
static int check_target(const struct options *o, const struct target_desc *target,
			const char *where)
{
	struct diag_sink d;

	diag_init(&d, o->arena);
	if (!target) {
		unknown_target(o->target);
		return -1;
	}
	if (!target->check || target->check(where, &d) == 0)
		return 0;
	fprintf(stderr, "drillpress: %s\n", d.first->msg);
	return -1;
}

static int run_main(const struct command *self, int argc, char **argv)
{
	const struct target_desc *target;
	const char *where;
	struct options o;
	int code = EXIT_USAGE;

	if (options_parse(&o, self, argc, argv) == 0) {
		target = target_find(o.target, &where);
		if (o.help) {
			options_help(stdout, self);
			code = 0;
		} else if (check_target(&o, target, where) == 0) {
			resolve_stack(&o);
			code = run_paths(&o, target, where);
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
