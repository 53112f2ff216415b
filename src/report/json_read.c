/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads JSON results back. */
#include "config.h"

#include "report/json_read.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "report/json.h"
#include "report/json_fields.h"
#include "report/json_shards.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* No drillpress starts more scripts at a time than some hundreds. */
#define MOST_OPEN_RUNS 1024

/* A run that has begun and not ended. */
struct open_run {
	json_int_t number;	/* in the input */
	unsigned id;		/* as the reporter knows it */
};

/* Results read before. */
struct stream {
	char *id;
	const char *name;
	struct stream *next;
};

struct json_joined {
	struct reporter *out;
	FILE *complaints;
	struct json_totals totals;
	struct stream *streams;
	struct buf machines;	/* a line each */
	struct json_shards shards;
	unsigned next_id;
	/* Of the input under way. */
	const char *name;
	unsigned long line;
	struct open_run open[MOST_OPEN_RUNS];
	size_t n_open;
	unsigned runs;		/* that ended since the header */
	json_int_t planned;
	bool in_stream;		/* after a header, before its totals */
	bool skipping;		/* the same, of results read before */
	bool any;		/* there was a header */
	bool bad;		/* counted as unfinished */
};

struct json_joined *json_joined_new(struct reporter *out, FILE *complaints)
{
	struct json_joined *j = xzalloc(sizeof(*j));

	j->out = out;
	j->complaints = complaints;
	return j;
}

void json_joined_free(struct json_joined *j)
{
	struct stream *s;

	while ((s = j->streams)) {
		j->streams = s->next;
		free(s->id);
		free(s);
	}
	buf_free(&j->machines);
	json_shards_free(&j->shards);
	free(j);
}

const struct json_totals *json_joined_totals(const struct json_joined *j)
{
	return &j->totals;
}

const char *json_joined_machines(const struct json_joined *j)
{
	return buf_str(&j->machines);
}

