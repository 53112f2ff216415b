/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script says that it tests. */
#include "script/about.h"
#include "base/arena.h"
#include "base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *script, const char *about)
{
	struct arena *a = arena_new();
	struct diag_sink d;
	const char *got;

	diag_init(&d, a);
	got = script_about(source_from_text("x.pkt", script, strlen(script), a, &d), a);
	if (about) {
		assert_non_null(got);
		assert_string_equal(got, about);
	} else {
		assert_null(got);
	}
	arena_free(a);
}

static void test_sentence(void **state)
{
	check("// One sentence.\n// More of it.\n0 `true`\n", "One sentence.");
	check("// Of two\n//   lines.\n// More.\n", "Of two lines.");
	check("// A heading\n//\n// and what follows\n", "A heading");
	check("\n\n// A heading  \r\n0 `true`\n", "A heading");
	check("// no line end", "no line end");
}

static void test_blocks(void **state)
{
	check("/* All in one. */\n", "All in one.");
	check("/*\n * A star\n * in front.\n * More.\n */\n", "A star in front.");
	check("/* none\nin front */\n0 `true`\n", "none in front");
}

static void test_passed_over(void **state)
{
	check("// SPDX-License-Identifier: BSD-2-Clause\n// Copyright 2026 somebody\n//@ tags slow\n"
	      "// What it tests.\n", "What it tests.");
	check("// What it tests\n//@ tags slow\n// other\n", "What it tests");
}

static void test_none(void **state)
{
	check("", NULL);
	check("//\n// \n", NULL);
	check("0 `true`\n// too late\n", NULL);
	check("--mtu=1500\n// too late\n", NULL);
	check("/*", NULL);
	check("/", NULL);
}

/* A text without an end is cut after a line. */
static void test_long(void **state)
{
	char script[4096] = "";
	struct arena *a = arena_new();
	struct diag_sink d;
	const char *got;
	int i;

	for (i = 0; i < 30; i++)
		strcat(script, "// and so on and so on and so on and so on\n");
	diag_init(&d, a);
	got = script_about(source_from_text("x.pkt", script, strlen(script), a, &d), a);
	assert_in_range(strlen(got), 160, 220);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentence),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_passed_over),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
