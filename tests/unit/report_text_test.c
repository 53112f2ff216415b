/* SPDX-License-Identifier: BSD-2-Clause */
/* The text report: verdicts, verbose lines, observations, totals. */
#include "config.h"

#define SCRIPT_PATH "report_text_test.tmp.pkt"
#include "report/progress.h"
#include "report_sheet.h"

static void verdict_lines(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 4 });
	begin(&s, 1, "a.pkt");
	begin(&s, 2, "b.pkt");
	end(&s, 2, VERDICT_SKIP, "needs kernel >= 6.9");
	end(&s, 1, VERDICT_PASS, NULL);
	begin(&s, 3, "c.pkt");
	end(&s, 3, VERDICT_XFAIL, "a reason that is far too long to stand on the same line as the "
	    "verdict and the name of the script");
	sheet_close(&s);
	assert_line(s.text, "SKIP  b.pkt (ipv4)  0.41 s -- needs kernel >= 6.9");
	assert_line(next_line(s.text), "PASS  a.pkt (ipv4)  0.41 s");
	assert_line(line_with(s.text, "XFAIL"), "XFAIL c.pkt (ipv4)  0.41 s");
	assert_memory_equal(next_line(line_with(s.text, "XFAIL")), "      a reason that", 19);
	assert_narrow(s.text, 80);
	free(s.text);
}

static void verbose_lines(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .verbose = true, .jobs = 1 });
	begin(&s, 1, "a.pkt");
	assert_line(s.text, "// a.pkt (ipv4)");
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .event = EVK_COMMAND, .text = "true" });
	call(&s, 1, 1, 12 * US, "socket(..., SOCK_STREAM, IPPROTO_TCP) = 3");
	call(&s, 1, 2, 30 * US, "connect(3, ..., ...)");
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .event = EVK_OUTBOUND,
				     .actual = 100023 * US, .lateness = 1300 * US,
				     .text = "S. 0:0(0) ack 1 win 65535 <mss 1460>" });
	state_change(&s, 1, 2, 100030 * US, "LISTEN", "SYN-RECEIVED", false);
	tell(&s, 1, (struct result){ .kind = RES_PACKET, .event = EVK_OUTBOUND,
				     .actual = 1012345 * US, .text = "S 0:0(0) win 1" });
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .event = EVK_CALL_RETURN,
				     .span = { 2, 4, 2, 9 }, .actual = 2 * NS_PER_SEC,
				     .text = "connect(3, ..., ...) = 0" });
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .event = EVK_SILENCE,
				     .planned = 2 * NS_PER_SEC, .planned_end = 3 * NS_PER_SEC,
				     .actual = 3 * NS_PER_SEC, .text = "nothing" });
	tell(&s, 1, (struct result){ .kind = RES_NOTE, .message = "two\nlines" });
	/* They are there before the run ends. */
	assert_in_order(s.text, (const char *const[]){
		"// what it tests\n", "\n0.000000 `true`\n",
		"\n0.000012 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n",
		"\n// calls 0.000030 connect(3, ..., ...)\n",
		"\n0.100023 > S. 0:0(0) ack 1 win 65535 <mss 1460>  // tester 1.3 ms late\n",
		"\n// state: LISTEN -> SYN-RECEIVED  at 0.100030\n",
		"\n// seen  1.012345 > S 0:0(0) win 1\n",
		"\n0.000030...2.000000 connect(3, ..., ...) = 0\n",
		"\n2.000000...3.000000 > nothing\n", "\n// note: two lines\n", NULL });
	end(&s, 1, VERDICT_PASS, NULL);
	sheet_close(&s);
	free(s.text);
}

