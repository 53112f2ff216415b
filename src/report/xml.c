/* SPDX-License-Identifier: BSD-2-Clause */
/* Text inside XML 1.0. */
#include "config.h"

#include "report/xml.h"
#include "base/buf.h"
#include "report/utf8.h"

#include <stdbool.h>

/* The Char production of XML 1.0; surrogates never come out of utf8_next(). */
static bool is_char(uint32_t c)
{
	return c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

static void add(struct buf *b, const char *s, bool attribute)
{
	uint32_t c;
	size_t n;

	for (; *s; s += n) {
		n = utf8_next(s, &c);
		if (!is_char(c))
			continue;
		if (c == '&')
			buf_adds(b, "&amp;");
		else if (c == '<')
			buf_adds(b, "&lt;");
		else if (c == '>')
			buf_adds(b, "&gt;");
		else if (c == '"')
			buf_adds(b, "&quot;");
		else if (c == '\r' || (attribute && c < ' '))
			buf_printf(b, "&#%u;", (unsigned)c);
		else if (n == 1 && c == UTF8_REPLACEMENT)
			buf_adds(b, "\xef\xbf\xbd");
		else
			buf_add(b, s, n);
	}
}

void xml_text(struct buf *b, const char *s)
{
	add(b, s, false);
}

void xml_attribute(struct buf *b, const char *s)
{
	add(b, s, true);
}
