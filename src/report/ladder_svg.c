/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of a ladder as SVG 1.1. Text is set in whatever monospace font there
 * is: places are counted in characters, with room for a wide one.
 */
#include "config.h"

#include "report/ladder_svg.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/ladder_rows.h"
#include "seam/result.h"

#include <string.h>

/* Pixels. */
#define CHAR 8		/* of 13 px type, 0.6 em and a little */
#define LINE 17		/* from one line of text to the next */
#define ROW_GAP 7
#define ARROW 7		/* below the text of a packet */
#define MARGIN 12
#define TEXT_IN 14	/* from the lifeline to the text */

/* Characters between the lifelines. */
#define INNER_MIN 48
#define INNER_MAX 110
#define INNER_NARROW 34

static const char stack_name[] = "stack under test", peer_name[] = "drillpress (peer)";

static const struct shape {
	const char *css, *words;
	bool arrow, to_right;
} shape_table[] = {
	[ROW_RIGHT] = { "packet", "the stack sent", true, true },
	[ROW_LEFT] = { "packet", "the stack got", true, false },
	[ROW_MISSING] = { "packet missing", "the stack did not send", true, true },
	[ROW_CALL] = { "call", "on the stack's side", false, false },
	[ROW_STATE] = { "state", "the state changed", false, false },
	[ROW_REMARK] = { "remark", "remark", false, false },
};

/* What a script's packets have not done yet. */
const char *ladder_row_words(const struct row *row)
{
	if (!row->when)
		return shape_table[row->shape].words;
	switch (row->shape) {
	case ROW_RIGHT:
		return "the stack must send";
	case ROW_LEFT:
		return "the stack gets";
	case ROW_STATE:
		return "the state must be";
	default:
		return shape_table[row->shape].words;
	}
}

/* The same rules serve pages that the ladder stands in. */
const char ladder_svg_style[] =
#include "src/report/ladder_css.inc"
;

struct drawing {
	struct buf *out;
	bool narrow;		/* line and time stand above the text, not beside it */
	unsigned inner;		/* characters */
	unsigned line_end, time_end, left, right, width;	/* x */
	unsigned y;		/* where the next row begins */
};

static void keep_largest(unsigned *most, size_t n)
{
	if (n > *most)
		*most = (unsigned)n;
}

static void add_time(struct buf *b, const struct row *row)
{
	if (row->when)
		buf_adds(b, row->when);
	else
		format_seconds(b, row->t, 6);
}

/* As wide as a phone, whatever the rows are. */
static void measure_narrow(struct drawing *d)
{
	d->inner = INNER_NARROW;
	d->left = MARGIN / 2;
	d->right = d->left + 2 * TEXT_IN + d->inner * CHAR;
	d->width = d->right + MARGIN / 2;
}

static void measure(struct drawing *d, const struct rows *rows)
{
	unsigned time = (unsigned)strlen("time"), line = (unsigned)strlen("line");
	size_t i;

	d->inner = INNER_MIN;
	for (i = rows->first; i < rows->end; i++) {
		const struct row *row = &rows->at[i];
		struct buf b = { 0 };

		add_time(&b, row);
		keep_largest(&time, b.len);
		buf_clear(&b);
		buf_printf(&b, "%u", row->r->span.line);
		keep_largest(&line, b.len);
		buf_free(&b);
		keep_largest(&d->inner, format_columns(row->text, strlen(row->text)));
	}
	if (d->inner > INNER_MAX)
		d->inner = INNER_MAX;
	d->line_end = MARGIN + (3 + line) * CHAR;
	d->time_end = d->line_end + (2 + time) * CHAR;
	d->left = d->time_end + 2 * CHAR;
	d->right = d->left + 2 * TEXT_IN + d->inner * CHAR;
	d->width = d->right + 3 * CHAR + MARGIN;
}

/* Lines the text is broken into. */
static unsigned count_lines(const struct drawing *d, const char *text)
{
	unsigned n = 0;

	do {
		text += format_break(text, d->inner);
		text += strspn(text, " ");
		n++;
	} while (*text);
	return n;
}

/* A change of state has the time and the line of what caused it. */
static bool has_heading(const struct drawing *d, const struct row *row)
{
	return d->narrow && row->shape != ROW_STATE;
}

static unsigned height(const struct drawing *d, const struct row *row)
{
	return (count_lines(d, row->text) + has_heading(d, row)) * LINE + (shape_table[row->shape].arrow ? ARROW : 0) +
	       ROW_GAP;
}

static void add_text(struct drawing *d, unsigned x, unsigned y, const char *attributes,
		     const char *text, size_t n)
{
	struct buf piece = { 0 };

	buf_add(&piece, text, n);
	buf_printf(d->out, "<text x=\"%u\" y=\"%u\"%s>", x, y, attributes);
	format_xml(d->out, buf_str(&piece));
	buf_adds(d->out, "</text>\n");
	buf_free(&piece);
}

static void add_right(struct drawing *d, unsigned x, unsigned y, const char *text)
{
	add_text(d, x, y, " class=\"dim\" text-anchor=\"end\"", text, strlen(text));
}

static void add_row_title(struct drawing *d, const struct row *row)
{
	buf_adds(d->out, "<title>");
	if (row->failed)
		buf_adds(d->out, "This failed. ");
	if (row->r->span.line)
		buf_printf(d->out, "Line %u, ", row->r->span.line);
	add_time(d->out, row);
	buf_printf(d->out, "%s: %s: ", row->when ? "" : " s", ladder_row_words(row));
	format_xml(d->out, row->text);
	buf_adds(d->out, "</title>\n");
}

