/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/run_targets.h"
#include "base/arena.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/reports.h"
#include "cli/run_case.h"
#include "cli/run_guest.h"
#include "cli/selection.h"
#include "cli/suite_setup.h"
#include "cli/target_list.h"
#include "cli/witness.h"
#include "report/compare.h"
#include "report/dossier.h"
#include "report/dossier_folder.h"
#include "report/page.h"
#include "report/relabel.h"
#include "report/report_set.h"
#include "seam/target.h"
#include "suite/eta.h"
#include "suite/in_order.h"
#include "suite/leaving.h"
#include "suite/order.h"
#include "suite/suite.h"
#include "target/clock_real.h"
#include "target/stall.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The scripts on one target. */
struct leg {
	const struct tested *on;
	struct case_runner runner;
	struct suite_config cfg;	/* of each of its suites */
	struct suite_config once;	/* the same for the time left */
	struct suite_case **cases;	/* in the order for this target */
	struct eta *ahead;		/* of a suite that has not begun */
	bool started;			/* a process, in this round */
	bool hopeless;
};

/* All of it. Several targets take turns round by round; one repeats by itself. */
struct tour {
	const struct options *o;
	struct suite_list *list;
	struct selection *selection;
	struct leg *leg;
	int n, at;			/* legs; the one under way */
	int rounds, round;		/* or REPEAT_FOREVER; the one under way */
	struct clock *clock;
	nstime deadline;		/* 0 = none */
	struct eta *eta;		/* of the suite under way, or NULL */
	struct relabel relabel;
	struct comparison *comparison;	/* NULL with one target */
	struct suite_totals totals;
	struct leaving leaving;		/* of all suites */
	unsigned dossiers;		/* written */
	const char *hopeless_on;	/* label of a target no script can run on, if there are others */
};

/* ---- how long ---- */

/* Of the legs from one on; negative = not known. */
static nstime ahead(const struct tour *t, int from)
{
	nstime sum = 0, one;
	int i;

	for (i = from; i < t->n; i++) {
		one = t->leg[i].hopeless ? 0 : eta_left(t->leg[i].ahead);
		if (one < 0)
			return -1;
		sum += one;
	}
	return sum;
}

static nstime left(void *arg)
{
	const struct tour *t = arg;
	nstime now = t->eta ? eta_left(t->eta) : 0, round = ahead(t, t->at + 1);
	nstime all = t->rounds > t->round + 1 ? ahead(t, 0) : 0, until;

	if (now < 0 || round < 0 || all < 0 || t->rounds == REPEAT_FOREVER)
		return -1;
	all = now + round + all * (t->rounds - t->round - 1);
	until = t->deadline ? t->deadline - clock_now(t->clock) : all;
	return until < 0 ? 0 : until < all ? until : all;
}

/* ---- one leg ---- */

static pid_t start(void *arg, const struct case_start *how, struct diag_sink *d)
{
	struct leg *leg = arg;

	leg->started = true;
	return leg->on->desc->guest ? guest_start(&leg->runner, how, d) :
		case_start(&leg->runner, how, d);
}

static void prepare(struct tour *t, struct leg *leg, const struct tested *on)
{
	const struct target_desc *desc = on->desc;

	*leg = (struct leg){
		.on = on,
		.runner = { .target = desc, .where = on->where, .evidence = t->o->dossier != NULL,
			    .evidence_of_pass = selection_keeps_passes(t->selection) },
		.cfg = { .tries = CASE_TRIES, .start = start, .start_arg = leg,
			 .batch = desc->guest ? GUEST_BATCH : 1, .needs_checked_there = desc->guest,
			 .done = selection_done, .done_arg = t->selection,
			 .foreign = desc->in_process || desc->guest, .hopeless_status = CASE_HOPELESS,
			 .clock = t->clock, .leaving = &t->leaving },
	};
	suite_set_jobs(&leg->cfg, t->o, desc, t->list->n);
	suite_set_repeat(&leg->cfg, t->o);
	leg->cfg.deadline = t->deadline;
	leg->cfg.live = leg->cfg.jobs == 1;
	leg->once = leg->cfg;
	if (t->n > 1)
		leg->once.repeat = 1;
	selection_target(t->selection, on, t->list);
	/*
	 * One after the other, no order is faster than any other; and the same
	 * scripts in a guest in the same order give the same results.
	 */
	leg->cases = suite_order(t->list, leg->cfg.jobs > 1 && !desc->guest);
	leg->ahead = eta_new(&leg->once, leg->cases, t->list->n);
}

