/* SPDX-License-Identifier: BSD-2-Clause */
/* A script is put together: files into each other, names replaced, for one of its cases. */
#include "config.h"

#include "script/template_state.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "script/meta.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct included {
	struct source *file;
	const struct source *by;
	uint32_t line;
	STAILQ_ENTRY(included) next;
};

int template_error(struct template *t, const struct slice *at, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(t->arena, fmt, ap);
	va_end(ap);
	t->failed = true;
	t->diag->src = at->file;
	diag_error(t->diag, slice_span(at), "%s%s%s%s", text, t->chosen ? " (in case " : "",
		   t->chosen ? t->chosen->name : "", t->chosen ? ")" : "");
	t->diag->src = t->main;
	return -1;
}

/* ---- what comes of it ---- */

static void add_piece(struct template *t, const struct slice *text, const struct origin_use *use)
{
	if (t->n_pieces == t->size) {
		t->size = t->size ? 2 * t->size : 64;
		t->piece = xrealloc(t->piece, t->size * sizeof(*t->piece));
	}
	t->piece[t->n_pieces++] = (struct origin_piece){ t->line, t->col, text->file, text->line,
							 text->col, use };
}

void template_put(struct template *t, const struct slice *text, const struct origin_use *use)
{
	size_t i;

	if (t->collecting || !text->len)
		return;
	if (t->out.len + text->len > TEMPLATE_MAX_BYTES) {
		template_error(t, text, "the script comes to more than %u bytes", TEMPLATE_MAX_BYTES);
		return;
	}
	if (!t->n_pieces || t->end.s != text->s || t->end_use != use)
		add_piece(t, text, use);
	buf_add(&t->out, text->s, text->len);
	for (i = 0; i < text->len; i++) {
		t->col = text->s[i] == '\n' ? 1 : t->col + 1;
		t->line += text->s[i] == '\n';
	}
	t->end = slice_tail(text, text->len);
	t->end_use = use;
}

/* The line ends within a line that is left out: what follows keeps its line. */
static void put_line_ends(struct template *t, struct slice left)
{
	const char *end;

	while ((end = memchr(left.s, '\n', left.len))) {
		struct slice at;

		left = slice_tail(&left, (size_t)(end - left.s));
		at = slice_head(&left, 1);
		template_put(t, &at, NULL);
		left = slice_tail(&left, 1);
	}
}

/* ---- files ---- */

static void expand_file(struct template *t, const struct source *file);

/* Relative to the folder of the file that includes it. */
static const char *path_of(struct template *t, const struct source *by, const struct slice *name)
{
	const char *slash = strrchr(by->name, '/');

	if (*name->s == '/' || !slash)
		return arena_strndup(t->arena, name->s, name->len);
	return arena_printf(t->arena, "%.*s/%.*s", (int)(slash - by->name), by->name,
			    (int)name->len, name->s);
}

static bool is_under_way(const struct source *file, const char *path)
{
	for (; file; file = file->includer)
		if (!strcmp(file->name, path))
			return true;
	return false;
}

/* Loaded once for the tables and the text. NULL after a diagnostic. */
static struct source *load(struct template *t, const struct slice *line, const char *path)
{
	struct included *one;
	struct diag_sink unread;

	STAILQ_FOREACH(one, &t->files, next)
		if (one->by == line->file && one->line == line->line)
			return one->file;
	if (t->n_files++ == TEMPLATE_MAX_FILES) {
		template_error(t, line, "more than %d files are included, each as often as it is",
			       TEMPLATE_MAX_FILES);
		return NULL;
	}
	one = arena_new_of(t->arena, struct included);
	one->by = line->file;
	one->line = line->line;
	diag_init(&unread, t->arena);
	one->file = source_load(path, t->arena, &unread);
	if (!one->file) {
		template_error(t, line, "%s", unread.first->msg);
		return NULL;
	}
	one->file->includer = line->file;
	one->file->includer_line = line->line;
	STAILQ_INSERT_TAIL(&t->files, one, next);
	return one->file;
}

static void include(struct template *t, const struct slice *line)
{
	struct slice rest = slice_tail(line, strlen("#include")), name, more;
	struct source *file;
	const char *path;

	rest = slice_trim(&rest);
	if (!rest.len || *rest.s != '"' || !slice_word(&rest, &name) || !name.len ||
	    (slice_word(&rest, &more) && strncmp(more.s, "//", 2) && strncmp(more.s, "/*", 2))) {
		template_error(t, line, "write #include \"FILE\"");
		return;
	}
	path = path_of(t, line->file, &name);
	if (is_under_way(line->file, path))
		template_error(t, line, "%s includes itself", path);
	else if (t->depth == TEMPLATE_MAX_DEPTH)
		template_error(t, line, "files include each other more than %d deep",
			       TEMPLATE_MAX_DEPTH);
	else if ((file = load(t, line, path)))
		expand_file(t, file);
}

/* What is put before the rest of such a line: the words stay metadata. */
static void metadata(struct template *t, const struct slice *line)
{
	struct slice rest, mark = slice_head(line, 3);

	if (!template_case_line(t, line, &rest)) {
		template_put(t, line, NULL);
	} else if (rest.len) {
		template_put(t, &mark, NULL);
		template_put(t, &rest, NULL);
	}
}

static void define(struct template *t, const struct slice *line)
{
	if (t->ifs)
		template_error(t, line, "a #define stands outside of #ifdef");
	else if (!t->collecting)
		template_read_define(t, line);
	put_line_ends(t, *line);
}

