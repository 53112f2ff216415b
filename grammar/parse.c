/* SPDX-License-Identifier: BSD-2-Clause */
/* What the grammar's rules do: tokens into nodes, and the order of a script's parts. */
#include "config.h"

#include "parse_state.h"
#include "script_parser.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/origin.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of the generated scanner; its header is not generated. */
int script_yylex_init_extra(struct parse *p, parse_scanner *scanner);
int script_yylex_destroy(parse_scanner scanner);
struct yy_buffer_state *script_yy_scan_bytes(const char *bytes, int len, parse_scanner scanner);

void parse_number(struct token *t, const char *text, bool hex)
{
	errno = 0;
	t->is_number = true;
	t->hex = hex;
	if (hex)
		t->num = (int64_t)strtoull(text, NULL, 16);
	else
		t->num = strtoll(text, NULL, 10);
	t->too_large = errno != 0;
}

/* What a symbol's value turns into; the table of language-syscalls 2, plus decimals. */
int parse_symbol(struct parse *p, struct token *t)
{
	const char *v = settings_define(&p->script->settings, t->text);
	size_t len = v ? strlen(v) : 0;
	char *end;
	nstime ns;

	if (!v)
		return WORD;
	t->text = v;
	t->len = len;
	if (len >= 2 && *v == '"') {
		parse_string(p, t, v + 1, len - 2, false);
		return STRING;
	}
	if (len >= 2 && *v == '`') {
		t->text = arena_strndup(p->arena, v + 1, len - 2);
		t->len = len - 2;
		return BACKQUOTED;
	}
	errno = 0;
	t->num = strtoll(v, &end, 0);
	/* One too large stays a word: it may be bytes in hex, and is out of range elsewhere. */
	t->is_number = len && !*end;
	if (t->is_number && !errno)
		return INTEGER;
	return nstime_parse(v, &ns) ? FLOAT : WORD;
}

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Where an escape stands inside its string token. */
static struct span inside(struct span at, const char *text, size_t off, size_t len)
{
	struct span s = { at.line, at.col + 1, 0, 0 };
	size_t i;

	for (i = 0; i < off; i++) {
		if (text[i] == '\n') {
			s.line++;
			s.col = 1;
		} else {
			s.col++;
		}
	}
	s.end_line = s.line;
	s.end_col = s.col + (uint32_t)len;
	return s;
}