static void verbose_runs_do_not_mix(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .verbose = true, .jobs = 2 });
	begin(&s, 1, "a.pkt");
	begin(&s, 2, "b.pkt");
	call(&s, 1, 1, 1 * US, "first(1) = 0");
	call(&s, 2, 1, 2 * US, "second(1) = 0");
	call(&s, 1, 2, 3 * US, "first(2) = 0");
	assert_string_equal(s.text, "");
	end(&s, 2, VERDICT_PASS, NULL);
	end(&s, 1, VERDICT_PASS, NULL);
	sheet_close(&s);
	assert_in_order(s.text, (const char *const[]){
		"// b.pkt (ipv4)\n", "second(1)", "PASS  b.pkt", "// a.pkt (ipv4)\n", "first(1)",
		"first(2)", "PASS  a.pkt", NULL });
	free(s.text);
}

static void observed_packets(void **state)
{
	static const char *const syn[] = {
		"S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>",
		"S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1001 ecr 0,nop,wscale 7>",
		". 1:1(0) ack 1 win 64240", ". 1:1(0) ack 1 win 64240",
		"S 0:0(0) win 64240 <mss 1460,sackOK,TS val 3001 ecr 0,nop,wscale 7>",
	};
	struct sheet s;
	size_t i;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	begin(&s, 1, "syn-sent.pkt");
	for (i = 0; i < 5; i++)
		tell(&s, 1, (struct result){ .kind = RES_PACKET, .event = EVK_OUTBOUND,
					     .actual = ((nstime)1 << i) * 250 * MS,
					     .text = syn[i] });
	state_change(&s, 1, 2, 1 * MS, "CLOSED", "SYN-SENT", false);
	end(&s, 1, VERDICT_PASS, NULL);
	sheet_close(&s);
	assert_in_order(s.text, (const char *const[]){
		"PASS  syn-sent.pkt", "  observed  ", "0.250000  > S 0:0(0) win 64240 <mss 1460,",
		"0.500000  > S 0:0(0) ...   retransmission 1, 250 ms after the one before\n",
		"1.000000  > . 1:1(0) ack 1", "2.000000  > . 1:1(0) ack 1",
		"4.000000  > S 0:0(0) ...   retransmission 2, 3.5 s after the one before\n",
		"states    CLOSED -> SYN-SENT (line 2, 0.001)\n", NULL });
	free(s.text);
}

static void nothing_observed_when_asked_for(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1 });
	begin(&s, 1, "a.pkt");
	tell(&s, 1, (struct result){ .kind = RES_PACKET, .event = EVK_OUTBOUND,
				     .text = ". 1:1(0)" });
	tell(&s, 1, (struct result){ .kind = RES_EVENT, .event = EVK_OUTBOUND,
				     .text = ". 1:1(0)", .verdict = VERDICT_PASS });
	end(&s, 1, VERDICT_PASS, NULL);
	sheet_close(&s);
	assert_null(strstr(s.text, "observed"));
	free(s.text);
}

static void summary(void **state)
{
	const char *list;
	struct sheet s;
	unsigned i;

	sheet_open(&s, (struct text_options){ .jobs = 4 });
	report_text_wall(s.r, 12345 * MS);
	tell_failure(&s, 1, SCRIPT_PATH);
	for (i = 2; i < 105; i++)
		end(&s, i, VERDICT_PASS, NULL);
	end(&s, 105, VERDICT_SKIP, "no");
	sheet_close(&s);
	/* It is more than a screen, so what failed is named again at the end. */
	list = strstr(s.text, "105 scripts:");
	assert_non_null(list);
	assert_line(list, "105 scripts: 103 passed, 1 failed, 1 skipped in 12.3 s "
			  "(worst lateness 0.21 ms)");
	assert_string_equal(next_line(list), "");
	list = line_with(strstr(s.text, "SKIP"), "FAIL");
	assert_non_null(strstr(list, ":4:4: the acknowledgement number differs\n"));
	free(s.text);
}

static void summary_of_a_screen(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1, .height = 50 });
	tell_failure(&s, 1, SCRIPT_PATH);
	sheet_close(&s);
	assert_null(strstr(line_with(s.text, "FAIL") + 1, "FAIL"));
	assert_non_null(strstr(s.text, "1 script: 1 failed in 0.41 s"));
	free(s.text);
}

