/* SPDX-License-Identifier: BSD-2-Clause */
/* The text report of a failure: what a reader must find in it, and where. */
#include "config.h"

#define SCRIPT_PATH "report_failure_test.tmp.pkt"
#include "report_sheet.h"

static void colours(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .colour = true, .jobs = 1 });
	begin(&s, 1, "a.pkt");
	end(&s, 1, VERDICT_PASS, NULL);
	tell_failure(&s, 1, SCRIPT_PATH);
	sheet_close(&s);
	assert_non_null(strstr(s.text, "\033[32mPASS \033[0m"));
	assert_non_null(strstr(s.text, "\033[31mFAIL \033[0m"));
	free(s.text);
}

static void failure_block(void **state)
{
	struct sheet s;
	const char *line;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	tell_failure(&s, 1, SCRIPT_PATH);
	sheet_close(&s);
	line = line_with(s.text, ":4:4: the acknowledgement number differs");
	assert_non_null(strstr(line, SCRIPT_PATH));
	line = next_line(line);
	assert_non_null(strstr(line, "| +0 > S. 0:0(0) ack 1 win 65535"));
	assert_int_equal(column(line, "> S."), column(next_line(line), "^~~~"));
	assert_in_order(s.text, (const char *const[]){
		"field     expected  actual\n", "ack       1         123\n",
		"wscale    7         8\n",
		"time      expected  0.100000 s +/- 4 ms\n",
		"actual    0.112345 s, 12.35 ms late\n",
		"tester    0.012 ms late itself\n",
		"states    CLOSED -> LISTEN (line 2, 0.000) -> SYN-RECEIVED (line 3, 0.100)\n",
		"hint      look at line 3\n", NULL });
	assert_null(strstr(s.text, "\033"));
	assert_narrow(s.text, 80);
	free(s.text);
}

/* Equal words stand in the same columns; the marks are right under what differs. */
static void marked_difference(void **state)
{
	const char *want, *got, *mark;
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	tell_failure(&s, 1, SCRIPT_PATH);
	sheet_close(&s);
	want = line_with(s.text, "  expected  > ");
	got = next_line(want);
	mark = next_line(got);
	assert_line(want,
		    "  expected  > S. 0:0(0) ack 1   win 65535 <mss 1460,sackOK,nop,wscale 7>");
	assert_line(got,
		    "  actual    > S. 0:0(0) ack 123 win 65535 <mss 1460,sackOK,nop,wscale 8>");
	assert_int_equal(column(mark, "^~~"), column(got, "123"));
	assert_line(mark + column(got, "8>"), "^");
	assert_int_equal(strspn(mark + column(got, " win"), " "),
			 column(got, "8>") - column(got, " win"));
	free(s.text);
}

static void excerpt_without_the_file(void **state)
{
	static const char *const gone[] = { "no-such-file.pkt", "<stdin>", "-" };
	struct sheet s;
	size_t i;

	for (i = 0; i < 3; i++) {
		sheet_open(&s, (struct text_options){ .jobs = 1 });
		tell_failure(&s, 1, gone[i]);
		sheet_close(&s);
		assert_in_order(s.text, (const char *const[]){
			":4:4:", "    | > S. 0:0(0) ack 1 win", "    | ^~~~", NULL });
		free(s.text);
	}
}

static void long_excerpt_is_cut(void **state)
{
	const char *line;
	struct sheet s;
	FILE *f = fopen(SCRIPT_PATH, "w");

	assert_non_null(f);
	fprintf(f, "%90s+0 > . 1:1(0) ack 1%90s// end\n", "", "");
	fclose(f);
	sheet_open(&s, (struct text_options){ .jobs = 1 });
	tell(&s, 1, (struct result){ .kind = RES_END, .verdict = VERDICT_FAIL,
				     .script = SCRIPT_PATH, .span = { 1, 94, 1, 110 },
				     .message = "m" });
	sheet_close(&s);
	line = line_with(s.text, "> . 1:1(0) ack 1");
	assert_int_equal(column(line, "> . 1:1"), column(next_line(line), "^~"));
	assert_int_equal(strspn(strchr(next_line(line), '^') + 1, "~"), strlen(" . 1:1(0) ack 1"));
	assert_narrow(s.text, 80);
	free(s.text);
}

static void ladder(void **state)
{
	const char *top;
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	tell_failure(&s, 1, SCRIPT_PATH);
	sheet_close(&s);
	top = line_with(s.text, "stack under test");
	assert_in_order(top, (const char *const[]){
		"drillpress (peer)\n", "   1  0.000012  * socket(",
		"   2  0.000030  * listen(3, 1)", "[CLOSED -> LISTEN]",
		"   3  0.100000  |<- S 0:0(0) win 65535 <mss 1460> ---",
		"[LISTEN -> SYN-RECEIVED]", ">>>    4  0.112345  |-- S. 0:0(0) ack 123", ">| !\n",
		NULL });
	/* Both lifelines are straight. */
	assert_int_equal(column(top, "stack"), column(line_with(top, "|<- "), "|<- "));
	assert_int_equal(column(line_with(top, "[CLOSED"), "|\n"),
			 column(line_with(top, ">>>"), "| !\n"));
	free(s.text);
}