static void add_totals(struct tour *t, const struct leg *leg, const struct suite_totals *s)
{
	int v;

	for (v = 0; v < VERDICT_COUNT; v++)
		t->totals.count[v] += s->count[v];
	t->totals.interrupted = s->interrupted;
	t->totals.not_run += s->not_run;
	t->totals.hopeless |= s->hopeless;
	if (s->hopeless && t->n > 1)
		t->hopeless_on = leg->on->label;
}

/* 0, or -1 when the suite could not work. */
static int run_leg(struct tour *t, struct leg *leg)
{
	struct suite_totals totals;
	struct reporter *next = &t->relabel.base;
	struct stall_watch watch = { 0 };
	int err;

	selection_target(t->selection, leg->on, t->list);
	t->eta = eta_new(&leg->once, leg->cases, t->list->n);
	t->relabel.target = leg->on->label;
	t->relabel.offset = (unsigned)((t->round * t->n + t->at) * t->list->n);
	if (t->n > 1) {
		t->relabel.label = leg->on->label;
		next = comparison_reporter(t->comparison, t->at, next);
		leg->cfg.round = t->round;
		leg->cfg.repeat = t->round + 1;
	}
	leg->cfg.out = eta_reporter(t->eta, next);
	if (leg->on->desc->guest)
		leg->cfg.out = in_order_new(leg->cfg.out);
	leg->started = false;
	/* In virtual time a machine that stands still disturbs nothing. */
	if (!leg->on->desc->exact)
		stall_watch_start(&watch);
	leg->runner.stalls = watch.log;
	err = suite_run(&leg->cfg, leg->cases, t->list->n, &totals);
	stall_watch_end(&watch);
	if (leg->on->desc->guest)
		in_order_end(leg->cfg.out);
	add_totals(t, leg, &totals);
	leg->hopeless = totals.hopeless;
	eta_free(t->eta);
	t->eta = NULL;
	return err;
}

/* ---- all legs ---- */

static bool failed(const struct suite_totals *t)
{
	enum verdict v;

	for (v = 0; v < VERDICT_COUNT; v++)
		if (t->count[v] && suite_verdict_is_bad(v))
			return true;
	return false;
}

/* Nothing more is to be run; what the legs from t->at + 1 on would have run is counted. */
static bool is_over(struct tour *t)
{
	if (t->totals.interrupted)
		return true;
	if (t->round && t->deadline && clock_now(t->clock) >= t->deadline)
		return true;
	if (!t->leg[t->at].cfg.fail_fast || !failed(&t->totals))
		return false;
	if (!t->round)
		t->totals.not_run += (t->n - t->at - 1) * t->list->n;
	return true;
}

/* 0, or -1 when a suite could not work. */
static int run_legs(struct tour *t)
{
	bool any = true;

	for (; any && (t->rounds == REPEAT_FOREVER || t->round < t->rounds); t->round++) {
		any = false;
		for (t->at = 0; t->at < t->n; t->at++) {
			if (t->leg[t->at].hopeless)
				continue;
			if (run_leg(t, &t->leg[t->at]))
				return -1;
			any |= t->leg[t->at].started;
			if (is_over(t))
				return 0;
		}
	}
	return 0;
}

/* ---- from the reports' opening to their end ---- */

static void tour_begin(struct tour *t, const struct target_list *targets)
{
	struct suite_config whole = { .clock = t->clock };
	struct compare_options how = { .n = targets->n, .times = t->o->compare_times,
				       .details = t->o->verbose };
	const char **labels, **meanings;
	int i;

	suite_set_repeat(&whole, t->o);
	t->deadline = whole.deadline;
	t->n = targets->n;
	t->rounds = t->n > 1 ? whole.repeat : 1;
	t->leg = arena_alloc(t->o->arena, (size_t)t->n * sizeof(*t->leg));
	how.labels = labels = arena_alloc(t->o->arena, (size_t)t->n * sizeof(*labels));
	how.meanings = meanings = arena_alloc(t->o->arena, (size_t)t->n * sizeof(*meanings));
	for (i = 0; i < t->n; i++) {
		prepare(t, &t->leg[i], &targets->at[i]);
		labels[i] = targets->at[i].label;
		meanings[i] = targets->at[i].spelled;
	}
	how.keep_all = t->rounds != 1;
	if (t->n > 1)
		t->comparison = comparison_new(&how);
}

