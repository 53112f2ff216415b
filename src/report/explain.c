/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/explain.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/ladder_rows.h"
#include "report/ladder_svg.h"
#include "report/run_log.h"
#include "report/tally.h"
#include "report/text.h"
#include "seam/reporter.h"

#include <stdlib.h>
#include <string.h>

/* More runs than this nobody wants to see who did not ask for them. */
#define FEW 5

/* How often a word of the user's is the name of a run's script, its IP version, its target. */
struct word {
	const char *text;
	unsigned scripts, variants, targets;
};

struct explain {
	struct reporter base;	/* first */
	struct explain_options o;
	struct arena *arena;
	struct run_log *runs;	/* under way */
	bool drawing;		/* the second time */
	bool only_bad;
	struct word *word;
	unsigned n_runs, n_bad;	/* of the first time */
	unsigned n_drawn;	/* of the second */
	const char *example;	/* script of a run; NULL = there is none */
	struct reporter *text;	/* of the second time, without svg */
	struct buf picture;	/* the same, with it: of this run */
	const char *title;
	unsigned n_same;	/* runs of that script and version */
	const char *another;	/* a run that fits too, or NULL */
};

/* True if one path is the other's end. */
static bool is_end_of(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	return m && m <= n && !memcmp(path + n - m, end, m) &&
	       (m == n || path[n - m - 1] == '/' || *end == '/');
}

static bool fits_script(const struct run_log *run, const char *word)
{
	const char *path = run->script;

	while (!strncmp(path, "./", 2))
		path += 2;
	while (!strncmp(word, "./", 2))
		word += 2;
	/* A script's name stands for all cases of its table. */
	if (!strchr(word, '[') && strchr(path, '['))
		path = arena_strndup(run->arena, path, strcspn(path, "["));
	return is_end_of(path, word) || is_end_of(word, path) ||
	       is_end_of(path, arena_printf(run->arena, "%s.pkt", word)) ||
	       !strcmp(word, run_log_title(run));
}

/* "ipv4", or the whole of "ipv4 host". */
static bool fits_variant(const struct run_log *run, const char *word)
{
	size_t n = strcspn(run->variant, " ");

	return !strcmp(run->variant, word) || (strlen(word) == n && !memcmp(run->variant, word, n));
}

/* What follows the IP version where a run had several targets. */
static bool names_target(const struct run_log *run, const char *word)
{
	const char *blank = strchr(run->variant, ' ');

	return blank && !strcmp(blank + 1, word);
}

/* The same; for a script with errors the target stands alone. */
static bool fits_target(const struct run_log *run, const char *word)
{
	return names_target(run, word) || !strcmp(run->variant, word);
}

/* Any of the scripts named, in any of the versions named, on any of the targets named. */
static bool fits_words(const struct explain *e, const struct run_log *run)
{
	bool script = false, variant = false, target = false;
	bool named = false, asked = false, on = false;
	int i;

	for (i = 0; i < e->o.n_words; i++) {
		const struct word *w = &e->word[i];

		if (w->scripts) {
			script |= fits_script(run, w->text);
			named = true;
		} else if (w->targets) {
			target |= fits_target(run, w->text);
			on = true;
		} else {
			variant |= fits_variant(run, w->text);
			asked = true;
		}
	}
	return (script || !named) && (variant || !asked) && (target || !on);
}

static void count(struct explain *e, const struct run_log *run, const struct result *end)
{
	bool bad = verdict_style(end->verdict)->bad;
	int i;

	e->n_runs++;
	if (!e->example || (bad && !e->n_bad))
		e->example = arena_strdup(e->arena, run->script);
	e->n_bad += bad;
	for (i = 0; i < e->o.n_words; i++) {
		e->word[i].scripts += fits_script(run, e->word[i].text);
		e->word[i].variants += fits_variant(run, e->word[i].text);
		e->word[i].targets += names_target(run, e->word[i].text);
	}
}

