/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ladder diagram in plain ASCII. Columns:
 *
 *	>>> 1234  123.456789  |-- text -------------------->| !
 *	mark line       time  stack                drillpress
 */
#include "config.h"

#include "report/ladder.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/ladder_rows.h"
#include "report/page.h"
#include "report/run_log.h"

#include <string.h>

/* Columns of the mark, and after the right lifeline. */
#define MARK 4
#define TAIL 2
/* Between the lifelines: room for the names of both ends. */
#define INNER_MIN 40

static const char stack_name[] = "stack under test", peer_name[] = "drillpress (peer)";

/* How a row looks, from the left lifeline on. */
struct shape_style {
	const char *left;	/* lifeline and start of the arrow */
	const char *again;	/* the same before a second line of text */
	const char *fill;	/* two characters that alternate up to the end */
	const char *end;	/* end of the arrow */
	unsigned tail;		/* columns kept free for fill and end */
	enum ink ink;
};

static const struct shape_style shape_table[] = {
	[ROW_RIGHT] = { "|-- ", "|   ", "--", ">", 3, INK_PLAIN },
	[ROW_LEFT] = { "|<- ", "|   ", "--", "-", 3, INK_PLAIN },
	[ROW_MISSING] = { "|- - ", "|    ", " -", ">", 3, INK_PLAIN },
	[ROW_CALL] = { "* ", "|     ", "  ", " ", 1, INK_PLAIN },
	[ROW_STATE] = { "", "| ", "  ", " ", 1, INK_CYAN },
	[ROW_REMARK] = { "|  ", "|   ", "  ", " ", 1, INK_PLAIN },
};

/* What all rows share. */
struct frame {
	struct page *page;
	unsigned line, time;	/* widths of the numbers on the left */
	unsigned gutter;	/* columns up to the left lifeline */
	unsigned inner;		/* columns between the lifelines */
};

static unsigned digits(unsigned n)
{
	unsigned d = 1;

	while (n /= 10)
		d++;
	return d;
}

static void add_time(struct buf *b, const struct row *row)
{
	if (row->when)
		buf_adds(b, row->when);
	else
		format_seconds(b, row->t, 6);
}

static unsigned time_width(const struct row *row)
{
	struct buf b = { 0 };
	unsigned n;

	add_time(&b, row);
	n = (unsigned)b.len;
	buf_free(&b);
	return n;
}

static unsigned needed(const struct row *row)
{
	const struct shape_style *s = &shape_table[row->shape];

	return (unsigned)(strlen(s->left) + format_columns(row->text, strlen(row->text))) +
	       s->tail - 1;
}

static void keep_largest(unsigned *most, unsigned n)
{
	if (n > *most)
		*most = n;
}

/* As wide as the widest row asks for, and as the page allows. */
static void measure(struct frame *f, const struct rows *rows)
{
	unsigned room;
	size_t i;

	f->line = (unsigned)strlen("line");
	f->time = (unsigned)strlen("time");
	f->inner = INNER_MIN;
	for (i = rows->first; i < rows->end; i++) {
		keep_largest(&f->line, digits(rows->at[i].r->span.line));
		keep_largest(&f->time, time_width(&rows->at[i]));
		keep_largest(&f->inner, needed(&rows->at[i]));
	}
	f->gutter = MARK + f->line + 2 + f->time + 2;
	room = (unsigned)f->page->width - f->gutter - TAIL - 2;
	if (f->inner > room)
		f->inner = room < INNER_MIN ? INNER_MIN : room;
}

static void add_gutter(struct buf *b, const struct frame *f, const struct row *row)
{
	struct buf time = { 0 };

	buf_adds(b, row->failed ? ">>> " : "    ");
	if (row->shape == ROW_STATE) {
		buf_pad(b, ' ', (int)f->gutter - MARK);
		return;
	}
	if (row->r->span.line)
		buf_printf(b, "%*u", (int)f->line, row->r->span.line);
	else
		buf_pad(b, ' ', (int)f->line);
	add_time(&time, row);
	buf_printf(b, "  %*s  ", (int)f->time, buf_str(&time));
	buf_free(&time);
}

/* One line of a row, from the left lifeline on; returns how much of the text is on it. */
static size_t add_line(struct buf *b, const struct shape_style *s, const char *text, bool first,
		       unsigned inner)
{
	const char *left = first ? s->left : s->again;
	unsigned tail = first ? s->tail : 1, used = (unsigned)strlen(left);
	size_t n = format_break(text, inner + 1 - used - tail);

	buf_adds(b, left);
	buf_add(b, text, n);
	buf_addc(b, ' ');
	for (used += (unsigned)format_columns(text, n) + 1; used < inner; used++)
		buf_addc(b, first ? s->fill[(inner - used) & 1] : ' ');
	if (used == inner)
		buf_adds(b, first ? s->end : " ");
	return n + strspn(text + n, " ");
}

static void draw_row(const struct frame *f, const struct row *row)
{
	const struct shape_style *s = &shape_table[row->shape];
	enum ink ink = row->failed ? INK_RED : s->ink;
	const char *text = row->text;
	struct buf b = { 0 };
	bool first = true;

	do {
		buf_clear(&b);
		if (first)
			add_gutter(&b, f, row);
		else
			buf_pad(&b, ' ', (int)f->gutter);
		text += add_line(&b, s, text, first, f->inner);
		buf_adds(&b, first && row->failed ? "| !" : "|");
		page_printf(f->page, "%s%s%s\n", ink ? page_ink(f->page, ink) : "", b.s,
			    ink ? page_ink(f->page, INK_PLAIN) : "");
		first = false;
	} while (*text);
	buf_free(&b);
}

static void draw_header(const struct frame *f, const struct rows *rows)
{
	struct page *p = f->page;

	if (rows->drawn < rows->total)
		page_printf(p, "  %u of %u packets and calls:\n", rows->drawn, rows->total);
	page_printf(p, "%s%*s  %*s  %s%*s%s\n", page_ink(p, INK_DIM), (int)f->line + MARK, "line",
		    (int)f->time, "time", stack_name, (int)(f->inner + 2 - strlen(stack_name)),
		    peer_name, page_ink(p, INK_PLAIN));
}

void ladder_draw(struct page *p, const struct rows *rows)
{
	struct frame f = { .page = p };
	size_t i;

	if (rows->first == rows->end)
		return;
	measure(&f, rows);
	draw_header(&f, rows);
	for (i = rows->first; i < rows->end; i++)
		draw_row(&f, &rows->at[i]);
}

void ladder_print(struct page *p, const struct run_log *run, const struct result *failed,
		  unsigned most)
{
	struct rows rows;

	ladder_rows(&rows, run, failed, most);
	ladder_draw(p, &rows);
}