static void tour_end(struct tour *t)
{
	int i;

	for (i = 0; i < t->n; i++) {
		eta_free(t->leg[i].ahead);
		free(t->leg[i].cases);
	}
	comparison_free(t->comparison);
	leaving_end(&t->leaving);
}

static struct report_set *open_reports(struct tour *t)
{
	int i, jobs = 1, repeat = t->leg[0].cfg.repeat, total = 0;
	struct report_set *set;

	for (i = 0; i < t->n; i++)
		jobs = t->leg[i].cfg.jobs > jobs ? t->leg[i].cfg.jobs : jobs;
	if (repeat > 0)
		total = t->list->n * repeat * t->n;
	set = reports_open(t->o, total, jobs, clock_now(t->clock) + clock_wall_offset(t->clock),
			   NULL, left, t);
	for (i = 0; i < t->n && set; i++)
		t->leg[i].runner.environment = report_set_wants_environment(set);
	return set;
}

/* 0, or -1 after a message. */
static int make_folder(const char *path)
{
	if (dossier_folder_make(path) == 0)
		return 0;
	fprintf(stderr, "drillpress: cannot make the folder %s: %s\n", path, strerror(errno));
	return -1;
}

/* Runs all with dossiers, if wanted, and what they hand on. Returns the exit code. */
static int run_and_keep(struct tour *t, struct reporter *reports)
{
	struct witness witness = { t->list, t->selection, t->clock };
	struct dossier_options dossier = { .dir = t->o->dossier, .err = stderr, .next = reports };
	struct reporter *out = reports;
	int code;

	witness_answers(&dossier, &witness);
	if (t->o->dossier)
		out = report_dossier_new(&dossier);
	relabel_init(&t->relabel, out);
	code = run_legs(t) ? EXIT_ENVIRONMENT : suite_exit_code(&t->totals);
	if (out == reports)
		return code;
	t->dossiers = report_dossier_count(out);
	if (out->ops->close(out) && !code)
		code = EXIT_ENVIRONMENT;
	return code;
}

/* For people: where a program reads the output, on standard error. */
static void tell(const struct tour *t, FILE *out)
{
	if (t->totals.not_run)
		fprintf(out, "%d script%s not run after the failure\n", t->totals.not_run,
			t->totals.not_run == 1 ? "" : "s");
	selection_say(t->selection, t->list, out);
	if (t->totals.hopeless)
		fprintf(stderr, "drillpress: no script can run %s%s; the rest was not tried\n",
			t->hopeless_on ? "on " : "here", t->hopeless_on ? t->hopeless_on : "");
	if (t->dossiers)
		fprintf(stderr, "drillpress: %u dossier%s in %s\n", t->dossiers,
			t->dossiers == 1 ? "" : "s", t->o->dossier);
}

/* What no text report shows is shown where it is in no report's way. */
static void show_comparison(const struct tour *t)
{
	struct page p = { .out = stderr, .width = PAGE_DEFAULT_WIDTH,
			  .colour = options_colour(t->o, STDERR_FILENO) };

	comparison_print(t->comparison, &p, t->o->verbose);
}

int run_targets(const struct options *o, struct suite_list *list,
		const struct target_list *targets, struct selection *selection)
{
	struct tour t = { .o = o, .list = list, .selection = selection, .clock = clock_real() };
	nstime began = clock_now(t.clock);
	struct report_set *reports;
	bool text, any_text;
	int code;

	if (o->dossier && make_folder(o->dossier))
		return EXIT_ENVIRONMENT;
	tour_begin(&t, targets);
	reports = open_reports(&t);
	if (!reports) {
		tour_end(&t);
		return EXIT_USAGE;
	}
	text = report_set_text_on_stdout(reports);
	any_text = report_set_has_text(reports);
	code = run_and_keep(&t, report_set_reporter(reports));
	if (t.comparison)
		comparison_end(t.comparison);
	code = reports_close(reports, &t.totals, clock_now(t.clock) - began, t.hopeless_on,
			     t.comparison, code);
	if (t.comparison && !any_text)
		show_comparison(&t);
	tell(&t, text ? stdout : stderr);
	tour_end(&t);
	return code;
}