void parse_string(struct parse *p, struct token *t, const char *text, size_t len, bool in_place)
{
	static const char letter[] = "nrtfv\\\"", plain[] = "\n\r\t\f\v\\\"";
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < len; i++) {
		const char *hit;

		if (text[i] != '\\') {
			buf_addc(&b, text[i]);
			continue;
		}
		hit = strchr(letter, text[++i]);
		if (hit && *hit) {
			buf_addc(&b, plain[hit - letter]);
		} else if (text[i] == 'x' && i + 2 < len && isxdigit((unsigned char)text[i + 1]) &&
			   isxdigit((unsigned char)text[i + 2])) {
			buf_addc(&b, (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
			i += 2;
		} else {
			diag_error(p->diag, in_place ? inside(t->span, text, i - 1, 2) : t->span,
				   "unsupported escape code: known are \\n \\r \\t \\f \\v \\\\ \\\" \\xHH");
		}
	}
	t->text = arena_memdup(p->arena, buf_str(&b), b.len);
	t->len = b.len;
	buf_free(&b);
}

/* No call takes more at once; and joining piece by piece costs the square of the length. */
#define STRING_MAX 65536

struct token string_join(struct parse *p, const struct token *a, const struct token *b)
{
	struct token joined = *a;
	char *s;

	joined.span = span_join(a->span, b->span);
	if (a->len + b->len > STRING_MAX) {
		diag_error(p->diag, b->span, "strings joined to more than %d bytes", STRING_MAX);
		joined.len = 0;
		return joined;
	}
	s = arena_alloc(p->arena, a->len + b->len + 1);
	memcpy(s, a->text, a->len);
	memcpy(s + a->len, b->text, b->len);
	joined.text = s;
	joined.len = a->len + b->len;
	return joined;
}

bool parse_if(struct parse *p, const char *text, struct span at)
{
	bool negated = !strncmp(text, "#ifn", 4);
	const char *name = text + strcspn(text, " \t\r\f\v");
	bool defined;

	name += strspn(name, " \t\r\f\v");
	defined = settings_define(&p->script->settings, name) || !strcmp(name, "Linux") ||
		origin_defines(p->script->src, name);
	p->ifs++;
	p->if_at = at;
	p->script->conditional = true;
	return defined != negated;
}

bool parse_else(struct parse *p, struct span at)
{
	if (!p->ifs)
		diag_error(p->diag, at, "#else without an #ifdef");
	return p->ifs;
}

void parse_endif(struct parse *p, struct span at)
{
	if (p->ifs)
		p->ifs--;
	else
		diag_error(p->diag, at, "#endif without an #ifdef");
}

void parse_meta(struct parse *p, const char *text, struct span at)
{
	struct meta *m = arena_new_of(p->arena, struct meta);
	const char *end = text + strlen(text), *key;

	while (isspace((unsigned char)*text))
		text++;
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	for (key = text; text < end && !isspace((unsigned char)*text); )
		text++;
	if (text == key) {
		diag_error(p->diag, at, "//@ wants a word, like //@ requirement RFC9293:MUST-13");
		return;
	}
	m->key = arena_strndup(p->arena, key, (size_t)(text - key));
	while (text < end && isspace((unsigned char)*text))
		text++;
	m->rest = arena_strndup(p->arena, text, (size_t)(end - text));
	m->span = at;
	STAILQ_INSERT_TAIL(&p->script->metas, m, next);
}

/* "quoted" as a whole loses its quotes; A="b" keeps them, they are part of a definition. */
static const char *option_value(struct parse *p, const char *v, struct span at)
{
	size_t len = strlen(v);
	struct token t = { .span = at };

	if (len < 2 || v[0] != '"' || strchr(v + 1, '"') != v + len - 1)
		return v;
	parse_string(p, &t, v + 1, len - 2, false);
	return t.text;
}

static void apply(struct parse *p, const char *name, const char *value, struct span at)
{
	const char *why = NULL;

	switch (settings_set(&p->script->settings, name, value, at, &why)) {
	case SETTING_OK:
		break;
	case SETTING_UNKNOWN:
		diag_error(p->diag, at, "option '%s' unknown%s%s%s", name, why ? "; did you mean --" : "",
			   why ? why : "", why ? "?" : "");
		break;
	case SETTING_BAD:
		diag_error(p->diag, at, "bad --%s: %s", name, why);
		break;
	}
}

static void apply_overrides(struct parse *p)
{
	const struct override *o;

	if (p->overrides)
		STAILQ_FOREACH(o, p->overrides, next)
			apply(p, o->name, o->value, (struct span){ 0 });
}

/* What the command line says instead of this value; NULL if nothing else. */
static const char *overridden(const struct parse *p, const char *name, const char *value)
{
	const struct override *o;
	const char *other = NULL;

	/* Of these there are many, each for a name of its own. */
	if (!value || !p->overrides || !strcmp(name, "define") || !strcmp(name, "sysctl"))
		return NULL;
	STAILQ_FOREACH(o, p->overrides, next)
		if (!strcmp(o->name, name))
			other = o->value;
	return other && strcmp(other, value) ? other : NULL;
}

void parse_option(struct parse *p, const struct token *t)
{
	struct option_ast *o = arena_new_of(p->arena, struct option_ast);
	const char *eq = strchr(t->text, '=');
	size_t len = eq ? (size_t)(eq - t->text) : t->len;

	if (p->script->init || p->script->n_events) {
		diag_error(p->diag, t->span, "options come first, before the init command and the events");
		return;
	}
	while (len && isspace((unsigned char)t->text[len - 1]))
		len--;
	o->name = arena_strndup(p->arena, t->text, len);
	o->span = t->span;
	if (eq) {
		for (eq++; isspace((unsigned char)*eq); eq++)
			;
		o->value = arena_strdup(p->arena, eq);
	}
	o->overridden = overridden(p, o->name, eq ? option_value(p, o->value, t->span) : NULL);
	STAILQ_INSERT_TAIL(&p->script->options, o, next);
	apply(p, o->name, eq ? option_value(p, o->value, t->span) : NULL, t->span);
	/* The command line wins over the script. */
	apply_overrides(p);
}

static struct text_ast *text_node(struct parse *p, const struct token *t)
{
	struct text_ast *n = arena_new_of(p->arena, struct text_ast);

	n->text = t->text;
	n->span = t->span;
	return n;
}

void parse_command(struct parse *p, const struct token *t)
{
	struct script *s = p->script;

	if (!s->n_events && !s->init)
		s->init = text_node(p, t);
	else if (s->n_events && !s->cleanup)
		s->cleanup = text_node(p, t);
	else
		diag_error(p->diag, t->span, "a command without a time is the init command (one, before "
			   "the events) or the cleanup command (one, after them)");
}

struct event *text_event(struct parse *p, enum event_ast_kind kind, const struct token *t)
{
	struct event *e = arena_new_of(p->arena, struct event);
	struct token trimmed = *t;

	if (kind == EVENT_CODE) {
		size_t len = t->len;

		while (len && (t->text[len - 1] == ' ' || t->text[len - 1] == '\t'))
			len--;
		trimmed.text += strspn(t->text, " \t");
		if (trimmed.text > t->text + len)
			len = (size_t)(trimmed.text - t->text);
		trimmed.text = arena_strndup(p->arena, trimmed.text,
					     len - (size_t)(trimmed.text - t->text));
	}
	e->kind = kind;
	e->text = text_node(p, &trimmed);
	return e;
}

void parse_event(struct parse *p, struct event *e)
{
	struct script *s = p->script;

	if (s->cleanup) {
		diag_error(p->diag, s->cleanup->span, "a command in the middle of a script needs a time");
		s->cleanup = NULL;
	}
	if (e->kind == EVENT_GROUP)
		group_time(e->group, &e->when);
	e->uses_values = p->uses_values;
	p->uses_values = false;
	e->loop = p->iteration;
	e->faulty = p->diag->errors > p->errors_seen;
	p->errors_seen = p->diag->errors;
	STAILQ_INSERT_TAIL(&s->events, e, next);
	s->n_events += repeat_weight(e);
}

nstime parse_seconds(struct parse *p, const struct token *t)
{
	nstime ns = 0;

	if (t->text[0] == '-')
		diag_error(p->diag, t->span, "negative time");
	else if (!nstime_parse(t->text, &ns))
		diag_error(p->diag, t->span, "time out of range: %s", t->text);
	return ns;
}

struct when parse_when(struct parse *p, enum when_kind kind, const struct token *t,
		       const struct token *t2, const struct token *end, struct span at)
{
	struct when w = { .kind = kind, .span = at };

	if (t)
		w.t = parse_seconds(p, t);
	if (t2) {
		w.t2 = parse_seconds(p, t2);
		if (w.t2 < w.t)
			diag_error(p->diag, at, "time range is backwards");
	}
	if (end) {
		w.has_end = true;
		w.end = parse_seconds(p, end);
		if (w.end < w.t)
			diag_error(p->diag, at, "it ends before it starts: both times count from the same origin");
	}
	return w;
}

void parse_state_add(struct parse *p, struct states_ast *s, const struct token *t)
{
	struct state_want *w = arena_new_of(p->arena, struct state_want);

	w->state = tcp_state_parse(t->text);
	w->written = t->text;
	w->span = t->span;
	if (w->state == TCPS_UNKNOWN)
		diag_error(p->diag, t->span, "unknown TCP state '%s'; states are: %s", t->text,
			   tcp_state_list());
	STAILQ_INSERT_TAIL(&s->states, w, next);
	s->n++;
}

void parse_note_begin(struct parse *p)
{
	buf_clear(&p->note);
}

/* As written, but for comments and line ends between the tokens: these become a blank. */
void parse_note_add(struct parse *p, struct span at)
{
	bool touches = at.line == p->note_end.end_line && at.col == p->note_end.end_col;
	const char *from, *to;
	size_t len;

	from = source_line(p->diag->src, at.line, &len);
	to = source_line(p->diag->src, at.end_line, &len);
	if (!from || !to)
		return;
	if (p->note.len && !touches)
		buf_addc(&p->note, ' ');
	from += at.col - 1;
	buf_add(&p->note, from, (size_t)(to + at.end_col - 1 - from));
	p->note_end = at;
}

static struct script *script_new(const struct source *src, struct arena *a)
{
	struct script *s = arena_new_of(a, struct script);

	s->arena = a;
	s->src = src;
	settings_init(&s->settings, a);
	STAILQ_INIT(&s->options);
	STAILQ_INIT(&s->metas);
	STAILQ_INIT(&s->events);
	return s;
}

struct script *script_parse_all(const struct source *src, const struct override_list *overrides,
				struct arena *a, struct diag_sink *d)
{
	struct parse p = { .arena = a, .diag = d, .overrides = overrides, .line = 1, .col = 1 };
	parse_scanner scanner;

	d->src = src;
	p.script = script_new(src, a);
	apply_overrides(&p);
	if (script_yylex_init_extra(&p, &scanner)) {
		diag_error(d, (struct span){ 0 }, "out of memory");
		return NULL;
	}
	script_yy_scan_bytes(src->text, (int)src->len, scanner);
	script_yyparse(scanner, &p);
	script_yylex_destroy(scanner);
	buf_free(&p.note);
	if (!d->errors && !p.script->n_events)
		diag_error(d, (struct span){ 0 }, "no events: a script needs at least one");
	return p.script;
}

struct script *script_parse(const struct source *src, const struct override_list *overrides,
			    struct arena *a, struct diag_sink *d)
{
	struct script *s = script_parse_all(src, overrides, a, d);

	return d->errors ? NULL : s;
}
