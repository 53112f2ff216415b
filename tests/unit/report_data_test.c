/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports that programs read: every field survives JSON, and no text breaks a format. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "report/json_fields.h"
#include "report/json_read.h"
#include "report/report.h"
#include "report/report_table.h"
#include "report/utf8.h"
#include "report/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each field by the table, so that a new one is covered: its own number, or as text. */
static void fill(struct result *r, struct arena *a)
{
	struct mismatch *m = arena_new_of(a, struct mismatch);
	size_t i;

	*m = (struct mismatch){ "ack", NULL, "2", NULL };
	for (i = 0; i < result_field_count; i++) {
		const struct result_field *f = &result_field_table[i];
		void *p = (char *)r + f->offset;

		switch (f->kind) {
		case RESULT_ENUM:
			*(unsigned *)p = f->n_names - 1;
			break;
		case RESULT_BOOL:
			*(bool *)p = true;
			break;
		case RESULT_TIME:
			*(nstime *)p = i % 2 ? INT64_MAX - (nstime)i : INT64_MIN + (nstime)i;
			break;
		case RESULT_STRING:
			*(const char **)p = arena_printf(a, "\x01\"\\\n %s %zu", "caf\xc3\xa9", i);
			break;
		case RESULT_SPAN:
			*(struct span *)p = (struct span){ (uint32_t)i + 1, 2, UINT32_MAX, 4 };
			break;
		case RESULT_MISMATCHES:
			*(struct mismatch **)p = m;
			break;
		case RESULT_FRAMES:
			break;	/* not of this stream */
		}
	}
}

static void assert_equal_results(const struct result *x, const struct result *y)
{
	struct buf a = { 0 }, b = { 0 };

	result_encode(x, &a);
	result_encode(y, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.s, b.s, a.len);
	buf_free(&a);
	buf_free(&b);
}

static void json_keeps_every_field(void **state)
{
	struct arena *a = arena_new();
	struct result r = { 0 }, back;
	const char *field = NULL;
	size_t i;

	fill(&r, a);
	for (i = 0; i < 2; i++) {
		json_t *obj = json_object(), *again;
		char *text;

		json_put_result(obj, &r);
		text = json_dumps(obj, JSON_COMPACT);
		again = json_loads(text, 0, NULL);
		assert_non_null(again);
		assert_int_equal(json_get_result(again, a, &back, &field), 0);
		assert_equal_results(&r, &back);
		json_decref(obj);
		json_decref(again);
		free(text);
		r = (struct result){ 0 };
	}
	arena_free(a);
}

static void json_refuses(void **state)
{
	static const struct {
		const char *text, *field;
	} bad[] = {
		{ "{\"kind\":3}", "kind" },
		{ "{\"kind\":\"beginning\"}", "kind" },
		{ "{\"verdict\":\"pass\"}", "verdict" },
		{ "{\"planned\":1.5}", "planned" },
		{ "{\"relative\":0}", "relative" },
		{ "{\"text\":null}", "text" },
		{ "{\"span\":{\"line\":1,\"col\":1,\"end_line\":1}}", "span" },
		{ "{\"span\":{\"line\":-1,\"col\":1,\"end_line\":1,\"end_col\":1}}", "span" },
		{ "{\"span\":{\"line\":4294967296,\"col\":1,\"end_line\":1,\"end_col\":1}}", "span" },
		{ "{\"whole\":[1,2,3,4]}", "whole" },
		{ "{\"mismatches\":{}}", "mismatches" },
		{ "{\"mismatches\":[1]}", "mismatches" },
		{ "{\"mismatches\":[{\"want\":7}]}", "mismatches" },
		{ "{\"mismatches\":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},"
		  "{},{},{},{},{},{},{},{},{},{},{},{}]}", "mismatches" },
	};
	struct arena *a = arena_new();
	struct result r;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_t *obj = json_loads(bad[i].text, 0, NULL);
		const char *field = "none";

		assert_non_null(obj);
		assert_int_equal(json_get_result(obj, a, &r, &field), -1);
		assert_string_equal(field, bad[i].field);
		json_decref(obj);
	}
	arena_free(a);
}

