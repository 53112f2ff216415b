/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts that are put together: names, cases, where things come from, and how much may come of little. */
#include "script/template.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/origin.h"
#include "script/meta.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct arena *a;
	struct diag_sink d;
	char dir[32], name[64];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->a = arena_new();
	diag_init(&f->d, f->a);
	strcpy(f->dir, "template.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->name, sizeof(f->name), "%s/x.pkt", f->dir);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	struct buf b = { 0 };

	buf_printf(&b, "rm -r '%s'", f->dir);
	assert_int_equal(system(b.s), 0);
	buf_free(&b);
	arena_free(f->a);
	free(f);
	return 0;
}

static void write_file(struct fixture *f, const char *name, const char *text)
{
	FILE *out = fopen(arena_printf(f->a, "%s/%s", f->dir, name), "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static struct source *source(struct fixture *f, const char *text)
{
	return source_from_text(f->name, text, strlen(text), f->a, &f->d);
}

static struct source *expand(struct fixture *f, const char *text, const char *which)
{
	return template_expand(source(f, text), which, f->a, &f->d);
}

static void gives(struct fixture *f, const char *text, const char *want)
{
	struct source *s = expand(f, text, NULL);

	if (!s)
		diag_print_all(stderr, &f->d, false);
	assert_non_null(s);
	assert_string_equal(s->text, want);
}

static void refuses(struct fixture *f, const char *text, const char *which, const char *why)
{
	diag_init(&f->d, f->a);
	assert_null(expand(f, text, which));
	assert_int_equal(f->d.errors, 1);
	if (!strstr(f->d.first->msg, why))
		fail_msg("'%s' instead of '%s'", f->d.first->msg, why);
}

static void what_is_none_stays(void **state)
{
	static const char *const plain[] = {
		"+0 < S 0:0(0)\n", "", "// #define A b\n0 x", "/*\n#define A b\n#include \"y\"\n*/",
		"%{\n#define A 1\n#include x\n}%", "`\n#define A b`", "\"\n#define A b\"",
		"#ifdef A\nx\n#endif\n", "//@ requirement case\n", "//@\n//@ casement x\n", "`\n#define A b",
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		struct source *s = source(f, plain[i]);

		assert_false(template_is(s));
		assert_ptr_equal(template_expand(s, NULL, f->a, &f->d), s);
	}
	assert_null(f->d.first);
}

static void names_are_replaced(void **state)
{
	struct fixture *f = *state;

	gives(f, "#define A b\nA AA A:A(A) _A A_ \"A\" `A` // A\n", "\nb AA b:b(b) _A A_ \"A\" `A` // A\n");
	gives(f, "A\n#define A 1\nA\n", "A\n\n1\n");
	gives(f, "#define A\n<A>", "\n<>");
	gives(f, "#define A B C\n#define B 1\n#define C 2\nA\n", "\n\n\n1 2\n");
	gives(f, "  #define A  x y  // a comment\nA.\n", "  \nx y.\n");
	gives(f, "#define A x /* 1 */ y /* 2 */\nA.\n", "\nx /* 1 */ y.\n");
	gives(f, "#define A \"//\" `#`\nA\n", "\n\"//\" `#`\n");
	gives(f, "#define A x\r\nA\r\n", "\nx\r\n");
	gives(f, "#define E 9\n#define S S-E\n=> S-E-1 -> E x-E E-1\nS", "\n\n=> S-E-1 -> 9 x-E 9-1\nS-E");
	gives(f, "%{ A }% %{\n#define A 1\n}%\n#define A 1\nA", "%{ A }% %{\n#define A 1\n}%\n\n1");
}

static void lines_go_on(void **state)
{
	struct fixture *f = *state;

	/* As many lines as there were, and as many as the text has where it is used. */
	gives(f, "#define A +0 x \\\n+1 y\nA\n.", "\n\n+0 x \n+1 y\n.");
	gives(f, "#define A x \\", "");
}

static void parameters_stand_for_text(void **state)
{
	struct fixture *f = *state;

	gives(f, "#define F(a, b) a:b(a)\nF(1,2) F( 3 4 , (5,6)[7,8]{9,0} )\n",
	      "\n1:2(1) 3 4:(5,6)[7,8]{9,0}(3 4)\n");
	gives(f, "#define F() x\nF() F ( )\n", "\nx x\n");
	gives(f, "#define F(a) [a]\nF() F(\",)\") F(F(F(1)))\n", "\n[] [\",)\"] [[[1]]]\n");
	gives(f, "#define F(a) [a]\n#define a 2\n#define G F(a) a\nG F(a)\n", "\n\n\n[2] 2 [2]\n");
	/* An argument means what it means where it is written. */
	gives(f, "#define G(b) F(b) b\n#define F(a) b a\nG(1)\n", "\n\nb 1 1\n");
}

static void names_choose_what_is_read(void **state)
{
	struct fixture *f = *state;
	struct source *s = expand(f, "#define A\n#define F(x) x\n#ifdef A\nA\n#endif\n", NULL);

	assert_string_equal(s->text, "\n\n#ifdef A\n\n#endif\n");
	assert_true(origin_defines(s, "A"));
	assert_true(origin_defines(s, "F"));
	assert_false(origin_defines(s, "x"));
	assert_false(origin_defines(source(f, "A"), "A"));
}

static const char table[] =
	"//@ cases name SEG N\n"
	"//@ case one  \"S 0:0(0)\" 1\n"
	"//@ case t.w-o+ '\"R\" 1'  \"\"\n"
	"//@ cases name N\n"
	"//@ case three 3\n"
	"//@ for t*: tags many words\n"
	"//@ for one three : needs x\n"
	"< SEG; N\n";

static void cases_have_values(void **state)
{
	struct fixture *f = *state;
	struct word_list names;
	struct source *s;

	assert_int_equal(template_cases(source(f, table), &names, f->a, &f->d), 0);
	assert_int_equal(names.n, 3);
	assert_string_equal(names.word[1], "t.w-o+");
	s = expand(f, table, "one");
	assert_string_equal(s->text, "\n\n\n\n\n\n//@needs x\n< S 0:0(0); 1\n");
	assert_string_equal(s->name, arena_printf(f->a, "%s[one]", f->name));
	s = expand(f, table, "t.w-o+");
	assert_string_equal(s->text, "\n\n\n\n\n//@tags many words\n\n< \"R\" 1; \n");
	s = expand(f, table, "three");
	assert_string_equal(s->text, "\n\n\n\n\n//@tags many words\n//@needs x\n< SEG; 3\n");
	assert_int_equal(f->d.errors, 0);
	refuses(f, table, "four", "no case 'four'");
	refuses(f, table, NULL, "a table of 3 cases: choose one");
	refuses(f, "0 x", "one", "no case 'one'");
}

static void bad_tables_are_refused(void **state)
{
	struct fixture *f = *state;
	struct word_list names;
	static const struct { const char *text, *why; } bad[] = {
		{ "//@ cases SEG\n", "the first column is the case's name" },
		{ "//@ cases name 1x\n", "letters, digits" },
		{ "//@ case one 1\n", "//@ cases name COLUMN ... comes first" },
		{ "//@ cases name A\n//@ case one\n", "0 values for 1 column" },
		{ "//@ cases name A\n//@ case one a b\n", "in quotes" },
		{ "//@ case one\n//@ case one\n", "a second case one" },
		{ "//@ case a/b\n", "a case is named by" },
		{ "//@ case\n", "a case is named by" },
		{ "//@ case -a\n", "a case is named by" },
		{ "#ifdef A\n//@ case one\n#endif", "outside of #ifdef" },
		{ "//@ for one\n//@ case one\n", "write //@ for CASE" },
		{ "//@ for : tags x\n//@ case one\n", "write //@ for CASE" },
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		diag_init(&f->d, f->a);
		assert_int_equal(template_cases(source(f, bad[i].text), &names, f->a, &f->d), -1);
		assert_non_null(strstr(f->d.first->msg, bad[i].why));
	}
	refuses(f, "//@ for on: tags x\n//@ case one\n", "one", "no case fits 'on'");
	refuses(f, "//@ for one: tags x\n", NULL, "no case fits 'one'");
	refuses(f, "#define A 1\n//@ cases name A\n//@ case one 2\nA", "one", "A is defined already");
}

static void files_are_included(void **state)
{
	struct fixture *f = *state;
	struct source *s;
	struct origin o;

	write_file(f, "a.inc", "#define A b\n#include \"b.inc\" // and\n");
	write_file(f, "b.inc", "A c\n//@ case one");
	s = expand(f, "#include \"a.inc\"\nA\n", "one");
	assert_string_equal(s->text, "\nb c\n\n\nb\n");
	assert_true(origin_find(s, (struct span){ 2, 3, 2, 4 }, &o));
	assert_string_equal(origin_place(s, (struct span){ 2, 3, 2, 4 }, f->a),
			    arena_printf(f->a, "%s/b.inc:1:3", f->dir));
	assert_string_equal(origin_story(s, (struct span){ 2, 1, 2, 2 }, f->a),
			    arena_printf(f->a, "in case one; A, used at %s/b.inc:1:1; %s/a.inc, included "
					 "at %s:1", f->dir, f->dir, f->name));
	assert_non_null(strstr(origin_story(s, (struct span){ 2, 2, 2, 4 }, f->a), "b.inc, included at "));
	assert_string_equal(origin_place(s, (struct span){ 5, 2, 5, 2 }, f->a),
			    arena_printf(f->a, "%s:2:2", f->name));
	assert_null(origin_place(s, (struct span){ 0 }, f->a));
}

static void bad_includes_are_refused(void **state)
{
	struct fixture *f = *state;

	write_file(f, "me.inc", "#include \"me.inc\"\n");
	write_file(f, "tic.inc", "#include \"tac.inc\"\n");
	write_file(f, "tac.inc", "#include \"tic.inc\"\n");
	write_file(f, "dots.inc", "#include \"../");
	write_file(f, "dots.inc", arena_printf(f->a, "#include \"../%s/./dots.inc\"\n", f->dir));
	write_file(f, "bad.inc", "x\n#define\n");
	refuses(f, "#include \"none.inc\"\n", NULL, "cannot open");
	refuses(f, "#include \".\"\n", NULL, "is a directory");
	refuses(f, "#include \"/dev/zero\"\n", NULL, "not a regular file");
	refuses(f, "#include \"x.pkt\"\n", NULL, "x.pkt includes itself");
	refuses(f, "#include \"me.inc\"\n", NULL, "me.inc includes itself");
	refuses(f, "#include \"tic.inc\"\n", NULL, "tic.inc includes itself");
	refuses(f, "#include \"dots.inc\"\n", NULL, "more than 32 deep");
	refuses(f, "#include <x>\n", NULL, "write #include \"FILE\"");
	refuses(f, "#include \"\"\n", NULL, "write #include \"FILE\"");
	refuses(f, "#include \"me.inc\" x\n", NULL, "write #include \"FILE\"");
	refuses(f, "#include \"bad.inc\"\n", NULL, "write #define");
	assert_string_equal(diag_place(&f->d, f->d.first), arena_printf(f->a, "%s/bad.inc:2:1", f->dir));
}

static void bad_definitions_are_refused(void **state)
{
	struct fixture *f = *state;

	refuses(f, "#define\n", NULL, "write #define NAME");
	refuses(f, "#define 1A x\n", NULL, "write #define NAME");
	refuses(f, "#define A-B x\n", NULL, "write #define NAME");
	refuses(f, "#define F(a\n", NULL, "write #define NAME(A, B)");
	refuses(f, "#define F(a b) x\n", NULL, "write #define NAME(A, B)");
	refuses(f, "#define F(,) x\n", NULL, "write #define NAME(A, B)");
	refuses(f, "#define F(a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q)\n", NULL, "more than 16");
	refuses(f, "#define A 1\n#define A 1\n", NULL, "A is defined already, at ");
	refuses(f, "#ifdef X\n#define A 1\n#endif\n", NULL, "outside of #ifdef");
	refuses(f, "#define F(a) a\nF\n", NULL, "F takes 1 argument");
	refuses(f, "#define F(a) a\nF x\n", NULL, "F takes 1 argument");
	refuses(f, "#define F(a) a\nF(x\n", NULL, "is not closed");
	refuses(f, "#define F(a) a\nF(x, y)\n", NULL, "2 arguments for F");
	refuses(f, "#define F() a\nF(x)\n", NULL, "1 argument for F");
	refuses(f, "#define A x A\nA\n", NULL, "A is defined by itself");
	refuses(f, "#define A B\n#define B A\nA\n", NULL, "A is defined by itself");
	refuses(f, "#define F(a) F(a)\nF(1)\n", NULL, "F is defined by itself");
}

/* n definitions, each of two of the one before. */
static const char *doubling(struct fixture *f, const char *first, int n)
{
	struct buf b = { 0 };
	const char *text;
	int i;

	buf_printf(&b, "#define A0 %s\n", first);
	for (i = 1; i <= n; i++)
		buf_printf(&b, "#define A%d A%d A%d\n", i, i - 1, i - 1);
	buf_printf(&b, "A%d\n", n);
	text = arena_strdup(f->a, b.s);
	buf_free(&b);
	return text;
}

static void little_does_not_become_much(void **state)
{
	struct fixture *f = *state;
	struct buf b = { 0 };
	int i;

	refuses(f, doubling(f, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 30), NULL,
		"comes to more than");
	refuses(f, doubling(f, "", 30), NULL, "more than");
	refuses(f, doubling(f, "x", 60), NULL, "deep");
	buf_adds(&b, "#define F(a) a\n");
	for (i = 0; i < 20000; i++)
		buf_adds(&b, "F(");
	refuses(f, b.s, NULL, "is not closed");
	for (i = 0; i < 20000; i++)
		buf_addc(&b, ')');
	refuses(f, b.s, NULL, "deep");
	buf_clear(&b);
	buf_printf(&b, "#define F(a)\n#define G(a) a a\nG(");
	for (i = 0; i < 400000; i++)
		buf_adds(&b, "F()");
	buf_addc(&b, ')');
	refuses(f, b.s, NULL, "more than");
	buf_clear(&b);
	for (i = 0; i < 1001; i++)
		buf_printf(&b, "#define N%d\n", i);
	refuses(f, b.s, NULL, "more than 1000 definitions");
	buf_clear(&b);
	for (i = 0; i < 2001; i++)
		buf_printf(&b, "//@ case c%d\n", i);
	refuses(f, b.s, "c0", "more than 2000 cases");
	buf_free(&b);
}

static void paths_name_cases(void **state)
{
	struct fixture *f = *state;
	const char *file, *which;

	template_path("a/b.pkt[one]", f->a, &file, &which);
	assert_string_equal(file, "a/b.pkt");
	assert_string_equal(which, "one");
	template_path("a/b.pkt", f->a, &file, &which);
	assert_string_equal(file, "a/b.pkt");
	assert_null(which);
	template_path("[one]", f->a, &file, &which);
	assert_null(which);
	write_file(f, "x.pkt[one]", "0 x");
	template_path(arena_printf(f->a, "%s[one]", f->name), f->a, &file, &which);
	assert_null(which);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		TEST(what_is_none_stays), TEST(names_are_replaced), TEST(lines_go_on),
		TEST(parameters_stand_for_text), TEST(names_choose_what_is_read),
		TEST(cases_have_values), TEST(bad_tables_are_refused), TEST(files_are_included),
		TEST(bad_includes_are_refused), TEST(bad_definitions_are_refused),
		TEST(little_does_not_become_much), TEST(paths_name_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
