/* SPDX-License-Identifier: BSD-2-Clause */
/* The catalogue of requirements, and how they stand after scripts and results. */
#include "config.h"

#include "base/arena.h"
#include "ledger/choice.h"
#include "ledger/ledger.h"
#include "script/meta.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct sheet {
	struct arena *arena;
	struct diag_sink diag;
	struct catalogue catalogue;
	struct ledger *ledger;
	struct reporter *to;
	unsigned next_run;
};

#define ROW(id, level, testable, linux, note) id "\t3.1\t" level "\t" testable "\tA\t" linux "\tDo it" note "\n"

static int read_text(struct sheet *s, const char *text)
{
	*s = (struct sheet){ .arena = arena_new() };
	diag_init(&s->diag, s->arena);
	return catalogue_read(&s->catalogue, source_from_text("c.tsv", text, strlen(text), s->arena,
							      &s->diag), s->arena, &s->diag);
}

static void done(struct sheet *s)
{
	if (s->ledger)
		ledger_free(s->ledger);
	arena_free(s->arena);
}

/* ---- the catalogue ---- */

static void test_catalogue(void **state)
{
	struct sheet s;
	const struct requirement *r;

	assert_int_equal(read_text(&s, "# a remark\n\n"
		"RFC1:MUST-1\t3.1, 3.2\tMUST NOT\tpartly\tB\tdeviates\tDo not\tLinux does\n"
		"S0-01\t-\tCLAIM\tyes\tA\tunknown\tIt is so\n"), 0);
	assert_int_equal(s.catalogue.n, 2);
	r = catalogue_find(&s.catalogue, "RFC1:MUST-1");
	assert_string_equal(r->group, "RFC1");
	assert_string_equal(r->name, "MUST-1");
	assert_string_equal(r->section, "3.1, 3.2");
	assert_string_equal(r->level, "MUST NOT");
	assert_int_equal(r->strength, STRENGTH_MUST);
	assert_int_equal(r->testable, TESTABLE_PARTLY);
	assert_int_equal(r->priority, 'B');
	assert_int_equal(r->measured, MEASURED_DEVIATES);
	assert_string_equal(r->text, "Do not");
	assert_string_equal(r->note, "Linux does");
	r = catalogue_find(&s.catalogue, "S0-01");
	assert_string_equal(r->group, CATALOGUE_CLAIMS);
	assert_string_equal(r->name, "S0-01");
	assert_string_equal(r->section, "");
	assert_string_equal(r->note, "");
	assert_null(catalogue_find(&s.catalogue, "RFC1:MUST-2"));
	done(&s);
}

static void assert_refused(const char *text, unsigned line, unsigned col, const char *why)
{
	struct sheet s;

	assert_int_equal(read_text(&s, text), -1);
	assert_int_equal(s.diag.errors, 1);
	assert_int_equal(s.diag.first->span.line, line);
	assert_int_equal(s.diag.first->span.col, col);
	assert_string_equal(s.diag.first->msg, why);
	done(&s);
}

static void test_bad_catalogue(void **state)
{
	assert_refused("A:1\t3\tMUST\n", 1, 1, "a column is missing: testable");
	assert_refused(ROW("A:1", "MUST", "yes", "unknown", "\tnote\tmore"), 1, 1,
		       "more than 8 columns");
	assert_refused("\n" ROW("A:1", "OUGHT", "yes", "unknown", ""), 2, 9, "'OUGHT' is no level");
	assert_refused(ROW("A:1", "MUST", "maybe", "unknown", ""), 1, 14, "'maybe' is no testable");
	assert_refused(ROW("A:1", "MUST", "yes", "fine", ""), 1, 20, "'fine' is no linux");
	assert_refused("A:1\t\tMUST\tyes\tA\tunknown\tx\n", 1, 1, "the section is missing");
	assert_refused("A:1\t3\tMUST\tyes\tE\tunknown\tx\n", 1, 16, "'E' is no priority: A to D");
	assert_refused("A 1\t3\tMUST\tyes\tA\tunknown\tx\n", 1, 1, "'A 1' is no id");
	assert_refused("A:\t3\tMUST\tyes\tA\tunknown\tx\n", 1, 1, "'A:' is no id");
	assert_refused(":1\t3\tMUST\tyes\tA\tunknown\tx\n", 1, 1, "':1' is no id");
	assert_refused(ROW("A:1", "MUST", "no", "unknown", ""), 1, 1,
		       "what cannot be tested needs a note that says why");
	assert_refused(ROW("A:1", "MUST", "yes", "unknown", "") ROW("A:1", "MAY", "yes", "unknown", ""),
		       2, 1, "'A:1' is there already");
	assert_refused("# nothing\n", 0, 0, "c.tsv: no requirement in it");
}