static void expand_item(struct template *t, enum item_kind kind, const struct slice *item,
			struct scan *s)
{
	t->ifs += kind == ITEM_CONDITION;
	t->ifs -= kind == ITEM_ENDIF && t->ifs;
	if (kind == ITEM_META)
		metadata(t, item);
	else if (kind == ITEM_DEFINE)
		define(t, item);
	else if (kind == ITEM_INCLUDE)
		include(t, item);
	else if (kind == ITEM_WORD && !t->collecting)
		template_word(t, item, s);
	else
		template_put(t, item, NULL);
}

static void expand_file(struct template *t, const struct source *file)
{
	struct slice text = slice_file(file), item;
	enum item_kind kind;
	struct scan s;

	t->depth++;
	for (scan_begin(&s, &text, false); !t->failed; expand_item(t, kind, &item, &s)) {
		kind = scan_next(&s, &item);
		if (kind == ITEM_END)
			break;
	}
	t->depth--;
}

/* ---- scripts ---- */

/* Reads the tables. */
static int begin(struct template *t, const struct source *src, struct arena *a,
		 struct diag_sink *d)
{
	*t = (struct template){ .arena = a, .diag = d, .main = src, .collecting = true, .line = 1,
				.col = 1 };
	STAILQ_INIT(&t->rows);
	STAILQ_INIT(&t->macros);
	STAILQ_INIT(&t->files);
	d->src = src;
	expand_file(t, src);
	t->collecting = false;
	t->ifs = 0;
	return t->failed ? -1 : 0;
}

bool template_is(const struct source *src)
{
	struct slice text = slice_file(src), item;
	enum item_kind kind;
	struct scan s;

	/* Of most scripts this is all that is done. */
	if (!strstr(src->text, "#include") && !strstr(src->text, "#define") &&
	    !strstr(src->text, "//@"))
		return false;
	scan_begin(&s, &text, false);
	while ((kind = scan_next(&s, &item)) != ITEM_END)
		if (kind == ITEM_DEFINE || kind == ITEM_INCLUDE ||
		    (kind == ITEM_META && template_is_case_line(&item)))
			return true;
	return false;
}

int template_cases(const struct source *src, struct word_list *names, struct arena *a,
		   struct diag_sink *d)
{
	const struct case_row *row;
	struct template t;

	*names = (struct word_list){ 0 };
	if (!template_is(src))
		return 0;
	if (begin(&t, src, a, d))
		return -1;
	STAILQ_FOREACH(row, &t.rows, next)
		word_list_add(a, names, row->name);
	return 0;
}

static struct origin_map *map(struct template *t)
{
	struct origin_map *m = arena_new_of(t->arena, struct origin_map);
	const char **name = arena_alloc(t->arena, (size_t)(t->n_macros + 1) * sizeof(*name));
	const struct macro *macro;

	m->piece = arena_memdup(t->arena, t->piece, t->n_pieces * sizeof(*t->piece));
	m->n = t->n_pieces;
	m->name = name;
	STAILQ_FOREACH(macro, &t->macros, next)
		name[m->n_names++] = arena_strndup(t->arena, macro->name.s, macro->name.len);
	m->of_case = t->chosen ? t->chosen->name : NULL;
	return m;
}

static struct source *result(struct template *t)
{
	const char *name = template_name(t->main->name, t->chosen ? t->chosen->name : NULL, t->arena);
	struct source *s = source_from_text(name, buf_str(&t->out), t->out.len, t->arena, t->diag);

	s->map = map(t);
	return s;
}

/* The case asked for; -1 after a diagnostic if there is none, or one is wanted. */
static int choose(struct template *t, const char *which)
{
	static const struct span nowhere;
	const struct case_row *row;

	if (!which && STAILQ_EMPTY(&t->rows))
		return 0;
	if (!which)
		return diag_error(t->diag, nowhere, "a table of %d cases: choose one, like '%s[%s]'",
				  t->n_rows, t->main->name, STAILQ_FIRST(&t->rows)->name);
	row = template_row(t, which);
	if (!row)
		return diag_error(t->diag, nowhere, "it has no case '%s'", which);
	template_choose(t, row);
	return t->failed ? -1 : 0;
}

struct source *template_expand(const struct source *src, const char *which, struct arena *a,
			       struct diag_sink *d)
{
	struct source *s = NULL;
	struct template t;

	if (!which && !template_is(src))
		return (struct source *)src;
	if (!begin(&t, src, a, d) && !choose(&t, which)) {
		expand_file(&t, src);
		if (!t.failed)
			s = result(&t);
	}
	buf_free(&t.out);
	free(t.piece);
	return s;
}

const char *template_name(const char *file, const char *which, struct arena *a)
{
	return which ? arena_printf(a, "%s[%s]", file, which) : file;
}

void template_path(const char *path, struct arena *a, const char **file, const char **which)
{
	size_t len = strlen(path);
	const char *open = len && path[len - 1] == ']' ? strchr(path, '[') : NULL, *hit;

	*file = path;
	*which = NULL;
	/* Names of folders, and patterns of cases, may have brackets, too. */
	for (hit = path; open && (hit = strstr(hit, ".pkt[")); hit++)
		open = hit + 4;
	if (!open || open == path || access(path, F_OK) == 0)
		return;
	*file = arena_strndup(a, path, (size_t)(open - path));
	*which = arena_strndup(a, open + 1, len - (size_t)(open - path) - 2);
}

struct source *template_load(const char *path, struct arena *a, struct diag_sink *d)
{
	const char *file, *which;
	struct source *src;

	template_path(path, a, &file, &which);
	src = source_load(file, a, d);
	return src ? template_expand(src, which, a, d) : NULL;
}
