/* SPDX-License-Identifier: BSD-2-Clause */
/* Results as JUnit XML: what GitLab, Jenkins and GitHub's readers agree on. */
#include "config.h"

#include "report/junit.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/per_run.h"
#include "report/run_log.h"
#include "report/xml.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_WIDTH 100

enum outcome { PASSED, FAILED, BROKEN, SKIPPED, N_OUTCOMES };

/* The element below <testcase>, and the count of <testsuite>. */
static const struct outcome_words {
	const char *element, *counted;
} outcome_table[N_OUTCOMES] = {
	[PASSED] = { NULL, "tests" },
	[FAILED] = { "failure", "failures" },
	[BROKEN] = { "error", "errors" },
	[SKIPPED] = { "skipped", "skipped" },
};

/* JUnit has no failure that was expected; to skip it is what its other writers do. */
static const enum outcome outcome_of[VERDICT_COUNT] = {
	[VERDICT_NONE] = BROKEN,
	[VERDICT_PASS] = PASSED,
	[VERDICT_FAIL] = FAILED,
	[VERDICT_INCONCLUSIVE] = BROKEN,
	[VERDICT_SKIP] = SKIPPED,
	[VERDICT_BADSCRIPT] = BROKEN,
	[VERDICT_ENVIRONMENT] = BROKEN,
	[VERDICT_XFAIL] = SKIPPED,
	[VERDICT_XPASS] = PASSED,
};

struct junit_report {
	struct per_run base;	/* first */
	struct buf cases;	/* all <testcase> so far */
	nstime duration;	/* of all of them */
};

static void add_attribute(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, " %s=\"", name);
	xml_attribute(b, value);
	buf_addc(b, '"');
}

static void add_time(struct buf *b, nstime t)
{
	buf_adds(b, " time=\"");
	format_seconds(b, t, 6);
	buf_addc(b, '"');
}

static void add_outcome(struct buf *b, struct run_log *run, const struct result *end,
			enum outcome o)
{
	const char *element = outcome_table[o].element, *verdict = verdict_name(end->verdict);
	const char *message = failure_message(run, failure_event(run, end), end);

	if (end->verdict == VERDICT_XFAIL)
		message = arena_printf(run->arena, "failed as expected: %s", message);
	buf_printf(b, "      <%s", element);
	add_attribute(b, "message", message);
	if (o == SKIPPED) {
		buf_adds(b, "/>\n");
		return;
	}
	add_attribute(b, "type", verdict);
	buf_adds(b, ">");
	xml_text(b, failure_text(run, end, BODY_WIDTH));
	buf_printf(b, "</%s>\n", element);
}

/* A pass that someone has to look into is still one. */
static void add_unexpected(struct buf *b, struct run_log *run, const struct result *end)
{
	buf_adds(b, "      <properties>\n        <property name=\"XPASS\"");
	add_attribute(b, "value", failure_message(run, end, end));
	buf_adds(b, "/>\n      </properties>\n");
}

static void add_names(struct buf *b, struct run_log *run)
{
	const char *title = run_log_title(run), *slash = strrchr(run->script, '/');
	size_t folder = slash ? (size_t)(slash - run->script) : 0;

	add_attribute(b, "classname", folder ? arena_strndup(run->arena, run->script, folder) : ".");
	add_attribute(b, "name", slash ? title + folder + 1 : title);
	add_attribute(b, "file", run->script);
}

static void junit_ended(struct per_run *p, struct run_log *run, const struct result *end)
{
	struct junit_report *j = (struct junit_report *)p;
	unsigned v = (unsigned)end->verdict;
	enum outcome o = outcome_of[v < VERDICT_COUNT ? v : VERDICT_NONE];
	struct buf *b = &j->cases;

	j->duration = nstime_sum(j->duration, end->duration);
	buf_adds(b, "    <testcase");
	add_names(b, run);
	add_time(b, end->duration);
	if (o == PASSED && end->verdict == VERDICT_PASS) {
		buf_adds(b, "/>\n");
		return;
	}
	buf_adds(b, ">\n");
	if (o == PASSED)
		add_unexpected(b, run, end);
	else
		add_outcome(b, run, end, o);
	buf_adds(b, "    </testcase>\n");
}

/* Runs that are missing must not look like a suite that passed. */
static void add_missing(struct junit_report *j, const char *why)
{
	struct buf *b = &j->cases;

	j->base.done++;
	j->base.count[VERDICT_ENVIRONMENT]++;
	buf_adds(b, "    <testcase classname=\"drillpress\" name=\"all scripts were run\" "
		 "time=\"0\">\n      <error");
	add_attribute(b, "message", why);
	buf_adds(b, " type=\"ENVIRONMENT\"/>\n    </testcase>\n");
}

static void add_counts(const struct junit_report *j, struct buf *b)
{
	unsigned n[N_OUTCOMES] = { 0 };
	size_t v;

	for (v = 0; v < VERDICT_COUNT; v++)
		n[outcome_of[v]] += j->base.count[v];
	n[PASSED] = j->base.done;	/* counted as "tests": all of them */
	for (v = 0; v < N_OUTCOMES; v++)
		buf_printf(b, " %s=\"%u\"", outcome_table[v].counted, n[v]);
	add_time(b, j->base.end.wall ? j->base.end.wall : j->duration);
}

/* ISO 8601 without a zone: readers take it as UTC. */
static void add_timestamp(struct buf *b, nstime began)
{
	struct timespec ts = nstime_to_timespec(began);
	char text[32];
	struct tm tm;

	if (began > 0 && gmtime_r(&ts.tv_sec, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		add_attribute(b, "timestamp", text);
}

static int junit_close(struct reporter *r)
{
	struct junit_report *j = (struct junit_report *)r;
	struct buf head = { 0 };
	const char *missing;
	char words[80];
	int err;

	per_run_end_orphans(&j->base);
	missing = per_run_missing(&j->base, words, sizeof(words));
	if (missing)
		add_missing(j, missing);
	buf_adds(&head, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"drillpress\"");
	add_counts(j, &head);
	buf_adds(&head, ">\n  <testsuite name=\"drillpress\"");
	add_counts(j, &head);
	add_timestamp(&head, j->base.options.began);
	fprintf(j->base.out, "%s>\n%s  </testsuite>\n</testsuites>\n", buf_str(&head),
		buf_str(&j->cases));
	err = per_run_flush(&j->base);
	buf_free(&head);
	buf_free(&j->cases);
	free(j);
	return err;
}

struct reporter *report_junit_new(FILE *out, const struct report_options *o)
{
	static const struct reporter_ops ops = { .event = per_run_event, .close = junit_close };
	struct junit_report *j = xzalloc(sizeof(*j));

	per_run_init(&j->base, &ops, out, o, junit_ended);
	return &j->base.base;
}
