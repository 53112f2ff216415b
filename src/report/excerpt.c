/* SPDX-License-Identifier: BSD-2-Clause */
/* The line of the script an event stands in, with a caret below the event. */
#include "config.h"

#include "report/excerpt.h"
#include "base/arena.h"
#include "base/diag.h"
#include "report/format.h"
#include "report/page.h"
#include "report/run_log.h"
#include "script/template.h"

#include <string.h>

static const char margin[] = "    | ";
/* What stands before the event when a long line loses its start. */
#define CONTEXT 12

/* "-" and "<stdin>" were read once and cannot be read again. */
const struct source *excerpt_script(const struct run_log *run)
{
	struct diag_sink unread;

	if (run->script_at) {
		diag_init(&unread, run->arena);
		return source_load(run->script_at, run->arena, &unread);
	}
	if (!*run->script || !strcmp(run->script, "-") || !strcmp(run->script, "<stdin>"))
		return NULL;
	diag_init(&unread, run->arena);
	return template_load(run->script, run->arena, &unread);
}

/* A call as the script has it: the value it wants in the place of the one that came. */
static const char *call_as_wanted(struct arena *a, const struct result *r)
{
	const char *result = call_result(r->text);

	if (!r->want || call_result(r->want))
		return r->want ? r->want : r->text;
	if (!result)
		return r->text;
	return arena_printf(a, "%.*s = %s", (int)(result - r->text), r->text, r->want);
}

const struct source *excerpt_of_event(const struct run_log *run, const struct result *r,
				      struct span *at)
{
	bool call = r->event == EVK_CALL || r->event == EVK_CALL_RETURN;
	const char *text = call ? call_as_wanted(run->arena, r) : r->want ? r->want : r->text;
	struct diag_sink unread;

	if (!text || r->event == EVK_NONE)
		return NULL;
	text = format_event(run->arena, r, text);
	*at = (struct span){ 1, 1, 1, (uint32_t)strlen(text) + 1 };
	diag_init(&unread, run->arena);
	return source_from_text(run->script, text, strlen(text), run->arena, &unread);
}

static size_t char_start(const char *line, size_t at)
{
	while (at && ((unsigned char)line[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/*
 * A line too long for the page loses its ends, so that the caret below stays
 * under its word; the event is told in full elsewhere.
 */
static const struct source *clip(const struct source *src, struct span *at, const struct page *p,
				 struct arena *a)
{
	static const char cut[] = "...";
	size_t room = (size_t)p->width - strlen(margin), len, from = 0, to, start = at->col - 1;
	const char *line = source_line(src, at->line, &len), *text;
	struct diag_sink unread;
	uint32_t shift;

	if (format_columns(line, len) <= room || start >= len)
		return src;
	if (start > room / 2)
		from = char_start(line, start - CONTEXT);
	to = from + room - 2 * strlen(cut) < len ? char_start(line, from + room - 2 * strlen(cut))
						  : len;
	text = arena_printf(a, "%s%.*s%s", from ? cut : "", (int)(to - from), line + from,
			    to < len ? cut : "");
	/* From columns of the line to columns of what is left of it. */
	shift = (uint32_t)from - (from ? (uint32_t)strlen(cut) : 0);
	if (at->end_line > at->line || at->end_col > to + 1)
		at->end_col = (uint32_t)to + 1;
	at->end_col = at->end_col > at->col ? at->end_col - shift : 0;
	at->col -= shift;
	at->line = at->end_line = 1;
	diag_init(&unread, a);
	return source_from_text(src->name, text, strlen(text), a, &unread);
}

void excerpt_print(struct page *p, const struct run_log *run, const struct result *r)
{
	struct span at = r->span;
	const struct source *src;
	size_t len;

	if (!at.line)
		return;
	src = excerpt_script(run);
	if (!src || !at.col || !source_line(src, at.line, &len))
		src = excerpt_of_event(run, r, &at);
	if (!src)
		return;
	src = clip(src, &at, p, run->arena);
	diag_print_excerpt(p->out, src, at,
			   arena_printf(run->arena, "%s%s", p->prefix ? p->prefix : "", margin), page_ink(p, INK_GREEN), page_ink(p, INK_PLAIN));
	p->lines += 2;
	p->ends = 1;
}