static void complain(const struct json_joined *j, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void complain(const struct json_joined *j, const char *fmt, ...)
{
	va_list ap;

	if (!j->complaints)
		return;
	fprintf(j->complaints, "drillpress: %s: ", j->name);
	va_start(ap, fmt);
	vfprintf(j->complaints, fmt, ap);
	va_end(ap);
	fputc('\n', j->complaints);
}

static void unfinished(struct json_joined *j)
{
	j->totals.unfinished += !j->bad;
	j->bad = true;
}

static void count(struct json_joined *j, enum verdict v)
{
	j->totals.runs++;
	j->totals.count[v]++;
	j->runs++;
}

/* The results stop here, though runs are under way. */
static void end_stream(struct json_joined *j)
{
	static const struct result end = {
		.kind = RES_END, .verdict = VERDICT_ENVIRONMENT,
		.message = "the results of this run are incomplete",
	};

	while (j->n_open) {
		reporter_event(j->out, j->open[--j->n_open].id, &end);
		count(j, VERDICT_ENVIRONMENT);
	}
	j->in_stream = j->skipping = false;
}

static int bad_line(struct json_joined *j, const char *what)
{
	complain(j, "line %lu: %s; what follows is left out", j->line, what);
	unfinished(j);
	return -1;
}

static int truncated(struct json_joined *j)
{
	if (!j->in_stream)
		return 0;
	if (j->planned > 0)
		complain(j, "ends after %u of %lld scripts: that drillpress did not finish", j->runs,
			 (long long)j->planned);
	else
		complain(j, "ends without its totals: that drillpress did not finish");
	unfinished(j);
	return -1;
}

static bool seen_before(struct json_joined *j, const char *id)
{
	struct stream *s;

	for (s = j->streams; s && id; s = s->next) {
		if (strcmp(s->id, id))
			continue;
		complain(j, "has the same results as %s; left out", s->name);
		j->totals.repeated++;
		return true;
	}
	if (id) {
		s = xzalloc(sizeof(*s));
		s->id = xstrdup(id);
		s->name = j->name;
		s->next = j->streams;
		j->streams = s;
	}
	return false;
}

/* Merged results name several machines. */
static void add_machines(struct json_joined *j, const char *lines)
{
	const char *at;
	size_t n;

	for (; *lines; lines += n + (lines[n] == '\n')) {
		n = strcspn(lines, "\n");
		for (at = buf_str(&j->machines); *at; at += strcspn(at, "\n") + 1)
			if (strcspn(at, "\n") == n && !memcmp(at, lines, n))
				break;
		if (*at || !n)
			continue;
		buf_add(&j->machines, lines, n);
		buf_addc(&j->machines, '\n');
	}
}

static int shard(struct json_joined *j, const json_t *value)
{
	const char *text = json_string_value(value);
	struct buf wrong = { 0 };
	bool ok = text && json_shards_add(&j->shards, text, j->name, &wrong);

	if (wrong.len) {
		complain(j, "%s", wrong.s);
		j->totals.misdealt++;
	}
	buf_free(&wrong);
	return ok ? 0 : bad_line(j, "bad value of 'shard'");
}

void json_joined_end(struct json_joined *j)
{
	struct buf missing = { 0 };
	unsigned n = json_shards_missing(&j->shards, &missing);

	if (n && j->complaints)
		fprintf(j->complaints, "drillpress: shard%s %s\n", n > 1 ? "s" : "", missing.s);
	j->totals.misdealt += n;
	buf_free(&missing);
}

static int header(struct json_joined *j, const json_t *obj)
{
	const json_t *of = json_object_get(obj, "shard");
	const char *format = json_string_value(json_object_get(obj, "format"));
	const char *machine = json_string_value(json_object_get(obj, "machine"));
	char words[80];

	truncated(j);
	end_stream(j);
	if (!format || strcmp(format, JSON_FORMAT))
		return bad_line(j, "not results of drillpress");
	if (json_integer_value(json_object_get(obj, "version")) != JSON_VERSION) {
		snprintf(words, sizeof(words), "not version %d of the format, the only one known",
			 JSON_VERSION);
		return bad_line(j, words);
	}
	j->any = true;
	j->runs = 0;
	j->planned = json_integer_value(json_object_get(obj, "planned"));
	j->skipping = seen_before(j, json_string_value(json_object_get(obj, "id")));
	j->in_stream = !j->skipping;
	if (machine)
		add_machines(j, machine);
	return of && j->in_stream ? shard(j, of) : 0;
}

static int totals(struct json_joined *j, const json_t *obj)
{
	const char *why = json_string_value(json_object_get(obj, "cut_short"));
	json_int_t runs = json_integer_value(json_object_get(obj, "runs"));
	json_int_t wall = json_integer_value(json_object_get(obj, "wall"));
	bool missing;

	if (j->skipping) {
		j->skipping = false;
		return 0;
	}
	if (!j->in_stream)
		return bad_line(j, "totals without a header");
	missing = j->n_open || runs != j->runs || (j->planned > 0 && runs < j->planned);
	if (why)
		complain(j, "cut short after %u scripts: %s", j->runs, why);
	else if (missing)
		complain(j, "has results of %u scripts, of %lld that were to run", j->runs,
			 (long long)(j->planned > 0 ? j->planned : runs));
	if (why || missing)
		unfinished(j);
	if (wall > j->totals.wall)
		j->totals.wall = wall;
	end_stream(j);
	return 0;
}

static struct open_run *find_run(struct json_joined *j, json_int_t number)
{
	size_t i;

	for (i = 0; i < j->n_open; i++)
		if (j->open[i].number == number)
			return &j->open[i];
	return NULL;
}

static int event(struct json_joined *j, const json_t *obj, struct arena *a)
{
	const json_t *number = json_object_get(obj, "run");
	const char *field;
	struct open_run *run;
	struct result e;

	if (j->skipping)
		return 0;
	if (!j->in_stream)
		return bad_line(j, "a result without a header");
	if (!json_is_integer(number))
		return bad_line(j, "a result without the number of its run");
	if (json_get_result(obj, a, &e, &field))
		return bad_line(j, arena_printf(a, "bad value of '%s'", field));
	run = find_run(j, json_integer_value(number));
	/* One that begins again was tried again; what it came to before does not count. */
	if (!run && e.kind != RES_BEGIN)
		return bad_line(j, "a result of a run that has not begun");
	if (!run) {
		if (j->n_open == MOST_OPEN_RUNS)
			return bad_line(j, "too many runs at a time");
		run = &j->open[j->n_open++];
		*run = (struct open_run){ json_integer_value(number), j->next_id++ };
	}
	reporter_event(j->out, run->id, &e);
	if (e.kind == RES_END) {
		count(j, e.verdict);
		*run = j->open[--j->n_open];
	}
	return 0;
}

static int read_object(struct json_joined *j, const json_t *obj)
{
	const char *kind = json_string_value(json_object_get(obj, "kind"));
	struct arena *a;
	int err;

	if (!kind)
		return bad_line(j, "not a result");
	if (!strcmp(kind, "header"))
		return header(j, obj);
	if (!strcmp(kind, "totals"))
		return totals(j, obj);
	a = arena_new();
	err = event(j, obj, a);
	arena_free(a);
	return err;
}

static int read_text(struct json_joined *j, const struct buf *text)
{
	json_error_t why;
	json_t *obj = json_loadb(buf_str(text), text->len, JSON_REJECT_DUPLICATES, &why);
	struct buf words = { 0 };
	int err;

	if (obj) {
		err = read_object(j, obj);
		json_decref(obj);
		return err;
	}
	/* A line cut off in the middle is what a full disk leaves. */
	buf_printf(&words, "not JSON: %s", why.text);
	err = bad_line(j, buf_str(&words));
	buf_free(&words);
	return err;
}

/* One line without its end. 1, 0 at the end of the input, -1 if it is longer than any of ours. */
static int next_line(FILE *in, struct buf *line)
{
	int c;

	buf_clear(line);
	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		if (line->len == RESULT_MAX_BYTES)
			return -1;
		buf_addc(line, (char)c);
	}
	return c == '\n' || line->len;
}

void json_read(struct json_joined *j, FILE *in, const char *name)
{
	struct buf line = { 0 };
	int more, err = 0;

	j->name = name;
	j->line = 0;
	j->any = j->bad = false;
	while (!err && (more = next_line(in, &line))) {
		j->line++;
		err = more < 0 ? bad_line(j, "too long for a result") : read_text(j, &line);
	}
	if (ferror(in)) {
		complain(j, "%s", strerror(errno));
		unfinished(j);
	} else if (!err && !j->any) {
		complain(j, "has no results");
		unfinished(j);
	} else if (!err) {
		truncated(j);
	}
	end_stream(j);
	buf_free(&line);
}
