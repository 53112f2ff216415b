/* SPDX-License-Identifier: BSD-2-Clause */
/* The canonical printer: one event a line, the same spacing everywhere. */
#include "config.h"

#include "script/ast.h"
#include "base/buf.h"

#include <inttypes.h>
#include <string.h>

void when_print(const struct when *w, struct buf *out)
{
	const char *plus = w->kind == WHEN_REL || w->kind == WHEN_REL_RANGE ? "+" : "";
	char t[NSTIME_TEXT];

	if (w->kind == WHEN_ANY) {
		buf_addc(out, '*');
		return;
	}
	buf_printf(out, "%s%s", plus, nstime_text(w->t, t));
	if (w->kind == WHEN_ABS_RANGE || w->kind == WHEN_REL_RANGE)
		buf_printf(out, "~%s%s", plus, nstime_text(w->t2, t));
	if (w->has_end)
		buf_printf(out, "...%s", nstime_text(w->end, t));
}

static void print_items(const struct expr_list *l, const char *between, struct buf *out)
{
	const struct expr *e;

	if (!l)
		return;
	STAILQ_FOREACH(e, l, next) {
		if (e != STAILQ_FIRST(l))
			buf_adds(out, between);
		expr_print(e, out);
	}
}

static void print_bracketed(const struct expr *e, const char *open, const char *close,
			    struct buf *out)
{
	buf_adds(out, open);
	print_items(e->items, ", ", out);
	buf_adds(out, close);
}

static void print_number(const struct expr *e, struct buf *out)
{
	if (e->hex)
		buf_printf(out, "0x%" PRIx64, (uint64_t)e->num);
	else
		buf_printf(out, "%" PRId64, e->num);
}

static void print_field(const struct expr *e, struct buf *out)
{
	buf_adds(out, e->text);
	if (e->items)
		print_bracketed(e, "(", ")", out);
	buf_addc(out, '=');
	expr_print(e->value, out);
}

static void print_struct(const struct expr *e, struct buf *out)
{
	const struct expr *first = e->items ? STAILQ_FIRST(e->items) : NULL;
	bool groups = first && first->kind == EXPR_GROUP;

	buf_addc(out, '{');
	print_items(e->items, groups ? " " : ", ", out);
	buf_addc(out, '}');
}

void expr_print(const struct expr *e, struct buf *out)
{
	switch (e->kind) {
	case EXPR_ELLIPSIS:
		buf_adds(out, "...");
		break;
	case EXPR_INT:
		print_number(e, out);
		break;
	case EXPR_WORD:
		buf_adds(out, e->text);
		break;
	case EXPR_STRING:
		buf_addc(out, '"');
		buf_add_escaped(out, e->text, e->len);
		buf_addc(out, '"');
		break;
	case EXPR_LIST:
		print_bracketed(e, "[", "]", out);
		break;
	case EXPR_STRUCT:
		print_struct(e, out);
		break;
	case EXPR_GROUP:
		print_bracketed(e, "(", ")", out);
		break;
	case EXPR_CALL:
		buf_adds(out, e->text);
		print_bracketed(e, "(", ")", out);
		break;
	case EXPR_OR:
		print_items(e->items, "|", out);
		break;
	case EXPR_FIELD:
		print_field(e, out);
		break;
	case EXPR_ENTRY:
		buf_printf(out, "%s ", e->text);
		print_number(e, out);
		break;
	case EXPR_VALUE:
		buf_adds(out, e->use->shown.text);
		break;
	}
}

void call_print(const struct syscall_ast *c, struct buf *out)
{
	buf_printf(out, "%s(", c->name);
	print_items(c->args, ", ", out);
	buf_adds(out, ") = ");
	expr_print(c->result, out);
	if (c->err)
		buf_printf(out, " %s", c->err);
	if (c->note)
		buf_printf(out, " (%s)", c->note);
	if (c->conn.name)
		buf_printf(out, " @%s", c->conn.name);
}

static const char *const op_text[] = {
	[CONDITION_EQ] = "==", [CONDITION_NE] = "!=", [CONDITION_LT] = "<", [CONDITION_LE] = "<=",
	[CONDITION_GT] = ">", [CONDITION_GE] = ">=", [CONDITION_BITS] = "&",
};

enum condition_op condition_op(const char *text)
{
	unsigned op = 0;

