/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of values, and how expressions are written. */
#include "config.h"

#include "script/value.h"
#include "base/buf.h"

const struct keep_desc keep_table[] = {
	{ "time", KEEP_TIME, VALUE_TIME, true, true, NULL },
	{ "seq", KEEP_SEQ, VALUE_SEQ, true, false, "it is no TCP segment" },
	{ "ack", KEEP_ACK, VALUE_SEQ, true, false, "it has no ACK flag" },
	{ "len", KEEP_LEN, VALUE_NUMBER, true, false, NULL },
	{ "win", KEEP_WIN, VALUE_NUMBER, true, false, "it is no TCP segment" },
	{ "urg", KEEP_URG, VALUE_NUMBER, true, false, "it is no TCP segment" },
	{ "tsval", KEEP_TSVAL, VALUE_SEQ, true, false, "it has no TS option" },
	{ "tsecr", KEEP_TSECR, VALUE_SEQ, true, false, "it has no TS option" },
	{ "mss", KEEP_MSS, VALUE_NUMBER, true, false, "it has no mss option" },
	{ "wscale", KEEP_WSCALE, VALUE_NUMBER, true, false, "it has no wscale option" },
	{ "ttl", KEEP_TTL, VALUE_NUMBER, true, false, NULL },
	{ "tos", KEEP_TOS, VALUE_NUMBER, true, false, NULL },
	{ "ipid", KEEP_IPID, VALUE_NUMBER, true, false, "IPv6 has none" },
	{ "flowlabel", KEEP_FLOWLABEL, VALUE_NUMBER, true, false, "IPv4 has none" },
	{ "sport", KEEP_SPORT, VALUE_NUMBER, true, false, "ICMP has no ports" },
	{ "dport", KEEP_DPORT, VALUE_NUMBER, true, false, "ICMP has no ports" },
	{ "result", KEEP_RESULT, VALUE_NUMBER, false, true, NULL },
	{ "value", KEEP_VALUE, VALUE_NUMBER, false, true, "the call filled in no [number]" },
	{ "errno", KEEP_ERRNO, VALUE_NUMBER, false, true, NULL },
	{ 0 }
};

const struct value_function value_function_table[] = {
	{ "count", REDUCE_COUNT, 0 }, { "min", REDUCE_MIN, 1 }, { "max", REDUCE_MAX, 1 },
	{ "mean", REDUCE_MEAN, 1 }, { "stddev", REDUCE_STDDEV, 2 },
	{ "median", REDUCE_MEDIAN, 1 }, { "distinct", REDUCE_DISTINCT, 0 },
	{ "range", REDUCE_RANGE, 1 }, { "diff", REDUCE_DIFF, 1 }, { 0 }
};

const char *value_kind_name(enum value_kind k)
{
	static const char *const name[] = {
		[VALUE_NUMBER] = "number", [VALUE_SEQ] = "sequence number", [VALUE_TIME] = "time",
	};

	return name[k];
}

static int precedence(const struct value_expr *e)
{
	switch (e->op) {
	case VALUE_ADD:
	case VALUE_SUB:
		return 1;
	case VALUE_MUL:
	case VALUE_DIV:
	case VALUE_MOD:
		return 2;
	case VALUE_NEGATE:
		return 3;
	case VALUE_LITERAL:
	case VALUE_NAME:
	case VALUE_CALL:
		break;
	}
	return 4;
}

static void print(const struct value_expr *e, struct buf *out);

/* In parentheses where it would else be read otherwise. */
static void print_operand(const struct value_expr *e, int least, struct buf *out)
{
	bool wrap = precedence(e) < least;

	buf_adds(out, wrap ? "(" : "");
	print(e, out);
	buf_adds(out, wrap ? ")" : "");
}

static void print(const struct value_expr *e, struct buf *out)
{
	static const char *const sign[] = {
		[VALUE_ADD] = " + ", [VALUE_SUB] = " - ", [VALUE_MUL] = " * ",
		[VALUE_DIV] = " / ", [VALUE_MOD] = " % ",
	};

	switch (e->op) {
	case VALUE_LITERAL:
	case VALUE_NAME:
		buf_adds(out, e->text);
		break;
	case VALUE_CALL:
		buf_printf(out, "%s(", e->function->name);
		print(e->left, out);
		buf_addc(out, ')');
		break;
	case VALUE_NEGATE:
		buf_addc(out, '-');
		print_operand(e->left, 4, out);
		break;
	case VALUE_ADD:
	case VALUE_SUB:
	case VALUE_MUL:
	case VALUE_DIV:
	case VALUE_MOD:
		print_operand(e->left, precedence(e), out);
		buf_adds(out, sign[e->op]);
		print_operand(e->right, precedence(e) + 1, out);
		break;
	}
}

void value_print(const struct value_expr *e, struct buf *out)
{
	buf_addc(out, '$');
	if (e->op == VALUE_NAME) {
		buf_adds(out, e->text);
		return;
	}
	buf_addc(out, '(');
	print(e, out);
	buf_addc(out, ')');
}

void keep_print(const struct keep_list *l, struct buf *out)
{
	const char *before = " keep ";
	const struct keep_ast *k;

	STAILQ_FOREACH(k, l, next) {
		buf_printf(out, "%s%s = %s", before, k->name, k->desc->name);
		before = ", ";
	}
}
