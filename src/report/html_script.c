/* SPDX-License-Identifier: BSD-2-Clause */
/* The script on the page of a run, with the line marked that decided the verdict. */
#include "config.h"

#include "base/buf.h"
#include "base/source.h"
#include "report/excerpt.h"
#include "report/html_page.h"
#include "report/html_sections.h"
#include "report/run_log.h"

#include <string.h>

/* Lines above and below one that failed. */
#define AROUND 3
/* A script that a program has made can be of any length; this is enough of it, on each side. */
#define MOST_AROUND 300

struct listing {
	struct buf *out;
	const struct source *src;
	struct span at;		/* what is marked; line 0 = nothing */
	bool targets;		/* lines can be linked to */
};

/* The part of a line that an event is, between two that it is not. */
static void add_marked(struct listing *l, const char *line, size_t len)
{
	size_t from = l->at.col ? l->at.col - 1 : 0;
	size_t to = l->at.end_line > l->at.line ? len : l->at.end_col ? l->at.end_col - 1 : len;

	if (to > len)
		to = len;
	/* A whole line is marked well enough. */
	if (!l->at.col || from >= to || to - from == len) {
		html_lines(l->out, line, len);
		return;
	}
	html_lines(l->out, line, from);
	buf_adds(l->out, "<mark>");
	html_lines(l->out, line + from, to - from);
	buf_adds(l->out, "</mark>");
	html_lines(l->out, line + to, len - to);
}

static void add_line(struct listing *l, uint32_t n)
{
	bool at = n == l->at.line;
	size_t len = 0;
	const char *line = source_line(l->src, n, &len);

	buf_printf(l->out, "<span class=\"line%s\"", at ? " at" : "");
	if (l->targets)
		buf_printf(l->out, " id=\"L%u\"", n);
	buf_printf(l->out, "><span class=\"num\">%s%u</span>", at ? "\xe2\x96\xb6 " : "", n);
	if (at)
		add_marked(l, line, len);
	else
		html_lines(l->out, line, len);
	buf_adds(l->out, "</span>");
}

static void add_listing(struct listing *l, const char *name, uint32_t from, uint32_t to)
{
	uint32_t n;

	buf_printf(l->out, "<pre class=\"listing\" role=\"region\" tabindex=\"0\" "
		   "aria-label=\"%s\"><code>", name);
	for (n = from; n <= to; n++)
		add_line(l, n);
	buf_adds(l->out, "</code></pre>\n");
}

/* So many lines around one, and within the script. */
static void choose(const struct source *src, uint32_t line, uint32_t around, uint32_t *from,
		   uint32_t *to)
{
	*from = line > around ? line - around : 1;
	*to = line + around < src->n_lines ? line + around : src->n_lines;
}

static bool has_line(const struct source *src, const struct result *r)
{
	return src && r->span.line && r->span.line <= src->n_lines;
}

/* The last line of a text that ends with a line end is empty, and no line. */
static uint32_t count_lines(const struct source *src)
{
	size_t len;

	return source_line(src, src->n_lines, &len) && !len ? src->n_lines - 1 : src->n_lines;
}

void html_script_choose(struct html_case *c)
{
	c->src = excerpt_script(c->run);
	c->first = c->last = 0;
	if (!c->src)
		return;
	choose(c->src, has_line(c->src, c->why) ? c->why->span.line : 1, MOST_AROUND, &c->first,
	       &c->last);
	if (c->last > count_lines(c->src))
		c->last = count_lines(c->src);
}

void html_excerpt(struct buf *b, const struct html_case *c)
{
	struct listing l = { .out = b, .src = c->src, .at = c->why->span };
	uint32_t from, to;

	if (!c->why->span.line)
		return;
	if (!has_line(l.src, c->why))
		l.src = excerpt_of_event(c->run, c->why, &l.at);
	if (!l.src)
		return;
	choose(l.src, l.at.line, AROUND, &from, &to);
	if (to > count_lines(l.src))
		to = count_lines(l.src);
	add_listing(&l, "Where in the script", from, to);
}

void html_script(struct buf *b, const struct html_case *c)
{
	struct listing l = { .out = b, .src = c->src, .targets = true };

	if (c->first > c->last || !c->src)
		return;
	if (c->end->verdict != VERDICT_PASS && has_line(l.src, c->why))
		l.at = c->why->span;
	buf_adds(b, "<h2>Script</h2>\n");
	if (c->first > 1 || c->last < count_lines(c->src))
		buf_printf(b, "<p class=\"dim\">Lines %u to %u of %u.</p>\n", c->first, c->last,
			   count_lines(c->src));
	add_listing(&l, "Script", c->first, c->last);
}

void html_line_link(struct buf *b, const struct html_case *c, const struct result *r)
{
	uint32_t n = r->span.line;

	if (!n)
		return;
	if (c->src && n >= c->first && n <= c->last)
		buf_printf(b, "<a href=\"#L%u\">line %u</a>", n, n);
	else
		buf_printf(b, "line %u", n);
}
