/* SPDX-License-Identifier: BSD-2-Clause */
/* What `//@ expect-fail` is about: targets and their versions. */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "script/meta.h"
#include "script/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* 1 or 0: whether `//@ expect-fail WORD "x"` is about the target; -1: it is an error. */
static int about(const char *word, const char *name, const char *version)
{
	struct arena *a = arena_new();
	struct script_info info;
	struct diag_sink d;
	char text[200];
	struct script *s;
	int is = -1;

	diag_init(&d, a);
	snprintf(text, sizeof(text), "//@ expect-fail %s \"x\"\n0 `true`\n", word);
	s = script_parse(source_from_text("test", text, strlen(text), a, &d), NULL, a, &d);
	assert_non_null(s);
	if (script_info_read(s, &info, &d) == 0)
		is = expect_fail_is_about(STAILQ_FIRST(&info.expect_fails), name, version);
	arena_free(a);
	return is;
}

static void targets(void **state)
{
	(void)state;
	assert_int_equal(about("linux", "linux", "6.18.44"), 1);
	assert_int_equal(about("linux", "linux", NULL), 1);
	assert_int_equal(about("linux", "lwip", NULL), 0);
}

static void versions(void **state)
{
	(void)state;
	assert_int_equal(about("linux<6.18", "linux", "6.12.117"), 1);
	assert_int_equal(about("linux<6.18", "linux", "6.17.99-rc1"), 1);
	assert_int_equal(about("linux<6.18", "linux", "6.18.0"), 0);
	assert_int_equal(about("linux<6.18", "linux", "7.0"), 0);
	assert_int_equal(about("linux>=6.18", "linux", "6.18"), 1);
	assert_int_equal(about("linux>=6.18.3", "linux", "6.18.2"), 0);
	assert_int_equal(about("linux<6.18", "lwip", "2.1"), 0);
	/* By an agent, say. */
	assert_int_equal(about("linux<6.18", "linux", NULL), 0);
	assert_int_equal(about("linux>=6.18", "linux", NULL), 0);
}

static void no_versions(void **state)
{
	(void)state;
	assert_int_equal(about("linux<", "linux", "6.18"), -1);
	assert_int_equal(about("linux>6.18", "linux", "6.18"), -1);
	assert_int_equal(about("linux<new", "linux", "6.18"), -1);
	assert_int_equal(about("<6.18", "linux", "6.18"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets),
		cmocka_unit_test(versions),
		cmocka_unit_test(no_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
