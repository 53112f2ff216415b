/* SPDX-License-Identifier: BSD-2-Clause */
/* Results as JSON Lines. */
#include "config.h"

#include "report/json.h"
#include "base/xmem.h"
#include "report/json_fields.h"
#include "report/report.h"
#include "seam/reporter.h"

#include <stdlib.h>
#include <sys/random.h>

struct json_report {
	struct reporter base;	/* first */
	FILE *out;
	int total;
	unsigned count[VERDICT_COUNT], runs;
	nstime lateness;
	struct report_end end;
};

static void put_line(struct json_report *j, json_t *obj)
{
	if (!ferror(j->out) && json_dumpf(obj, j->out, JSON_COMPACT) == 0)
		fputc('\n', j->out);
	json_decref(obj);
}

static void json_event(struct reporter *r, unsigned run, const struct result *e)
{
	struct json_report *j = (struct json_report *)r;
	json_t *obj = json_object();
	unsigned v = (unsigned)e->verdict;

	json_object_set_new(obj, "run", json_integer(run));
	json_put_result(obj, e);
	put_line(j, obj);
	if (e->kind != RES_END)
		return;
	j->runs++;
	j->count[v < VERDICT_COUNT ? v : VERDICT_NONE]++;
	if (e->lateness > j->lateness)
		j->lateness = e->lateness;
	fflush(j->out);
}

static void put_header(struct json_report *j, const struct report_options *o)
{
	json_t *obj = json_object();
	uint64_t id = 0;
	char text[24];

	json_object_set_new(obj, "kind", json_string("header"));
	json_object_set_new(obj, "format", json_string(JSON_FORMAT));
	json_object_set_new(obj, "version", json_integer(JSON_VERSION));
	json_object_set_new(obj, "tool", json_string(PACKAGE_STRING));
	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) == (ssize_t)sizeof(id)) {
		snprintf(text, sizeof(text), "%016llx", (unsigned long long)id);
		json_object_set_new(obj, "id", json_string(text));
	}
	if (o->machine && *o->machine)
		json_object_set_new(obj, "machine", json_string(o->machine));
	if (o->began)
		json_object_set_new(obj, "began", json_integer(o->began));
	if (o->total > 0)
		json_object_set_new(obj, "planned", json_integer(o->total));
	if (o->shards) {
		snprintf(text, sizeof(text), "%d/%d", o->shard, o->shards);
		json_object_set_new(obj, "shard", json_string(text));
	}
	put_line(j, obj);
	fflush(j->out);
}

static int json_close(struct reporter *r)
{
	struct json_report *j = (struct json_report *)r;
	json_t *obj = json_object(), *verdicts = json_object();
	unsigned v;
	int err;

	for (v = 0; v < VERDICT_COUNT; v++)
		if (j->count[v])
			json_object_set_new(verdicts, verdict_name(v), json_integer(j->count[v]));
	json_object_set_new(obj, "kind", json_string("totals"));
	json_object_set_new(obj, "runs", json_integer(j->runs));
	json_object_set_new(obj, "verdicts", verdicts);
	json_object_set_new(obj, "lateness", json_integer(j->lateness));
	json_object_set_new(obj, "wall", json_integer(j->end.wall));
	if (j->end.cut_short)
		json_object_set_new(obj, "cut_short", json_string(j->end.cut_short));
	put_line(j, obj);
	err = fflush(j->out) || ferror(j->out) ? -1 : 0;
	free(j);
	return err;
}

void report_json_over(struct reporter *r, const struct report_end *end)
{
	((struct json_report *)r)->end = *end;
}

struct reporter *report_json_new(FILE *out, const struct report_options *o)
{
	static const struct reporter_ops ops = { .event = json_event, .close = json_close };
	struct json_report *j = xzalloc(sizeof(*j));

	j->base.ops = &ops;
	j->out = out;
	put_header(j, o);
	return &j->base;
}
