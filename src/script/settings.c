/* SPDX-License-Identifier: BSD-2-Clause */
/* Options by name, whoever sets them: found in the table, checked, stored, listed. */
#include "config.h"

#include "script/option_table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct option_desc *find_option(const char *name)
{
	const struct option_desc *o;

	for (o = option_table; o->name; o++)
		if (!strcmp(o->name, name))
			return o;
	return NULL;
}

static const char *nearest_option(const char *name)
{
	const struct option_desc *o;

	for (o = option_table; o->name; o++)
		if (names_near(name, o->name))
			return o->name;
	return NULL;
}

static const char *set_number(struct settings *s, const struct option_desc *o, const char *value,
			      char *field)
{
	int64_t v;

	if (!option_parse_int(value, &v))
		return option_bad(s, "a number", value);
	if (v < o->min || v > o->max)
		return arena_printf(s->arena, "%s is out of range %" PRId64 "..%" PRId64, value,
				    o->min, o->max);
	if (o->kind == OPT_U16)
		*(uint16_t *)(void *)field = (uint16_t)v;
	else if (o->kind == OPT_USECS)
		*(nstime *)(void *)field = v * NS_PER_US;
	else
		*(int *)(void *)field = (int)v;
	return NULL;
}

static const char *set_percent(struct settings *s, const struct option_desc *o, const char *value,
			       char *field)
{
	char *end;
	double v = strtod(value, &end);

	if (!*value || *end || !(v >= (double)o->min && v <= (double)o->max))
		return option_bad(s, "a percentage (0 to 100)", value);
	*(double *)(void *)field = v;
	return NULL;
}

static const char *set_bool(struct settings *s, const char *value, char *field)
{
	static const struct name_value table[] = {
		{ "on", 1 }, { "off", 0 }, { "1", 1 }, { "0", 0 }, { "yes", 1 }, { "no", 0 },
		{ NULL, 0 }
	};
	int64_t v;

	if (!names_find(table, value, &v))
		return option_bad(s, "on or off", value);
	*(bool *)field = v;
	return NULL;
}

static const char *store(struct settings *s, const struct option_desc *o, const char *value,
			 struct span at)
{
	char *field = (char *)s + o->at;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)field = true;
		return NULL;
	case OPT_INT:
	case OPT_U16:
	case OPT_USECS:
		return set_number(s, o, value, field);
	case OPT_SECONDS:
		return nstime_parse(value, (nstime *)(void *)field) &&
			*(nstime *)(void *)field > 0 ? NULL : option_bad(s, "a time in seconds", value);
	case OPT_PERCENT:
		return set_percent(s, o, value, field);
	case OPT_BOOL:
		return set_bool(s, value, field);
	case OPT_STRING:
		*(const char **)(void *)field = arena_strdup(s->arena, value);
		return NULL;
	case OPT_CUSTOM:
		return o->set(s, value, at);
	case OPT_REFUSED:
		return o->help;
	}
	return NULL;
}

enum setting_result settings_set(struct settings *s, const char *name, const char *value,
				 struct span at, const char **why)
{
	const struct option_desc *o = find_option(name);

	if (!o) {
		*why = nearest_option(name);
		return SETTING_UNKNOWN;
	}
	if (!o->arg && value)
		*why = arena_printf(s->arena, "option '%s' forbids an argument", name);
	else if (o->arg && !value)
		*why = arena_printf(s->arena, "option '%s' requires an argument (--%s=%s)", name,
				    name, o->arg);
	else
		*why = store(s, o, value, at);
	if (!*why)
		s->given[(o - option_table) / 64] |= (uint64_t)1 << (o - option_table) % 64;
	return *why ? SETTING_BAD : SETTING_OK;
}

bool settings_given(const struct settings *s, const char *name)
{
	const struct option_desc *o = find_option(name);

	return o && s->given[(o - option_table) / 64] >> (o - option_table) % 64 & 1;
}

bool settings_wants_value(const char *name)
{
	const struct option_desc *o = find_option(name);

	return o && o->arg;
}

void settings_help(struct buf *out)
{
	const struct option_desc *o;

	for (o = option_table; o->name; o++) {
		size_t from = out->len;

		if (o->kind == OPT_REFUSED)
			continue;
		buf_printf(out, "  --%s%s%s", o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
		buf_pad(out, ' ', 30 - (int)(out->len - from));
		buf_printf(out, " %s\n", o->help);
	}
}
