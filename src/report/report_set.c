/* SPDX-License-Identifier: BSD-2-Clause */
/* Several reports of one run. */
#include "config.h"

#include "report/report_set.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "report/report.h"
#include "report/report_table.h"
#include "seam/reporter.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct entry {
	const struct report_kind *kind;
	const char *file;	/* NULL = standard output */
	FILE *out;		/* NULL for a folder */
	struct reporter *r;	/* NULL until opened */
	bool lost;		/* said, and left alone since */
	int why;		/* an errno, or 0 */
	struct entry *next;
};

struct report_set {
	struct reporter base;	/* first */
	struct arena *arena;
	struct entry *first, **last;
};

/* Output is lost: once is enough to say so. */
static void lose(struct entry *e, int why)
{
	if (e->lost)
		return;
	e->lost = true;
	e->why = why;
	if (e->file)
		fprintf(stderr, "drillpress: the %s report cannot be written: %s: %s\n",
			e->kind->name, e->file, why ? strerror(why) : "it is incomplete");
}

/* After something was written, perhaps. */
static void notice(struct entry *e, int why)
{
	if (!e->out)
		why = e->kind->lost(e->r);
	if (e->out ? ferror(e->out) : why)
		lose(e, why);
}

static void set_event(struct reporter *r, unsigned run, const struct result *e)
{
	struct entry *at;

	for (at = ((struct report_set *)r)->first; at; at = at->next) {
		if (at->lost)
			continue;
		errno = 0;
		reporter_event(at->r, run, e);
		notice(at, errno);
	}
}

struct report_set *report_set_new(void)
{
	static const struct reporter_ops ops = { .event = set_event };
	struct report_set *s = xzalloc(sizeof(*s));

	s->base.ops = &ops;
	s->arena = arena_new();
	s->last = &s->first;
	return s;
}

void report_set_free(struct report_set *s)
{
	struct entry *e;

	for (e = s->first; e; e = e->next) {
		if (e->out && e->file)
			fclose(e->out);
		if (e->r)
			e->r->ops->close(e->r);
	}
	arena_free(s->arena);
	free(s);
}

static const struct entry *on_stdout(const struct report_set *s)
{
	const struct entry *e = s->first;

	while (e && e->file)
		e = e->next;
	return e;
}

static void add(struct report_set *s, const struct report_kind *kind, const char *file)
{
	struct entry *e = arena_new_of(s->arena, struct entry);

	e->kind = kind;
	e->file = file;
	*s->last = e;
	s->last = &e->next;
}

int report_set_add(struct report_set *s, const char *spec)
{
	size_t i, n = strcspn(spec, "=");
	const struct report_kind *kind = report_find(spec, n);
	const char *file = spec[n] ? spec + n + 1 : "-";

	if (!kind) {
		fprintf(stderr, "drillpress: unknown report '%.*s'; there are:", (int)n, spec);
		for (i = 0; i < report_table_count; i++)
			fprintf(stderr, " %s", report_table[i].name);
		fputc('\n', stderr);
		return -1;
	}
	if (kind->open_folder && (!*file || !strcmp(file, "-"))) {
		fprintf(stderr, "drillpress: --report %s wants a folder to make: --report %s=DIR\n",
			kind->name, kind->name);
		return -1;
	}
	if (!*file) {
		fprintf(stderr, "drillpress: --report %s wants the name of a file\n", spec);
		return -1;
	}
	if (strcmp(file, "-")) {
		add(s, kind, file);
		return 0;
	}
	if (on_stdout(s)) {
		fprintf(stderr, "drillpress: the %s and the %s report cannot both go to standard "
			"output; give one a file: --report %s=FILE\n", on_stdout(s)->kind->name,
			kind->name, kind->name);
		return -1;
	}
	add(s, kind, NULL);
	return 0;
}

/* What an entry writes to, once it is open: 0, or -1 if there is none that two could share. */
static int identify(const struct entry *e, struct stat *st)
{
	if (!e->out)
		return e->r ? stat(e->file, st) : -1;
	return fstat(fileno(e->out), st) || !S_ISREG(st->st_mode) ? -1 : 0;
}

/* Two reports in one file would be none. */
static const struct entry *same_file(const struct report_set *s, const struct entry *e)
{
	struct stat mine, other;
	const struct entry *o;

	if (identify(e, &mine))
		return NULL;
	for (o = s->first; o; o = o->next)
		if (o != e && !identify(o, &other) &&
		    mine.st_dev == other.st_dev && mine.st_ino == other.st_ino)
			return o;
	return NULL;
}

static int open_entry(struct report_set *s, struct entry *e, const struct report_options *o)
{
	const char *why = NULL;
	const struct entry *other;

	if (e->kind->open_folder)
		e->r = e->kind->open_folder(e->file, o, &why);
	else
		e->out = e->file ? fopen(e->file, "we") : stdout;
	if (!e->out && !e->r) {
		fprintf(stderr, "drillpress: the %s report cannot be written: %s: %s\n",
			e->kind->name, e->file, why ? why : strerror(errno));
		return -1;
	}
	other = same_file(s, e);
	if (!other)
		return 0;
	fprintf(stderr, "drillpress: the %s and the %s report cannot both go to %s\n",
		other->kind->name, e->kind->name, e->file ? e->file : "standard output");
	return -1;
}

int report_set_open(struct report_set *s, const struct report_options *o)
{
	struct report_options plain = *o;
	struct entry *e;

	plain.colour = plain.tty = false;
	plain.width = plain.height = 0;
	if (!on_stdout(s))
		add(s, report_find("text", strlen("text")), NULL);
	for (e = s->first; e; e = e->next) {
		if (open_entry(s, e, &plain))
			return -1;
		/* A reader of one report that goes away must not take the others along. */
		if (e->file)
			signal(SIGPIPE, SIG_IGN);
	}
	for (e = s->first; e; e = e->next) {
		errno = 0;
		if (e->out)
			e->r = e->kind->open(e->out, e->file ? &plain : o);
		notice(e, errno);
	}
	return 0;
}

struct reporter *report_set_reporter(struct report_set *s)
{
	return &s->base;
}

bool report_set_wants_environment(const struct report_set *s)
{
	const struct entry *e = s->first;

	while (e && !e->kind->environment)
		e = e->next;
	return e != NULL;
}

bool report_set_text_on_stdout(const struct report_set *s)
{
	const struct entry *e = on_stdout(s);

	return e && !strcmp(e->kind->name, "text");
}

bool report_set_has_text(const struct report_set *s)
{
	const struct entry *e = s->first;

	while (e && strcmp(e->kind->name, "text"))
		e = e->next;
	return e != NULL;
}

int report_set_close(struct report_set *s, const struct report_end *end)
{
	int err = 0, why = 0;
	struct entry *e;

	for (e = s->first; e; e = e->next) {
		errno = 0;
		e->kind->over(e->r, end);
		if (e->r->ops->close(e->r))
			lose(e, errno);
		errno = 0;
		if (e->file && e->out && fclose(e->out))
			lose(e, errno);
		e->out = NULL;
		e->r = NULL;
		err |= e->lost ? -1 : 0;
		if (!e->file)
			why = e->why;
	}
	errno = why;
	return err;
}
