/* SPDX-License-Identifier: BSD-2-Clause */
/* Struct literals of socket options: a member that is not named is not compared. */
#include "config.h"

#include "sys/opt_value.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sys/args.h"
#include "sys/eval.h"
#include "sys/foreign.h"
#include "sys/opt_layout.h"
#include "sys/tcp_fields.h"
#include "sys/tcp_names.h"

#include <inttypes.h>
#include <string.h>

static const char *const source_name[] = {
	[TCP_FIELD_INFO] = "TCP_INFO", [TCP_FIELD_BBR] = "BBR's TCP_CC_INFO",
	[TCP_FIELD_DCTCP] = "DCTCP's TCP_CC_INFO", [TCP_FIELD_VEGAS] = "Vegas's TCP_CC_INFO",
	[TCP_FIELD_MEMINFO] = "SO_MEMINFO",
};

static int unknown_member(struct sys_ctx *x, const struct expr *f)
{
	const char *near = tcp_field_nearest(f->text);

	if (!near)
		near = opt_member_nearest(f->text);
	return diag_error(x->diag, f->span, "unknown struct member: '%s'%s%s%s", f->text,
			  near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* `...` and numbers that fit; bits 0 = all of the width. */
static int member_value(struct sys_ctx *x, const struct expr *f, unsigned width, unsigned bits,
			int64_t *v)
{
	*v = 0;
	if (f->value->kind == EXPR_ELLIPSIS)
		return 0;
	if (eval_int(f->value, v, x->diag))
		return -1;
	if (!opt_value_fits(*v, width) || (bits && (uint64_t)*v >> bits))
		return diag_error(x->diag, f->value->span, "Value out of range for %s: %" PRId64,
				  f->text, *v);
	return 0;
}

static int twice(struct sys_ctx *x, const struct expr *f)
{
	return diag_error(x->diag, f->span, "%s is given twice", f->text);
}

/* ---- TCP_INFO, TCP_CC_INFO, SO_MEMINFO ---- */

static int tcp_literal(struct sys_ctx *x, const struct expr *e, const struct tcp_field *first,
		       struct opt_value *v)
{
	const struct tcp_field *field;
	const struct expr *f;
	int64_t n;

	STAILQ_FOREACH(f, e->items, next) {
		field = f->kind == EXPR_FIELD ? tcp_field_find(f->text) : NULL;
		if (f->kind == EXPR_FIELD && !field)
			return unknown_member(x, f);
		if (!field || field->source != first->source)
			return diag_error(x->diag, f->span, "not a field of %s",
					  source_name[first->source]);
		if (eval_field(e, f->text) != f->value)
			return twice(x, f);
		if (member_value(x, f, field->bytes, field->bits, &n))
			return -1;
		if (n < 0 && field->bytes < 8)
			return diag_error(x->diag, f->value->span, "no field is ever negative");
	}
	v->natural = TCP_FIELD_ROOM;
	return 0;
}

static void tcp_verify(struct sys_ctx *x, const struct expr *f, const struct tcp_field *field,
		       const void *got, size_t len, struct mismatch ***tail)
{
	struct buf want_text = { 0 }, got_text = { 0 };
	uint64_t value;
	int64_t want;

	if (member_value(x, f, field->bytes, field->bits, &want))
		return;
	if (!tcp_field_read(field, got, len, &value)) {
		expr_print(f->value, &want_text);
		mismatch_add(x, tail, f->text, buf_str(&want_text), "not told by this kernel");
	} else if ((uint64_t)want != value) {
		tcp_value_print(f->text, (uint64_t)want, &want_text);
		tcp_value_print(f->text, value, &got_text);
		mismatch_add(x, tail, f->text, buf_str(&want_text), buf_str(&got_text));
	}
	buf_free(&want_text);
	buf_free(&got_text);
}

/* ---- structs of opt_layout.c ---- */

static int own_literal(struct sys_ctx *x, const struct expr *e, const struct opt_member *first,
		       enum opt_use use, struct opt_value *v)
{
	const struct opt_member *m;
	const struct expr *f;
	int64_t n;

	v->natural = v->len = (socklen_t)opt_struct_size(first);
	v->bytes = arena_alloc(x->arena, v->len);
	STAILQ_FOREACH(f, e->items, next) {
		m = f->kind == EXPR_FIELD ? opt_member_find(f->text) : NULL;
		if (!m || strcmp(m->of, first->of))
			return diag_error(x->diag, f->span, "not a member of %s, which has %s",
					  first->of, opt_struct_list(first, x->arena));
		if (eval_field(e, f->text) != f->value)
			return twice(x, f);
		if (use == OPT_SET && f->value->kind == EXPR_ELLIPSIS)
			return diag_error(x->diag, f->value->span, "a value to set must be a number");
		if (member_value(x, f, m->width, 0, &n))
			return -1;
		opt_member_write(m, v->bytes, n);
	}
	if (use == OPT_SET && expr_list_count(e->items) != opt_struct_members(first))
		return diag_error(x->diag, e->span, "to set %s takes all of %s", first->of,
				  opt_struct_list(first, x->arena));
	return 0;
}

static void own_verify(struct sys_ctx *x, const struct expr *f, const struct opt_member *m,
		       const void *got, size_t len, struct mismatch ***tail)
{
	struct buf want_text = { 0 };
	int64_t want, value, written = 0;
	uint8_t bytes[8];
	struct opt_member alone = *m;

	if (member_value(x, f, m->width, 0, &want))
		return;
	/* As the kernel would store it: 0xffffffff is -1 where negative values are. */
	alone.offset = 0;
	opt_member_write(&alone, bytes, want);
	opt_member_read(&alone, bytes, sizeof(bytes), &written);
	if (!opt_member_read(m, got, len, &value)) {
		expr_print(f->value, &want_text);
		mismatch_add(x, tail, f->text, buf_str(&want_text), "not told by this kernel");
	} else if (value != written) {
		mismatch_add_num(x, tail, f->text, written, value);
	}
	buf_free(&want_text);
}

/* ---- both ---- */

int opt_struct(struct sys_ctx *x, const struct expr *e, enum opt_use use, struct opt_value *v)
{
	const struct expr *first = expr_list_at(e->items, 0);
	const struct opt_member *m;
	const struct tcp_field *field;

	if (!first || first->kind != EXPR_FIELD)
		return diag_error(x->diag, e->span, "expected a struct by its members: {onoff=N, linger=N}");
	m = opt_member_find(first->text);
	field = tcp_field_find(first->text);
	if (m)
		return own_literal(x, e, m, use, v);
	if (foreign_member(first->text)) {
		v->bytes = arena_alloc(x->arena, 1);
		return 0;
	}
	if (!field)
		return unknown_member(x, first);
	if (use == OPT_SET)
		return diag_error(x->diag, e->span, "%s can only be read", source_name[field->source]);
	return tcp_literal(x, e, field, v);
}

void opt_struct_verify(struct sys_ctx *x, const struct expr *e, const void *got, size_t len,
		       struct mismatch ***tail)
{
	const struct opt_member *m;
	const struct expr *f;

	STAILQ_FOREACH(f, e->items, next) {
		if (f->value->kind == EXPR_ELLIPSIS)
			continue;
		m = opt_member_find(f->text);
		if (m)
			own_verify(x, f, m, got, len, tail);
		else
			tcp_verify(x, f, tcp_field_find(f->text), got, len, tail);
	}
}
