/* SPDX-License-Identifier: BSD-2-Clause */
/* The written-down layout of TCP_INFO and its kin against this host's headers. */
#include "config.h"

#include "sys/tcp_fields.h"

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static uint64_t value(const char *name, const void *bytes, size_t len)
{
	const struct tcp_field *f = tcp_field_find(name);
	uint64_t v = 0;

	if (!f)
		fail_msg("no field %s", name);
	else if (!tcp_field_read(f, bytes, len, &v))
		fail_msg("%s is not in the answer", name);
	return v;
}

static void test_headers_agree(void **state)
{
	struct tcp_info i = { 0 };
	union tcp_cc_info cc = { 0 };
	uint32_t mem[SK_MEMINFO_DROPS + 1] = { 0 };

	(void)state;
#define SAME(name, set) \
	do { \
		i.name = set; \
		assert_int_equal(value(#name, &i, sizeof(i)), set); \
	} while (0)
	SAME(tcpi_state, 1);
	SAME(tcpi_options, 0xff);
	SAME(tcpi_snd_wscale, 9);
	SAME(tcpi_rcv_wscale, 6);
	SAME(tcpi_delivery_rate_app_limited, 1);
	SAME(tcpi_fastopen_client_fail, 2);
	SAME(tcpi_rto, 200000);
	SAME(tcpi_fackets, 11);
	SAME(tcpi_last_ack_recv, 12);
	SAME(tcpi_rttvar, 13);
	SAME(tcpi_snd_cwnd, 10);
	SAME(tcpi_rcv_rtt, 14);
	SAME(tcpi_total_retrans, 15);
	SAME(tcpi_max_pacing_rate, UINT64_MAX);
	SAME(tcpi_segs_in, 16);
	SAME(tcpi_delivery_rate, UINT64_C(1) << 40);
	SAME(tcpi_sndbuf_limited, 17);
	SAME(tcpi_delivered_ce, 18);
	SAME(tcpi_bytes_retrans, 19);
	SAME(tcpi_rcv_ooopack, 20);
	SAME(tcpi_snd_wnd, 21);
#undef SAME
	cc.bbr = (struct tcp_bbr_info){ 0x11111111, 2, 3, 4, 5 };
	assert_int_equal(value("bbr_bw", &cc, sizeof(cc)), 0x211111111);
	assert_int_equal(value("bbr_cwnd_gain", &cc, sizeof(cc)), 5);
	cc.dctcp = (struct tcp_dctcp_info){ 1, 2, 3, 4, 5 };
	assert_int_equal(value("dctcp_ce_state", &cc, sizeof(cc)), 2);
	assert_int_equal(value("dctcp_ab_tot", &cc, sizeof(cc)), 5);
	cc.vegas = (struct tcpvegas_info){ 1, 2, 3, 4 };
	assert_int_equal(value("tcpv_minrtt", &cc, sizeof(cc)), 4);
	assert_int_equal(value("tcp_minrtt", &cc, sizeof(cc)), 4);
	mem[SK_MEMINFO_WMEM_QUEUED] = 7;
	mem[SK_MEMINFO_DROPS] = 9;
	assert_int_equal(value("SK_MEMINFO_WMEM_QUEUED", mem, sizeof(mem)), 7);
	assert_int_equal(value("SK_MEMINFO_DROPS", mem, sizeof(mem)), 9);
}

/* Linux 6.18 returns 280 bytes, and every field lies within and apart from the others. */
static void test_fields_do_not_overlap(void **state)
{
	uint8_t used[280] = { 0 };
	size_t i, total = 0;
	int k;

	(void)state;
	for (i = 0; i < tcp_field_count; i++) {
		const struct tcp_field *f = &tcp_field_table[i];
		int mask = f->bits ? (int)(((UINT64_C(1) << f->bits) - 1) << f->shift & 0xff) : 0xff;

		if (f->source != TCP_FIELD_INFO)
			continue;
		total++;
		assert_true(f->off + f->bytes <= 280);
		assert_true(f->bits || f->off % f->bytes == 0);
		for (k = f->off; k < f->off + (f->bits ? 1 : f->bytes); k++) {
			if (used[k] & mask)
				fail_msg("%s overlaps another field", f->name);
			used[k] |= (uint8_t)mask;
		}
	}
	assert_int_equal(total, 72);
}

static void test_short_answers(void **state)
{
	uint8_t bytes[280];
	uint64_t v;

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	assert_true(tcp_field_read(tcp_field_find("tcpi_snd_wnd"), bytes, 232, &v));
	assert_int_equal(v, UINT32_MAX);
	assert_false(tcp_field_read(tcp_field_find("tcpi_rcv_wnd"), bytes, 232, &v));
	assert_true(tcp_field_read(tcp_field_find("tcpi_options2"), bytes, 280, &v));
	assert_int_equal(v, 0xffffff);
	assert_null(tcp_field_find("tcpi_nonsense"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers_agree),
		cmocka_unit_test(test_fields_do_not_overlap),
		cmocka_unit_test(test_short_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
