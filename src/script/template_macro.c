/* SPDX-License-Identifier: BSD-2-Clause */
/* #define, and the names that texts are put in the place of. */
#include "config.h"

#include "script/template_state.h"
#include "base/arena.h"

#include <ctype.h>
#include <string.h>

#define MAX_MACROS 1000

/* A definition under way: what its parameters stand for, and what it is used by. */
struct frame {
	const struct macro *macro;
	const struct slice *arg;
	const struct frame *up;
	const struct origin_use *use;
	int depth;
};

static bool same(const struct slice *a, const struct slice *b)
{
	return a->len == b->len && !memcmp(a->s, b->s, a->len);
}

struct macro *template_macro(struct template *t, const struct slice *name)
{
	struct macro *m;

	STAILQ_FOREACH(m, &t->macros, next)
		if (same(&m->name, name))
			return m;
	return NULL;
}

int template_define(struct template *t, const struct macro *m)
{
	const struct macro *old = template_macro(t, &m->name);
	struct macro *copy;

	if (old)
		return template_error(t, &m->name, "%.*s is defined already, at %s:%u",
				      (int)m->name.len, m->name.s, old->name.file->name,
				      old->name.line);
	if (t->n_macros++ == MAX_MACROS)
		return template_error(t, &m->name, "more than %d definitions", MAX_MACROS);
	copy = arena_memdup(t->arena, m, sizeof(*m));
	STAILQ_INSERT_TAIL(&t->macros, copy, next);
	return 0;
}

/* ---- definitions ---- */

static size_t identifier(const struct slice *s)
{
	size_t n = 0;

	while (n < s->len && (isalnum((unsigned char)s->s[n]) || s->s[n] == '_'))
		n++;
	return n && isdigit((unsigned char)*s->s) ? 0 : n;
}

/* The names between ( and ), which *rest begins with and is moved behind. */
static int read_params(struct template *t, struct macro *m, struct slice *rest)
{
	struct slice one;
	size_t n;

	for (m->n_params = 0; ; ) {
		*rest = slice_tail(rest, 1);	/* the bracket, or a comma */
		*rest = slice_trim(rest);
		if (!m->n_params && rest->len && *rest->s == ')')
			break;
		n = identifier(rest);
		one = slice_head(rest, n);
		if (m->n_params == MACRO_MAX_PARAMS)
			return template_error(t, rest, "more than %d parameters", MACRO_MAX_PARAMS);
		*rest = slice_tail(rest, n);
		*rest = slice_trim(rest);
		if (!n || !rest->len || (*rest->s != ',' && *rest->s != ')'))
			return template_error(t, &m->name, "write #define NAME(A, B) TEXT");
		m->param[m->n_params++] = one;
		if (*rest->s == ')')
			break;
	}
	*rest = slice_tail(rest, 1);
	return 0;
}

/* Without the comment at its end. */
static struct slice body(const struct slice *text)
{
	struct slice item, b = slice_head(text, 0);
	bool begun = false;
	struct scan s;

	for (scan_begin(&s, text, true); scan_next(&s, &item) != ITEM_END; ) {
		if (isspace((unsigned char)*item.s) ||
		    (item.len >= 2 && *item.s == '/' && strchr("/*", item.s[1])))
			continue;
		if (!begun)
			b = item;
		begun = true;
		b.len = (size_t)(item.s + item.len - b.s);
	}
	return b;
}

void template_read_define(struct template *t, const struct slice *line)
{
	struct slice rest = slice_tail(line, strlen("#define"));
	struct macro m = { .n_params = -1 };

	rest = slice_trim(&rest);
	m.name = slice_head(&rest, identifier(&rest));
	rest = slice_tail(&rest, m.name.len);
	if (!m.name.len || (rest.len && !isspace((unsigned char)*rest.s) && *rest.s != '(' &&
			    *rest.s != '\\')) {
		template_error(t, line, "write #define NAME TEXT or #define NAME(A, B) TEXT");
		return;
	}
	if (rest.len && *rest.s == '(' && read_params(t, &m, &rest))
		return;
	m.body = body(&rest);
	template_define(t, &m);
}

/* ---- uses ---- */

static void expand(struct template *t, const struct slice *text, const struct frame *f);

static const struct slice *argument(const struct frame *f, const struct slice *word)
{
	int i;

	for (i = 0; f && i < f->macro->n_params; i++)
		if (same(&f->macro->param[i], word))
			return &f->arg[i];
	return NULL;
}

static bool under_way(const struct frame *f, const struct macro *m)
{
	for (; f; f = f->up)
		if (f->macro == m)
			return true;
	return false;
}

/* The arguments behind a name: between brackets, parted by commas. */
static int read_args(struct template *t, const struct macro *m, const struct slice *name,
		     struct scan *s, struct slice arg[MACRO_MAX_PARAMS])
{
	struct slice item = { 0 }, start;
	int n = 0, depth = 0;