static void test_every_bad_line_is_told(void **state)
{
	struct sheet s;

	assert_int_equal(read_text(&s, "x\n" ROW("A:1", "MUST", "yes", "unknown", "") "y\n"), -1);
	assert_int_equal(s.diag.errors, 2);
	done(&s);
}

static void test_choice(void **state)
{
	struct sheet s;
	const struct requirement *r;

	assert_int_equal(read_text(&s, ROW("RFC1:a", "MUST NOT", "yes", "unknown", "")
		ROW("RFC1:b", "RECOMMENDED", "yes", "unknown", "")
		ROW("RFC11:MUST", "MAY", "yes", "unknown", "")), 0);
	r = s.catalogue.row;
	assert_true(choice_has("RFC1", &r[0]));
	assert_true(choice_has("RFC1:MUST", &r[0]));
	assert_false(choice_has("RFC1:SHOULD", &r[0]));
	assert_true(choice_has("RFC1:SHOULD", &r[1]));
	assert_true(choice_has("RFC1:b", &r[1]));
	assert_false(choice_has("RFC1:b", &r[0]));
	assert_false(choice_has("RFC1", &r[2]));
	assert_true(choice_has("RFC11:MUST", &r[2]));
	assert_true(choice_has("RFC11:MAY", &r[2]));
	assert_true(choice_is_known("RFC1:SHOULD", &s.catalogue));
	assert_false(choice_is_known("RFC1:MAY", &s.catalogue));
	assert_false(choice_is_known("RFC", &s.catalogue));
	done(&s);
}

/* ---- the join ---- */

static void open_ledger(struct sheet *s)
{
	assert_int_equal(read_text(s, ROW("R:1", "MUST", "yes", "conforms", "")
		ROW("R:2", "MUST", "yes", "deviates", "\tLinux: not so")
		ROW("R:3", "SHOULD", "no", "unknown", "\tnobody can see it")
		ROW("R:4", "MAY", "partly", "unknown", "")), 0);
	s->ledger = ledger_new(&s->catalogue);
}

static int cover(struct sheet *s, const char *path, const char *a, const char *b)
{
	const char *words[] = { a, b };
	const struct word_list ids = { words, b ? 2 : 1 };

	return ledger_add_script(s->ledger, path, &ids);
}

static void ran(struct sheet *s, const char *target, const char *ids, enum verdict v,
		const char *message, const char *deviates)
{
	unsigned n = s->next_run++;

	reporter_event(s->to, n, &(struct result){ .kind = RES_BEGIN, .script = "x.pkt",
			.variant = "ipv4", .target = target, .requirements = ids });
	reporter_event(s->to, n, &(struct result){ .kind = RES_END, .script = "x.pkt",
			.variant = "ipv4", .verdict = v, .message = message, .deviates = deviates });
}

static void assert_stands(const struct sheet *s, unsigned row, unsigned column, enum standing is,
			  const char *why)
{
	const struct ledger_cell *c = &s->ledger->row[row].cell[column];

	assert_int_equal(c->standing, is);
	assert_string_equal(c->why, why);
}

static void test_coverage(void **state)
{
	struct sheet s;

	open_ledger(&s);
	assert_int_equal(cover(&s, "a.pkt", "R:1", "R:2"), 0);
	assert_int_equal(cover(&s, "b.pkt", "R:1", NULL), 0);
	assert_int_equal(cover(&s, "b.pkt", "R:1", NULL), 0);
	assert_int_equal(cover(&s, "c.pkt", "R:9", "R:2"), -1);
	ledger_judge(s.ledger);
	assert_int_equal(s.ledger->n_columns, 1);
	assert_stands(&s, 0, 0, STANDING_TESTED, "");
	assert_int_equal(s.ledger->row[0].n_scripts, 2);
	assert_string_equal(s.ledger->row[0].scripts->path, "a.pkt");
	assert_stands(&s, 1, 0, STANDING_TESTED, "");
	assert_int_equal(s.ledger->row[1].n_scripts, 2);
	assert_stands(&s, 2, 0, STANDING_UNOBSERVABLE, "nobody can see it");
	assert_stands(&s, 3, 0, STANDING_UNTESTED, "");
	done(&s);
}

