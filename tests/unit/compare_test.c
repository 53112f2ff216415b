/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs of one script on several targets, side by side. */
#include "config.h"

#define SCRIPT_PATH "compare_test.tmp.pkt"
#include "report/compare.h"
#include "report/page.h"
#include "report_sheet.h"

static const char *const labels[] = { "kernel", "other", "third" }, *const meanings[3];

static void nobody(struct reporter *r, unsigned run, const struct result *e)
{
}

static const struct reporter_ops nobody_ops = { .event = nobody };
static struct reporter end_of_chain = { &nobody_ops };

/* The runs of a target; told() feeds it. */
static struct sheet on(struct comparison *c, int target)
{
	return (struct sheet){ .r = comparison_reporter(c, target, &end_of_chain) };
}

static void give(struct sheet *s, struct result e)
{
	reporter_event(s->r, 7, &e);
}

static void start(struct sheet *s)
{
	give(s, (struct result){ .kind = RES_BEGIN, .script = SCRIPT_PATH, .variant = "ipv4" });
}

static void stop(struct sheet *s, enum verdict v)
{
	give(s, (struct result){ .kind = RES_END, .verdict = v });
}

static void sent(struct sheet *s, unsigned line, nstime t, const char *text, enum verdict v)
{
	give(s, (struct result){ .kind = RES_EVENT, .event = EVK_OUTBOUND, .verdict = v,
				 .span = { line, 1, line, 9 }, .planned = 100 * MS, .actual = t,
				 .tolerance = 4 * MS, .text = text, .written = "S. 0:0(0) ack 1" });
}

static void unasked(struct sheet *s, nstime t, const char *text)
{
	give(s, (struct result){ .kind = RES_PACKET, .event = EVK_OUTBOUND, .actual = t,
				 .text = text });
}

static void state(struct sheet *s, unsigned line, const char *from, const char *to)
{
	give(s, (struct result){ .kind = RES_STATE, .span = { line, 1, line, 9 },
				 .actual = 100 * MS, .state_from = from, .state_to = to });
}

/* What is printed; the comparison is freed. */
static char *printed(struct comparison *c, int width, bool verbose)
{
	struct page p = { .width = width };
	char *text = NULL;
	size_t len;

	p.out = open_memstream(&text, &len);
	assert_non_null(p.out);
	comparison_end(c);
	comparison_print(c, &p, verbose);
	fclose(p.out);
	comparison_free(c);
	return text;
}

static struct comparison *compare(int n, bool times)
{
	return comparison_new(&(struct compare_options){ .labels = labels, .meanings = meanings,
							 .n = n, .times = times });
}

static void has(char *text, const char *words)
{
	line_with(text, words);
	free(text);
}

static void made_up_numbers_are_no_difference(void **st)
{
	struct comparison *c = compare(2, false);
	struct sheet s = on(c, 0);

	start(&s);
	sent(&s, 4, 100 * MS, "S. 0:0(0) ack 1 <mss 9,TS val 4711 ecr 1>", VERDICT_NONE);
	stop(&s, VERDICT_PASS);
	s = on(c, 1);
	start(&s);
	sent(&s, 4, 100 * MS, "S. 0:0(0) ack 1 <mss 9,TS val 12 ecr 99>", VERDICT_NONE);
	stop(&s, VERDICT_PASS);
	has(printed(c, 80, false), "0 scripts differ, 1 agrees\n");
}

static void an_unasked_packet_is_found_near_its_line(void **st)
{
	struct comparison *c = compare(2, false);
	struct sheet s = on(c, 0);

	start(&s);
	unasked(&s, 90 * MS, "R 1:1(0)");
	sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
	stop(&s, VERDICT_PASS);
	s = on(c, 1);
	start(&s);
	sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
	unasked(&s, 110 * MS, "R 1:1(0)");
	stop(&s, VERDICT_PASS);
	has(printed(c, 80, false), "0 scripts differ, 1 agrees\n");
}

static void what_follows_a_failure_is_no_difference(void **st)
{
	struct comparison *c = compare(2, false);
	struct sheet s = on(c, 0);
	char *text;

	start(&s);
	sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
	state(&s, 1, "LISTEN", "SYN-RECEIVED");
	sent(&s, 2, 200 * MS, "F. 1:1(0) ack 1", VERDICT_NONE);
	state(&s, 2, "SYN-RECEIVED", "CLOSED");
	stop(&s, VERDICT_PASS);
	s = on(c, 1);
	start(&s);
	sent(&s, 1, 100 * MS, "S. 0:0(0) ack 7", VERDICT_FAIL);
	stop(&s, VERDICT_FAIL);
	text = printed(c, 80, false);
	assert_true(column(line_with(text, ">>>"), "0.100000 ! > S.") > 0);
	assert_line(line_with(text, "(ipv4)  PASS"),
		    SCRIPT_PATH " (ipv4)  PASS    FAIL line 1  verdict, from line 1");
	assert_memory_equal(line_with(text, "0.200000"), "      ", 6);
	assert_narrow(text, 80);
	free(text);
}

