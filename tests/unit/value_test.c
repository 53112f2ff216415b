/* SPDX-License-Identifier: BSD-2-Clause */
/* Formulas over kept values: arithmetic modulo 2^32, times, lists, and what makes no sense. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/nstime.h"
#include "script/settings.h"
#include "script/value_eval.h"

/*
 * Known to all formulas: a and b of the wire, b behind a across the wrap; t and
 * u times, w and z numbers, i and v lists of four, none kept nothing.
 */
struct world {
	struct arena *arena;
	struct diag_sink diag;
	struct settings settings;
	struct value_name *names;
	struct values values;
};

static void known(struct world *w, const char *name, enum value_kind kind)
{
	struct value_name *n = arena_new_of(w->arena, struct value_name);

	*n = (struct value_name){ .name = name, .kind = kind, .next = w->names };
	w->names = n;
}

static void keep(struct world *w, const char *name, enum value_kind kind, double v)
{
	if (!values_find(&w->values, name))
		known(w, name, kind);
	values_add(&w->values, name, kind, v);
}

static int make_world(void **state)
{
	static const double numbers[] = { 4, 1, 3, 1 };
	static const uint32_t wire[] = { 0xfffffff0, 0x10, 0x8, 0x80000009 };
	struct arena *a = arena_new();
	struct world *w = arena_new_of(a, struct world);
	int i;

	w->arena = a;
	diag_init(&w->diag, w->arena);
	settings_init(&w->settings, w->arena);
	values_init(&w->values, w->arena);
	keep(w, "a", VALUE_SEQ, 0xfffffff0);
	keep(w, "b", VALUE_SEQ, 0x10);
	keep(w, "t", VALUE_TIME, 0.7 * NS_PER_SEC);
	keep(w, "u", VALUE_TIME, 0.2 * NS_PER_SEC);
	keep(w, "w", VALUE_NUMBER, 65535);
	keep(w, "z", VALUE_NUMBER, 0);
	for (i = 0; i < 4; i++) {
		keep(w, "v", VALUE_NUMBER, numbers[i]);
		keep(w, "i", VALUE_SEQ, wire[i]);
		keep(w, "s", VALUE_TIME, i * i * (double)NS_PER_SEC);
	}
	known(w, "none", VALUE_NUMBER);
	*state = w;
	return 0;
}

static int end_world(void **state)
{
	struct world *w = *state;

	arena_free(w->arena);
	return 0;
}

static const struct value_expr *parse(struct world *w, const char *text)
{
	return value_parse(text, (struct span){ 7, 11, 7, 12 }, w->names, &w->settings, w->arena,
			   &w->diag);
}

static double value_of(struct world *w, const char *text, enum value_kind kind)
{
	const struct value_expr *e = parse(w, text);
	const char *why = NULL;
	double x = NAN;

	if (!e)
		fail_msg("%s: %s", text, w->diag.first->msg);
	if (value_eval(e, &w->values, w->arena, &x, &why))
		fail_msg("%s: %s", text, why);
	if (e->kind != kind)
		fail_msg("%s is a %s", text, value_kind_name(e->kind));
	return x;
}

static void is(struct world *w, const char *text, double want, enum value_kind kind)
{
	double got = value_of(w, text, kind);

	if (fabs(got - want) > 1e-9 * fabs(want))
		fail_msg("%s is %.17g, not %.17g", text, got, want);
}

static void numbers(void **state)
{
	struct world *w = *state;

	is(w, "$w", 65535, VALUE_NUMBER);
	is(w, "$(1 + 2 * 3 - 4)", 3, VALUE_NUMBER);
	is(w, "$((1 + 2) * -3)", -9, VALUE_NUMBER);
	is(w, "$(7 / 2)", 3.5, VALUE_NUMBER);
	is(w, "$(8 - 4 - 2)", 2, VALUE_NUMBER);
	is(w, "$(100 / 10 / 5)", 2, VALUE_NUMBER);
	is(w, "$(-7 % 4)", 1, VALUE_NUMBER);
	is(w, "$(7 % -4)", -1, VALUE_NUMBER);
	is(w, "$(0x10 + .5)", 16.5, VALUE_NUMBER);
	is(w, "$(\t--w\n)", 65535, VALUE_NUMBER);
}

static void sequence_numbers_wrap(void **state)
{
	struct world *w = *state;

	is(w, "$(a + 0x20)", 0x10, VALUE_SEQ);
	is(w, "$(0x20 + a)", 0x10, VALUE_SEQ);
	is(w, "$(b - 0x20)", 0xfffffff0, VALUE_SEQ);
	is(w, "$(a + 4294967296 * 3)", 0xfffffff0, VALUE_SEQ);
	is(w, "$(b - a)", 0x20, VALUE_NUMBER);
	is(w, "$(a - b)", -0x20, VALUE_NUMBER);
	is(w, "$(b + 0x80000000 - b)", -2147483648.0, VALUE_NUMBER);
	is(w, "$(a / 2)", 0x7ffffff8, VALUE_NUMBER);
	is(w, "$(a % 256)", 0xf0, VALUE_NUMBER);
	is(w, "$(-b)", -16, VALUE_NUMBER);
	is(w, "$(4294967296 - a)", 0x10, VALUE_NUMBER);
}

