/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/template_scan.h"

#include <ctype.h>
#include <string.h>

static const char blanks[] = " \t\r\f\v";

static bool is_blank(char c)
{
	return c && strchr(blanks, c);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

struct slice slice_head(const struct slice *s, size_t n)
{
	struct slice head = *s;

	head.len = n < s->len ? n : s->len;
	return head;
}

struct slice slice_tail(const struct slice *s, size_t n)
{
	struct slice tail = *s;

	for (; n && tail.len; n--, tail.s++, tail.len--) {
		if (*tail.s == '\n') {
			tail.line++;
			tail.col = 1;
		} else {
			tail.col++;
		}
	}
	return tail;
}

struct slice slice_trim(const struct slice *s)
{
	struct slice t = *s;

	while (t.len && is_blank(*t.s))
		t = slice_tail(&t, 1);
	while (t.len && is_blank(t.s[t.len - 1]))
		t.len--;
	return t;
}

bool slice_word(struct slice *line, struct slice *word)
{
	const char *end;
	size_t n = 0;

	*line = slice_trim(line);
	if (!line->len)
		return false;
	if (*line->s == '"' || *line->s == '\'') {
		end = memchr(line->s + 1, *line->s, line->len - 1);
		if (end) {
			n = (size_t)(end - line->s);
			*word = slice_tail(line, 1);
			word->len = n - 1;
			*line = slice_tail(line, n + 1);
			return true;
		}
	}
	while (n < line->len && !is_blank(line->s[n]))
		n++;
	*word = slice_head(line, n);
	*line = slice_tail(line, n);
	return true;
}

bool slice_is(const struct slice *s, const char *text)
{
	return s->len == strlen(text) && !memcmp(s->s, text, s->len);
}

struct slice slice_file(const struct source *file)
{
	return (struct slice){ file, file->text, file->len, 1, 1 };
}

struct span slice_span(const struct slice *s)
{
	struct slice end = slice_tail(s, s->len);

	return (struct span){ s->line, s->col, end.line, end.col };
}

void scan_begin(struct scan *s, const struct slice *text, bool bare)
{
	*s = (struct scan){ .left = *text, .line_start = true, .bare = bare };
}

static bool starts(const struct slice *s, const char *with)
{
	size_t n = strlen(with);

	return s->len >= n && !memcmp(s->s, with, n);
}

/* Up to this, which counts; or everything. */
static size_t up_to(const struct slice *s, size_t from, const char *what)
{
	const char *hit = from < s->len ?
		memmem(s->s + from, s->len - from, what, strlen(what)) : NULL;

	return hit ? (size_t)(hit - s->s) + strlen(what) : s->len;
}

static size_t to_line_end(const struct slice *s)
{
	const char *end = memchr(s->s, '\n', s->len);

	return end ? (size_t)(end - s->s) : s->len;
}

static size_t quoted(const struct slice *s)
{
	size_t n = 1;

	while (n < s->len && s->s[n] != *s->s)
		n += s->s[n] == '\\' ? 2 : 1;
	return n < s->len ? n + 1 : s->len;
}

/* Length of a #define with the lines that continue it. */
static size_t logical_line(const struct slice *s)
{
	size_t n = 0;

	while (n < s->len && s->s[n] != '\n') {
		size_t eol = n + to_line_end(&(struct slice){ .s = s->s + n, .len = s->len - n });
		size_t last = eol;

		while (last > n && s->s[last - 1] == '\r')
			last--;
		if (last == n || s->s[last - 1] != '\\' || eol == s->len)
			return eol;
		n = eol + 1;
	}
	return n;
}

static bool is_directive(const struct slice *s, const char *word)
{
	size_t n = strlen(word);

	return starts(s, word) && (s->len == n || !is_word(s->s[n]));
}

static enum item_kind directive(const struct slice *s, size_t *len)
{
	if (is_directive(s, "#define")) {
		*len = logical_line(s);
		return ITEM_DEFINE;
	}
	if (is_directive(s, "#include")) {
		*len = to_line_end(s);
		return ITEM_INCLUDE;
	}
	return ITEM_PLAIN;
}

/* Conditions are the scanner's of the script, which finds them anywhere on a line. */
static enum item_kind condition(const struct slice *s, size_t *len)
{
	size_t n = is_directive(s, "#ifdef") ? 6 : is_directive(s, "#ifndef") ? 7 : 0;

	if (is_directive(s, "#endif")) {
		*len = 6;
		return ITEM_ENDIF;
	}
	if (!n)
		return ITEM_PLAIN;
	while (n < s->len && is_blank(s->s[n]))
		n++;
	while (n < s->len && is_word(s->s[n]))
		n++;
	*len = n;
	return ITEM_CONDITION;
}

/* LAST-ACK is one word, and in it ACK is none. N-1 is a sum, but behind => a state. */
static bool hyphen(const struct slice *s, size_t at, bool state)
{
	return s->s[at] == '-' && at + 1 < s->len &&
		(isalpha((unsigned char)s->s[at + 1]) || (state && is_word(s->s[at + 1])));
}

static size_t word_length(const struct scan *s)
{
	size_t n = 1;

	while (n < s->left.len && (is_word(s->left.s[n]) ||
				   (!s->formula && hyphen(&s->left, n, s->state))))
		n++;
	return n;
}

/* $( begins a formula, which ends where that bracket closes. */
static void look_for_formula(struct scan *s, const struct slice *item)
{
	char c = item->len == 1 ? *item->s : 0;

	if (c == '(' && (s->formula || s->dollar))
		s->formula++;
	else if (c == ')' && s->formula)
		s->formula--;
	s->dollar = c == '$';
}

static enum item_kind at_hash(const struct scan *s, size_t *len)
{
	enum item_kind kind = ITEM_PLAIN;

	if (!s->bare && s->line_start)
		kind = directive(&s->left, len);
	return kind == ITEM_PLAIN && !s->bare ? condition(&s->left, len) : kind;
}

static enum item_kind kind_of(const struct scan *s, size_t *len)
{
	const struct slice *at = &s->left;

	*len = 1;
	if (*at->s == '#')
		return at_hash(s, len);
	if (starts(at, "//")) {
		*len = to_line_end(at);
		return starts(at, "//@") && !s->bare ? ITEM_META : ITEM_PLAIN;
	}
	if (starts(at, "/*"))
		*len = up_to(at, 2, "*/");
	else if (*at->s == '"' || *at->s == '`')
		*len = quoted(at);
	else if (starts(at, "%{"))
		*len = up_to(at, 2, "}%");
	else if (starts(at, "=>") || starts(at, "->"))
		*len = 2;
	if (starts(at, "\\\n") || starts(at, "\\\r\n")) {
		*len = to_line_end(at);
		return ITEM_CONTINUATION;
	}
	if (is_word(*at->s)) {
		*len = word_length(s);
		return ITEM_WORD;
	}
	return ITEM_PLAIN;
}

enum item_kind scan_next(struct scan *s, struct slice *item)
{
	enum item_kind kind;
	size_t len;

	if (!s->left.len)
		return ITEM_END;
	kind = kind_of(s, &len);
	*item = slice_head(&s->left, len);
	s->left = slice_tail(&s->left, len);
	look_for_formula(s, item);
	if (item->len == 2 && (starts(item, "=>") || starts(item, "->")))
		s->state = true;
	else if (item->len != 1 || !(is_blank(*item->s) || *item->s == '\n'))
		s->state = false;
	if (item->s[item->len - 1] == '\n')
		s->line_start = true;
	else if (item->len != 1 || !is_blank(*item->s))
		s->line_start = false;
	return kind;
}