/* A run that never ends, or starts over, is neither lost nor counted twice. */
static void broken_off_runs(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 2 });
	begin(&s, 1, "a.pkt");
	begin(&s, 2, "b.pkt");
	begin(&s, 1, "a.pkt");
	end(&s, 1, VERDICT_PASS, NULL);
	sheet_close(&s);
	assert_non_null(strstr(s.text, "ENVIRONMENT b.pkt (ipv4) -- the run did not end\n"));
	assert_non_null(strstr(s.text, "2 scripts: 1 passed, 1 not possible here"));
	free(s.text);
}

static void progress(void **state)
{
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 2, .tty = true });
	report_text_total(s.r, 2);
	begin(&s, 1, "a.pkt");
	begin(&s, 2, "b.pkt");
	end(&s, 1, VERDICT_PASS, NULL);
	end(&s, 2, VERDICT_PASS, NULL);
	sheet_close(&s);
	assert_in_order(s.text, (const char *const[]){
		"[0/2] 1 under way: a.pkt (ipv4)", "\r   ", "\r[0/2] 2 under way: a.pkt (ipv4), b.pkt (ipv4)",
		"\r   ", "\rPASS  a.pkt", "\n[1/2] 1 under way: b.pkt", "\r   ", "\rPASS  b.pkt",
		"\n2 scripts", NULL });
	free(s.text);
}

/* Cut where the terminal ends, not in a character; what is wide counts twice. */
static void progress_is_cut(void **state)
{
	size_t used;

	assert_int_equal(progress_fit("abc", 3, &used), 3);
	assert_int_equal(progress_fit("abc", 2, &used), 2);
	assert_int_equal(progress_fit("\xc3\xa4\xc3\xa4", 1, &used), 2);
	assert_int_equal(progress_fit("e\xcc\x81x", 1, &used), 3);
	assert_int_equal(progress_fit("\xe6\xbc\xa2\xe5\xad\x97", 3, &used), 3);
	assert_int_equal(used, 2);
	assert_int_equal(progress_fit("\xff\xff", 1, &used), 1);
	assert_int_equal(progress_fit("a", 0, &used), 0);
}

static nstime told(void *arg)
{
	return *(nstime *)arg;
}

static void progress_with_the_time_left(void **state)
{
	nstime left = 3725 * NS_PER_SEC;
	struct sheet s;

	sheet_open(&s, (struct text_options){ .jobs = 1, .tty = true, .left = told,
					      .left_arg = &left });
	begin(&s, 1, "a.pkt");
	end(&s, 1, VERDICT_FAIL, "x");
	left = 61 * NS_PER_SEC - 1;
	begin(&s, 2, "b.pkt");
	end(&s, 2, VERDICT_INCONCLUSIVE, "x");
	left = -1;
	begin(&s, 3, "c.pkt");
	end(&s, 3, VERDICT_PASS, NULL);
	sheet_close(&s);
	assert_in_order(s.text, (const char *const[]){
		"[0] 1 h 2 min left, 1 under way: a.pkt (ipv4)\r",
		"[1] 1 failed, 1 min 1 s left, 1 under way: b.pkt (ipv4)\r",
		"[2] 1 failed, 1 under way: c.pkt (ipv4)\r", NULL });
	free(s.text);
}

static void write_failure(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct reporter *r;
	struct sheet s = { 0 };

	if (!full)
		skip();
	r = report_text_new(&(struct text_options){ .out = full, .jobs = 1 });
	s.r = r;
	s.out = full;
	begin(&s, 1, "a.pkt");
	end(&s, 1, VERDICT_PASS, NULL);
	assert_int_equal(r->ops->close(r), -1);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(verdict_lines),
		TEST(verbose_lines),
		TEST(verbose_runs_do_not_mix),
		TEST(observed_packets),
		TEST(nothing_observed_when_asked_for),
		TEST(summary),
		TEST(summary_of_a_screen),
		TEST(broken_off_runs),
		TEST(progress),
		TEST(progress_is_cut),
		TEST(progress_with_the_time_left),
		TEST(write_failure),
	};

	return cmocka_run_group_tests_name("report_text", tests, NULL, NULL);
}
