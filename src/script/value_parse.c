/* SPDX-License-Identifier: BSD-2-Clause */
/* From `$(EXPRESSION)` to a tree: a small parser by recursive descent, with kinds. */
#include "config.h"

#include "script/value.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/names.h"
#include "script/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Longer ones are no one's formulas, and a tree is no deeper than its text is long. */
#define MAX_LENGTH 1000

struct reader {
	const char *text, *at;
	struct span start;	/* of text */
	const struct value_name *names;
	const struct settings *settings;
	struct arena *arena;
	struct diag_sink *diag;
	int in_function;	/* how many are open */
};

/* Where [from, to) of the text stands in the script. */
static struct span place(const struct reader *r, const char *from, const char *to)
{
	struct span s = { r->start.line, r->start.col, 0, 0 };
	const char *c;

	for (c = r->text; c < from; c++) {
		s.col = *c == '\n' ? 1 : s.col + 1;
		s.line += *c == '\n';
	}
	s.end_line = s.line;
	s.end_col = s.col + (uint32_t)(to - from);
	return s;
}

static void skip_blanks(struct reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

static struct value_expr *new_expr(struct reader *r, enum value_op op, const char *from)
{
	struct value_expr *e = arena_new_of(r->arena, struct value_expr);

	e->op = op;
	e->span = place(r, from, r->at);
	return e;
}

static struct value_expr *unexpected(struct reader *r)
{
	if (!*r->at || *r->at == ')')
		diag_error(r->diag, place(r, r->at, r->at + 1), "a number or a name is expected here");
	else
		diag_error(r->diag, place(r, r->at, r->at + 1), "unexpected '%c' in an expression: it is "
			   "made of numbers, names, + - * / %%, parentheses and functions", *r->at);
	return NULL;
}

struct value_expr *value_literal(const char *text, double number, struct span at, struct arena *a)
{
	struct value_expr *e = arena_new_of(a, struct value_expr);

	e->op = VALUE_LITERAL;
	e->text = text;
	e->number = number;
	e->span = at;
	return e;
}

/* Decimal, with or without decimals, or hex; never the "1e5" and "inf" of C. */
static bool number_of(const char *text, double *v)
{
	size_t n = strlen(text);

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		if (n == 2 || n > 15 || strspn(text + 2, "0123456789abcdefABCDEF") != n - 2)
			return false;
		*v = (double)strtoll(text, NULL, 16);
		return true;
	}
	if (!n || n > 40 || strspn(text, "0123456789.") != n || strchr(text, '.') != strrchr(text, '.') ||
	    !strcmp(text, "."))
		return false;
	*v = strtod(text, NULL);
	return true;
}

static struct value_expr *parse_number(struct reader *r, const char *from)
{
	const char *text;
	double v;

	while (isalnum((unsigned char)*r->at) || *r->at == '.' || *r->at == '_')
		r->at++;
	text = arena_strndup(r->arena, from, (size_t)(r->at - from));
	if (number_of(text, &v))
		return value_literal(text, v, place(r, from, r->at), r->arena);
	diag_error(r->diag, place(r, from, r->at), "'%s' is not a number", text);
	return NULL;
}

/* A symbol's value stands for it everywhere, so here, too. */
static struct value_expr *symbol(struct reader *r, const char *name, const char *from)
{
	const char *value = settings_define(r->settings, name);
	double v;

	if (!value)
		return NULL;
	if (number_of(value, &v))
		return value_literal(value, v, place(r, from, r->at), r->arena);
	diag_error(r->diag, place(r, from, r->at), "'%s' (defined as %s) is not a number", name, value);
	return NULL;
}

static struct value_expr *parse_name(struct reader *r, const char *name, const char *from)
{
	const struct value_name *n, *near = NULL;
	struct value_expr *e;

	if (settings_define(r->settings, name))
		return symbol(r, name, from);
	for (n = r->names; n && strcmp(n->name, name); n = n->next)
		if (!near && names_near(n->name, name))
			near = n;
	if (!n) {
		diag_error(r->diag, place(r, from, r->at), "'%s' is not kept by any event before%s%s%s",
			   name, near ? "; did you mean " : "", near ? near->name : "", near ? "?" : "");
		return NULL;
	}
	e = new_expr(r, VALUE_NAME, from);
	e->text = name;
	e->kind = n->kind;
	e->many = r->in_function > 0;
	return e;
}

static struct value_expr *parse_sum(struct reader *r);

static struct value_expr *parse_closing(struct reader *r, struct value_expr *e)
{
	if (!e)
		return NULL;
	skip_blanks(r);
	if (*r->at != ')') {
		if (*r->at)
			return unexpected(r);
		diag_error(r->diag, place(r, r->at, r->at + 1), "')' is missing");
		return NULL;
	}
	r->at++;
	return e;
}

