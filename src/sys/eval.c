/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/eval.h"
#include "base/diag.h"
#include "sys/foreign.h"
#include "sys/symbols.h"
#include "sys/tcp_names.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

const char *expr_type_name(const struct expr *e)
{
	static const char *const table[] = {
		[EXPR_ELLIPSIS] = "ellipsis", [EXPR_INT] = "integer", [EXPR_WORD] = "word",
		[EXPR_STRING] = "string", [EXPR_LIST] = "list", [EXPR_STRUCT] = "struct",
		[EXPR_GROUP] = "group", [EXPR_CALL] = "address", [EXPR_OR] = "binary_expression",
		[EXPR_FIELD] = "field", [EXPR_ENTRY] = "field",
		[EXPR_VALUE] = "value",
	};

	return table[e->kind];
}

int eval_bad_type(const struct expr *e, const char *expected, struct diag_sink *d)
{
	return diag_error(d, e->span, "Bad type; actual: %s expected: %s", expr_type_name(e),
			  expected);
}

/* A name of TCP_INFO's values: a state, a congestion state, an option. */
static bool find_tcp_name(const char *name, int64_t *v)
{
	int i;

	for (i = 0; tcp_name_tables[i]; i++)
		if (names_find(tcp_name_tables[i], name, v))
			return true;
	return false;
}

static int eval_symbol(const struct expr *e, int64_t *v, struct diag_sink *d)
{
	const char *near;

	if (names_find(symbol_table, e->text, v) || find_tcp_name(e->text, v))
		return 0;
	if (foreign_symbol(e->text)) {
		/* A script that can be checked but, here, not run. */
		*v = 0;
		return 0;
	}
	near = names_nearest(symbol_table, e->text);
	return diag_error(d, e->span, "unknown symbol: '%s'%s%s%s", e->text,
			  near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

const char *eval_address_text(const struct expr *e)
{
	const struct expr *text = e->kind == EXPR_CALL ? expr_list_at(e->items, 0) : NULL;

	if (!text || text->kind != EXPR_STRING || expr_list_count(e->items) != 1 ||
	    strlen(text->text) != text->len)
		return NULL;
	return text->text;
}

static int eval_inet_addr(const struct expr *e, int64_t *v, struct diag_sink *d)
{
	const char *text = eval_address_text(e);
	struct in_addr a;

	if (!text || inet_pton(AF_INET, text, &a) != 1)
		return diag_error(d, e->span, "expected inet_addr(\"A.B.C.D\")");
	*v = a.s_addr;
	return 0;
}

/* htons(N), htonl(N), inet_addr("..."): numbers as they are in memory, in network order. */
static int eval_call(const struct expr *e, int64_t *v, struct diag_sink *d)
{
	bool wide = !strcmp(e->text, "htonl");
	const struct expr *arg = expr_list_at(e->items, 0);

	if (!strcmp(e->text, "inet_addr"))
		return eval_inet_addr(e, v, d);
	if (!wide && strcmp(e->text, "htons"))
		return eval_bad_type(e, "integer", d);
	if (expr_list_count(e->items) != 1)
		return diag_error(d, e->span, "expected %s(N)", e->text);
	if (eval_int(arg, v, d))
		return -1;
	if (*v < 0 || *v > (wide ? UINT32_MAX : UINT16_MAX))
		return diag_error(d, arg->span, "Value out of range for %s(): %" PRId64, e->text, *v);
	*v = wide ? htonl((uint32_t)*v) : htons((uint16_t)*v);
	return 0;
}

int eval_int(const struct expr *e, int64_t *v, struct diag_sink *d)
{
	const struct expr *part;
	int64_t one;

	switch (e->kind) {
	case EXPR_INT:
		*v = e->num;
		return 0;
	case EXPR_WORD:
		return eval_symbol(e, v, d);
	case EXPR_CALL:
		return eval_call(e, v, d);
	case EXPR_OR:
		*v = 0;
		STAILQ_FOREACH(part, e->items, next) {
			if (eval_int(part, &one, d))
				return -1;
			*v |= one;
		}
		return 0;
	default:
		return eval_bad_type(e, "integer", d);
	}
}

int eval_s32(const struct expr *e, int32_t *v, struct diag_sink *d)
{
	int64_t wide;

	if (eval_int(e, &wide, d))
		return -1;
	if (wide < INT32_MIN || wide > UINT32_MAX)
		return diag_error(d, e->span, "Value out of range for 32-bit integer: %" PRId64, wide);
	*v = (int32_t)wide;
	return 0;
}

bool eval_is_null(const struct expr *e)
{
	return (e->kind == EXPR_INT && e->num == 0) ||
		(e->kind == EXPR_WORD && !strcmp(e->text, "NULL"));
}

const struct expr *eval_field(const struct expr *e, const char *name)
{
	const struct expr *f;

	if (e->items)
		STAILQ_FOREACH(f, e->items, next)
			if (f->kind == EXPR_FIELD && !strcmp(f->text, name))
				return f->value;
	return NULL;
}

static bool in_table(const char *const table[], const char *name)
{
	for (; *table; table++)
		if (!strcmp(*table, name))
			return true;
	return false;
}

int eval_members(const struct expr *e, const char *const table[], struct diag_sink *d)
{
	const struct expr *f;

	if (!e->items)
		return 0;
	STAILQ_FOREACH(f, e->items, next) {
		if (f->kind != EXPR_FIELD)
			return diag_error(d, f->span, "expected NAME=VALUE");
		if (!in_table(table, f->text))
			return diag_error(d, f->span, "there is no member %s here", f->text);
		if (eval_field(e, f->text) != f->value)
			return diag_error(d, f->span, "%s is given twice", f->text);
	}
	return 0;
}
