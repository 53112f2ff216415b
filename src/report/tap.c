/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAP 14 (testanything.org) and KTAP 1 (the kernel's Documentation/dev-tools/ktap.rst):
 * the same lines, but for how a name is written, where details stand (TAP: a
 * YAML block after the result; KTAP: comments before it) and the directives.
 */
#include "config.h"

#include "report/tap.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/per_run.h"
#include "report/run_log.h"
#include "report/tap_yaml.h"
#include "report/utf8.h"

#include <stdlib.h>
#include <string.h>

#define COMMENT_WIDTH 98

/* How a verdict is said. TAP knows SKIP and TODO; KTAP more. */
struct tap_style {
	bool ok, ktap_ok;	/* a reader that knows no directives goes by these */
	const char *tap, *ktap;	/* directive, or NULL */
	const char *total;	/* in KTAP's line of totals */
};

static const struct tap_style style_table[VERDICT_COUNT] = {
	[VERDICT_NONE] = { false, false, NULL, "ERROR", "error" },
	[VERDICT_PASS] = { true, true, NULL, NULL, "pass" },
	[VERDICT_FAIL] = { false, false, NULL, NULL, "fail" },
	[VERDICT_INCONCLUSIVE] = { false, false, NULL, "ERROR", "error" },
	[VERDICT_SKIP] = { true, true, "SKIP", "SKIP", "skip" },
	[VERDICT_BADSCRIPT] = { false, false, NULL, "ERROR", "error" },
	[VERDICT_ENVIRONMENT] = { false, false, NULL, "ERROR", "error" },
	[VERDICT_XFAIL] = { false, true, "TODO", "XFAIL", "xfail" },
	[VERDICT_XPASS] = { true, true, "TODO", NULL, "xpass" },
};

static const char *const total_order[] = { "pass", "fail", "xfail", "xpass", "skip", "error" };

struct tap_report {
	struct per_run base;	/* first */
	bool kernel;
};

static const struct tap_style *style_of(const struct result *end)
{
	return &style_table[(unsigned)end->verdict < VERDICT_COUNT ? end->verdict : VERDICT_NONE];
}

/* A name or reason on the result line: '#' starts a directive, and KTAP cannot escape it. */
static void put_words(const struct tap_report *t, struct arena *a, const char *s)
{
	FILE *out = t->base.out;

	for (s = format_one_line(a, utf8_clean(a, s)); *s; s++) {
		if (t->kernel && *s == '#')
			fputc('_', out);
		else if (!t->kernel && (*s == '#' || *s == '\\'))
			fprintf(out, "\\%c", *s);
		else
			fputc(*s, out);
	}
}

static void put_result(const struct tap_report *t, struct run_log *run, const struct result *end)
{
	const struct tap_style *s = style_of(end);
	const char *directive = t->kernel ? s->ktap : s->tap;
	const char *why = failure_message(run, failure_event(run, end), end);
	bool ok = t->kernel ? s->ktap_ok : s->ok, said = t->kernel && !ok;

	fprintf(t->base.out, "%s %u %s", ok ? "ok" : "not ok", t->base.done,
		t->kernel ? "" : "- ");
	put_words(t, run->arena, run_log_title(run));
	if (directive)
		fprintf(t->base.out, " # %s", directive);
	else if (said && *why)
		fputs(" #", t->base.out);
	if ((directive || said) && *why) {
		fputc(' ', t->base.out);
		put_words(t, run->arena, why);
	}
	fputc('\n', t->base.out);
}

/* The whole story as comments, which belong to the result that follows. */
static void put_comments(const struct tap_report *t, struct run_log *run, const struct result *end)
{
	const char *text = "";

	if (end->verdict == VERDICT_XPASS)
		text = failure_message(run, end, end);
	else if (!style_of(end)->ktap_ok)
		text = failure_text(run, end, COMMENT_WIDTH);
	for (text = utf8_clean(run->arena, text); *text; text += *text == '\n') {
		size_t n = strcspn(text, "\n");

		fprintf(t->base.out, "#%s%.*s\n", n ? " " : "", (int)n, text);
		text += n;
	}
}

static void tap_ended(struct per_run *p, struct run_log *run, const struct result *end)
{
	struct tap_report *t = (struct tap_report *)p;

	if (t->kernel)
		put_comments(t, run, end);
	put_result(t, run, end);
	if (!t->kernel && !style_of(end)->ktap_ok)
		tap_yaml(p->out, run, end);
	fflush(p->out);
}

/* The line kselftest ends with. */
static void put_totals(const struct tap_report *t)
{
	size_t i, v;

	fputs("# Totals:", t->base.out);
	for (i = 0; i < sizeof(total_order) / sizeof(total_order[0]); i++) {
		unsigned n = 0;

		for (v = 0; v < VERDICT_COUNT; v++)
			if (!strcmp(style_table[v].total, total_order[i]))
				n += t->base.count[v];
		fprintf(t->base.out, " %s:%u", total_order[i], n);
	}
	fputc('\n', t->base.out);
}

static int tap_close(struct reporter *r)
{
	struct tap_report *t = (struct tap_report *)r;
	struct arena *a = arena_new();
	const char *missing;
	char words[80];
	int err;

	per_run_end_orphans(&t->base);
	if (t->base.options.total <= 0)
		fprintf(t->base.out, "1..%u%s\n", t->base.done,
			t->base.done ? "" : " # SKIP no script was run");
	if (t->kernel && t->base.done)
		put_totals(t);
	missing = per_run_missing(&t->base, words, sizeof(words));
	if (missing)
		fprintf(t->base.out, "Bail out! %s\n", format_one_line(a, missing));
	err = per_run_flush(&t->base);
	arena_free(a);
	free(t);
	return err;
}

static struct reporter *start(FILE *out, const struct report_options *o, bool kernel)
{
	static const struct reporter_ops ops = { .event = per_run_event, .close = tap_close };
	struct tap_report *t = xzalloc(sizeof(*t));

	per_run_init(&t->base, &ops, out, o, tap_ended);
	t->kernel = kernel;
	fputs(kernel ? "KTAP version 1\n" : "TAP version 14\n", out);
	if (o->total > 0)
		fprintf(out, "1..%d\n", o->total);
	fflush(out);
	return &t->base.base;
}

struct reporter *report_tap_new(FILE *out, const struct report_options *o)
{
	return start(out, o, false);
}

struct reporter *report_ktap_new(FILE *out, const struct report_options *o)
{
	return start(out, o, true);
}
