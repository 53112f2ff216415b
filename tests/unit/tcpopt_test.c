/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP options: script text to bytes, bytes to text, and what must be refused. */
#include "config.h"

#include "wire_helpers.h"

struct sample {
	const char *text;
	const char *hex;	/* the bytes on the wire, from the RFCs */
};

static const struct sample samples[] = {
	{ "eol", "00" },
	{ "nop", "01" },
	{ "mss 1460", "020405b4" },
	{ "mss 0", "02040000" },
	{ "mss 65535", "0204ffff" },
	{ "wscale 7", "030307" },
	{ "wscale 255", "0303ff" },
	{ "sackOK", "0402" },
	{ "sack 1:2", "050a0000000100000002" },
	{ "sack 1001:2001 4294967295:0", "0512000003e9000007d1ffffffff00000000" },
	{ "sack 1:2 3:4 5:6 7:8",
	  "05220000000100000002000000030000000400000005000000060000000700000008" },
	{ "TS val 100 ecr 4294967295", "080a00000064ffffffff" },
	{ "md5 00112233445566778899aabbccddeeff", "131200112233445566778899aabbccddeeff" },
	{ "md5 ab", "1303ab" },
	{ "FO", "2202" },
	{ "FO 1234", "22041234" },
	{ "FO aabbcc", "2205aabbcc" },
	{ "FO 3021b9d889017eeb", "220a3021b9d889017eeb" },
	{ "FOEXP", "fe04f989" },
	{ "FOEXP aabbccdd", "fe08f989aabbccdd" },
	{ "ECN e0b 1", "ac05000001" },
	{ "ECN e0b 1 ceb 2", "ac08000001000002" },
	{ "ECN e0b 16777215 ceb 2 e1b 3", "ac0bffffff000002000003" },
	{ "ECN e1b 1", "ae05000001" },
	{ "ECN e1b 1 ceb 2 e0b 3", "ae0b000001000002000003" },
	{ "raw 7f", "7f" },
	{ "gen-253 f989", "fd04f989" },	/* the other experiment kind */
	{ "AccECN1", "ae02" },
	{ "exp-AccECN0", "fe04acc0" },
	{ "exp-AccECN0 ee0b 1 eceb 2 ee1b 3", "fe0dacc0000001000002000003" },
	{ "exp-AccECN1 ee1b 16777215", "fe07acc1ffffff" },
	{ "exp-tarr", "fe0400ac" },
	{ "exp-tarr 127", "fe0500acfe" },
	{ "exp-00ac 0b", "fe0500ac0b" },	/* a reserved bit that exp-tarr has no word for */
	{ "exp-0001", "fe040001" },
	{ "gen-77", "4d02" },
	{ "gen-255 00ff", "ff0400ff" },
	{ "gen-2 ff", "0203ff" },	/* a length MSS must not have */
	{ "raw 1e", "1e" },		/* cut off after the kind */
	{ "raw 0200", "0200" },		/* length 0 */
	{ "raw 020505b4", "020505b4" },	/* one byte short of its length */
	{ "AccECN0", "ac02" },		/* AccECN without a counter */
	{ "exp-e2d4 c3d9", "fe06e2d4c3d9" },	/* another experiment */
	{ "raw 1304", "1304" },
	{ "raw 2201", "2201" },
};

static const char *hex_of(struct world *w, const uint8_t *b, size_t n)
{
	char *s = arena_strdup(w->arena, "");

	while (n--)
		s = arena_printf(w->arena, "%s%02x", s, *b++);
	return s;
}

static struct pkt_spec *opts(struct world *w, const char *text)
{
	struct pkt_spec *s = spec_tcp(w, PKT_IN, TCPF_ACK, ".", 1, 0);

	spec_opts(w, s, text);
	return s;
}

static void test_encode_and_print(void **state)
{
	size_t i, n;

	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		uint8_t bytes[TCPOPT_MAX_BYTES];
		WORLD(w);

		if (tcpopt_encode(opts(&w, samples[i].text), AF_INET, bytes, &n, &w.diag))
			fail_msg("%s: %s", samples[i].text, w.diag.first->msg);
		assert_string_equal(hex_of(&w, bytes, n), samples[i].hex);
		tcpopt_print_all(bytes, n, &w.out);
		assert_string_equal(buf_str(&w.out),
				    arena_printf(w.arena, "<%s>", samples[i].text));
		world_end(&w);
	}
}