static void test_results(void **state)
{
	struct sheet s;

	open_ledger(&s);
	cover(&s, "y.pkt", "R:4", NULL);
	s.to = ledger_source(s.ledger, NULL, "file");
	ran(&s, "host", "R:1 R:2", VERDICT_PASS, NULL, NULL);
	ran(&s, "host", "R:2", VERDICT_XFAIL, "known", NULL);
	ran(&s, "other", "R:1", VERDICT_XFAIL, "known", NULL);
	ran(&s, "other", "R:1", VERDICT_FAIL, "bad", NULL);
	ran(&s, "other", "R:1", VERDICT_PASS, NULL, NULL);
	ran(&s, "other", "R:2", VERDICT_SKIP, "no such option", NULL);
	ran(&s, "other", "R:3", VERDICT_PASS, NULL, NULL);
	ran(&s, NULL, "R:1", VERDICT_XPASS, "known", NULL);
	ran(&s, NULL, NULL, VERDICT_FAIL, "covers nothing", NULL);
	ledger_judge(s.ledger);
	assert_int_equal(s.ledger->n_columns, 3);
	assert_string_equal(s.ledger->column[0], "host");
	assert_string_equal(s.ledger->column[1], "other");
	assert_string_equal(s.ledger->column[2], "file");
	assert_stands(&s, 0, 0, STANDING_PROVEN, "");
	assert_stands(&s, 1, 0, STANDING_DEVIATES, "x.pkt (ipv4): known");
	assert_stands(&s, 2, 0, STANDING_UNOBSERVABLE, "nobody can see it");
	assert_stands(&s, 3, 0, STANDING_NOT_RUN, "");
	assert_stands(&s, 0, 1, STANDING_FAILED, "x.pkt (ipv4): bad");
	assert_int_equal(s.ledger->row[0].cell[1].n, 3);
	assert_int_equal(s.ledger->row[0].cell[1].runs->verdict, VERDICT_XFAIL);
	assert_stands(&s, 1, 1, STANDING_NOT_RUN, "x.pkt (ipv4): no such option");
	assert_stands(&s, 2, 1, STANDING_PROVEN, "");
	assert_stands(&s, 0, 2, STANDING_PROVEN, "x.pkt passed, though it says that it should fail");
	assert_stands(&s, 1, 2, STANDING_UNTESTED, "");
	assert_null(s.ledger->strangers);
	done(&s);
}

/* A deviation says nothing of what it is not from: the script did not get to its end. */
static void test_bound_deviation(void **state)
{
	static const char stops[] =
		"x.pkt stops at a known deviation from something else: known";
	struct sheet s;

	open_ledger(&s);
	s.to = ledger_source(s.ledger, NULL, "file");
	ran(&s, "host", "R:1 R:2 R:4", VERDICT_XFAIL, "known", "R:2 R:44");
	ran(&s, "host", "R:4", VERDICT_PASS, NULL, NULL);
	ran(&s, "other", "R:1 R:2", VERDICT_XFAIL, "known", "-");
	ledger_judge(s.ledger);
	assert_stands(&s, 0, 0, STANDING_NOT_RUN, stops);
	assert_stands(&s, 1, 0, STANDING_DEVIATES, "x.pkt (ipv4): known");
	assert_stands(&s, 3, 0, STANDING_PROVEN, "");
	assert_stands(&s, 0, 1, STANDING_NOT_RUN, stops);
	assert_stands(&s, 1, 1, STANDING_NOT_RUN, stops);
	done(&s);
}

static void test_labels(void **state)
{
	struct sheet s;

	open_ledger(&s);
	s.to = ledger_source(s.ledger, "old", "a");
	ran(&s, "host", "R:1", VERDICT_PASS, NULL, NULL);
	s.to = ledger_source(s.ledger, "new", "b");
	ran(&s, "host", "R:1", VERDICT_PASS, NULL, NULL);
	ran(&s, "lwip", "R:1", VERDICT_PASS, NULL, NULL);
	/* Two shards of one machine. */
	s.to = ledger_source(s.ledger, NULL, "c");
	ran(&s, "host", "R:1", VERDICT_PASS, NULL, NULL);
	s.to = ledger_source(s.ledger, NULL, "d");
	ran(&s, "host", "R:1", VERDICT_FAIL, "bad", NULL);
	ledger_judge(s.ledger);
	assert_int_equal(s.ledger->n_columns, 4);
	assert_string_equal(s.ledger->column[0], "old");
	assert_string_equal(s.ledger->column[1], "new host");
	assert_string_equal(s.ledger->column[2], "new lwip");
	assert_string_equal(s.ledger->column[3], "host");
	assert_stands(&s, 0, 3, STANDING_FAILED, "x.pkt (ipv4): bad");
	done(&s);
}

