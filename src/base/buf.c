/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/buf.h"
#include "base/xmem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct buf *b, size_t more)
{
	size_t need = b->len + more + 1;

	if (need <= b->size)
		return;
	if (need < b->size * 2)
		need = b->size * 2;
	if (need < 64)
		need = 64;
	b->s = xrealloc(b->s, need);
	b->size = need;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	reserve(b, n);
	if (n)
		memcpy(b->s + b->len, p, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	reserve(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void buf_pad(struct buf *b, char c, int n)
{
	while (n-- > 0)
		buf_addc(b, c);
}

const char *buf_str(const struct buf *b)
{
	return b->s ? b->s : "";
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->s)
		b->s[0] = '\0';
}

void buf_free(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ 0 };
}

/* Bytes of the UTF-8 character at s, 0 if there is none (RFC 3629). */
static size_t utf8_len(const unsigned char *s, size_t n)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = *s >= 0xf0 && *s < 0xf8 ? 4 : *s >= 0xe0 ? 3 : *s >= 0xc0 ? 2 : 0, i;
	uint32_t c = len ? *s & (0x7fu >> len) : 0;

	if (!len || len > n || *s >= 0xf8)
		return 0;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	return c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : len;
}

void buf_add_escaped(struct buf *b, const char *s, size_t n)
{
	static const char plain[] = "\n\r\t\f\v\\\"", letter[] = "nrtfv\\\"";
	size_t i, len;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		const char *hit = c ? strchr(plain, c) : NULL;

		if (hit) {
			buf_printf(b, "\\%c", letter[hit - plain]);
		} else if (c >= 0x20 && c < 0x7f) {
			buf_addc(b, (char)c);
		} else if ((len = utf8_len((const unsigned char *)s + i, n - i))) {
			buf_add(b, s + i, len);
			i += len - 1;
		} else {
			buf_printf(b, "\\x%02x", c);
		}
	}
}
