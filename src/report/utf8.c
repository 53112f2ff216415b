/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of scripts and stacks as valid UTF-8. */
#include "config.h"

#include "report/utf8.h"
#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>

/* By the first byte: what it has of the character, and below which value the form is too long. */
static const struct utf8_form {
	unsigned char mask, start;
	size_t len;
	uint32_t least;
} form_table[] = {
	{ 0x80, 0x00, 1, 0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

#define N_FORMS (sizeof(form_table) / sizeof(form_table[0]))

static size_t read_form(const struct utf8_form *f, const char *s, uint32_t *c)
{
	uint32_t v = (unsigned char)s[0] & (unsigned char)~f->mask;
	size_t i;

	for (i = 1; i < f->len; i++) {
		/* Also ends at the text's end. */
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (v < f->least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*c = v;
	return f->len;
}

size_t utf8_next(const char *s, uint32_t *c)
{
	size_t i, n;

	for (i = 0; i < N_FORMS; i++) {
		if (((unsigned char)s[0] & form_table[i].mask) != form_table[i].start)
			continue;
		n = read_form(&form_table[i], s, c);
		if (n)
			return n;
	}
	*c = UTF8_REPLACEMENT;
	return 1;
}

static bool is_clean(const char *s)
{
	uint32_t c;
	size_t n;

	for (; *s; s += n) {
		n = utf8_next(s, &c);
		if (n == 1 && c == UTF8_REPLACEMENT)
			return false;
	}
	return true;
}

const char *utf8_clean(struct arena *a, const char *s)
{
	struct buf b = { 0 };
	uint32_t c;
	size_t n;

	if (is_clean(s))
		return s;
	for (; *s; s += n) {
		n = utf8_next(s, &c);
		if (n == 1 && c == UTF8_REPLACEMENT)
			buf_adds(&b, "\xef\xbf\xbd");
		else
			buf_add(&b, s, n);
	}
	s = arena_strndup(a, buf_str(&b), b.len);
	buf_free(&b);
	return s;
}
