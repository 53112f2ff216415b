/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger for programs to read. */
#include "config.h"

#include "base/arena.h"
#include "engine/result_codec.h"
#include "ledger/choice.h"
#include "report/ledger.h"
#include "report/utf8.h"

#include <jansson.h>

struct writer {
	const struct ledger_view *view;
	const struct ledger *l;
	struct arena *arena;
};

static void put_string(const struct writer *w, json_t *obj, const char *name, const char *s)
{
	json_object_set_new(obj, name, json_string(utf8_clean(w->arena, s)));
}

/* A member that is there only when it says something. */
static void put_more(const struct writer *w, json_t *obj, const char *name, const char *s)
{
	if (*s)
		put_string(w, obj, name, s);
}

static json_t *run_object(const struct writer *w, const struct ledger_run *r)
{
	json_t *obj = json_object();

	put_string(w, obj, "script", r->script);
	put_more(w, obj, "variant", r->variant);
	put_string(w, obj, "verdict", verdict_name(r->verdict));
	put_more(w, obj, "message", r->message);
	if (r->elsewhere)
		json_object_set_new(obj, "elsewhere", json_true());
	return obj;
}

static json_t *cell_object(const struct writer *w, const struct ledger_row *row, unsigned k)
{
	const struct ledger_cell *c = &row->cell[k];
	json_t *obj = json_object(), *runs;
	const struct ledger_run *r;

	put_string(w, obj, "target", w->l->column[k]);
	put_string(w, obj, "standing", standing_name(c->standing));
	put_more(w, obj, "why", c->why);
	if (ledger_view_disagrees(w->view, row, k))
		json_object_set_new(obj, "disagrees", json_true());
	if (!w->l->has_results)
		return obj;
	runs = json_array();
	for (r = c->runs; r; r = r->next)
		json_array_append_new(runs, run_object(w, r));
	json_object_set_new(obj, "runs", runs);
	return obj;
}

static json_t *row_object(const struct writer *w, const struct ledger_row *row)
{
	const struct requirement *q = row->requirement;
	const char priority[] = { q->priority, '\0' };
	json_t *obj = json_object(), *scripts = json_array(), *cells = json_array();
	const struct ledger_script *s;
	unsigned k;

	put_string(w, obj, "id", q->id);
	put_more(w, obj, "section", q->section);
	put_string(w, obj, "level", q->level);
	put_string(w, obj, "testable", testable_name(q->testable));
	put_string(w, obj, "priority", priority);
	put_string(w, obj, "linux", measured_name(q->measured));
	put_string(w, obj, "text", q->text);
	put_more(w, obj, "note", q->note);
	for (s = row->scripts; s; s = s->next)
		json_array_append_new(scripts, json_string(utf8_clean(w->arena, s->path)));
	json_object_set_new(obj, "scripts", scripts);
	for (k = 0; k < w->l->n_columns; k++)
		json_array_append_new(cells, cell_object(w, row, k));
	json_object_set_new(obj, "on", cells);
	return obj;
}

static json_t *total_object(const struct writer *w, const struct ledger_share *s, unsigned k)
{
	struct ledger_count c = ledger_count(w->l, k, s->group, s->strength);
	json_t *obj = json_object();
	unsigned i;

	put_string(w, obj, "group", s->group);
	put_string(w, obj, "level", strength_name(s->strength));
	put_string(w, obj, "target", w->l->column[k]);
	json_object_set_new(obj, "all", json_integer(c.all));
	for (i = 0; i < STANDING_COUNT; i++)
		if (c.of[i])
			json_object_set_new(obj, standing_name((enum standing)i),
					    json_integer(c.of[i]));
	return obj;
}

static json_t *totals_array(const struct writer *w)
{
	const struct ledger_share *share;
	json_t *list = json_array();
	unsigned n, i, k;

	share = ledger_shares(w->l, w->arena, &n);
	for (i = 0; i < n; i++)
		for (k = 0; k < w->l->n_columns; k++)
			json_array_append_new(list, total_object(w, &share[i], k));
	return list;
}

static json_t *required_object(const struct writer *w, const char *words)
{
	json_t *obj = json_object(), *lacking = json_array();
	unsigned k;
	size_t i;

	for (i = 0; i < w->l->n; i++) {
		const struct ledger_row *row = &w->l->row[i];

		for (k = 0; k < w->l->n_columns; k++) {
			json_t *one;

			if (!choice_has(words, row->requirement) ||
			    !standing_is_lacking(row->cell[k].standing))
				continue;
			one = json_object();
			put_string(w, one, "id", row->requirement->id);
			put_string(w, one, "target", w->l->column[k]);
			put_string(w, one, "standing", standing_name(row->cell[k].standing));
			json_array_append_new(lacking, one);
		}
	}
	put_string(w, obj, "what", words);
	json_object_set_new(obj, "met", json_boolean(json_array_size(lacking) == 0));
	json_object_set_new(obj, "lacking", lacking);
	return obj;
}

static json_t *ledger_object(const struct writer *w)
{
	json_t *obj = json_object(), *targets = json_array(), *rows = json_array();
	json_t *required = json_array();
	unsigned k;
	size_t i;
	int n;

	put_string(w, obj, "format", LEDGER_FORMAT);
	json_object_set_new(obj, "version", json_integer(LEDGER_VERSION));
	put_string(w, obj, "tool", PACKAGE_STRING);
	put_string(w, obj, "catalogue", w->l->catalogue->name);
	json_object_set_new(obj, "results", json_boolean(w->l->has_results));
	for (k = 0; k < w->l->n_columns; k++)
		json_array_append_new(targets,
				      json_string(utf8_clean(w->arena, w->l->column[k])));
	json_object_set_new(obj, "targets", targets);
	for (i = 0; i < w->l->n; i++)
		json_array_append_new(rows, row_object(w, &w->l->row[i]));
	json_object_set_new(obj, "requirements", rows);
	json_object_set_new(obj, "totals", totals_array(w));
	for (n = 0; n < w->view->n_required; n++)
		json_array_append_new(required, required_object(w, w->view->required[n]));
	json_object_set_new(obj, "required", required);
	return obj;
}

int ledger_write_json(FILE *out, const struct ledger_view *v)
{
	struct writer w = { .view = v, .l = v->ledger, .arena = arena_new() };
	json_t *obj = ledger_object(&w);
	int err = json_dumpf(obj, out, JSON_INDENT(1)) || fputc('\n', out) == EOF || fflush(out);

	json_decref(obj);
	arena_free(w.arena);
	return err ? -1 : 0;
}
