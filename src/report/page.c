/* SPDX-License-Identifier: BSD-2-Clause */
/* Where text goes: a stream of known width, perhaps with colours. */
#include "config.h"

#include "report/page.h"
#include "base/buf.h"
#include "report/format.h"

#include <stdarg.h>
#include <string.h>

static const char *const ink_table[] = {
	[INK_PLAIN] = "\033[0m",
	[INK_GREEN] = "\033[32m",
	[INK_RED] = "\033[31m",
	[INK_YELLOW] = "\033[33m",
	[INK_MAGENTA] = "\033[35m",
	[INK_CYAN] = "\033[36m",
	[INK_BOLD] = "\033[1m",
	[INK_DIM] = "\033[2m",
};

const char *page_ink(const struct page *p, enum ink ink)
{
	return p->colour ? ink_table[ink] : "";
}

void page_puts(struct page *p, const char *s)
{
	for (; *s; s++) {
		if (p->prefix && (p->ends || !p->begun))
			fputs(p->prefix, p->out);
		p->begun = true;
		fputc(*s, p->out);
		p->lines += *s == '\n';
		p->ends = *s == '\n' ? p->ends + 1 : 0;
	}
}

void page_gap(struct page *p)
{
	while (p->lines && p->ends < 2)
		page_puts(p, "\n");
}

void page_printf(struct page *p, const char *fmt, ...)
{
	struct buf b = { 0 };
	char small[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < (int)sizeof(small)) {
		page_puts(p, small);
		return;
	}
	buf_pad(&b, ' ', n);
	va_start(ap, fmt);
	vsnprintf(b.s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	page_puts(p, b.s);
	buf_free(&b);
}

/* How many bytes of text go on a line of `room` columns; at least one word. */
static size_t line_bytes(const char *text, size_t room)
{
	size_t n = strcspn(text, " ");

	while (text[n]) {
		size_t next = n + strspn(text + n, " ");

		next += strcspn(text + next, " ");
		if (format_columns(text, next) > room)
			break;
		n = next;
	}
	return n;
}

void page_wrapped(struct page *p, const char *start, int indent, enum ink ink, const char *text)
{
	int used = (int)format_columns(start, strlen(start));
	const char *on = ink == INK_PLAIN ? "" : page_ink(p, ink);
	const char *off = ink == INK_PLAIN ? "" : page_ink(p, INK_PLAIN);

	page_puts(p, start);
	do {
		size_t n = line_bytes(text, used < p->width ? (size_t)(p->width - used) : 0);

		page_printf(p, "%s%.*s%s\n", on, (int)n, text, off);
		text += n + strspn(text + n, " ");
		used = indent;
		if (*text)
			page_printf(p, "%*s", indent, "");
	} while (*text);
}

void page_labelled(struct page *p, const char *label, const char *text)
{
	char start[PAGE_LABEL + 32];

	snprintf(start, sizeof(start), "  %-*s", PAGE_LABEL - 2, label);
	page_wrapped(p, start, PAGE_LABEL, INK_PLAIN, text);
}
