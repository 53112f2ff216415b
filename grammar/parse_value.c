/* SPDX-License-Identifier: BSD-2-Clause */
/* `keep NAME = FIELD`, and what is kept used again: $NAME, $(EXPRESSION). */
#include "config.h"

#include "parse_state.h"
#include "script_parser.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int parse_new_word(struct parse *p, struct token *t, int keyword)
{
	return settings_define(&p->script->settings, t->text) ? parse_symbol(p, t) : keyword;
}

static struct value_use *use_new(struct parse *p, const struct value_expr *e, const char *text,
				 struct span at)
{
	struct value_use *u = arena_new_of(p->arena, struct value_use);

	u->shown.text = text;
	u->expr = e;
	u->span = at;
	return u;
}

struct token parse_formula(struct parse *p, const struct token *t)
{
	const struct value_expr *e = value_parse(t->text, t->span, p->names, &p->script->settings,
						 p->arena, p->diag);
	/* If it is wrong, that was said: any number will do. */
	struct token number = { .text = t->text, .num = 1, .is_number = true, .span = t->span };
	struct buf text = { 0 };

	if (!e)
		return number;
	value_print(e, &text);
	number.text = arena_strdup(p->arena, buf_str(&text));
	buf_free(&text);
	number.value = use_new(p, e, number.text, t->span);
	p->uses_values = true;
	return number;
}

struct expr *parse_decimal(struct parse *p, const struct token *t)
{
	struct expr *e = expr_new(p->arena, EXPR_VALUE, t->span);

	e->use = use_new(p, value_literal(t->text, strtod(t->text, NULL), t->span, p->arena), t->text,
			 t->span);
	return e;
}

bool parse_refuse_formula(struct parse *p, const struct token *t)
{
	if (t->value)
		diag_error(p->diag, t->span, "only a number can stand here, not %s", t->text);
	return t->value != NULL;
}

static const struct keep_desc *find_field(const char *name)
{
	const struct keep_desc *d;

	for (d = keep_table; d->name; d++)
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}

static const char *known_fields(struct parse *p, bool packet)
{
	const struct keep_desc *d;
	const char *text = "";

	for (d = keep_table; d->name; d++)
		if (packet ? d->packet : d->call)
			text = arena_printf(p->arena, "%s %s", text, d->name);
	return text;
}

struct keep_ast *keep_new(struct parse *p, const struct token *name, const struct token *field,
			  struct span at)
{
	struct keep_ast *k = arena_new_of(p->arena, struct keep_ast);

	*k = (struct keep_ast){ .name = name->text, .desc = find_field(field->text),
				.name_span = name->span, .span = at };
	if (!isalpha((unsigned char)*name->text) && *name->text != '_') {
		diag_error(p->diag, name->span, "'%s' is not a name: it begins with a digit", name->text);
		return NULL;
	}
	if (k->desc)
		return k;
	diag_error(p->diag, field->span, "'%s' cannot be kept; of packets there are:%s, of calls:%s",
		   field->text, known_fields(p, true), known_fields(p, false));
	return NULL;
}

struct keep_list *keep_add(struct parse *p, struct keep_list *l, struct keep_ast *k)
{
	if (!l) {
		l = arena_new_of(p->arena, struct keep_list);
		STAILQ_INIT(l);
	}
	if (k)
		STAILQ_INSERT_TAIL(l, k, next);
	return l;
}

/* A name stays what it was: else nobody could tell what an expression means. */
static void remember(struct parse *p, const struct keep_ast *k)
{
	struct value_name *n;

	for (n = p->names; n; n = n->next) {
		if (strcmp(n->name, k->name))
			continue;
		if (n->kind != k->desc->kind)
			diag_error(p->diag, k->span, "%s is a %s here, but was a %s in line %u", k->name,
				   value_kind_name(k->desc->kind), value_kind_name(n->kind), n->span.line);
		return;
	}
	n = arena_new_of(p->arena, struct value_name);
	*n = (struct value_name){ k->name, k->desc->kind, k->span, p->names };
	p->names = n;
}

void keep_attach(struct parse *p, struct event *e, struct keep_list *l, struct span at)
{
	bool packet = e->kind == EVENT_PACKET && e->pkt->kind != SPEC_NOTHING;
	bool has = packet || e->kind == EVENT_SYSCALL;
	const struct keep_ast *k;

	if (!l)
		return;
	if (!has)
		diag_error(p->diag, at, "only of packets and system calls something can be kept%s",
			   e->kind == EVENT_GROUP ? ": of a group, behind one of its packets" : "");
	STAILQ_FOREACH(k, l, next) {
		if (has && (packet ? !k->desc->packet : !k->desc->call))
			diag_error(p->diag, k->span, "a %s has no %s; it has:%s",
				   packet ? "packet" : "call", k->desc->name, known_fields(p, packet));
		remember(p, k);
	}
	e->keep = l;
}
