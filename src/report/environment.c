/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/environment.h"
#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

/* Columns of the labels, as target/fingerprint.h writes them. */
#define LABEL 20

/* A line of an environment: what it is of, and the value. */
struct fact {
	const char *name, *value;
	const char *fresh;	/* of a sysctl that differs from a fresh namespace's; else NULL */
	struct fact *next;
};

struct facts {
	struct fact *first, **last;
	bool no_sysctls;	/* they could not be read */
};

struct change {
	struct buf *out;
	const char *separator;
	unsigned n;
};

static const char *trimmed(struct arena *a, const char *s, size_t n)
{
	while (n && *s == ' ') {
		s++;
		n--;
	}
	while (n && s[n - 1] == ' ')
		n--;
	return arena_strndup(a, s, n);
}

/* "  net.ipv4.tcp_sack = 0 (fresh: 1)" */
static bool add_sysctl(struct fact *f, struct arena *a, const char *line)
{
	static const char is[] = " = ", fresh[] = " (fresh: ";
	const char *value = strstr(line, is);
	const char *paren = value ? strstr(value + strlen(is), fresh) : NULL;
	size_t n = strlen(line);

	if (!paren || line[n - 1] != ')')
		return false;
	f->name = trimmed(a, line, (size_t)(value - line));
	value += strlen(is);
	f->value = arena_strndup(a, value, (size_t)(paren - value));
	paren += strlen(fresh);
	f->fresh = arena_strndup(a, paren, (size_t)(line + n - 1 - paren));
	return true;
}

/* A label that is indented goes on from the one above. */
static bool add_labelled(struct fact *f, struct arena *a, const char *line, const char **above)
{
	const char *name;

	if (strlen(line) <= LABEL || line[LABEL - 1] != ' ')
		return false;
	name = trimmed(a, line, LABEL);
	if (*line == ' ')
		f->name = arena_printf(a, "%s %s", *above, name);
	else
		f->name = *above = name;
	f->value = trimmed(a, line + LABEL, strlen(line + LABEL));
	return true;
}

static struct facts read_facts(struct arena *a, const char *text)
{
	struct facts l = { 0 };
	const char *above = "";

	l.last = &l.first;
	while (*text) {
		size_t n = strcspn(text, "\n");
		const char *line = arena_strndup(a, text, n);
		struct fact *f = arena_new_of(a, struct fact);

		l.no_sysctls |= !strncmp(line, "  not told:", strlen("  not told:"));
		if (add_sysctl(f, a, line) || add_labelled(f, a, line, &above)) {
			*l.last = f;
			l.last = &f->next;
		}
		text += n + (text[n] == '\n');
	}
	return l;
}

static const struct fact *find(const struct facts *l, const char *name)
{
	const struct fact *f = l->first;

	while (f && strcmp(f->name, name))
		f = f->next;
	return f;
}

static void add_change(struct change *c, const char *name, const char *before, size_t n_before,
		       const char *now, size_t n_now)
{
	if (c->n++ || *c->separator == '\n')
		buf_adds(c->out, c->separator);
	buf_printf(c->out, "%s ", name);
	buf_printf(c->out, "%.*s -> ", n_before ? (int)n_before : 4, n_before ? before : "none");
	buf_printf(c->out, "%.*s", n_now ? (int)n_now : 4, n_now ? now : "none");
}

static size_t count_commas(const char *s)
{
	size_t n = 0;

	while ((s = strchr(s, ','))) {
		n++;
		s++;
	}
	return n;
}

/* "mtu 1500, qdisc noqueue": only the parts that differ. */
static void compare_parts(struct change *c, const char *name, const char *before, const char *now)
{
	for (;;) {
		size_t n = strcspn(before, ","), m = strcspn(now, ",");

		if (n != m || memcmp(before, now, n))
			add_change(c, name, before, n, now, m);
		if (!before[n] || !now[m])
			return;
		before += n + 1 + strspn(before + n + 1, " ");
		now += m + 1 + strspn(now + m + 1, " ");
	}
}

/* Where two texts of words have the same start, after its last blank. */
static size_t words_in_common(const char *a, const char *b)
{
	size_t i, n = 0;

	for (i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == ' ')
			n = i + 1;
	return n;
}

static size_t last_words_in_common(const char *a, size_t n, const char *b, size_t m)
{
	size_t i, common = 0;

	for (i = 1; i < n && i < m && a[n - i] == b[m - i]; i++)
		if (a[n - i] == ' ')
			common = i;
	return common;
}

/* "Linux 6.1 #1 SMP x86_64": without the words on both sides that are the same. */
static void compare_kernels(struct change *c, const char *name, const char *before,
			    const char *now)
{
	size_t skip = words_in_common(before, now), n, m, same;

	before += skip;
	now += skip;
	n = strlen(before);
	m = strlen(now);
	same = last_words_in_common(before, n, now, m);
	add_change(c, name, before, n - same, now, m - same);
}

static void compare_labelled(struct change *c, const struct fact *before, const struct fact *now)
{
	if (!strcmp(before->value, now->value))
		return;
	if (!strcmp(now->name, "kernel"))
		compare_kernels(c, now->name, before->value, now->value);
	else if (count_commas(before->value) == count_commas(now->value))
		compare_parts(c, now->name, before->value, now->value);
	else
		add_change(c, now->name, before->value, strlen(before->value), now->value,
			   strlen(now->value));
}

static void compare_sysctl(struct change *c, const char *name, const char *before,
			   const char *now)
{
	if (strcmp(before, now))
		add_change(c, name, before, strlen(before), now, strlen(now));
}

static void compare(struct change *c, const struct facts *before, const struct facts *now)
{
	bool sysctls = !before->no_sysctls && !now->no_sysctls;
	const struct fact *f, *other;

	for (f = now->first; f; f = f->next) {
		other = find(before, f->name);
		if (f->fresh && sysctls)
			compare_sysctl(c, f->name, other ? other->value : f->fresh, f->value);
		else if (!f->fresh && other)
			compare_labelled(c, other, f);
	}
	for (f = before->first; f; f = f->next)
		if (f->fresh && sysctls && !find(now, f->name))
			compare_sysctl(c, f->name, f->value, f->fresh);
}

static void add_date(struct buf *out, nstime t)
{
	time_t seconds = (time_t)(t / NS_PER_SEC);
	char text[40];
	struct tm tm;

	if (gmtime_r(&seconds, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		buf_printf(out, " (%s)", text);
}

void environment_change(struct buf *out, const char *before, nstime passed, const char *now,
			const char *separator)
{
	struct buf text = { 0 };
	struct change c = { .out = &text, .separator = separator };
	struct facts then, today;
	struct arena *a;

	if (!before) {
		buf_adds(out, "no run of it that passed is recorded to compare the environment with\n");
		return;
	}
	a = arena_new();
	then = read_facts(a, before);
	today = read_facts(a, now);
	compare(&c, &then, &today);
	buf_adds(out, c.n ? "since it last passed" : "the environment is the same as when it last passed");
	add_date(out, passed);
	if (c.n)
		buf_printf(out, ":%s%s", *separator == '\n' ? "" : " ", buf_str(&text));
	buf_adds(out, "\n");
	buf_free(&text);
	arena_free(a);
}