static void test_order_and_padding_are_literal(void **state)
{
	uint8_t bytes[TCPOPT_MAX_BYTES];
	size_t n;
	WORLD(w);

	assert_int_equal(tcpopt_encode(opts(&w, "mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 8"),
				       AF_INET, bytes, &n, &w.diag), 0);
	assert_string_equal(hex_of(&w, bytes, n),
			    "020405b4" "0402" "080a0000000100000000" "01" "030308");
	/* eol does not end the list: what follows it is looked at, too */
	assert_int_equal(tcpopt_encode(opts(&w, "eol,nop,sackOK"), AF_INET, bytes, &n, &w.diag), 0);
	assert_string_equal(hex_of(&w, bytes, n), "00010402");
	tcpopt_print_all(bytes, n, &w.out);
	assert_string_equal(buf_str(&w.out), "<eol,nop,sackOK>");
	world_end(&w);
}

static void test_none_and_any_have_no_bytes(void **state)
{
	uint8_t bytes[TCPOPT_MAX_BYTES];
	struct pkt_spec *s;
	size_t n = 99;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	assert_int_equal(tcpopt_encode(s, AF_INET, bytes, &n, &w.diag), 0);
	assert_int_equal(n, 0);
	assert_int_equal(tcpopt_encode(opts(&w, "..."), AF_INET, bytes, &n, &w.diag), 0);
	assert_int_equal(n, 0);
	tcpopt_print_all(bytes, 0, &w.out);
	assert_string_equal(buf_str(&w.out), "");
	world_end(&w);
}

static void test_refused(void **state)
{
	static const struct { const char *text, *part; } cases[] = {
		{ "mss 65536", "mss value out of range" },
		{ "mss -1", "mss value out of range" },
		{ "mss", "mss N" },
		{ "mss 1 2", "mss N" },
		{ "mss abc", "mss N" },
		{ "nop 1", "'nop'" },
		{ "sackOK 1", "'sackOK'" },
		{ "wscale 256", "window scale shift count out of range" },
		{ "TS val 4294967296 ecr 0", "ts val out of range" },
		{ "TS val 0 ecr 4294967296", "ecr val out of range" },
		{ "TS val 1", "TS val N ecr N" },
		{ "TS ecr 1 val 1", "TS val N ecr N" },
		{ "TS", "TS val N ecr N" },
		{ "sack", "sack LEFT:RIGHT" },
		{ "sack 5", "sack LEFT:RIGHT" },
		{ "sack 4294967296:1", "TCP SACK left sequence number out of range" },
		{ "sack 1:4294967296", "TCP SACK right sequence number out of range" },
		{ "sack 1:2 3:4 5:6 7:8 9:10", "TCP option list too long" },
		{ "md5", "md5 HEX" },
		{ "md5 00112233445566778899aabbccddeeff00", "exceeds maximum digest length of 16" },
		{ "md5 xy", "TCP MD5 digest 'xy' is not a valid hex string" },
		{ "FO 123", "TCP fast open cookie has an odd number of digits" },
		{ "FO zz", "TCP fast open cookie 'zz' is not a valid hex string" },
		{ "FO 1:2", "FO [HEX]" },
		{ "FO 0x12", "'0x12' is not a valid hex string" },
		{ "FOEXP 0000000000000000000000000000000000000000000000000000000000000000000000"
		  "0000", "cookie of 37 bytes exceeds maximum cookie length of 36 bytes" },
		{ "ECN", "ECN e0b N" },
		{ "ECN ceb 1", "ECN e0b N" },
		{ "ECN e0b 1 e1b 2", "ECN e0b N" },
		{ "ECN e0b 16777216", "TCP AccECN field value out of range" },
		{ "raw", "raw HEX" },
		{ "raw 123", "odd number of digits" },
		{ "mms 1460", "unknown TCP option 'mms'; did you mean 'mss'?" },
		{ "MSS 1460", "did you mean 'mss'?" },
		{ "ts val 1 ecr 1", "did you mean 'TS'?" },
		{ "sackok", "did you mean 'sackOK'?" },
		{ "mptcp", "unknown TCP option 'mptcp'" },
		{ "TS val 1 ecr 1,TS val 1 ecr 1,TS val 1 ecr 1,TS val 1 ecr 1,nop",
		  "TCP option list too long" },
	};
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[TCPOPT_MAX_BYTES];
		WORLD(w);

		if (!tcpopt_encode(opts(&w, cases[i].text), AF_INET, bytes, &n, &w.diag))
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(w.diag.errors, 1);
		if (!strstr(w.diag.first->msg, cases[i].part))
			fail_msg("%s: %s", cases[i].text, w.diag.first->msg);
		world_end(&w);
	}
}