static void times_are_exact(void **state)
{
	struct world *w = *state;

	is(w, "$(t - u)", 0.5 * NS_PER_SEC, VALUE_TIME);
	is(w, "$(t + 0.000000001)", 700000001, VALUE_TIME);
	is(w, "$(1 - t)", 300000000, VALUE_TIME);
	is(w, "$(t * 2)", 1400000000, VALUE_TIME);
	is(w, "$(t / 2)", 350000000, VALUE_TIME);
	is(w, "$(t / u)", 3.5, VALUE_NUMBER);
	is(w, "$(7 / t)", 10, VALUE_NUMBER);
	is(w, "$((b - a) / u)", 160, VALUE_NUMBER);
	is(w, "$(t % u)", 100000000, VALUE_TIME);
	is(w, "$(t % .5)", 200000000, VALUE_TIME);
}

static void functions(void **state)
{
	struct world *w = *state;

	is(w, "$v", 1, VALUE_NUMBER);
	is(w, "$(count(v))", 4, VALUE_NUMBER);
	is(w, "$(min(v))", 1, VALUE_NUMBER);
	is(w, "$(max(v))", 4, VALUE_NUMBER);
	is(w, "$(mean(v))", 2.25, VALUE_NUMBER);
	is(w, "$(median(v))", 2, VALUE_NUMBER);
	is(w, "$(stddev(v))", 1.5, VALUE_NUMBER);
	is(w, "$(distinct(v))", 3, VALUE_NUMBER);
	is(w, "$(range(v))", 3, VALUE_NUMBER);
	is(w, "$(count(none))", 0, VALUE_NUMBER);
	is(w, "$(distinct(none))", 0, VALUE_NUMBER);
	is(w, "$(median(w))", 65535, VALUE_NUMBER);
	is(w, "$(mean(s))", 3.5 * NS_PER_SEC, VALUE_TIME);
	is(w, "$(count(s))", 4, VALUE_NUMBER);
	is(w, "$(max(i))", 0xfffffff0, VALUE_NUMBER);
}

static void differences(void **state)
{
	struct world *w = *state;

	is(w, "$(count(diff(v)))", 3, VALUE_NUMBER);
	is(w, "$(min(diff(v)))", -3, VALUE_NUMBER);
	is(w, "$(max(diff(s)))", 5 * NS_PER_SEC, VALUE_TIME);
	is(w, "$(max(diff(i)))", 0x20, VALUE_NUMBER);
	is(w, "$(min(diff(i)))", -2147483647.0, VALUE_NUMBER);
	is(w, "$(max(diff(diff(v))))", 5, VALUE_NUMBER);
	is(w, "$(count(diff(w)))", 0, VALUE_NUMBER);
}

static void lists_go_one_by_one(void **state)
{
	struct world *w = *state;

	is(w, "$(max(v * 2 + 1))", 9, VALUE_NUMBER);
	is(w, "$(max(10 - v))", 9, VALUE_NUMBER);
	is(w, "$(max(v * v))", 16, VALUE_NUMBER);
	is(w, "$(max(v - mean(v)))", 1.75, VALUE_NUMBER);
	is(w, "$(min(i - i))", 0, VALUE_NUMBER);
	is(w, "$(distinct(i - i % 0x80000000))", 2, VALUE_NUMBER);
	is(w, "$(min(-v))", -4, VALUE_NUMBER);
	is(w, "$(max(v) - min(v))", 3, VALUE_NUMBER);
}

static void comes_to_nothing(void **state)
{
	static const char *const table[][2] = {
		{ "$none", "none was not kept yet" },
		{ "$(1 / z)", "something is divided by 0" },
		{ "$(1 % z)", "something is divided by 0" },
		{ "$(min(none))", "min() needs 1 value, but has 0" },
		{ "$(stddev(w))", "stddev() needs 2 values, but has 1" },
		{ "$(count(diff(none)))", "diff() needs 1 value, but has 0" },
		{ "$(max(v - diff(v)))", "a list of 4 and one of 3 values do not go together" },
		{ "$(1 + (2 - none))", "none was not kept yet" },
		{ "$(-none)", "none was not kept yet" },
		{ "$(max(none + max(none)))", "max() needs 1 value, but has 0" },
	};
	struct world *w = *state;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct value_expr *e = parse(w, table[i][0]);
		const char *why = NULL;
		double x;

		assert_non_null(e);
		assert_int_equal(value_eval(e, &w->values, w->arena, &x, &why), -1);
		assert_string_equal(why, table[i][1]);
	}
}

