/* SPDX-License-Identifier: BSD-2-Clause */
/* What no real run shows at will: a late tester, and shapes of messages that are rare. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/packetdrill.h"

struct sheet {
	char *out, *err;
	size_t out_len, err_len;
};

/* Reports the events of one run; the texts are the caller's. */
static struct sheet report(const struct result *events, int n, bool verbose)
{
	struct sheet s = { 0 };
	struct packetdrill_options o = { .verbose = verbose };
	struct result begin = { .kind = RES_BEGIN, .script = "x.pkt", .variant = "ipv4" };
	struct reporter *r;
	int i;

	o.out = open_memstream(&s.out, &s.out_len);
	o.err = open_memstream(&s.err, &s.err_len);
	r = report_packetdrill_new(&o);
	reporter_event(r, 0, &begin);
	for (i = 0; i < n; i++)
		reporter_event(r, 0, &events[i]);
	assert_int_equal(r->ops->close(r), 0);
	fclose(o.out);
	fclose(o.err);
	return s;
}

static void expect(struct sheet s, const char *out, const char *err)
{
	assert_string_equal(s.out, out);
	assert_string_equal(s.err, err);
	free(s.out);
	free(s.err);
}

/* The event that was late comes first, in the words a harness looks for; the verdict says why. */
static void test_late_tester(void **state)
{
	static struct mismatch m = { "tcp_ack_seq", "1", "2", NULL };
	const struct result events[] = {
		{ .kind = RES_EVENT, .event = EVK_INBOUND, .span = { 4, 1, 4, 2 },
		  .planned = 100 * NS_PER_MS, .planned_end = 100 * NS_PER_MS,
		  .actual = 120 * NS_PER_MS, .lateness = 20 * NS_PER_MS, .tolerance = 4 * NS_PER_MS,
		  .text = "S 0:0(0) win 1", .written = "S 0:0(0) win 1" },
		{ .kind = RES_EVENT, .event = EVK_OUTBOUND, .verdict = VERDICT_INCONCLUSIVE,
		  .span = { 5, 1, 5, 2 }, .planned = 120 * NS_PER_MS, .planned_end = 120 * NS_PER_MS,
		  .actual = 121 * NS_PER_MS, .text = ". 1:1(0) ack 2 win 9",
		  .written = ". 1:1(0) ack 1", .mismatches = &m, .message = "it differs",
		  .hint = "the tester itself was up to 20 ms late" },
		{ .kind = RES_END, .verdict = VERDICT_INCONCLUSIVE, .script = "x.pkt",
		  .message = "it differs" },
	};

	expect(report(events, 3, false), "",
	       "x.pkt:4: timing error: expected inbound packet at 0.100000 sec but happened at "
	       "0.120000 sec; tolerance 0.004000 sec\n"
	       "x.pkt:5: error handling packet: live packet field tcp_ack_seq: expected: 1 (0x1) vs "
	       "actual: 2 (0x2)\n"
	       "script packet:  0.120000 . 1:1(0) ack 1 \n"
	       "actual packet:  0.121000 . 1:1(0) ack 2 win 9 \n"
	       "x.pkt: inconclusive: the tester itself was up to 20 ms late\n");
}

static void test_interrupted(void **state)
{
	const struct result end = { .kind = RES_END, .verdict = VERDICT_INCONCLUSIVE,
				    .script = "x.pkt", .message = "interrupted: Terminated" };

	expect(report(&end, 1, true), "", "x.pkt: interrupted: Terminated\n");
}

/* First lines for fields whose message is not that of a number. */
static void test_fields(void **state)
{
	static const struct {
		struct mismatch m;
		const char *line;
	} table[] = {
		{ { "header_layers", "ipv4 tcp", "ipv4 gre ipv4 tcp", NULL },
		  "live packet header layers: expected: 2 headers vs actual: 4 headers" },
		{ { "header_layers", "ipv4 tcp", "ipv4 udp", NULL },
		  "live packet header layer 1: expected: tcp header vs actual: udp header" },
		{ { "ip_ecn", "0x1 or 0x2", "0x3", NULL },
		  "live packet field ip_ecn: expected: 0x1 or 0x2 vs actual: 0x3" },
		{ { "gre_key", "1", "2", NULL }, "mismatch in GRE key" },
		{ { "mpls_stack_depth", "1", "2", NULL }, "mismatch in MPLS label stack depth" },
		{ { "mpls_label_3", "1", "2", NULL }, "mismatch in MPLS label 3" },
		{ { "tos", "0x10", "0x0", NULL },
		  "live packet field tos: expected: 16 (0x10) vs actual: 0 (0x0)" },
	};
	char want[200];
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct mismatch m = table[i].m;
		const struct result events[] = {
			{ .kind = RES_EVENT, .event = EVK_OUTBOUND, .verdict = VERDICT_FAIL,
			  .span = { 2, 1, 2, 2 }, .text = "S", .written = "F", .mismatches = &m },
			{ .kind = RES_END, .verdict = VERDICT_FAIL, .script = "x.pkt" },
		};

		snprintf(want, sizeof(want), "x.pkt:2: error handling packet: %s\n"
			 "script packet:  0.000000 F \nactual packet:  0.000000 S \n", table[i].line);
		expect(report(events, 2, false), "", want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_late_tester),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
