/* SPDX-License-Identifier: BSD-2-Clause */
/* The YAML block that TAP 14 allows after a result. */
#include "config.h"

#include "report/tap_yaml.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/run_log.h"
#include "report/utf8.h"

#include <string.h>
#include <stdbool.h>

static bool is_plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

/*
 * Single quotes know no escapes but themselves, doubled. Double quotes know
 * those of C; perl's reader trips over \" and is given \x22.
 */
static void put_string(FILE *out, struct arena *a, const char *s)
{
	bool plain = is_plain(s);
	char quote = plain ? '\'' : '"';

	fputc(quote, out);
	for (s = utf8_clean(a, s); *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (plain && c == '\'')
			fputs("''", out);
		else if (!plain && (c < ' ' || c == 0x7f || c == '"' || c == '\\'))
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
	fputc(quote, out);
}

static void put_key(FILE *out, struct arena *a, const char *key, const char *value)
{
	if (!value)
		return;
	fprintf(out, "  %s: ", key);
	put_string(out, a, value);
	fputc('\n', out);
}

/* Seconds, to the microsecond. */
static void put_time(FILE *out, const char *key, nstime t)
{
	struct buf b = { 0 };

	format_seconds(&b, t, 6);
	fprintf(out, "  %s: %s\n", key, buf_str(&b));
	buf_free(&b);
}

/* "FILE:LINE:COL" in parts; without them all of it is the file. */
static const char *written_in(struct arena *a, const char *place, uint32_t *line, uint32_t *col)
{
	const char *last = strrchr(place, ':'), *first = last;

	while (first > place && first[-1] != ':')
		first--;
	if (!last || first == place || sscanf(first, "%u:%u", line, col) != 2)
		return place;
	return arena_strndup(a, place, (size_t)(first - 1 - place));
}

static void put_place(FILE *out, struct run_log *run, const struct result *r)
{
	const char *file = run->script;
	uint32_t line = r->span.line, col = r->span.col;

	if (r->place)
		file = written_in(run->arena, r->place, &line, &col);
	fputs("  at:\n    file: ", out);
	put_string(out, run->arena, file);
	fputc('\n', out);
	if (line)
		fprintf(out, "    line: %u\n", line);
	if (col)
		fprintf(out, "    column: %u\n", col);
}

static void put_differences(FILE *out, struct arena *a, const struct mismatch *m)
{
	if (m)
		fputs("  differences:\n", out);
	for (; m; m = m->next) {
		put_key(out, a, "  - field", m->field ? m->field : "?");
		put_key(out, a, "    expected", m->want);
		put_key(out, a, "    actual", m->got);
	}
}

void tap_yaml(FILE *out, struct run_log *run, const struct result *end)
{
	const struct result *r = failure_event(run, end);
	struct arena *a = run->arena;

	fputs("  ---\n", out);
	put_key(out, a, "message", failure_message(run, r, end));
	put_key(out, a, "verdict", verdict_name(end->verdict));
	put_place(out, run, r);
	put_key(out, a, "expected", r->want ? format_value(a, r, r->want) : NULL);
	put_key(out, a, "actual", r->got ? format_value(a, r, r->got) : NULL);
	put_differences(out, a, r->mismatches);
	if (r->kind == RES_EVENT) {
		put_time(out, "expected_time", r->planned);
		put_time(out, "actual_time", r->actual);
		put_time(out, "tolerance", r->tolerance);
	}
	put_key(out, a, "hint", r->hint ? r->hint : end->hint);
	put_time(out, "lateness", end->lateness);
	put_time(out, "duration", end->duration);
	fputs("  ...\n", out);
}
