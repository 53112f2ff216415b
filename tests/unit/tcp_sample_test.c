/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of TCP_INFO and its kin in a sample: where they are, and when they are not there. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sys/tcp_sample.h"

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <string.h>

/* A sample whose answers are all these bytes. */
static struct tcp_sample all_of(const void *bytes, size_t len)
{
	const struct tcp_answer a = { bytes, len };

	return (struct tcp_sample){ .answer = { a, a, a } };
}

static bool has_field(const char *name, const void *bytes, size_t len)
{
	const struct tcp_sample s = all_of(bytes, len);
	const struct tcp_field *f = tcp_field_find(name);
	uint64_t v;

	assert_non_null(f);
	return tcp_sample_read(&s, f, &v);
}

static uint64_t read_field(const char *name, const void *bytes, size_t len)
{
	const struct tcp_sample s = all_of(bytes, len);
	uint64_t v = 0;

	assert_true(has_field(name, bytes, len));
	tcp_sample_read(&s, tcp_field_find(name), &v);
	return v;
}

/* Against this machine's header, one field of each kind and the last one it surely has. */
static void agrees_with_the_header(void **state)
{
	struct tcp_info i = { .tcpi_state = 8, .tcpi_snd_wscale = 3, .tcpi_rcv_wscale = 14,
			      .tcpi_delivery_rate_app_limited = 1, .tcpi_rto = 201000,
			      .tcpi_snd_cwnd = 10, .tcpi_total_retrans = 7,
			      .tcpi_pacing_rate = 0xfedcba9876543210, .tcpi_min_rtt = 99,
			      .tcpi_delivery_rate = 1ULL << 40, .tcpi_reord_seen = 5 };

	(void)state;
	assert_int_equal(read_field("tcpi_state", &i, sizeof(i)), 8);
	assert_int_equal(read_field("tcpi_snd_wscale", &i, sizeof(i)), 3);
	assert_int_equal(read_field("tcpi_rcv_wscale", &i, sizeof(i)), 14);
	assert_int_equal(read_field("tcpi_delivery_rate_app_limited", &i, sizeof(i)), 1);
	assert_int_equal(read_field("tcpi_rto", &i, sizeof(i)), 201000);
	assert_int_equal(read_field("tcpi_snd_cwnd", &i, sizeof(i)), 10);
	assert_int_equal(read_field("tcpi_total_retrans", &i, sizeof(i)), 7);
	assert_true(read_field("tcpi_pacing_rate", &i, sizeof(i)) == 0xfedcba9876543210);
	assert_int_equal(read_field("tcpi_min_rtt", &i, sizeof(i)), 99);
	assert_true(read_field("tcpi_delivery_rate", &i, sizeof(i)) == 1ULL << 40);
	assert_int_equal(read_field("tcpi_reord_seen", &i, sizeof(i)), 5);
}

static void agrees_with_the_other_headers(void **state)
{
	struct tcp_bbr_info bbr = { 0x11111111, 0x2, 50, 739, 512 };
	struct tcp_dctcp_info dctcp = { 1, 2, 1024, 3, 4 };
	uint32_t mem[SK_MEMINFO_VARS] = { [SK_MEMINFO_SNDBUF] = 4608, [SK_MEMINFO_DROPS] = 9 };

	(void)state;
	assert_true(read_field("bbr_bw", &bbr, sizeof(bbr)) == 0x211111111);
	assert_int_equal(read_field("bbr_cwnd_gain", &bbr, sizeof(bbr)), 512);
	assert_int_equal(read_field("dctcp_ce_state", &dctcp, sizeof(dctcp)), 2);
	assert_int_equal(read_field("dctcp_ab_tot", &dctcp, sizeof(dctcp)), 4);
	assert_int_equal(read_field("SK_MEMINFO_SNDBUF", mem, sizeof(mem)), 4608);
	assert_int_equal(read_field("SK_MEMINFO_DROPS", mem, sizeof(mem)), 9);
}

static void short_answers_lack_fields(void **state)
{
	uint8_t bytes[280] = { 0 };

	(void)state;
	assert_false(has_field("tcpi_total_retrans", bytes, 103));
	assert_true(has_field("tcpi_total_retrans", bytes, 104));
	assert_true(has_field("tcpi_options2", bytes, 280));
	assert_false(has_field("tcpi_ecn_mode", bytes, 276));
	assert_false(has_field("bbr_bw_lo", bytes, 16));
	assert_true(has_field("dctcp_enabled", bytes, 16));
	assert_false(has_field("tcpi_state", bytes, 0));
}

static void bits_at_the_end(void **state)
{
	uint8_t bytes[280] = { 0 };
	uint32_t bits = 0x123456u << 8 | 0xau << 4 | 2u << 2 | 1u;

	(void)state;
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		skip();
	memcpy(bytes + 276, &bits, sizeof(bits));
	assert_int_equal(read_field("tcpi_ecn_mode", bytes, 280), 1);
	assert_int_equal(read_field("tcpi_accecn_opt_seen", bytes, 280), 2);
	assert_int_equal(read_field("tcpi_accecn_fail_mode", bytes, 280), 0xa);
	assert_int_equal(read_field("tcpi_options2", bytes, 280), 0x123456);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_header),
		cmocka_unit_test(agrees_with_the_other_headers),
		cmocka_unit_test(short_answers_lack_fields),
		cmocka_unit_test(bits_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
