/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/ladder_script.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/ladder_rows.h"
#include "script/ast.h"
#include "seam/result.h"

#include <string.h>

struct drafting {
	struct rows *rows;
	struct arena *arena;
};

/* Takes the text out of the buffer, which is empty then. */
static const char *take(struct drafting *d, struct buf *b)
{
	const char *text = format_one_line(d->arena, arena_strndup(d->arena, buf_str(b), b->len));

	buf_free(b);
	return text;
}

static void add_row(struct drafting *d, enum row_shape shape, struct span at, const char *when,
		    const char *text)
{
	struct result *place = arena_new_of(d->arena, struct result);
	struct row *row = &d->rows->at[d->rows->n++];

	place->span = at;
	*row = (struct row){ .r = place, .shape = shape, .when = when, .text = text };
	if (shape != ROW_STATE && shape != ROW_REMARK)
		d->rows->total++;
}

/* Enough to know which command or code is meant. */
static const char *first_line(struct drafting *d, const char *text)
{
	size_t n;

	text += strspn(text, " \t\n");
	n = strcspn(text, "\n");
	return format_one_line(d->arena, arena_printf(d->arena, "%.*s%s", (int)n, text,
						      text[n] && text[n + 1] ? " ..." : ""));
}

static void add_command(struct drafting *d, const struct text_ast *t, const char *when)
{
	if (t)
		add_row(d, ROW_CALL, t->span, when,
			arena_printf(d->arena, "`%s`", first_line(d, t->text)));
}

static void add_name(const struct spec_conn *c, struct buf *b)
{
	if (c->name)
		buf_printf(b, "@%s ", c->name);
}

static const char *event_text(struct drafting *d, const struct event *e)
{
	struct buf b = { 0 };

	switch (e->kind) {
	case EVENT_PACKET:
		add_name(&e->pkt->conn, &b);
		spec_print(e->pkt, &b);
		break;
	case EVENT_SYSCALL:
		call_print(e->call, &b);
		break;
	case EVENT_COMMAND:
		buf_printf(&b, "`%s`", first_line(d, e->text->text));
		break;
	case EVENT_CODE:
		buf_printf(&b, "%%{ %s }%%", first_line(d, e->text->text));
		break;
	case EVENT_ASSERT:
		assert_print(e->assertion, &b);
		break;
	case EVENT_GROUP:
		buf_printf(&b, "these %d in any order:", e->group->n);
		break;
	}
	return take(d, &b);
}

static const char *with_keep(struct drafting *d, const struct event *e, const char *text)
{
	struct buf b = { 0 };

	if (!e->keep)
		return text;
	buf_adds(&b, text);
	keep_print(e->keep, &b);
	return take(d, &b);
}

static enum row_shape shape_of(const struct event *e)
{
	if (e->kind != EVENT_PACKET || e->pkt->kind == SPEC_NOTHING)
		return ROW_CALL;
	return e->pkt->dir == PKT_IN ? ROW_LEFT : ROW_RIGHT;
}

static void add_states(struct drafting *d, const struct states_ast *s)
{
	const struct state_want *w;
	struct buf b = { 0 };

	buf_addc(&b, '[');
	add_name(&s->conn, &b);
	STAILQ_FOREACH(w, &s->states, next)
		buf_printf(&b, "%s%s", w != STAILQ_FIRST(&s->states) ? " -> " : "", tcp_state_name(w->state));
	buf_addc(&b, ']');
	add_row(d, ROW_STATE, s->span, "", take(d, &b));
}

static void add_event(struct drafting *d, const struct event *e)
{
	struct buf when = { 0 };
	const char *text = event_text(d, e);
	const struct event *member;
	const struct states_ast *s;

	/* Silence has no arrow to say whose it is. */
	if (e->kind == EVENT_PACKET && e->pkt->kind == SPEC_NOTHING)
		text = e->pkt->conn.name ? arena_printf(d->arena, "the stack sends nothing on @%s",
							e->pkt->conn.name) :
			"the stack sends nothing";
	else if (e->kind == EVENT_PACKET && e->pkt->optional)
		text = arena_printf(d->arena, "%s (or not)", text);
	when_print(&e->when, &when);
	add_row(d, shape_of(e), e->span, take(d, &when), with_keep(d, e, text));
	if (e->kind == EVENT_GROUP)
		STAILQ_FOREACH(member, &e->group->events, next)
			add_row(d, ROW_RIGHT, member->span, "",
				with_keep(d, member, event_text(d, member)));
	for (s = e->states; s; s = s->more)
		add_states(d, s);
}

static size_t rows_of(const struct event *e)
{
	size_t n = 1 + (e->kind == EVENT_GROUP ? (size_t)e->group->n : 0);
	const struct states_ast *s;

	for (s = e->states; s; s = s->more)
		n++;
	return n;
}

/* Of the repeat that a line with so many tabs before it opens; nowhere for one that closes. */
static struct span brace_span(const struct iteration *to, size_t tabs, bool closes)
{
	while (to && (size_t)iteration_depth(to) > tabs + 1)
		to = to->outer;
	return closes || !to ? (struct span){ 0 } : to->of->span;
}

/* A row for each line of what opens and closes repeats between two events. */
static void add_braces(struct drafting *d, const struct iteration *from, const struct iteration *to)
{
	struct buf text = { 0 };
	const char *line, *end;

	repeat_print_braces(from, to, &text);
	for (line = buf_str(&text); (end = strchr(line, '\n')); line = end + 1) {
		size_t tabs = strspn(line, "\t");

		line += tabs;
		add_row(d, ROW_REMARK, brace_span(to, tabs, *line == '}'), "",
			arena_strndup(d->arena, line, (size_t)(end - line)));
	}
	buf_free(&text);
}

void ladder_script(struct rows *rows, const struct script *s, struct arena *a)
{
	struct drafting d = { .rows = rows, .arena = a };
	const struct iteration *open = NULL;
	const struct event *e;
	size_t most = 2;

	/* An event, its state, and the braces around it. */
	STAILQ_FOREACH(e, &s->events, next)
		if (!iteration_is_again(e->loop))
			most += rows_of(e) + 2 * (size_t)iteration_depth(e->loop);
	*rows = (struct rows){ .at = arena_alloc(a, most * sizeof(*rows->at)) };
	add_command(&d, s->init, "init");
	STAILQ_FOREACH(e, &s->events, next) {
		/* What is repeated is written once. */
		if (iteration_is_again(e->loop))
			continue;
		add_braces(&d, open, e->loop);
		open = e->loop;
		add_event(&d, e);
	}
	add_braces(&d, open, NULL);
	add_command(&d, s->cleanup, "cleanup");
	rows->end = rows->n;
	rows->drawn = rows->total;
}