	while (op < CONDITION_BITS && strcmp(op_text[op], text))
		op++;
	return (enum condition_op)op;
}

void condition_print_want(const struct condition *c, struct buf *out)
{
	if (c->op != CONDITION_RANGE)
		buf_printf(out, "%s ", op_text[c->op]);
	expr_print(c->value, out);
	if (c->op != CONDITION_RANGE)
		return;
	buf_addc(out, '~');
	expr_print(c->high, out);
}

void assert_print(const struct assert_ast *a, struct buf *out)
{
	const struct condition *c;

	buf_adds(out, "assert");
	if (a->conn.name)
		buf_printf(out, " @%s", a->conn.name);
	if (a->fd) {
		buf_addc(out, '(');
		expr_print(a->fd, out);
		buf_addc(out, ')');
	}
	STAILQ_FOREACH(c, &a->conditions, next) {
		buf_printf(out, "%s %s ", c == STAILQ_FIRST(&a->conditions) ? "" : ",", c->field);
		condition_print_want(c, out);
	}
}

static void print_states(const struct states_ast *s, struct buf *out)
{
	const struct state_want *w;
	const char *arrow;

	for (; s; s = s->more) {
		buf_adds(out, " => ");
		if (s->conn.name)
			buf_printf(out, "@%s ", s->conn.name);
		arrow = "";
		STAILQ_FOREACH(w, &s->states, next) {
			buf_printf(out, "%s%s", arrow, tcp_state_name(w->state));
			arrow = " -> ";
		}
	}
}

void packet_head_print(const struct pkt_spec *s, struct buf *out)
{
	buf_adds(out, s->dir == PKT_IN ? "< " : s->optional ? ">? " : "> ");
	if (s->conn.name)
		buf_printf(out, "@%s ", s->conn.name);
}

static void print_group(const struct group_ast *g, const struct iteration *in, struct buf *out)
{
	const struct event *e;

	buf_adds(out, "any order {\n");
	STAILQ_FOREACH(e, &g->events, next) {
		repeat_print_indent(in, out);
		buf_addc(out, '\t');
		packet_head_print(e->pkt, out);
		spec_print(e->pkt, out);
		if (e->keep)
			keep_print(e->keep, out);
		buf_addc(out, '\n');
	}
	repeat_print_indent(in, out);
	buf_addc(out, '}');
}

static void print_event(const struct event *e, struct buf *out)
{
	when_print(&e->when, out);
	buf_addc(out, ' ');
	switch (e->kind) {
	case EVENT_PACKET:
		packet_head_print(e->pkt, out);
		spec_print(e->pkt, out);
		break;
	case EVENT_SYSCALL:
		call_print(e->call, out);
		break;
	case EVENT_COMMAND:
		buf_printf(out, "`%s`", e->text->text);
		break;
	case EVENT_CODE:
		buf_printf(out, "%%{ %s }%%", e->text->text);
		break;
	case EVENT_ASSERT:
		assert_print(e->assertion, out);
		break;
	case EVENT_GROUP:
		print_group(e->group, e->loop, out);
		break;
	}
	if (e->keep)
		keep_print(e->keep, out);
	if (e->states)
		print_states(e->states, out);
	buf_addc(out, '\n');
}

/* What stands in a repeat is printed once, between its braces. */
static void print_events(const struct script *s, struct buf *out)
{
	const struct iteration *open = NULL;
	const struct event *e;

	STAILQ_FOREACH(e, &s->events, next) {
		if (iteration_is_again(e->loop))
			continue;
		repeat_print_braces(open, e->loop, out);
		open = e->loop;
		repeat_print_indent(open, out);
		print_event(e, out);
	}
	repeat_print_braces(open, NULL, out);
}

void script_print(const struct script *s, struct buf *out)
{
	const struct option_ast *o;
	const struct meta *m;

	STAILQ_FOREACH(m, &s->metas, next)
		buf_printf(out, "//@ %s%s%s\n", m->key, *m->rest ? " " : "", m->rest);
	STAILQ_FOREACH(o, &s->options, next)
		buf_printf(out, "--%s%s%s\n", o->name, o->value ? "=" : "", o->value ? o->value : "");
	if (s->init)
		buf_printf(out, "`%s`\n", s->init->text);
	print_events(s, out);
	if (s->cleanup)
		buf_printf(out, "`%s`\n", s->cleanup->text);
}