	do {
		if (scan_next(s, &item) == ITEM_END)
			return template_error(t, name, "%.*s takes %d argument%s: write %.*s(...)",
					      (int)m->name.len, m->name.s, m->n_params,
					      m->n_params == 1 ? "" : "s", (int)m->name.len, m->name.s);
	} while (isspace((unsigned char)*item.s));
	if (*item.s != '(')
		return template_error(t, name, "%.*s takes %d argument%s: write %.*s(...)",
				      (int)m->name.len, m->name.s, m->n_params,
				      m->n_params == 1 ? "" : "s", (int)m->name.len, m->name.s);
	for (start = s->left; ; ) {
		if (scan_next(s, &item) == ITEM_END)
			return template_error(t, name, "the bracket behind %.*s is not closed",
					      (int)name->len, name->s);
		if (item.len == 1 && strchr("([{", *item.s))
			depth++;
		if (item.len == 1 && depth && strchr(")]}", *item.s)) {
			depth--;
			continue;
		}
		if (item.len != 1 || depth || (*item.s != ',' && *item.s != ')'))
			continue;
		start.len = (size_t)(item.s - start.s);
		start = slice_trim(&start);
		if (n < m->n_params)
			arg[n] = start;
		n += n || start.len || *item.s == ',' || m->n_params;
		if (*item.s == ')')
			break;
		start = s->left;
	}
	if (n != m->n_params)
		return template_error(t, name, "%d argument%s for %.*s, which takes %d", n,
				      n == 1 ? "" : "s", (int)m->name.len, m->name.s, m->n_params);
	return 0;
}

/* One more definition under way; NULL after a diagnostic. */
static struct origin_use *use_of(struct template *t, const struct macro *m,
				 const struct slice *name, const struct frame *f)
{
	struct origin_use *use;

	if (under_way(f, m)) {
		template_error(t, name, "%.*s is defined by itself", (int)name->len, name->s);
		return NULL;
	}
	if ((f && f->depth == TEMPLATE_MAX_DEPTH) || t->uses++ == TEMPLATE_MAX_USES) {
		template_error(t, name, "definitions within each other are more than %d deep, or are "
			       "used more than %d times", TEMPLATE_MAX_DEPTH, TEMPLATE_MAX_USES);
		return NULL;
	}
	use = arena_new_of(t->arena, struct origin_use);
	*use = (struct origin_use){ arena_strndup(t->arena, name->s, name->len), name->file,
				    name->line, name->col, f ? f->use : NULL };
	return use;
}

static void use_macro(struct template *t, const struct macro *m, const struct slice *name,
		      struct scan *s, const struct frame *f)
{
	struct slice arg[MACRO_MAX_PARAMS];
	struct frame inner = { .macro = m, .arg = arg, .up = f, .depth = f ? f->depth + 1 : 1 };

	inner.use = use_of(t, m, name, f);
	if (!inner.use || (m->n_params >= 0 && read_args(t, m, name, s, arg)))
		return;
	expand(t, &m->body, &inner);
}

static void word(struct template *t, const struct slice *item, struct scan *s,
		 const struct frame *f)
{
	const struct slice *arg = argument(f, item);
	const struct macro *m = arg ? NULL : template_macro(t, item);

	if (arg)
		/* It was written where the definition is used, and means what it means there. */
		expand(t, arg, f->up);
	else if (m)
		use_macro(t, m, item, s, f);
	else
		template_put(t, item, f ? f->use : NULL);
}

/* Neither a deep stack nor endless work for a text that is short. */
static int bounds(struct template *t, const struct slice *text)
{
	t->work += text->len + 1;
	if (t->work > TEMPLATE_MAX_WORK)
		return template_error(t, text, "too much to do: the definitions used come to more than "
				      "%u bytes", TEMPLATE_MAX_WORK);
	if (t->nesting == 4 * TEMPLATE_MAX_DEPTH)
		return template_error(t, text, "arguments within each other are more than %d deep",
				      4 * TEMPLATE_MAX_DEPTH);
	return 0;
}

static void expand(struct template *t, const struct slice *text, const struct frame *f)
{
	enum item_kind kind;
	struct slice item;
	struct scan s;

	if (bounds(t, text))
		return;
	t->nesting++;
	scan_begin(&s, text, true);
	while (!t->failed && (kind = scan_next(&s, &item)) != ITEM_END) {
		if (kind == ITEM_WORD)
			word(t, &item, &s, f);
		else if (kind != ITEM_CONTINUATION)
			template_put(t, &item, f ? f->use : NULL);
	}
	t->nesting--;
}

void template_word(struct template *t, const struct slice *item, struct scan *behind)
{
	word(t, item, behind, NULL);
}