static void draw_svg(struct explain *e, const struct run_log *run, const struct result *end)
{
	const struct result *why = failure_event(run, end);
	const char *title = run_log_title(run), *message = failure_message(run, why, end);
	struct rows rows;

	if (e->title) {
		e->n_same += !strcmp(title, e->title);
		if (!e->another && strcmp(title, e->title))
			e->another = arena_strdup(e->arena, title);
		return;
	}
	e->title = arena_strdup(e->arena, title);
	e->n_same = 1;
	ladder_rows(&rows, run, why, LADDER_ALL);
	ladder_svg(&e->picture, &rows, arena_printf(run->arena, "%s: %s", title,
						    verdict_name(end->verdict)),
		   arena_printf(run->arena, "%u packets and calls between the stack under test (left) "
				"and drillpress (right), as they happened%s%s", rows.total,
				*message ? ": " : "", message));
}

static void draw_text(struct explain *e, const struct run_log *run)
{
	const struct record *rec;

	for (rec = run->first; rec; rec = rec->next)
		reporter_event(e->text, run->id, &rec->r);
}

static void draw(struct explain *e, const struct run_log *run, const struct result *end)
{
	e->n_drawn++;
	if (e->o.svg)
		draw_svg(e, run, end);
	else
		draw_text(e, run);
}

static void explain_event(struct reporter *r, unsigned id, const struct result *event)
{
	struct explain *e = (struct explain *)r;
	struct run_log **at = run_log_open(&e->runs, id, event);
	const struct result *kept = NULL;

	/* Counting needs no more than the names. */
	if (e->drawing || event->kind == RES_BEGIN || event->kind == RES_END)
		kept = run_log_add(*at, event);
	if (event->kind != RES_END)
		return;
	if (!e->drawing)
		count(e, *at, kept);
	else if ((!e->only_bad || verdict_style(kept->verdict)->bad) && fits_words(e, *at))
		draw(e, *at, kept);
	run_log_drop(at);
}

struct explain *explain_new(const struct explain_options *o)
{
	static const struct reporter_ops ops = { .event = explain_event };
	struct explain *e = xzalloc(sizeof(*e));
	int i;

	e->base.ops = &ops;
	e->o = *o;
	e->arena = arena_new();
	e->word = arena_alloc(e->arena, (size_t)o->n_words * sizeof(*e->word));
	for (i = 0; i < o->n_words; i++)
		e->word[i].text = o->words[i];
	return e;
}

struct reporter *explain_reporter(struct explain *e)
{
	return &e->base;
}

static void drop_runs(struct explain *e)
{
	while (e->runs)
		run_log_drop(&e->runs);
}

int explain_choose(struct explain *e, const char *name, FILE *err)
{
	struct text_options text = { .out = e->o.out, .colour = e->o.colour, .jobs = 1,
				     .width = e->o.width, .whole = true,
				     .script_at = e->o.script_at };
	int i;

	drop_runs(e);
	for (i = 0; i < e->o.n_words; i++) {
		if (e->word[i].scripts || e->word[i].variants || e->word[i].targets)
			continue;
		fprintf(err, "drillpress: %s has no run of '%s'; it has one of '%s'\n", name,
			e->word[i].text, e->example ? e->example : "nothing");
		return -1;
	}
	if (!e->o.n_words && !e->n_bad && e->n_runs > FEW) {
		fprintf(err, "drillpress: none of the %u runs in %s failed; say which to draw: "
			"drillpress explain %s SCRIPT [VERSION], for example '%s'\n", e->n_runs, name,
			name, e->example);
		return -1;
	}
	e->only_bad = !e->o.n_words && e->n_bad;
	e->drawing = true;
	if (!e->o.svg)
		e->text = report_text_new(&text);
	return 0;
}

/* The picture, if it is that of the only run that fits. */
static int close_svg(struct explain *e, FILE *err)
{
	if (e->another) {
		fprintf(err, "drillpress: --svg draws one run, and '%s' and '%s' both fit; "
			"name the script and, after it, the IP version\n", e->title, e->another);
		return -1;
	}
	if (e->n_same > 1)
		fprintf(err, "drillpress: this is the first of %u runs of '%s'\n", e->n_same,
			e->title);
	fputs(buf_str(&e->picture), e->o.out);
	return 0;
}

int explain_close(struct explain *e, FILE *err)
{
	int rc = 0;

	drop_runs(e);
	if (e->text)
		e->text->ops->close(e->text);
	if (e->drawing && !e->n_drawn) {
		fputs("drillpress: each name fits some run, but no run fits them all\n", err);
		rc = -1;
	} else if (e->drawing && e->o.svg) {
		rc = close_svg(e, err);
	}
	buf_free(&e->picture);
	arena_free(e->arena);
	free(e);
	return rc;
}