static const struct value_function *find_function(const char *name)
{
	const struct value_function *f;

	for (f = value_function_table; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

static const char *known_functions(struct reader *r)
{
	const struct value_function *f;
	const char *text = "";

	for (f = value_function_table; f->name; f++)
		text = arena_printf(r->arena, "%s %s", text, f->name);
	return text;
}

static struct value_expr *parse_call(struct reader *r, const char *name, const char *from)
{
	const struct value_function *f = find_function(name);
	struct value_expr *e, *arg;

	if (!f) {
		diag_error(r->diag, place(r, from, r->at), "unknown function '%s'; known are:%s", name,
			   known_functions(r));
		return NULL;
	}
	r->at++;
	r->in_function++;
	arg = parse_closing(r, parse_sum(r));
	r->in_function--;
	if (!arg)
		return NULL;
	e = new_expr(r, VALUE_CALL, from);
	e->function = f;
	e->left = arg;
	if (arg->kind == VALUE_TIME && f->reduce != REDUCE_COUNT && f->reduce != REDUCE_DISTINCT)
		e->kind = VALUE_TIME;
	e->many = f->reduce == REDUCE_DIFF;
	if (!arg->many)
		diag_error(r->diag, arg->span, "%s() is of all values that a name kept: a name is "
			   "expected in it", name);
	else if (!e->many || r->in_function)
		return e;
	else
		diag_error(r->diag, e->span, "diff() is as many values as there are differences: say "
			   "which, as in max(diff(...))");
	return NULL;
}

static struct value_expr *parse_word(struct reader *r)
{
	const char *from = r->at, *name;

	while (isalnum((unsigned char)*r->at) || *r->at == '_')
		r->at++;
	name = arena_strndup(r->arena, from, (size_t)(r->at - from));
	return *r->at == '(' ? parse_call(r, name, from) : parse_name(r, name, from);
}

static struct value_expr *parse_primary(struct reader *r)
{
	const char *from;
	struct value_expr *e, *operand;

	skip_blanks(r);
	from = r->at;
	if (*from == '(') {
		r->at++;
		return parse_closing(r, parse_sum(r));
	}
	if (*from == '-') {
		r->at++;
		operand = parse_primary(r);
		if (!operand)
			return NULL;
		e = new_expr(r, VALUE_NEGATE, from);
		e->left = operand;
		e->kind = operand->kind == VALUE_SEQ ? VALUE_NUMBER : operand->kind;
		e->many = operand->many;
		return e;
	}
	if (isdigit((unsigned char)*from) || *from == '.')
		return parse_number(r, from);
	if (isalpha((unsigned char)*from) || *from == '_')
		return parse_word(r);
	return unexpected(r);
}

/* The kind that two make, or -1 if they make no sense together. */
static int kind_of(enum value_op op, enum value_kind l, enum value_kind r)
{
	bool time = l == VALUE_TIME || r == VALUE_TIME, seq = l == VALUE_SEQ || r == VALUE_SEQ;

	switch (op) {
	case VALUE_ADD:
		if ((l == VALUE_SEQ && r == VALUE_SEQ) || (time && seq))
			return -1;
		return time ? VALUE_TIME : seq ? VALUE_SEQ : VALUE_NUMBER;
	case VALUE_SUB:
		if (time && seq)
			return -1;
		return time ? VALUE_TIME : l == VALUE_SEQ && r != VALUE_SEQ ? VALUE_SEQ : VALUE_NUMBER;
	case VALUE_MUL:
		return l == VALUE_TIME && r == VALUE_TIME ? -1 : time ? VALUE_TIME : VALUE_NUMBER;
	case VALUE_DIV:
		return l == VALUE_TIME && r != VALUE_TIME ? VALUE_TIME : VALUE_NUMBER;
	default:
		return l != VALUE_TIME && r == VALUE_TIME ? -1 : l == VALUE_TIME ? VALUE_TIME : VALUE_NUMBER;
	}
}

static struct value_expr *binary(struct reader *r, enum value_op op, struct value_expr *left,
				 struct value_expr *right)
{
	struct value_expr *e = arena_new_of(r->arena, struct value_expr);
	int kind = kind_of(op, left->kind, right->kind);

	*e = (struct value_expr){ .op = op, .left = left, .right = right,
				  .span = span_join(left->span, right->span),
				  .many = left->many || right->many };
	if (kind < 0) {
		diag_error(r->diag, e->span, "a %s and a %s do not go together like this",
			   value_kind_name(left->kind), value_kind_name(right->kind));
		return NULL;
	}
	e->kind = (enum value_kind)kind;
	return e;
}

static struct value_expr *parse_product(struct reader *r)
{
	struct value_expr *e = parse_primary(r), *right;

	while (e) {
		enum value_op op;

		skip_blanks(r);
		if (*r->at == '*')
			op = VALUE_MUL;
		else if (*r->at == '/')
			op = VALUE_DIV;
		else if (*r->at == '%')
			op = VALUE_MOD;
		else
			break;
		r->at++;
		right = parse_primary(r);
		e = right ? binary(r, op, e, right) : NULL;
	}
	return e;
}

static struct value_expr *parse_sum(struct reader *r)
{
	struct value_expr *e = parse_product(r), *right;

	while (e) {
		enum value_op op;

		skip_blanks(r);
		if (*r->at != '+' && *r->at != '-')
			break;
		op = *r->at == '+' ? VALUE_ADD : VALUE_SUB;
		r->at++;
		right = parse_product(r);
		e = right ? binary(r, op, e, right) : NULL;
	}
	return e;
}

struct value_expr *value_parse(const char *text, struct span at, const struct value_name *names,
			       const struct settings *settings, struct arena *a,
			       struct diag_sink *d)
{
	struct reader r = { .text = text, .at = text + 1, .start = at, .names = names,
			    .settings = settings, .arena = a, .diag = d };

	if (strlen(text) > MAX_LENGTH) {
		diag_error(d, at, "an expression of more than %d characters", MAX_LENGTH);
		return NULL;
	}
	if (*r.at == '(') {
		r.at++;
		return parse_closing(&r, parse_sum(&r));
	}
	return parse_word(&r);
}
