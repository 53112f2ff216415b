/* SPDX-License-Identifier: BSD-2-Clause */
/* Two texts word by word: what they share in the same columns, what differs underlined. */
#include "config.h"

#include "report/worddiff.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/page.h"

#include <stdint.h>
#include <string.h>

struct word {
	const char *s;
	size_t n;
	bool space;
};

struct words {
	struct word *at;
	size_t n;
};

/* Stand alone: options must not differ because of the comma after them. */
static const char punctuation[] = ",<>[]";
/* A longer word (a quoted payload) is cut, so that lines can be broken. */
#define WORD_MAX 40
/* Beyond this the table costs too much; the whole middle then counts as different. */
#define TABLE_MAX (1u << 20)

static size_t word_length(const char *s)
{
	size_t n;

	if (strchr(punctuation, *s))
		return 1;
	n = strcspn(s, " ,<>[]");
	if (n <= WORD_MAX)
		return n;
	for (n = WORD_MAX; n > 1 && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		;
	return n;
}

static struct words split(struct arena *a, const char *s)
{
	struct words w = { .at = arena_alloc(a, (strlen(s) + 1) * sizeof(*w.at)) };
	size_t blanks;

	for (;;) {
		blanks = strspn(s, " ");
		s += blanks;
		if (!*s)
			return w;
		w.at[w.n] = (struct word){ .s = s, .n = word_length(s), .space = blanks && w.n };
		s += w.at[w.n++].n;
	}
}

static bool same(const struct word *a, const struct word *b)
{
	return a->n == b->n && !memcmp(a->s, b->s, a->n);
}

static uint32_t weight(const struct word *w)
{
	return w->n == 1 && strchr(punctuation, *w->s) ? 1 : 4;
}

static void add_cell(struct diff_cell *cells, size_t *n, const struct word *w,
		     const struct word *g, bool equal)
{
	struct diff_cell *c = &cells[(*n)++];

	*c = (struct diff_cell){ .same = equal };
	if (w) {
		c->want = w->s;
		c->n_want = w->n;
		c->space = w->space;
	}
	if (g) {
		c->got = g->s;
		c->n_got = g->n;
		c->space |= g->space;
	}
}

static size_t stretch(const struct word *w, size_t n)
{
	return n ? (size_t)(w[n - 1].s + w[n - 1].n - w[0].s) : 0;
}

/*
 * What lies between two common words. As many words on both sides are paired;
 * otherwise the stretches face each other as a whole, if a line can hold them.
 */
static void add_region(struct diff_cell *cells, size_t *n, const struct word *w, size_t nw,
		       const struct word *g, size_t ng)
{
	struct word wide_w, wide_g;
	size_t i;

	if (nw && ng && nw != ng && stretch(w, nw) <= WORD_MAX && stretch(g, ng) <= WORD_MAX) {
		wide_w = (struct word){ .s = w->s, .n = stretch(w, nw), .space = w->space };
		wide_g = (struct word){ .s = g->s, .n = stretch(g, ng), .space = g->space };
		add_cell(cells, n, &wide_w, &wide_g, false);
		return;
	}
	for (i = 0; i < nw || i < ng; i++)
		add_cell(cells, n, i < nw ? w + i : NULL, i < ng ? g + i : NULL, false);
}

/* best[i][j]: weight of the common subsequence of the words from i and from j on. */
static uint32_t *lcs_table(struct arena *a, const struct words *w, const struct words *g)
{
	size_t row = g->n + 1, i, j;
	uint32_t *best;

	if ((w->n + 1) * row > TABLE_MAX)
		return NULL;
	best = arena_alloc(a, (w->n + 1) * row * sizeof(*best));
	for (i = w->n; i-- > 0;) {
		for (j = g->n; j-- > 0;) {
			uint32_t *b = &best[i * row + j], m;

			*b = b[row] > b[1] ? b[row] : b[1];
			m = b[row + 1] + weight(&w->at[i]);
			if (same(&w->at[i], &g->at[j]) && m > *b)
				*b = m;
		}
	}
	return best;
}

static void add_middle(struct arena *a, struct diff_cell *cells, size_t *n,
		       const struct words *w, const struct words *g)
{
	const uint32_t *best = lcs_table(a, w, g);
	size_t row = g->n + 1, i = 0, j = 0, i0 = 0, j0 = 0;

	while (best && i < w->n && j < g->n) {
		const uint32_t *b = &best[i * row + j];

		if (same(&w->at[i], &g->at[j]) && *b == b[row + 1] + weight(&w->at[i])) {
			add_region(cells, n, w->at + i0, i - i0, g->at + j0, j - j0);
			add_cell(cells, n, &w->at[i++], &g->at[j++], true);
			i0 = i;
			j0 = j;
		} else if (b[row] >= b[1]) {
			i++;
		} else {
			j++;
		}
	}
	add_region(cells, n, w->at + i0, w->n - i0, g->at + j0, g->n - j0);
}

struct diff_cell *worddiff(struct arena *a, const char *want, const char *got, size_t *n)
{
	struct words w = split(a, want), g = split(a, got), wm, gm;
	struct diff_cell *cells = arena_alloc(a, (w.n + g.n + 1) * sizeof(*cells));
	size_t head = 0, tail = 0, i;

	*n = 0;
	while (head < w.n && head < g.n && same(&w.at[head], &g.at[head]))
		head++;
	while (tail < w.n - head && tail < g.n - head &&
	       same(&w.at[w.n - 1 - tail], &g.at[g.n - 1 - tail]))
		tail++;
	for (i = 0; i < head; i++)
		add_cell(cells, n, &w.at[i], &g.at[i], true);
	wm = (struct words){ .at = w.at + head, .n = w.n - head - tail };
	gm = (struct words){ .at = g.at + head, .n = g.n - head - tail };
	add_middle(a, cells, n, &wm, &gm);
	for (i = tail; i > 0; i--)
		add_cell(cells, n, &w.at[w.n - i], &g.at[g.n - i], true);
	return cells;
}

/* One of the three lines being built. Blanks wait, so that no line ends in one. */
struct line {
	struct buf b;
	int blanks;
	bool inked;
	const char *on, *off;
};

static void line_ink(struct line *l, bool inked)
{
	if (l->inked != inked)
		buf_adds(&l->b, inked ? l->on : l->off);
	l->inked = inked;
}

static void line_add(struct line *l, const char *s, size_t n, size_t width, bool inked)
{
	if (n) {
		buf_pad(&l->b, ' ', l->blanks);
		line_ink(l, inked);
		buf_add(&l->b, s, n);
		l->blanks = 0;
	}
	l->blanks += (int)(width - format_columns(s, n));
}

/* Under neighbours that differ the mark goes on without a break. */
static void mark_add(struct line *l, size_t width, bool space, bool goes_on)
{
	struct buf mark = { 0 };

	if (space && !goes_on)
		l->blanks++;
	buf_addc(&mark, goes_on ? '~' : '^');
	buf_pad(&mark, '~', (int)width - 1 + (space && goes_on));
	line_add(l, mark.s, mark.len, mark.len, true);
	buf_free(&mark);
}

static void flush_lines(struct page *p, struct line line[3])
{
	static const char *const label[3] = { "expected", "actual", "" };
	int i;

	for (i = 0; i < 3; i++) {
		line_ink(&line[i], false);
		/* No mark line where nothing differs; the two texts always come as a pair. */
		if (i < 2 || line[i].b.len)
			page_printf(p, "  %-*s%s\n", PAGE_LABEL - 2, label[i], buf_str(&line[i].b));
		buf_clear(&line[i].b);
		line[i].blanks = 0;
	}
}

static size_t cell_width(const struct diff_cell *c)
{
	size_t w = format_columns(c->want ? c->want : "", c->n_want);
	size_t g = format_columns(c->got ? c->got : "", c->n_got);

	return w > g ? w : g;
}

void worddiff_print(struct page *p, struct arena *a, const char *want, const char *got)
{
	const char *red = page_ink(p, INK_RED), *off = page_ink(p, INK_PLAIN);
	struct line line[3] = { { .on = page_ink(p, INK_GREEN), .off = off },
				{ .on = red, .off = off }, { .on = red, .off = off } };
	size_t n, i, used = 0, room = (size_t)(p->width - PAGE_LABEL);
	struct diff_cell *c = worddiff(a, want, got, &n);

	for (i = 0; i < n; i++) {
		size_t width = cell_width(&c[i]);
		bool fresh = used && used + width + c[i].space > room;
		bool space, goes_on;

		if (fresh) {
			flush_lines(p, line);
			used = 0;
		}
		space = c[i].space && used;
		goes_on = used && i && !c[i - 1].same;
		line[0].blanks += space;
		line[1].blanks += space;
		line_add(&line[0], c[i].want ? c[i].want : "", c[i].n_want, width, !c[i].same);
		line_add(&line[1], c[i].got ? c[i].got : "", c[i].n_got, width, !c[i].same);
		if (c[i].same)
			line[2].blanks += (int)width + space;
		else
			mark_add(&line[2], width, space, goes_on);
		used += width + space;
	}
	flush_lines(p, line);
	for (i = 0; i < 3; i++)
		buf_free(&line[i].b);
}
