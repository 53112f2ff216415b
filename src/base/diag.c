/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/diag.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/origin.h"

#include <stdarg.h>

static const struct {
	const char *word, *colour;
} level_table[] = {
	[DIAG_ERROR] = { "error", "\033[1;31m" },
	[DIAG_WARNING] = { "warning", "\033[1;35m" },
	[DIAG_NOTE] = { "note", "\033[1;36m" },
};

void diag_init(struct diag_sink *d, struct arena *a)
{
	*d = (struct diag_sink){ .arena = a, .last = &d->first };
}

static void record(struct diag_sink *d, enum diag_level level, struct span at, const char *fmt,
		   va_list ap)
{
	struct diag *one;

	if (d->refused)
		return;
	one = arena_new_of(d->arena, struct diag);
	one->level = level;
	one->span = at;
	one->src = d->src;
	one->msg = arena_vprintf(d->arena, fmt, ap);
	*d->last = one;
	d->last = &one->next;
}

int diag_error(struct diag_sink *d, struct span at, const char *fmt, ...)
{
	va_list ap;

	if (d->refused || d->errors++ >= DIAG_MAX_ERRORS)
		return -1;
	va_start(ap, fmt);
	record(d, DIAG_ERROR, at, fmt, ap);
	va_end(ap);
	return -1;
}

void diag_warning(struct diag_sink *d, struct span at, const char *fmt, ...)
{
	va_list ap;

	d->warnings += !d->refused;
	va_start(ap, fmt);
	record(d, DIAG_WARNING, at, fmt, ap);
	va_end(ap);
}

void diag_note(struct diag_sink *d, struct span at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	record(d, DIAG_NOTE, at, fmt, ap);
	va_end(ap);
}

static bool span_after(struct span a, struct span b)
{
	return a.line != b.line ? a.line > b.line : a.col > b.col;
}

int diag_refuse(struct diag_sink *d, struct span at, const char *why)
{
	if (d->refused && !span_after(d->first->span, at))
		return -1;
	d->first = NULL;
	d->last = &d->first;
	d->errors = d->warnings = 0;
	d->refused = false;
	diag_error(d, at, "%s", why);
	d->refused = true;
	return -1;
}

static bool comes_after(const struct diag *a, const struct diag *b)
{
	return span_after(a->span, b->span);
}

void diag_sort(struct diag_sink *d)
{
	struct diag *sorted = NULL, *one, *next, **at;

	/* Insertion keeps the order of equals; there are at most about a hundred. */
	for (one = d->first; one; one = next) {
		next = one->next;
		for (at = &sorted; *at && !comes_after(*at, one); at = &(*at)->next)
			;
		one->next = *at;
		*at = one;
	}
	d->first = sorted;
	for (d->last = &d->first; *d->last; d->last = &(*d->last)->next)
		;
}

static bool is_utf8_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Lines longer than this are shown around the place only. */
#define EXCERPT_MAX 160

void diag_print_excerpt(FILE *f, const struct source *src, struct span at, const char *prefix,
			const char *caret_on, const char *caret_off)
{
	struct buf mark = { 0 };
	size_t len, from = 0, i, start, end;
	const char *line = source_line(src, at.line, &len);

	if (!line || !at.col)
		return;
	start = at.col - 1 < len ? at.col - 1 : len;
	end = at.end_line > at.line ? len : at.end_col ? at.end_col - 1 : start + 1;
	if (end > len)
		end = len;
	if (len > EXCERPT_MAX && start > EXCERPT_MAX / 2) {
		from = start - EXCERPT_MAX / 2;
		while (from < start && is_utf8_tail(line[from]))
			from++;
	}
	if (len - from > EXCERPT_MAX)
		len = from + EXCERPT_MAX;
	if (end > len)
		end = len;
	/* Tabs are repeated in the caret line so that both lines stay in step. */
	for (i = from; i < start; i++)
		if (!is_utf8_tail(line[i]))
			buf_addc(&mark, line[i] == '\t' ? '\t' : ' ');
	buf_adds(&mark, caret_on);
	buf_addc(&mark, '^');
	for (i = start + 1; i < end; i++)
		if (!is_utf8_tail(line[i]))
			buf_addc(&mark, '~');
	buf_adds(&mark, caret_off);
	fprintf(f, "%s%.*s\n%s%s\n", prefix, (int)(len - from), line + from, prefix, buf_str(&mark));
	buf_free(&mark);
}

const char *diag_place(const struct diag_sink *d, const struct diag *one)
{
	const struct source *src = one->src ? one->src : d->src;
	const char *place = src ? origin_place(src, one->span, d->arena) : NULL;

	return place ? place : src ? src->name : NULL;
}

void diag_print(FILE *f, const struct diag_sink *d, const struct diag *one, bool colour)
{
	const char *on = colour ? level_table[one->level].colour : "", *off = colour ? "\033[0m" : "";
	const struct source *src = one->src ? one->src : d->src;
	const char *place = diag_place(d, one), *story;

	fprintf(f, "%s%s%s%s:%s %s\n", place ? place : "", place ? ": " : "", on,
		level_table[one->level].word, off, one->msg);
	if (!one->span.line)
		return;
	diag_print_excerpt(f, src, one->span, "    ", colour ? "\033[1;32m" : "", off);
	story = src ? origin_story(src, one->span, d->arena) : NULL;
	if (story)
		fprintf(f, "    (%s)\n", story);
}

void diag_print_all(FILE *f, const struct diag_sink *d, bool colour)
{
	const struct diag *one;

	for (one = d->first; one; one = one->next)
		diag_print(f, d, one, colour);
	if (d->errors > DIAG_MAX_ERRORS)
		fprintf(f, "more than %d errors; the rest is not shown\n", DIAG_MAX_ERRORS);
}