static void utf8(void **state)
{
	static const struct {
		const char *in, *out;
	} text[] = {
		{ "", "" },
		{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7" },
		{ "a\xff" "b", "a\xef\xbf\xbd" "b" },
		{ "cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd" },
		{ "long \xc0\xaf", "long \xef\xbf\xbd\xef\xbf\xbd" },
		{ "surrogate \xed\xa0\x80", "surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xef\xbf\xbd", "\xef\xbf\xbd" },
	};
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		assert_string_equal(utf8_clean(a, text[i].in), text[i].out);
	arena_free(a);
}

static void xml(void **state)
{
	static const char odd[] = "<&>\"'\t\n\r\x01\x1b[0m\x7f \xff \xef\xbf\xbf \xc3\xa9";
	struct buf b = { 0 };

	xml_text(&b, odd);
	assert_string_equal(buf_str(&b), "&lt;&amp;&gt;&quot;'\t\n&#13;[0m\x7f \xef\xbf\xbd  \xc3\xa9");
	buf_clear(&b);
	xml_attribute(&b, odd);
	assert_string_equal(buf_str(&b), "&lt;&amp;&gt;&quot;'&#9;&#10;&#13;[0m\x7f \xef\xbf\xbd  \xc3\xa9");
	buf_free(&b);
}

/* What a report of this kind says of one run that begins, and of its end if there is one. */
static char *report_of(const char *kind, const struct report_options *o, const struct result *end,
		       const struct report_end *over)
{
	const struct result begin = { .kind = RES_BEGIN, .script = "dir/a#b\\c.pkt" };
	const struct report_kind *k = report_find(kind, strlen(kind));
	struct reporter *r;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(k);
	r = k->open(out, o);
	reporter_event(r, 7, &begin);
	if (end)
		reporter_event(r, 7, end);
	k->over(r, over);
	assert_int_equal(r->ops->close(r), 0);
	fclose(out);
	return text;
}

static void assert_report(const char *kind, int total, const struct result *end, const char *why,
			  const char *expected)
{
	const struct report_options o = { .total = total };
	const struct report_end over = { .cut_short = why };
	char *text = report_of(kind, &o, end, &over);

	assert_string_equal(text, expected);
	free(text);
}

static void tap(void **state)
{
	const struct result pass = { .kind = RES_END, .verdict = VERDICT_PASS };
	const struct result skip = { .kind = RES_END, .verdict = VERDICT_SKIP,
				     .message = "needs #1\n\\" };
	const struct result xfail = { .kind = RES_END, .verdict = VERDICT_XFAIL, .message = "so" };

	assert_report("tap", 1, &pass, NULL,
		      "TAP version 14\n1..1\nok 1 - dir/a\\#b\\\\c.pkt\n");
	assert_report("tap", 0, &skip, NULL,
		      "TAP version 14\nok 1 - dir/a\\#b\\\\c.pkt # SKIP needs \\#1 \\\\\n1..1\n");
	assert_report("tap", 2, &xfail, NULL,
		      "TAP version 14\n1..2\nnot ok 1 - dir/a\\#b\\\\c.pkt # TODO so\n"
		      "Bail out! only 1 of 2 scripts were run\n");
	assert_report("tap", 1, NULL, "interrupted",
		      "TAP version 14\n1..1\nnot ok 1 - dir/a\\#b\\\\c.pkt\n  ---\n"
		      "  message: 'the run did not end'\n  verdict: 'ENVIRONMENT'\n  at:\n"
		      "    file: 'dir/a#b\\c.pkt'\n  lateness: 0.000000\n  duration: 0.000000\n"
		      "  ...\nBail out! interrupted\n");
}

static void ktap(void **state)
{
	const struct result xfail = { .kind = RES_END, .verdict = VERDICT_XFAIL, .message = "#1" };
	const struct result xpass = { .kind = RES_END, .verdict = VERDICT_XPASS, .message = "so" };
	const struct result bad = { .kind = RES_END, .verdict = VERDICT_BADSCRIPT,
				    .message = "odd" };

	assert_report("ktap", 1, &xfail, NULL,
		      "KTAP version 1\n1..1\nok 1 dir/a_b\\c.pkt # XFAIL _1\n"
		      "# Totals: pass:0 fail:0 xfail:1 xpass:0 skip:0 error:0\n");
	assert_report("ktap", 1, &xpass, NULL,
		      "KTAP version 1\n1..1\n"
		      "# passed, though the script says that it should fail: so\n"
		      "ok 1 dir/a_b\\c.pkt\n"
		      "# Totals: pass:0 fail:0 xfail:0 xpass:1 skip:0 error:0\n");
	assert_report("ktap", 1, &bad, NULL,
		      "KTAP version 1\n1..1\n#   dir/a#b\\c.pkt: odd\n#\n"
		      "not ok 1 dir/a_b\\c.pkt # ERROR odd\n"
		      "# Totals: pass:0 fail:0 xfail:0 xpass:0 skip:0 error:1\n");
}

static void junit(void **state)
{
	const struct result skip = { .kind = RES_END, .verdict = VERDICT_SKIP, .message = "<no>",
				     .duration = 1500 * NS_PER_MS };

	assert_report("junit", 1, &skip, NULL,
		      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<testsuites name=\"drillpress\" tests=\"1\" failures=\"0\" errors=\"0\" "
		      "skipped=\"1\" time=\"1.500000\">\n"
		      "  <testsuite name=\"drillpress\" tests=\"1\" failures=\"0\" errors=\"0\" "
		      "skipped=\"1\" time=\"1.500000\">\n"
		      "    <testcase classname=\"dir\" name=\"a#b\\c.pkt\" file=\"dir/a#b\\c.pkt\" "
		      "time=\"1.500000\">\n      <skipped message=\"&lt;no&gt;\"/>\n"
		      "    </testcase>\n  </testsuite>\n</testsuites>\n");
}

/* ---- reading back ---- */

static void nothing(struct reporter *r, unsigned run, const struct result *e)
{
}

static void assert_read(const char *text, unsigned runs, unsigned lost, unsigned repeated,
			const char *words)
{
	static const struct reporter_ops ops = { .event = nothing };
	struct reporter nobody = { &ops };
	char *said;
	size_t len;
	FILE *complaints = open_memstream(&said, &len);
	FILE *in = fmemopen((char *)(uintptr_t)text, strlen(text), "r");
	struct json_joined *j = json_joined_new(&nobody, complaints);
	const struct json_totals *t = json_joined_totals(j);

	json_read(j, in, "x.json");
	fclose(in);
	fclose(complaints);
	assert_int_equal(t->runs, runs);
	assert_int_equal(t->count[VERDICT_ENVIRONMENT], lost);
	assert_int_equal(t->unfinished, *words && !repeated);
	assert_int_equal(t->repeated, repeated);
	if (*words ? !strstr(said, words) : len)
		fail_msg("expected \"%s\", was: %s", words, said);
	json_joined_free(j);
	free(said);
}

#define HEAD "{\"kind\":\"header\",\"format\":\"drillpress-results\",\"version\":1,"
#define HEADER HEAD "\"planned\":1}\n"
#define BEGIN "{\"run\":5,\"kind\":\"begin\"}\n"
#define END "{\"run\":5,\"kind\":\"end\",\"verdict\":\"PASS\"}\n"
#define TOTALS "{\"kind\":\"totals\",\"runs\":1}\n"

static void reads_back(void **state)
{
	assert_read(HEADER BEGIN END TOTALS, 1, 0, 0, "");
	assert_read(HEADER BEGIN END TOTALS HEADER BEGIN END TOTALS, 2, 0, 0, "");
	assert_read(HEAD "\"id\":\"1\"}\n" BEGIN END TOTALS HEAD "\"id\":\"1\"}\n" BEGIN END TOTALS,
		    1, 0, 1, "x.json: has the same results as x.json; left out");
	assert_read(HEADER BEGIN END, 1, 0, 0, "ends after 1 of 1 scripts: that drillpress did not");
	assert_read(HEADER BEGIN, 1, 1, 0, "ends after 0 of 1 scripts");
	assert_read(HEADER BEGIN TOTALS, 1, 1, 0, "has results of 0 scripts, of 1");
	assert_read(HEADER "{\"kind\":\"totals\",\"runs\":0,\"cut_short\":\"why\"}\n", 0, 0, 0,
		    "cut short after 0 scripts: why");
	assert_read("\n", 0, 0, 0, "line 1: not JSON");
	assert_read("{}", 0, 0, 0, "line 1: not a result");
	assert_read("[1]", 0, 0, 0, "line 1: not a result");
	assert_read(BEGIN, 0, 0, 0, "line 1: a result without a header");
	assert_read(TOTALS, 0, 0, 0, "line 1: totals without a header");
	assert_read("{\"kind\":\"header\"}", 0, 0, 0, "not results of drillpress");
	assert_read("{\"kind\":\"header\",\"format\":\"drillpress-results\",\"version\":2}", 0, 0, 0,
		    "line 1: not version 1 of the format");
	assert_read(HEADER END, 0, 0, 0, "line 2: a result of a run that has not begun");
	assert_read(HEADER BEGIN BEGIN END TOTALS, 1, 0, 0, "");
	assert_read(HEADER BEGIN "{\"run\":5,\"kind\":\"note\",\"hint\":1}\n" END TOTALS, 1, 1, 0,
		    "line 3: bad value of 'hint'; what follows is left out");
	assert_read(HEADER BEGIN "{\"run\":5,\"kind\":\"no", 1, 1, 0, "line 3: not JSON");
	assert_read(HEADER "{\"kind\":\"begin\"}\n", 0, 0, 0, "without the number of its run");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_keeps_every_field),
		cmocka_unit_test(json_refuses),
		cmocka_unit_test(utf8),
		cmocka_unit_test(xml),
		cmocka_unit_test(tap),
		cmocka_unit_test(ktap),
		cmocka_unit_test(junit),
		cmocka_unit_test(reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