static void add_margin(struct drawing *d, const struct row *row, unsigned base)
{
	struct buf b = { 0 };

	if (row->failed)
		add_text(d, MARGIN, base, "", "\xe2\x96\xb6", 3);
	if (row->shape == ROW_STATE)
		return;
	if (row->r->span.line) {
		buf_printf(&b, "%u", row->r->span.line);
		add_right(d, d->line_end, base, b.s);
		buf_clear(&b);
	}
	add_time(&b, row);
	add_right(d, d->time_end, base, buf_str(&b));
	buf_free(&b);
}

/* What stands in the margin of a wide ladder. */
static void add_heading(struct drawing *d, const struct row *row, unsigned base)
{
	struct buf b = { 0 };

	if (row->failed)
		buf_adds(&b, "\xe2\x96\xb6 ");
	if (row->r->span.line)
		buf_printf(&b, "line %u, ", row->r->span.line);
	add_time(&b, row);
	if (!row->when)
		buf_adds(&b, " s");
	add_text(d, d->left + TEXT_IN, base, " class=\"dim\"", b.s, b.len);
	buf_free(&b);
}

static void add_arrow(struct drawing *d, const struct shape *s, unsigned y)
{
	unsigned tip = s->to_right ? d->right - 1 : d->left + 1;
	int back = s->to_right ? -9 : 9;

	buf_printf(d->out, "<path class=\"arrow\" d=\"M%u %uH%u\"/>\n", d->left, y, d->right);
	buf_printf(d->out, "<path class=\"dot\" d=\"M%u %ul%d -4v8z\"/>\n", tip, y, back);
}

static void add_row(struct drawing *d, const struct row *row)
{
	const struct shape *s = &shape_table[row->shape];
	unsigned base = d->y + LINE - 4;
	const char *text = row->text;

	buf_printf(d->out, "<g class=\"%s%s\">\n", s->css, row->failed ? " failed" : "");
	add_row_title(d, row);
	if (has_heading(d, row)) {
		add_heading(d, row, base);
		base += LINE;
	} else if (!d->narrow) {
		add_margin(d, row, base);
	}
	if (row->shape == ROW_CALL)
		buf_printf(d->out, "<circle class=\"dot\" cx=\"%u\" cy=\"%u\" r=\"4\"/>\n", d->left,
			   base - 4);
	do {
		size_t n = format_break(text, d->inner);

		add_text(d, d->left + TEXT_IN, base, "", text, n);
		text += n + strspn(text + n, " ");
		base += LINE;
	} while (*text);
	if (s->arrow)
		add_arrow(d, s, base - LINE + ARROW + 2);
	buf_adds(d->out, "</g>\n");
	d->y += height(d, row);
}

/* What lies below everything else: the paper, and a band where it failed. */
static void add_ground(struct drawing *d, const struct rows *rows, unsigned bottom)
{
	unsigned y = d->y;
	size_t i;

	buf_printf(d->out, "<rect class=\"paper\" width=\"%u\" height=\"%u\"/>\n", d->width,
		   bottom + MARGIN);
	for (i = rows->first; i < rows->end; i++) {
		unsigned h = height(d, &rows->at[i]);

		if (rows->at[i].failed)
			buf_printf(d->out, "<rect class=\"band\" y=\"%u\" width=\"%u\" "
				   "height=\"%u\"/>\n", y - 1, d->width, h - ROW_GAP + 4);
		y += h;
	}
}

static void add_frame(struct drawing *d, unsigned bottom)
{
	unsigned top = MARGIN + LINE, x[2] = { d->left, d->right };
	int i;

	if (!d->narrow) {
		add_right(d, d->line_end, top - 4, "line");
		add_right(d, d->time_end, top - 4, "time");
	}
	add_text(d, d->left - 6, top - 4, "", stack_name, strlen(stack_name));
	add_text(d, d->right + 6, top - 4, " text-anchor=\"end\"", peer_name, strlen(peer_name));
	for (i = 0; i < 2; i++)
		buf_printf(d->out, "<path class=\"life\" d=\"M%u %uV%u\"/>\n", x[i], top, bottom);
}

static void draw(struct drawing *d, const struct rows *rows, const char *title, const char *desc,
		 const char *style)
{
	unsigned bottom;
	size_t i;

	d->y = MARGIN + LINE + 6;
	if (d->narrow)
		measure_narrow(d);
	else
		measure(d, rows);
	bottom = d->y;
	for (i = rows->first; i < rows->end; i++)
		bottom += height(d, &rows->at[i]);
	buf_printf(d->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dp-ladder%s\" "
		   "role=\"graphics-document document\" width=\"%u\" height=\"%u\" "
		   "viewBox=\"0 0 %u %u\">\n<title>", d->narrow ? " narrow" : "", d->width,
		   bottom + MARGIN, d->width, bottom + MARGIN);
	format_xml(d->out, title);
	buf_adds(d->out, "</title>\n<desc>");
	format_xml(d->out, desc);
	buf_adds(d->out, "</desc>\n");
	if (style)
		buf_printf(d->out, "<style>\n%s</style>\n", style);
	add_ground(d, rows, bottom);
	add_frame(d, bottom);
	for (i = rows->first; i < rows->end; i++)
		add_row(d, &rows->at[i]);
	buf_adds(d->out, "</svg>\n");
}

void ladder_svg(struct buf *out, const struct rows *rows, const char *title, const char *desc)
{
	struct drawing d = { .out = out };

	draw(&d, rows, title, desc, ladder_svg_style);
}

void ladder_svg_inline(struct buf *out, const struct rows *rows, const char *title,
		       const char *desc, bool narrow)
{
	struct drawing d = { .out = out, .narrow = narrow };

	draw(&d, rows, title, desc, NULL);
}
