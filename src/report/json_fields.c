/* SPDX-License-Identifier: BSD-2-Clause */
/* A result event as a JSON object and back. */
#include "config.h"

#include "report/json_fields.h"
#include "base/arena.h"
#include "report/utf8.h"

#include <string.h>

/* The members of a span and of a mismatch, in the order of their structs. */
static const struct {
	const char *name;
	size_t offset;
} span_table[] = {
	{ "line", offsetof(struct span, line) },
	{ "col", offsetof(struct span, col) },
	{ "end_line", offsetof(struct span, end_line) },
	{ "end_col", offsetof(struct span, end_col) },
}, mismatch_table[] = {
	{ "field", offsetof(struct mismatch, field) },
	{ "want", offsetof(struct mismatch, want) },
	{ "got", offsetof(struct mismatch, got) },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- to JSON ---- */

static void put_string(json_t *obj, const char *name, const char *s)
{
	struct arena *a;

	if (!s)
		return;
	a = arena_new();
	json_object_set_new(obj, name, json_string(utf8_clean(a, s)));
	arena_free(a);
}

static void put_span(json_t *obj, const char *name, const struct span *s)
{
	json_t *span;
	size_t i;

	if (!s->line)
		return;
	span = json_object();
	for (i = 0; i < COUNT(span_table); i++)
		json_object_set_new(span, span_table[i].name, json_integer(*(const uint32_t *)
			((const char *)s + span_table[i].offset)));
	json_object_set_new(obj, name, span);
}

static void put_mismatches(json_t *obj, const char *name, const struct mismatch *m)
{
	json_t *list, *one;
	size_t i, n;

	if (!m)
		return;
	list = json_array();
	for (n = 0; m && n < RESULT_MAX_MISMATCHES; n++, m = m->next) {
		one = json_object();
		for (i = 0; i < COUNT(mismatch_table); i++)
			put_string(one, mismatch_table[i].name, *(const char *const *)
				   ((const char *)m + mismatch_table[i].offset));
		json_array_append_new(list, one);
	}
	json_object_set_new(obj, name, list);
}

void json_put_result(json_t *obj, const struct result *r)
{
	size_t i;

	for (i = 0; i < result_field_count; i++) {
		const struct result_field *f = &result_field_table[i];
		const void *p = result_field_at(r, f);
		unsigned v;

		switch (f->kind) {
		case RESULT_ENUM:
			v = *(const unsigned *)p;
			put_string(obj, f->name, v < f->n_names ? f->names[v] : f->names[0]);
			break;
		case RESULT_BOOL:
			json_object_set_new(obj, f->name, json_boolean(*(const bool *)p));
			break;
		case RESULT_TIME:
			json_object_set_new(obj, f->name, json_integer(*(const nstime *)p));
			break;
		case RESULT_STRING:
			put_string(obj, f->name, *(const char *const *)p);
			break;
		case RESULT_SPAN:
			put_span(obj, f->name, p);
			break;
		case RESULT_MISMATCHES:
			put_mismatches(obj, f->name, *(struct mismatch *const *)p);
			break;
		case RESULT_FRAMES:
			break;	/* bytes are for dossiers */
		}
	}
}

/* ---- from JSON; each returns false on a value that cannot be ---- */

static bool get_string(const json_t *v, struct arena *a, const char **out)
{
	size_t n = json_string_length(v);

	if (!json_is_string(v) || n > JSON_MAX_STRING || memchr(json_string_value(v), '\0', n))
		return false;
	*out = arena_strndup(a, json_string_value(v), n);
	return true;
}

static bool get_enum(const json_t *v, const struct result_field *f, unsigned *out)
{
	for (*out = 0; json_is_string(v) && *out < f->n_names; ++*out)
		if (!strcmp(json_string_value(v), f->names[*out]))
			return true;
	return false;
}

static bool get_span(const json_t *v, struct span *out)
{
	size_t i;

	for (i = 0; i < COUNT(span_table); i++) {
		const json_t *n = json_object_get(v, span_table[i].name);

		if (!json_is_integer(n) || json_integer_value(n) < 0 ||
		    json_integer_value(n) > UINT32_MAX)
			return false;
		*(uint32_t *)((char *)out + span_table[i].offset) = (uint32_t)json_integer_value(n);
	}
	return true;
}

static bool get_mismatches(const json_t *v, struct arena *a, struct mismatch **out)
{
	size_t i, k, n = json_array_size(v);

	if (!json_is_array(v) || n > RESULT_MAX_MISMATCHES)
		return false;
	for (i = 0; i < n; i++, out = &(*out)->next) {
		const json_t *one = json_array_get(v, i);

		if (!json_is_object(one))
			return false;
		*out = arena_new_of(a, struct mismatch);
		for (k = 0; k < COUNT(mismatch_table); k++) {
			const json_t *s = json_object_get(one, mismatch_table[k].name);

			if (s && !get_string(s, a, (const char **)
					     ((char *)*out + mismatch_table[k].offset)))
				return false;
		}
	}
	return true;
}

static bool get_field(const json_t *v, const struct result_field *f, struct arena *a, void *p)
{
	switch (f->kind) {
	case RESULT_ENUM:
		return get_enum(v, f, p);
	case RESULT_BOOL:
		*(bool *)p = json_is_true(v);
		return json_is_boolean(v);
	case RESULT_TIME:
		*(nstime *)p = json_integer_value(v);
		return json_is_integer(v);
	case RESULT_STRING:
		return get_string(v, a, p);
	case RESULT_SPAN:
		return get_span(v, p);
	case RESULT_MISMATCHES:
		return get_mismatches(v, a, p);
	case RESULT_FRAMES:
		break;
	}
	return false;
}

int json_get_result(const json_t *obj, struct arena *a, struct result *out, const char **field)
{
	struct result r = { 0 };
	size_t i;

	for (i = 0; i < result_field_count; i++) {
		const struct result_field *f = &result_field_table[i];
		const json_t *v = json_object_get(obj, f->name);

		if (!v || get_field(v, f, a, (char *)&r + f->offset))
			continue;
		*field = f->name;
		return -1;
	}
	*out = r;
	return 0;
}