/* The stream has them as they were found out; the ladder as they happened, and none twice. */
static void ladder_is_in_order_of_time(void **state)
{
	struct sheet s;
	unsigned i;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	begin(&s, 1, SCRIPT_PATH);
	for (i = 1; i <= 20; i++)
		call(&s, 1, i, i * MS, "close(3) = 0");
	tell(&s, 1, (struct result){ .kind = RES_PACKET, .event = EVK_OUTBOUND,
				     .actual = 20500 * US, .text = "F. 1:1(0) ack 1" });
	call(&s, 1, 21, 21 * MS, "last(4) = 0");
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .event = EVK_OUTBOUND,
				     .span = { 22, 1, 22, 2 }, .verdict = VERDICT_PASS,
				     .actual = 20500 * US, .text = "F. 1:1(0) ack 1" });
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .event = EVK_OUTBOUND,
				     .span = { 23, 1, 23, 2 }, .verdict = VERDICT_FAIL,
				     .actual = 600 * MS, .want = "R. 2:2(0) ack 1" });
	end(&s, 1, VERDICT_FAIL, NULL);
	sheet_close(&s);
	assert_null(strstr(s.text, "0.011000  *"));
	assert_in_order(s.text, (const char *const[]){
		"actual    nothing came\n", "nothing until 0.600000 s\n",
		"12 of 23 packets and calls:\n", "  12  0.012000  * close(3)",
		"  22  0.020500  |-- F. 1:1(0) ack 1 --", "  21  0.021000  * last(4)",
		">>>   23  0.600000  |- - R. 2:2(0) ack 1 (never came) ", NULL });
	assert_null(strstr(strstr(s.text, "F. 1:1(0)") + 1, "F. 1:1(0)"));
	free(s.text);
}

static void unobservable_state(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	begin(&s, 1, "a.pkt");
	state_change(&s, 1, 9, 100 * MS, "SYN-RECEIVED", "CLOSE-WAIT", true);
	end(&s, 1, VERDICT_FAIL, "closed too early");
	sheet_close(&s);
	assert_in_order(s.text, (const char *const[]){
		"a.pkt: closed too early\n",
		"states    SYN-RECEIVED -> (?) -> CLOSE-WAIT (line 9, 0.100)\n",
		"(?) a state in between that could not be observed\n", NULL });
	free(s.text);
}

/* A state that is not as demanded has no packet and no call to show. */
static void wrong_state(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	begin(&s, 1, "a.pkt");
	call(&s, 1, 1, 1 * US, "close(3) = 0");
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .verdict = VERDICT_FAIL,
				     .span = { 1, 30, 1, 40 }, .actual = 5 * US,
				     .want = "FIN-WAIT-1", .got = "LAST-ACK", .message = "m" });
	end(&s, 1, VERDICT_FAIL, "m");
	sheet_close(&s);
	assert_in_order(s.text, (const char *const[]){
		"a.pkt:1:30: m\n", "expected  FIN-WAIT-1\n", "actual    LAST-ACK\n",
		"* close(3) = 0 ", ">>>    1  0.000005  |  (m) ", NULL });
	assert_null(strstr(s.text, "tester"));
	free(s.text);
}

/* What --non_fatal lets pass is still told. */
static void deviations_that_are_let_pass(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	begin(&s, 1, "a.pkt");
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .event = EVK_OUTBOUND,
				     .span = { 7, 1, 7, 9 }, .text = ". 1:1(0) ack 2",
				     .want = ". 1:1(0) ack 1", .message = "differs in ack" });
	end(&s, 1, VERDICT_PASS, NULL);
	sheet_close(&s);
	assert_in_order(s.text, (const char *const[]){
		"PASS  a.pkt", "  but       line 7: differs in ack\n", NULL });
	free(s.text);
}

/* A call that blocks is told when it is made and when it returns. */
static void blocking_call(void **state)
{
	struct result made = { .kind = RES_EVENT, .event = EVK_CALL, .span = { 2, 4, 2, 9 },
			       .actual = 30 * US, .text = "connect(3, ..., ...) = 0",
			       .message = "blocks" };
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	begin(&s, 1, "a.pkt");
	tell(&s, 1, made);
	made.event = EVK_CALL_RETURN;
	made.verdict = VERDICT_FAIL;
	made.actual = 2 * NS_PER_SEC;
	made.want = "connect(3, ..., ...) = 0";
	made.got = made.text = "connect(3, ..., ...) = -1 ECONNREFUSED (Connection refused)";
	tell(&s, 1, made);
	end(&s, 1, VERDICT_FAIL, NULL);
	sheet_close(&s);
	assert_in_order(s.text, (const char *const[]){
		"    | connect(3, ..., ...) = 0\n", "* connect(3, ..., ...) ... ",
		">>>    2  2.000000  * ... connect(3, ..., ...) = -1 ECONN", NULL });
	free(s.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(colours),
		TEST(failure_block),
		TEST(marked_difference),
		TEST(excerpt_without_the_file),
		TEST(long_excerpt_is_cut),
		TEST(ladder),
		TEST(ladder_is_in_order_of_time),
		TEST(unobservable_state),
		TEST(wrong_state),
		TEST(deviations_that_are_let_pass),
		TEST(blocking_call),
	};

	return cmocka_run_group_tests_name("report_failure", tests, NULL, NULL);
}
