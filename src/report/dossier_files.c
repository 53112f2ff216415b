/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/dossier_files.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/dossier_trace.h"
#include "report/environment.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/json.h"
#include "report/ladder.h"
#include "report/ladder_rows.h"
#include "report/ladder_svg.h"
#include "report/page.h"
#include "report/report.h"
#include "report/run_log.h"
#include "report/states.h"
#include "report/text.h"
#include "seam/reporter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 120

static void write_trace(struct buf *out, const struct dossier_case *c)
{
	dossier_trace(out, c->run, c->end, c->script);
}

static void choose_rows(const struct dossier_case *c, struct rows *rows)
{
	ladder_rows(rows, c->run, failure_event(c->run, c->end), LADDER_ALL);
}

/* Text reports write to streams. */
struct stream {
	FILE *f;
	char *text;
	size_t len;
};

static bool stream_open(struct stream *s)
{
	*s = (struct stream){ 0 };
	s->f = open_memstream(&s->text, &s->len);
	return s->f != NULL;
}

static void stream_close(struct stream *s, struct buf *out)
{
	if (fclose(s->f) == 0)
		buf_add(out, s->text, s->len);
	free(s->text);
}

static void write_ladder(struct buf *out, const struct dossier_case *c)
{
	struct page page = { .width = WIDTH };
	struct stream s;
	struct rows rows;

	if (!stream_open(&s))
		return;
	page.out = s.f;
	choose_rows(c, &rows);
	ladder_draw(&page, &rows);
	stream_close(&s, out);
}

static void write_svg(struct buf *out, const struct dossier_case *c)
{
	const struct result *why = failure_event(c->run, c->end);
	struct arena *a = c->run->arena;
	struct rows rows;

	choose_rows(c, &rows);
	ladder_svg(out, &rows, arena_printf(a, "%s: %s", run_log_title(c->run),
					    verdict_name(c->end->verdict)),
		   arena_printf(a, "%u packets and calls between the stack under test (left) and "
				"drillpress (right), in the order of their times. %s",
				rows.total, failure_message(c->run, why, c->end)));
}

static void write_states(struct buf *out, const struct dossier_case *c)
{
	const struct record *rec = NULL;

	while ((rec = run_log_next(c->run, rec, RES_STATE))) {
		struct buf time = { 0 };

		format_seconds(&time, rec->r.actual, 6);
		buf_printf(out, "%12s s  ", time.s);
		buf_free(&time);
		if (rec->r.span.line)
			buf_printf(out, "line %-5u ", rec->r.span.line);
		else
			buf_pad(out, ' ', 11);
		buf_printf(out, "%s\n", state_change_text(c->run->arena, &rec->r));
		if (rec->r.message)
			buf_printf(out, "%27s%s\n", "",
				   format_one_line(c->run->arena, rec->r.message));
	}
}

/* What is not as it was when the script last passed. */
static void write_change(struct buf *out, const struct dossier_case *c, const char *separator)
{
	struct buf change = { 0 };

	if (!c->end->environment)
		return;
	environment_change(&change, c->passed_on, c->passed_at, c->end->environment, separator);
	format_utf8(out, buf_str(&change), change.len);
	buf_free(&change);
}

/* The report of a run of this script alone. */
static void write_report(struct buf *out, const struct dossier_case *c)
{
	struct text_options o = { .width = WIDTH, .jobs = 1 };
	const struct record *rec;
	struct reporter *r;
	struct stream s;

	if (!stream_open(&s))
		return;
	o.out = s.f;
	r = report_text_new(&o);
	report_text_wall(r, c->end->duration);
	for (rec = c->run->first; rec; rec = rec->next)
		reporter_event(r, c->run->id, &rec->r);
	r->ops->close(r);
	stream_close(&s, out);
	write_change(out, c, "; ");
}

static void write_environment(struct buf *out, const struct dossier_case *c)
{
	if (c->end->environment)
		format_utf8(out, c->end->environment, strlen(c->end->environment));
	write_change(out, c, "\n  ");
}

/* What explain and merge read. */
static void write_result(struct buf *out, const struct dossier_case *c)
{
	const struct report_options o = { .total = 1, .jobs = 1 };
	const struct report_end end = { .wall = c->end->duration };
	const struct record *rec;
	struct reporter *r;
	struct stream s;

	if (!stream_open(&s))
		return;
	r = report_json_new(s.f, &o);
	for (rec = c->run->first; rec; rec = rec->next)
		reporter_event(r, c->run->id, &rec->r);
	report_json_over(r, &end);
	r->ops->close(r);
	stream_close(&s, out);
}

static void write_script(struct buf *out, const struct dossier_case *c)
{
	if (c->script)
		buf_add(out, c->script, c->script_len);
}

const struct dossier_file dossier_file_table[] = {
	{ "report.txt", write_report },
	{ "ladder.txt", write_ladder },
	{ "ladder.svg", write_svg },
	{ "states.txt", write_states },
	{ "trace.pcapng", write_trace },
	{ "environment.txt", write_environment },
	{ DOSSIER_SCRIPT, write_script },
	{ DOSSIER_RESULT, write_result },
};
const size_t dossier_file_count = sizeof(dossier_file_table) / sizeof(dossier_file_table[0]);
