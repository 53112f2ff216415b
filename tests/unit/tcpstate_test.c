/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP state names, and the edges of RFC 9293 figure 5 with its notes. */
#include "config.h"

#include "wire/tcpstate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Rows: from. Columns: to. d direct, t through, . illegal; order as in order[]. */
static const enum tcp_state order[] = {
	TCPS_CLOSED, TCPS_LISTEN, TCPS_SYN_SENT, TCPS_SYN_RECV, TCPS_ESTABLISHED,
	TCPS_FIN_WAIT1, TCPS_FIN_WAIT2, TCPS_CLOSE_WAIT, TCPS_CLOSING, TCPS_LAST_ACK,
	TCPS_TIME_WAIT,
};

/* CL LI SS SR ES F1 F2 CW CG LA TW */
static const char *const matrix[] = {
	"ddd.t......",	/* CLOSED */
	"ddddt......",	/* LISTEN */
	"d.ddd..t...",	/* SYN-SENT */
	"dd.ddd.t...",	/* SYN-RECEIVED */
	"d...dd.d...",	/* ESTABLISHED */
	"d....dd.d.d",	/* FIN-WAIT-1 */
	"d.....d...d",	/* FIN-WAIT-2 */
	"d......d.d.",	/* CLOSE-WAIT */
	"d.......d.d",	/* CLOSING */
	"d........d.",	/* LAST-ACK */
	"ddtd......d",	/* TIME-WAIT */
};

#define N (sizeof(order) / sizeof(order[0]))

static void test_every_pair(void **state)
{
	static const char letters[] = {
		[EDGE_DIRECT] = 'd', [EDGE_THROUGH] = 't', [EDGE_ILLEGAL] = '.',
	};
	enum tcp_state middle;
	size_t i, j;

	assert_int_equal(N, TCPS_COUNT - 1);
	for (i = 0; i < N; i++) {
		for (j = 0; j < N; j++) {
			char got = letters[tcp_edge_between(order[i], order[j], &middle)];

			if (got != matrix[i][j])
				fail_msg("%s -> %s: %c, not %c", tcp_state_name(order[i]),
					 tcp_state_name(order[j]), got, matrix[i][j]);
			assert_true((got == 't') == (middle != TCPS_UNKNOWN));
		}
	}
}

/* A middle state must itself be joined to both ends by direct edges. */
static void test_through_is_two_direct_edges(void **state)
{
	enum tcp_state middle, none;
	size_t i, j, through = 0;

	for (i = 0; i < N; i++) {
		for (j = 0; j < N; j++) {
			if (tcp_edge_between(order[i], order[j], &middle) != EDGE_THROUGH)
				continue;
			through++;
			assert_int_equal(tcp_edge_between(order[i], middle, &none), EDGE_DIRECT);
			assert_int_equal(tcp_edge_between(middle, order[j], &none), EDGE_DIRECT);
		}
	}
	assert_int_equal(through, 5);
	tcp_edge_between(TCPS_SYN_RECV, TCPS_CLOSE_WAIT, &middle);
	assert_int_equal(middle, TCPS_ESTABLISHED);
	tcp_edge_between(TCPS_CLOSED, TCPS_ESTABLISHED, &middle);
	assert_int_equal(middle, TCPS_SYN_SENT);
}

static void test_unknown_says_nothing(void **state)
{
	enum tcp_state middle;

	assert_int_equal(tcp_edge_between(TCPS_UNKNOWN, TCPS_LAST_ACK, &middle), EDGE_DIRECT);
	assert_int_equal(tcp_edge_between(TCPS_LISTEN, TCPS_UNKNOWN, &middle), EDGE_DIRECT);
}

static void test_values_are_linux(void **state)
{
	/* include/net/tcp_states.h counts from 1 in this order */
	assert_int_equal(TCPS_ESTABLISHED, 1);
	assert_int_equal(TCPS_SYN_SENT, 2);
	assert_int_equal(TCPS_SYN_RECV, 3);
	assert_int_equal(TCPS_FIN_WAIT1, 4);
	assert_int_equal(TCPS_FIN_WAIT2, 5);
	assert_int_equal(TCPS_TIME_WAIT, 6);
	assert_int_equal(TCPS_CLOSED, 7);
	assert_int_equal(TCPS_CLOSE_WAIT, 8);
	assert_int_equal(TCPS_LAST_ACK, 9);
	assert_int_equal(TCPS_LISTEN, 10);
	assert_int_equal(TCPS_CLOSING, 11);
}

static void test_names(void **state)
{
	static const struct { const char *text; enum tcp_state s; } cases[] = {
		{ "SYN-RECEIVED", TCPS_SYN_RECV }, { "syn_recv", TCPS_SYN_RECV },
		{ "SYN_RCVD", TCPS_SYN_RECV }, { "TCP_SYN_RECV", TCPS_SYN_RECV },
		{ "SynReceived", TCPS_SYN_RECV }, { "CLOSE", TCPS_CLOSED },
		{ "TCP_CLOSE", TCPS_CLOSED }, { "closed", TCPS_CLOSED },
		{ "FIN_WAIT1", TCPS_FIN_WAIT1 }, { "FIN-WAIT-1", TCPS_FIN_WAIT1 },
		{ "FIN_WAIT_2", TCPS_FIN_WAIT2 }, { "tcp_time_wait", TCPS_TIME_WAIT },
		{ "ESTAB", TCPS_ESTABLISHED }, { "Last-Ack", TCPS_LAST_ACK },
		{ "", TCPS_UNKNOWN }, { "TCP_", TCPS_UNKNOWN }, { "FIN-WAIT-3", TCPS_UNKNOWN },
		{ "UNKNOWN", TCPS_UNKNOWN }, { "TC", TCPS_UNKNOWN },
		{ "ESTABLISHEDX", TCPS_UNKNOWN }, { "SYN RECV", TCPS_UNKNOWN },
		{ "a-very-long-word-that-is-no-state", TCPS_UNKNOWN },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (tcp_state_parse(cases[i].text) != cases[i].s)
			fail_msg("%s is taken for %s", cases[i].text,
				 tcp_state_name(tcp_state_parse(cases[i].text)));
}

static void test_names_round_trip(void **state)
{
	size_t i;

	for (i = 0; i < N; i++) {
		assert_int_equal(tcp_state_parse(tcp_state_name(order[i])), order[i]);
		assert_non_null(strstr(tcp_state_list(), tcp_state_name(order[i])));
	}
	assert_string_equal(tcp_state_name(TCPS_UNKNOWN), "UNKNOWN");
	assert_string_equal(tcp_state_name((enum tcp_state)99), "UNKNOWN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_through_is_two_direct_edges),
		cmocka_unit_test(test_unknown_says_nothing),
		cmocka_unit_test(test_values_are_linux),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
