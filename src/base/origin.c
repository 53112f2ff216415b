/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/origin.h"
#include "base/arena.h"
#include "base/buf.h"

#include <string.h>

static bool begins_after(const struct origin_piece *p, struct span at)
{
	return p->line != at.line ? p->line > at.line : p->col > at.col;
}

static const struct origin_piece *piece_at(const struct origin_map *m, struct span at)
{
	size_t low = 0, high = m->n;

	/* The first one that begins after the place; the one before it covers the place. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (begins_after(&m->piece[middle], at))
			high = middle;
		else
			low = middle + 1;
	}
	return low ? &m->piece[low - 1] : NULL;
}

bool origin_find(const struct source *s, struct span at, struct origin *o)
{
	const struct origin_piece *p = NULL;

	*o = (struct origin){ .file = s, .line = at.line, .col = at.col };
	if (!s || !at.line)
		return false;
	if (s->map)
		p = piece_at(s->map, at);
	if (!p)
		return true;
	o->file = p->file;
	o->use = p->use;
	o->line = p->file_line + (at.line - p->line);
	o->col = !at.col ? 0 : at.line == p->line ? p->file_col + (at.col - p->col) : at.col;
	return true;
}

const char *origin_place(const struct source *s, struct span at, struct arena *a)
{
	struct origin o;

	if (!origin_find(s, at, &o))
		return NULL;
	if (!o.col)
		return arena_printf(a, "%s:%u", o.file->name, o.line);
	return arena_printf(a, "%s:%u:%u", o.file->name, o.line, o.col);
}

const char *origin_story(const struct source *s, struct span at, struct arena *a)
{
	const struct origin_use *use;
	const struct source *file;
	struct buf b = { 0 };
	const char *text;
	struct origin o;

	if (!origin_find(s, at, &o))
		return NULL;
	if (s->map && s->map->of_case)
		buf_printf(&b, "in case %s", s->map->of_case);
	for (use = o.use; use; use = use->outer)
		buf_printf(&b, "%s%s, used at %s:%u:%u", b.len ? "; " : "", use->name,
			   use->file->name, use->line, use->col);
	for (file = o.file; file->includer; file = file->includer)
		buf_printf(&b, "%s%s, included at %s:%u", b.len ? "; " : "", file->name,
			   file->includer->name, file->includer_line);
	text = b.len ? arena_strdup(a, b.s) : NULL;
	buf_free(&b);
	return text;
}

bool origin_defines(const struct source *s, const char *name)
{
	size_t i;

	for (i = 0; s->map && i < s->map->n_names; i++)
		if (!strcmp(s->map->name[i], name))
			return true;
	return false;
}