/* The largest list that fits: 40 bytes. */
static void test_forty_bytes_fit(void **state)
{
	uint8_t bytes[TCPOPT_MAX_BYTES];
	size_t n;
	WORLD(w);

	assert_int_equal(tcpopt_encode(opts(&w, "TS val 1 ecr 1,TS val 1 ecr 1,TS val 1 ecr 1,"
					    "TS val 1 ecr 1"), AF_INET, bytes, &n, &w.diag), 0);
	assert_int_equal(n, 40);
	world_end(&w);
}

static void test_next_steps_and_stops(void **state)
{
	/* nop, MSS, kind 77 of 2 bytes, then a length beyond the end */
	static const uint8_t bytes[] = { 1, 2, 4, 5, 0xb4, 77, 2, 8, 10, 0 };
	struct tcpopt o;
	size_t pos = 0;

	assert_int_equal(tcpopt_next(bytes, sizeof(bytes), &pos, &o), 1);
	assert_int_equal(o.kind, TCPO_NOP);
	assert_int_equal(o.raw_len, 1);
	assert_int_equal(o.len, 0);
	assert_int_equal(tcpopt_next(bytes, sizeof(bytes), &pos, &o), 1);
	assert_int_equal(o.kind, TCPO_MSS);
	assert_ptr_equal(o.data, bytes + 3);
	assert_int_equal(o.len, 2);
	assert_int_equal(o.raw_len, 4);
	assert_int_equal(tcpopt_next(bytes, sizeof(bytes), &pos, &o), 1);
	assert_int_equal(o.kind, 77);
	assert_int_equal(o.len, 0);
	assert_int_equal(tcpopt_next(bytes, sizeof(bytes), &pos, &o), -1);
	assert_ptr_equal(o.raw, bytes + 7);
	assert_int_equal(o.raw_len, 3);
	assert_int_equal(tcpopt_next(bytes, sizeof(bytes), &pos, &o), 0);
}

static void test_find(void **state)
{
	static const uint8_t bytes[] = { 1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6, 2, 1, 3, 3, 7 };
	struct tcpopt o;

	assert_true(tcpopt_find(bytes, sizeof(bytes), TCPO_TIMESTAMP, &o));
	assert_int_equal(o.len, 8);
	assert_int_equal(o.data[3], 5);
	assert_false(tcpopt_find(bytes, sizeof(bytes), TCPO_SACK, &o));
	assert_false(tcpopt_find(bytes, sizeof(bytes), TCPO_WSCALE, &o)); /* behind a bad one */
	assert_false(tcpopt_find(NULL, 0, TCPO_NOP, &o));
}

/* Every string of up to two bytes, alone in its heap block so that ASan sees the edges. */
static void test_any_bytes_are_walked_and_printed(void **state)
{
	struct buf out = { 0 };
	unsigned v;

	for (v = 0; v < 65536; v++) {
		uint8_t *b = malloc(2);

		b[0] = (uint8_t)(v >> 8);
		b[1] = (uint8_t)v;
		buf_clear(&out);
		tcpopt_print_all(b, 2, &out);
		assert_int_equal(buf_str(&out)[0], '<');
		free(b);
	}
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode_and_print),
		cmocka_unit_test(test_order_and_padding_are_literal),
		cmocka_unit_test(test_none_and_any_have_no_bytes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_forty_bytes_fit),
		cmocka_unit_test(test_next_steps_and_stops),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_any_bytes_are_walked_and_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