static void state_at(struct sheet *s, unsigned line, nstime t, const char *from, const char *to)
{
	give(s, (struct result){ .kind = RES_STATE, .span = { line, 1, line, 9 }, .actual = t,
				 .state_from = from, .state_to = to });
}

/* A change at `seen`, told at `line`, and one told at line 2; what is printed has these words. */
static void told_at(unsigned line, nstime seen, const char *words)
{
	struct comparison *c = compare(2, false);
	struct sheet s = on(c, 0);

	start(&s);
	sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
	state_at(&s, line, seen, "SYN-SENT", "CLOSED");
	sent(&s, 2, 400 * MS, "F. 1:1(0) ack 1", VERDICT_NONE);
	stop(&s, VERDICT_PASS);
	s = on(c, 1);
	start(&s);
	sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
	sent(&s, 2, 400 * MS, "F. 1:1(0) ack 1", VERDICT_NONE);
	state_at(&s, 2, 401 * MS, "SYN-SENT", "CLOSED");
	stop(&s, VERDICT_PASS);
	has(printed(c, 80, false), words);
}

static void a_state_that_is_told_at_the_next_line(void **st)
{
	told_at(1, 300 * MS, "0 scripts differ, 1 agrees\n");
	/* At once, so because of the line. */
	told_at(1, 101 * MS, "states, from line 1");
}

static void states_count_where_they_are_told(void **st)
{
	struct comparison *c = compare(3, false);
	struct sheet s;
	int i;

	for (i = 0; i < 2; i++) {
		s = on(c, i);
		start(&s);
		sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
		state(&s, 1, "LISTEN", i ? "ESTABLISHED" : "SYN-RECEIVED");
		stop(&s, VERDICT_PASS);
	}
	/* This one has no way to tell. */
	s = on(c, 2);
	start(&s);
	sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
	stop(&s, VERDICT_PASS);
	has(printed(c, 100, false), "PASS    PASS   PASS   states, from line 1\n");
}

static void times_only_if_asked_for(void **st)
{
	struct comparison *c;
	struct sheet s;
	int times, apart;

	for (times = 0; times < 2; times++) {
		for (apart = 3; apart < 6; apart += 2) {
			c = compare(2, times);
			s = on(c, 0);
			start(&s);
			sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
			stop(&s, VERDICT_PASS);
			s = on(c, 1);
			start(&s);
			sent(&s, 1, (100 + apart) * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
			stop(&s, VERDICT_PASS);
			has(printed(c, 80, false), times && apart > 4 ? "times, from line 1\n" :
			    "0 scripts differ, 1 agrees\n");
		}
	}
}

static void the_worst_of_repetitions(void **st)
{
	struct comparison *c = comparison_new(&(struct compare_options){
		.labels = labels, .meanings = meanings, .n = 2, .keep_all = true });
	struct sheet s;
	int round, i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 2; i++) {
			bool fails = i && round == 1;

			s = on(c, i);
			start(&s);
			sent(&s, 1, 100 * MS, fails ? "S. 0:0(0) ack 7" : "S. 0:0(0) ack 1",
			     fails ? VERDICT_FAIL : VERDICT_NONE);
			stop(&s, fails ? VERDICT_FAIL : VERDICT_PASS);
		}
	}
	has(printed(c, 80, false), "PASS    FAIL 1/3  verdict, from line 1\n");
}

static void what_was_not_judged_does_not_differ(void **st)
{
	struct comparison *c = compare(3, false);
	struct sheet s = on(c, 0);

	start(&s);
	sent(&s, 1, 100 * MS, "S. 0:0(0) ack 1", VERDICT_NONE);
	stop(&s, VERDICT_PASS);
	s = on(c, 1);
	start(&s);
	stop(&s, VERDICT_SKIP);
	/* The third was never begun. */
	has(printed(c, 80, false), "0 scripts differ, 0 agree, 1 not judged on all targets: "
	    "1 not on other, 1 not on\n  third\n");
}

/* However narrow, and whatever the texts. */
static void any_width(void **st)
{
	static const char longest[] = "S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale "
		"10,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xff\xc3>";
	struct comparison *c;
	struct sheet s;
	int width, i;
	char *text;

	for (width = PAGE_MIN_WIDTH; width < 130; width++) {
		c = compare(3, false);
		for (i = 0; i < 3; i++) {
			s = on(c, i);
			start(&s);
			sent(&s, 4, 100 * MS, i ? longest : "S. 0:0(0) ack 2", i ? VERDICT_FAIL :
			     VERDICT_NONE);
			stop(&s, i ? VERDICT_FAIL : VERDICT_PASS);
		}
		text = printed(c, width, true);
		line_with(text, "verdict, from line 4\n");
		assert_narrow(line_with(text, "  line  script"), (size_t)width + 20);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(made_up_numbers_are_no_difference),
		TEST(an_unasked_packet_is_found_near_its_line),
		TEST(what_follows_a_failure_is_no_difference),
		TEST(a_state_that_is_told_at_the_next_line),
		TEST(states_count_where_they_are_told),
		TEST(times_only_if_asked_for),
		TEST(the_worst_of_repetitions),
		TEST(what_was_not_judged_does_not_differ),
		TEST(any_width),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