static void makes_no_sense(void **state)
{
	static const struct { const char *text; uint32_t col; } table[] = {
		{ "$nobody", 12 }, { "$(1 + nobody)", 17 }, { "$(a + b)", 13 }, { "$(t * u)", 13 },
		{ "$(a - t)", 13 }, { "$(1 % t)", 13 }, { "$(1 2)", 15 }, { "$()", 13 }, { "$(1", 14 },
		{ "$(1e5)", 13 }, { "$(1.2.3)", 13 }, { "$(0x)", 13 }, { "$(.)", 13 }, { "$(diff(v))", 13 },
		{ "$(max(1))", 17 }, { "$(v + diff(v))", 17 }, { "$(frob(v))", 13 }, { "$(max v)", 13 },
		{ "$(max(v)", 19 }, { "$(1 +\n @)", 2 },
	};
	struct world *w = *state;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		diag_init(&w->diag, w->arena);
		if (parse(w, table[i].text))
			fail_msg("%s makes sense", table[i].text);
		assert_int_equal(w->diag.errors, 1);
		if (w->diag.first->span.col != table[i].col)
			fail_msg("%s: %s at column %u", table[i].text, w->diag.first->msg,
				 w->diag.first->span.col);
	}
	assert_int_equal(w->diag.first->span.line, 8);
}

static void long_ones_are_refused(void **state)
{
	struct world *w = *state;
	char *text = arena_alloc(w->arena, 100001);

	memset(text, '-', 100000);
	memcpy(text, "$(", 2);
	assert_null(parse(w, text));
	memset(text + 2, '(', 100000 - 2);
	assert_null(parse(w, text));
}

static void symbols_are_numbers(void **state)
{
	struct world *w = *state;
	const char *why;

	assert_int_equal(settings_set(&w->settings, "define", "MSS=1460", (struct span){ 0 }, &why),
			 SETTING_OK);
	assert_int_equal(settings_set(&w->settings, "define", "w=2", (struct span){ 0 }, &why),
			 SETTING_OK);
	assert_int_equal(settings_set(&w->settings, "define", "TEXT=\"x\"", (struct span){ 0 }, &why),
			 SETTING_OK);
	is(w, "$(MSS * w)", 2920, VALUE_NUMBER);
	assert_null(parse(w, "$(TEXT + 1)"));
}

static void comparing(void **state)
{
	(void)state;
	assert_true(value_compare(1, VALUE_NUMBER, 2, VALUE_NUMBER) < 0);
	assert_true(value_compare(0.5, VALUE_NUMBER, 500000000, VALUE_TIME) == 0);
	assert_true(value_compare(499999999, VALUE_TIME, 0.5, VALUE_NUMBER) < 0);
	/* Before each other modulo 2^32, but beside a plain number a plain number. */
	assert_true(value_compare(0xfffffff0, VALUE_SEQ, 0x10, VALUE_SEQ) < 0);
	assert_true(value_compare(0xfffffff0, VALUE_SEQ, 0x10, VALUE_NUMBER) > 0);
	assert_true(value_compare(7, VALUE_SEQ, 7, VALUE_SEQ) == 0);
}

static void printing(void **state)
{
	static const char *const table[][2] = {
		{ "$w", "$w" }, { "$( w )", "$w" }, { "$(1+w)", "$(1 + w)" },
		{ "$((1+w)*2)", "$((1 + w) * 2)" }, { "$(1+(w*2))", "$(1 + w * 2)" },
		{ "$(1-(w-2))", "$(1 - (w - 2))" }, { "$((1-w)-2)", "$(1 - w - 2)" },
		{ "$(8/(4/2))", "$(8 / (4 / 2))" }, { "$(-(w+1))", "$(-(w + 1))" },
		{ "$(0x0A+.50)", "$(0x0A + .50)" }, { "$(max(diff( v )))", "$(max(diff(v)))" },
	};
	struct world *w = *state;
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		value_print(parse(w, table[i][0]), &b);
		assert_string_equal(buf_str(&b), table[i][1]);
		buf_clear(&b);
	}
	value_names_text(parse(w, "$(max(v) + t - u + u)"), &w->values, &b);
	assert_string_equal(buf_str(&b), "t = 0.7 s, u = 0.2 s, v = 4 values, the last 1");
	buf_clear(&b);
	value_text(VALUE_SEQ, 0x1234, &b);
	value_text(VALUE_TIME, -1500000000, &b);
	value_text(VALUE_NUMBER, 0.125, &b);
	assert_string_equal(buf_str(&b), "0x00001234-1.5 s0.125");
	buf_free(&b);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, make_world, end_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers), TEST(sequence_numbers_wrap), TEST(times_are_exact), TEST(functions),
		TEST(differences), TEST(lists_go_one_by_one), TEST(comes_to_nothing),
		TEST(makes_no_sense), TEST(long_ones_are_refused), TEST(symbols_are_numbers),
		TEST(comparing), TEST(printing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