static void test_strangers(void **state)
{
	struct sheet s;

	open_ledger(&s);
	s.to = ledger_source(s.ledger, NULL, "a");
	ran(&s, "host", "Q:1 R:1", VERDICT_PASS, NULL, NULL);
	ran(&s, "host", "Q:1", VERDICT_PASS, NULL, NULL);
	/* A run that never ends, and the next source with the same numbers. */
	reporter_event(s.to, 77, &(struct result){ .kind = RES_BEGIN, .requirements = "R:2" });
	s.to = ledger_source(s.ledger, NULL, "b");
	reporter_event(s.to, 77, &(struct result){ .kind = RES_END, .verdict = VERDICT_PASS });
	ledger_judge(s.ledger);
	assert_string_equal(s.ledger->strangers->id, "Q:1");
	assert_string_equal(s.ledger->strangers->script, "x.pkt");
	assert_null(s.ledger->strangers->next);
	assert_stands(&s, 0, 0, STANDING_PROVEN, "");
	assert_stands(&s, 1, 0, STANDING_UNTESTED, "");
	done(&s);
}

static void test_no_runs(void **state)
{
	struct sheet s;

	open_ledger(&s);
	cover(&s, "a.pkt", "R:1", NULL);
	ledger_source(s.ledger, NULL, "a");
	ledger_judge(s.ledger);
	assert_int_equal(s.ledger->n_columns, 1);
	assert_stands(&s, 0, 0, STANDING_NOT_RUN, "");
	assert_stands(&s, 1, 0, STANDING_UNTESTED, "");
	done(&s);
}

static void test_counts_and_measurements(void **state)
{
	struct ledger_count all, must;
	struct sheet s;

	open_ledger(&s);
	s.to = ledger_source(s.ledger, NULL, "a");
	ran(&s, "a", "R:1", VERDICT_FAIL, "bad", NULL);
	ran(&s, "a", "R:2 R:4", VERDICT_PASS, NULL, NULL);
	ran(&s, "b", "R:1", VERDICT_PASS, NULL, NULL);
	ran(&s, "b", "R:2", VERDICT_XFAIL, "known", NULL);
	ran(&s, "c", "R:1", VERDICT_SKIP, "no", NULL);
	ledger_judge(s.ledger);
	all = ledger_count(s.ledger, 0, NULL, STRENGTH_COUNT);
	must = ledger_count(s.ledger, 0, "R", STRENGTH_MUST);
	assert_int_equal(all.all, 4);
	assert_int_equal(all.of[STANDING_PROVEN], 2);
	assert_int_equal(must.all, 2);
	assert_int_equal(must.of[STANDING_FAILED], 1);
	assert_int_equal(ledger_count(s.ledger, 0, "Q", STRENGTH_MUST).all, 0);
	assert_true(ledger_disagrees(&s.ledger->row[0], 0));
	assert_true(ledger_disagrees(&s.ledger->row[1], 0));
	assert_false(ledger_disagrees(&s.ledger->row[3], 0));
	assert_false(ledger_disagrees(&s.ledger->row[0], 1));
	assert_false(ledger_disagrees(&s.ledger->row[1], 1));
	assert_false(ledger_disagrees(&s.ledger->row[0], 2));
	assert_true(standing_is_lacking(STANDING_FAILED));
	assert_true(standing_is_lacking(STANDING_NOT_RUN));
	assert_true(standing_is_lacking(STANDING_UNTESTED));
	assert_false(standing_is_lacking(STANDING_DEVIATES));
	assert_false(standing_is_lacking(STANDING_UNOBSERVABLE));
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_bad_catalogue),
		cmocka_unit_test(test_every_bad_line_is_told),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_bound_deviation),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_no_runs),
		cmocka_unit_test(test_counts_and_measurements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
