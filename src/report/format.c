/* SPDX-License-Identifier: BSD-2-Clause */
/* Times, durations and foreign text as a reader wants them. */
#include "config.h"

#include "report/format.h"
#include "base/arena.h"
#include "base/buf.h"
#include "seam/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

nstime nstime_sum(nstime a, nstime b)
{
	nstime sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b > 0 ? INT64_MAX : INT64_MIN;
}

nstime nstime_diff(nstime a, nstime b)
{
	nstime diff;

	if (!__builtin_sub_overflow(a, b, &diff))
		return diff;
	return b < 0 ? INT64_MAX : INT64_MIN;
}

static uint64_t magnitude(nstime t)
{
	return t < 0 ? -(uint64_t)t : (uint64_t)t;
}

void format_seconds(struct buf *b, nstime t, int decimals)
{
	uint64_t u = magnitude(t), unit = 1;
	int i;

	for (i = decimals; i < 9; i++)
		unit *= 10;
	u = (u + unit / 2) / unit;
	buf_printf(b, "%s%" PRIu64, t < 0 && u ? "-" : "", u / (NS_PER_SEC / unit));
	if (decimals)
		buf_printf(b, ".%0*" PRIu64, decimals, u % (NS_PER_SEC / unit));
}

/* A number without the zeros that say nothing. */
static void add_trimmed(struct buf *b, double v, int decimals)
{
	char s[64];
	char *end;

	snprintf(s, sizeof(s), "%.*f", decimals, v);
	if (strchr(s, '.')) {
		end = s + strlen(s);
		while (end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			end[-1] = '\0';
	}
	buf_adds(b, s);
}

void format_duration(struct buf *b, nstime d)
{
	uint64_t u = magnitude(d);

	if (u && u < NS_PER_US) {
		buf_printf(b, "%" PRIu64 " ns", u);
	} else if (u < NS_PER_SEC) {
		add_trimmed(b, (double)u / NS_PER_MS, u < 10 * NS_PER_MS ? 3 : 2);
		buf_adds(b, " ms");
	} else {
		add_trimmed(b, (double)u / NS_PER_SEC, 3);
		buf_adds(b, " s");
	}
}

void format_interval(struct buf *b, nstime d)
{
	if (magnitude(d) < NS_PER_SEC)
		format_duration(b, d);
	else
		buf_printf(b, "%.1f s", (double)magnitude(d) / NS_PER_SEC);
}

void format_wall(struct buf *b, nstime d)
{
	uint64_t u = magnitude(d);

	buf_printf(b, "%.*f s", u < 10 * NS_PER_SEC ? 2 : 1, (double)u / NS_PER_SEC);
}

size_t format_columns(const char *s, size_t n)
{
	size_t i, columns = 0;

	for (i = 0; i < n; i++)
		columns += ((unsigned char)s[i] & 0xc0) != 0x80;
	return columns;
}

size_t format_break(const char *text, size_t room)
{
	size_t n, comma = 0, blank = 0, columns = 0;

	for (n = 0; text[n]; n++) {
		if (n && text[n - 1] == ',')
			comma = n;
		else if (n && text[n] == ' ')
			blank = n;
		columns += ((unsigned char)text[n] & 0xc0) != 0x80;
		if (columns > room)
			return comma > room / 2 ? comma : blank ? blank : n;
	}
	return n;
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

const char *format_one_line(struct arena *a, const char *s)
{
	struct buf b = { 0 };
	const char *p;

	if (!s)
		return "";
	for (p = s; *p && !is_control(*p); p++)
		;
	if (!*p)
		return s;
	for (p = s; *p; p++) {
		if (*p == '\n' || *p == '\t' || *p == '\r')
			buf_addc(&b, ' ');
		else if (is_control(*p))
			buf_printf(&b, "\\x%02x", (unsigned char)*p);
		else
			buf_addc(&b, *p);
	}
	s = arena_strndup(a, buf_str(&b), b.len);
	buf_free(&b);
	return s;
}

/* Bytes of the character at s; 0 if it is none of UTF-8 (RFC 3629), or one XML cannot hold. */
static size_t utf8_char(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = u[0] < 0x80 ? 1 : u[0] >> 5 == 6 ? 2 : u[0] >> 4 == 14 ? 3 :
		u[0] >> 3 == 30 ? 4 : 0;
	uint32_t c = n == 1 ? u[0] : u[0] & (0x7fu >> n);
	size_t i;

	for (i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3f);
	}
	if (!n || c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ||
	    (c & ~1u) == 0xfffe)
		return 0;
	return c < ' ' && c != '\n' && c != '\t' ? 0 : n;
}

void format_utf8(struct buf *b, const char *s, size_t len)
{
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = s[i] ? utf8_char(s + i) : 0;
		if (n)
			buf_add(b, s + i, n);
		else if (s[i] != '\r')
			buf_adds(b, "\xef\xbf\xbd");	/* U+FFFD, the replacement character */
		n = n ? n : 1;
	}
}

void format_xml(struct buf *b, const char *s)
{
	struct buf clean = { 0 };
	size_t i;

	format_utf8(&clean, s, strlen(s));
	for (i = 0; i < clean.len; i++) {
		switch (clean.s[i]) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		default:
			buf_addc(b, clean.s[i]);
		}
	}
	buf_free(&clean);
}

static bool is_packet(const struct result *r)
{
	return r->event == EVK_OUTBOUND || r->event == EVK_INBOUND || r->event == EVK_SILENCE;
}

const char *format_conn(struct arena *a, const struct result *r, const char *text)
{
	return r->conn ? arena_printf(a, "@%s %s", r->conn, text) : text;
}

const char *format_event(struct arena *a, const struct result *r, const char *text)
{
	static const char *const frame[][2] = {
		[EVK_NONE] = { "", "" },
		[EVK_INBOUND] = { "< ", "" },
		[EVK_OUTBOUND] = { "> ", "" },
		[EVK_SILENCE] = { "> ", "" },
		[EVK_CALL] = { "", "" },
		[EVK_CALL_RETURN] = { "", "" },
		[EVK_COMMAND] = { "`", "`" },
		[EVK_CODE] = { "%{ ", " }%" },
		[EVK_ASSERT] = { "", "" },
	};
	const char *line = format_one_line(a, text);

	/* Commands and code may come with their quotes or without. */
	if (*line == '`' || (r->event == EVK_CODE && *line == '%'))
		return line;
	if (r->conn && is_packet(r))
		return arena_printf(a, "%s@%s %s", frame[r->event][0], r->conn, line);
	return arena_printf(a, "%s%s%s", frame[r->event][0], line, frame[r->event][1]);
}

const char *format_value(struct arena *a, const struct result *r, const char *text)
{
	if (is_packet(r))
		return format_event(a, r, text);
	return format_one_line(a, text);
}
