/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/progress.h"
#include "base/buf.h"
#include "report/run_log.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>

/* Characters that are not one column wide (Unicode's East_Asian_Width W and F; Mn, Cf). */
static const struct {
	uint32_t first, last;
	size_t columns;
} width_table[] = {
	{ 0x00300, 0x0036f, 0 }, { 0x01100, 0x0115f, 2 }, { 0x0200b, 0x0200f, 0 },
	{ 0x020d0, 0x020ff, 0 }, { 0x02e80, 0x0303e, 2 }, { 0x03041, 0x0a4cf, 2 },
	{ 0x0ac00, 0x0d7a3, 2 }, { 0x0f900, 0x0faff, 2 }, { 0x0fe00, 0x0fe0f, 0 },
	{ 0x0fe30, 0x0fe6f, 2 }, { 0x0ff00, 0x0ff60, 2 }, { 0x0ffe0, 0x0ffe6, 2 },
	{ 0x1f300, 0x1f64f, 2 }, { 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
};

#define N_WIDTHS (sizeof(width_table) / sizeof(width_table[0]))

static size_t columns_of(uint32_t c)
{
	size_t i;

	for (i = 0; i < N_WIDTHS; i++)
		if (c >= width_table[i].first && c <= width_table[i].last)
			return width_table[i].columns;
	return 1;
}

size_t progress_fit(const char *text, size_t room, size_t *used)
{
	size_t n = 0, step, more;
	uint32_t c;

	for (*used = 0; text[n]; n += step, *used += more) {
		step = utf8_next(text + n, &c);
		more = columns_of(c);
		if (*used + more > room)
			break;
	}
	return n;
}

void progress_erase(struct progress *p)
{
	if (p->columns)
		fprintf(p->out, "\r%*s\r", p->columns, "");
	p->columns = 0;
}

static int width_now(const struct progress *p)
{
	struct winsize w;

	if (ioctl(fileno(p->out), TIOCGWINSZ, &w) || !w.ws_col)
		return p->width;
	return w.ws_col;
}

static void add_left(struct buf *b, nstime left)
{
	int64_t s = (left + NS_PER_SEC - 1) / NS_PER_SEC;

	if (s >= 3600)
		buf_printf(b, "%" PRId64 " h %" PRId64 " min left, ", s / 3600, s % 3600 / 60);
	else if (s >= 60)
		buf_printf(b, "%" PRId64 " min %" PRId64 " s left, ", s / 60, s % 60);
	else if (s > 0)
		buf_printf(b, "%" PRId64 " s left, ", s);
}

/* What is the same length all the time goes first; the names end where the line does. */
static void compose(struct buf *b, const struct progress_state *s)
{
	const struct run_log *run;
	const char *sep = ": ";
	unsigned under_way = 0;		/* running, or waiting to be tried again */

	for (run = s->runs; run; run = run->next)
		under_way++;
	buf_printf(b, "[%u", s->done);
	if (s->total)
		buf_printf(b, "/%d", s->total);
	buf_adds(b, "] ");
	if (s->failed)
		buf_printf(b, "%u failed, ", s->failed);
	add_left(b, s->left);
	buf_printf(b, "%u under way", under_way);
	for (run = s->runs; run; run = run->next, sep = ", ")
		buf_printf(b, "%s%s", sep, run_log_title(run));
}

void progress_draw(struct progress *p, const struct progress_state *s)
{
	static const char dots[] = "...";
	/* A line that fills the last column would wrap, and \r not come back to its start. */
	size_t room = (size_t)(width_now(p) - 1), used, n;
	struct buf b = { 0 };

	if (!s->runs)
		return;
	compose(&b, s);
	n = progress_fit(b.s, room, &used);
	if (b.s[n] && room > strlen(dots)) {
		n = progress_fit(b.s, room - strlen(dots), &used);
		used += strlen(dots);
		b.len = n;
		buf_adds(&b, dots);
		n = b.len;
	}
	progress_erase(p);
	fprintf(p->out, "%.*s", (int)n, b.s);
	p->columns = (int)used;
	fflush(p->out);
	buf_free(&b);
}
