/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets of the other dialects: UDP-Lite, TCP in UDP, signatures, RST reasons, PSP. */
#include "config.h"

#include "wire_helpers.h"
#include "script/settings.h"
#include "wire/bytes.h"
#include "wire/icmp_names.h"
#include "wire/psp.h"
#include "wire/tcp_md5.h"

static struct pkt *final_pkt(struct world *w, struct pkt_spec *s, enum ip_version v)
{
	struct pkt *p = built(w, s, v);
	struct pkt_ends e = { .src_port = 1024, .dst_port = 8080 };

	ip_addr_parse(v == IP_VERSION_6 ? "2001:db8::1" : "192.0.2.1", &e.src);
	ip_addr_parse(v == IP_VERSION_6 ? "fd00::1" : "192.168.0.1", &e.dst);
	pkt_set_ends(p, &e);
	return p;
}

static const char *again(struct world *w, const struct pkt_context *ctx, const struct pkt *p,
			 struct pkt *out)
{
	const char *why;

	assert_int_equal(pkt_decode_in(ctx, p->data, p->len, w->arena, out, &why), DECODE_OK);
	return printed(w, out);
}

static const struct pkt_context plain, in_udp = { .tcp_in_udp = true };

static struct pkt_spec *udplite(struct world *w, uint16_t len, uint16_t coverage)
{
	struct pkt_spec *s = spec_new(w, PKT_IN, SPEC_UDPLITE);

	s->udp.len = len;
	s->udp.coverage = num(coverage);
	return s;
}

/* RFC 3828 3.1: what lies behind the coverage may change, what lies within may not. */
static void test_udplite_coverage(void **state)
{
	static const enum ip_version versions[] = { IP_VERSION_4, IP_VERSION_6 };
	size_t v;

	for (v = 0; v < 2; v++) {
		struct pkt *p, got;
		WORLD(w);

		p = final_pkt(&w, udplite(&w, 20, 10), versions[v]);
		pkt_fill_checksums(p, NULL);
		assert_string_equal(again(&w, &plain, p, &got), "udplite (20, 10)");
		assert_true(pkt_checksum_ok(&got));
		got.data[got.payload_off + 2] ^= 1;
		assert_true(pkt_checksum_ok(&got));
		got.data[got.payload_off + 1] ^= 1;
		assert_false(pkt_checksum_ok(&got));
		p = final_pkt(&w, udplite(&w, 20, 0), versions[v]);
		pkt_fill_checksums(p, NULL);
		assert_true(pkt_checksum_ok(p));
		p->data[p->len - 1] ^= 1;
		assert_false(pkt_checksum_ok(p));
		world_end(&w);
	}
}

static void test_udplite_forbidden_coverage(void **state)
{
	static const uint16_t coverages[] = { 1, 7, 29, 65535 };
	struct pkt *p;
	size_t i;
	WORLD(w);

	for (i = 0; i < sizeof(coverages) / sizeof(coverages[0]); i++) {
		p = final_pkt(&w, udplite(&w, 20, coverages[i]), IP_VERSION_4);
		pkt_fill_checksums(p, NULL);
		assert_true(pkt_checksum_ok(p));
	}
	/* A checksum of 0 does not mean that there is none. */
	put_be16(pkt_bytes(p, pkt_transport(p)) + 6, 0);
	assert_false(pkt_checksum_ok(p));
	world_end(&w);
}

static struct pkt_spec *tunnelled(struct world *w, enum pkt_dir dir)
{
	struct pkt_spec *s = spec_tcp(w, dir, TCPF_PSH | TCPF_ACK, "P.", 1, 10);

	s->tunnel = (struct spec_tunnel){ true, num(9811), num(7), { 0 } };
	return s;
}

static void test_tcp_in_udp(void **state)
{
	struct pkt *p, got;
	WORLD(w);

	p = final_pkt(&w, tunnelled(&w, PKT_IN), IP_VERSION_6);
	pkt_fill_checksums(p, NULL);
	assert_int_equal(p->len, 40 + 8 + 20 + 10);
	assert_int_equal(p->data[6], 17);
	assert_string_equal(again(&w, &in_udp, p, &got), "P. 1:11(10) ack 1 win 257/udp(9811 > 7)");
	assert_true(pkt_checksum_ok(&got));
	got.data[got.len - 1] ^= 1;
	assert_false(pkt_checksum_ok(&got));
	/* Without the option it is a datagram like any other. */
	assert_string_equal(again(&w, &plain, p, &got), "udp (30)");
	world_end(&w);
}

static void test_tunnel_ports_are_compared(void **state)
{
	struct pkt_spec *s;
	struct pkt_diff_list list;
	struct pkt *want, *got;
	WORLD(w);

	s = tunnelled(&w, PKT_OUT);
	want = built(&w, s, IP_VERSION_4);
	got = pkt_copy(want, w.arena);
	pkt_diff_init(&list);
	pkt_compare(s, want, got, w.arena, &list);
	assert_int_equal(list.n, 0);
	put_be16(pkt_bytes(got, pkt_tunnel(got)), 1);
	pkt_compare(s, want, got, w.arena, &list);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.first->field, "udp_src_port");
	world_end(&w);
}

static void test_quotations(void **state)
{
	struct pkt_spec *s;
	struct pkt_quote q;
	struct pkt *p;
	WORLD(w);

	s = spec_icmp(&w, "unreachable", "host_prohibited");
	s->icmp.quote = QUOTE_TCP;
	s->icmp.seq = 1;
	s->icmp.end = 11;
	s->icmp.len = 10;
	s->tunnel = (struct spec_tunnel){ true, num(9811), num(7), { 0 } };
	p = built(&w, s, IP_VERSION_4);
	assert_string_equal(printed(&w, p),
			    "icmp unreachable host_prohibited [1:11(10)/udp(9811 > 7)]");
	assert_true(pkt_quote_of(p, true, &q));
	assert_int_equal(q.protocol, 6);
	assert_int_equal(q.tcp_seq, 1);
	s->tunnel.set = false;
	s->icmp.quote = QUOTE_UDPLITE;
	s->icmp.coverage = num(12);
	p = built(&w, s, IP_VERSION_4);
	assert_string_equal(printed(&w, p), "icmp unreachable host_prohibited [udplite (10, 12)]");
	assert_true(pkt_quote_of(p, false, &q));
	assert_int_equal(q.protocol, 136);
	world_end(&w);
}

static void test_router_advertisement(void **state)
{
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_icmp(&w, "router_advertisement", NULL);
	s->icmp.mtu = num(1492);
	p = built(&w, s, IP_VERSION_6);
	assert_int_equal(p->len, 40 + 16 + 8);
	assert_int_equal(p->data[40 + 16], 5);
	assert_int_equal(get_be32(p->data + 40 + 20), 1492);
	assert_string_equal(printed(&w, p), "icmp router_advertisement mtu 1492");
	world_end(&w);
}

/*
 * Computed once with Python's hashlib from RFC 2385's list: pseudo-header,
 * header with checksum 0, data, key.
 */
static void test_md5(void **state)
{
	struct pkt_spec *s;
	struct pkt *p;
	uint8_t digest[16];
	char hex[33];
	int i;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_SYN, "S", 7, 0);
	spec_opts(&w, s, "nop,nop,md5 valid");
	assert_true(tcp_md5_wanted(s));
	p = final_pkt(&w, s, IP_VERSION_4);
	tcp_md5_sign(p, s, "secret");
	pkt_fill_checksums(p, s);
	tcp_md5_digest(p, "secret", digest);
	assert_memory_equal(tcp_md5_found(p), digest, 16);
	for (i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(hex, "3c11e6db03ed734c114ff5b79046fb15");
	p = final_pkt(&w, s, IP_VERSION_6);
	tcp_md5_digest(p, "secret", digest);
	for (i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(hex, "a5098ef782f2a190e50d0f0d9270ba50");
	spec_opts(&w, s, "nop,nop,md5 00");
	assert_false(tcp_md5_wanted(s));
	world_end(&w);
}

static void test_rst_reason(void **state)
{
	struct pkt_diff_list list;
	struct pkt_spec *s;
	struct pkt *want, *got;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_RST, "R", 1, 8);
	s->tcp.diag_code = num(3);
	s->tcp.diag_pen = num(70000);
	want = built(&w, s, IP_VERSION_4);
	assert_string_equal(printed(&w, want), "R 1:9(8) ack 1 win 257 [code 3, pen 70000]");
	got = pkt_copy(want, w.arena);
	got->data[got->payload_off + 3] = 4;
	pkt_diff_init(&list);
	pkt_compare(s, want, got, w.arena, &list);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.first->field, "rst_code");
	s->tcp.len = 9;
	s->tcp.end = 10;
	assert_null(pkt_build(s, IP_VERSION_4, w.arena, &w.diag));
	world_end(&w);
}

static void test_any_sequence_number(void **state)
{
	struct pkt_diff_list list;
	struct pkt_spec *s;
	struct pkt *want, *got;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_SYN | TCPF_ACK, "S.", 0, 0);
	s->tcp.seq_any = true;
	want = built(&w, s, IP_VERSION_4);
	got = pkt_copy(want, w.arena);
	pkt_tcp_set_seq(got, 12345);
	pkt_diff_init(&list);
	pkt_compare(s, want, got, w.arena, &list);
	assert_int_equal(list.n, 0);
	s->dir = PKT_IN;
	assert_null(pkt_build(s, IP_VERSION_4, w.arena, &w.diag));
	world_end(&w);
}

static void test_bytes_alone_are_all_options(void **state)
{
	struct pkt *p;
	struct pkt_spec *s;
	size_t n;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 0);
	spec_opts(&w, s, "0204ffff08ff0000");
	p = built(&w, s, IP_VERSION_4);
	assert_memory_equal(pkt_tcp_opts(p, &n), "\x02\x04\xff\xff\x08\xff\x00\x00", 8);
	assert_int_equal(n, 8);
	spec_opts(&w, s, "0204f");
	assert_null(pkt_build(s, IP_VERSION_4, w.arena, &w.diag));
	world_end(&w);
}

static void test_dscp(void **state)
{
	struct pkt_diff_list list;
	struct pkt_spec *s;
	struct pkt *want, *got;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	s->ip.dscp = num(46);
	s->ip.ecn = ECN_ECT0;
	want = built(&w, s, IP_VERSION_4);
	assert_int_equal(want->data[1], 46 << 2 | 2);
	got = pkt_copy(want, w.arena);
	got->data[1] = 8 << 2 | 1;
	pkt_diff_init(&list);
	pkt_compare(s, want, got, w.arena, &list);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.first->field, "ip_dscp");
	assert_string_equal(list.first->next->field, "ip_ecn");
	s->ip.tos = num(0);
	assert_null(pkt_build(s, IP_VERSION_4, w.arena, &w.diag));
	world_end(&w);
}

static const uint8_t key[PSP_KEY_BYTES] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

static struct pkt_spec *psp(struct world *w, enum pkt_dir dir)
{
	struct pkt_spec *s = spec_tcp(w, dir, TCPF_PSH | TCPF_ACK, "P.", 1, 10);

	s->tcp.psp_spi = num(0x12345678);
	return s;
}

static void test_psp(void **state)
{
	const struct pkt_context ctx = { .psp_port = 1000 };
	struct pkt *p, got;
	uint32_t spi;
	WORLD(w);

	p = final_pkt(&w, psp(&w, PKT_IN), IP_VERSION_6);
	assert_int_equal(p->len, 40 + 8 + 16 + 20 + 10 + 16);
	psp_seal(p, key, 1000, 5);
	pkt_fill_checksums(p, NULL);
	/* Sealed, nothing of TCP is to be seen. */
	assert_string_equal(again(&w, &plain, p, &got), "udp (62)");
	assert_true(psp_find(p->data, p->len, 1000, &spi));
	assert_int_equal(spi, 0x12345678);
	assert_false(psp_find(p->data, p->len, 1001, &spi));
	assert_true(psp_open(p->data, p->len, 1000, key));
	assert_string_equal(again(&w, &ctx, p, &got),
			    "encap psp spi 305419896 P. 1:11(10) ack 1 win 257");
	assert_int_equal(got.payload_len, 10);
	world_end(&w);
}

static void test_psp_authentic(void **state)
{
	struct pkt *p;
	size_t i;
	WORLD(w);

	for (i = 48; i < 48 + 16 + 20 + 10 + 16; i += 7) {
		p = final_pkt(&w, psp(&w, PKT_IN), IP_VERSION_6);
		psp_seal(p, key, 1000, 5);
		p->data[i] ^= 0x40;
		assert_false(psp_open(p->data, p->len, 1000, key));
	}
	world_end(&w);
}

/* Where the dialects' runners put their addresses. */
static void test_default_addresses(void **state)
{
	static const struct { const char *dialect, *version, *local, *gateway; } cases[] = {
		{ "google", "ipv4", "192.168.0.1", "192.168.0.1" },
		{ "nplab", "ipv4", "192.168.0.1", "192.168.0.2" },
		{ "nplab", "ipv6", "fd3d:fa7b:d17d::1", "fd3d:fa7b:d17d::2" },
		{ "mptcp", "ipv4-mapped-ipv6", "192.168.0.2", "192.168.0.1" },
		{ "mptcp", "ipv6", "fd3d:fa7b:d17d::", "fd3d:fa7b:d17d:8888::1" },
	};
	const struct span at = { 0 };
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[IP_ADDR_TEXT];
		struct settings s;
		const char *why;
		WORLD(w);

		settings_init(&s, w.arena);
		assert_int_equal(settings_set(&s, "dialect", cases[i].dialect, at, &why), SETTING_OK);
		assert_int_equal(settings_set(&s, "ip_version", cases[i].version, at, &why), SETTING_OK);
		assert_int_equal(settings_finish(&s, &w.diag), 0);
		assert_string_equal(ip_addr_text(&s.local_ip, text), cases[i].local);
		assert_string_equal(ip_addr_text(&s.gateway_ip, text), cases[i].gateway);
		assert_int_equal(settings_set(&s, "dialect", "klingon", at, &why), SETTING_BAD);
		world_end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_udplite_coverage),
		cmocka_unit_test(test_udplite_forbidden_coverage),
		cmocka_unit_test(test_tcp_in_udp),
		cmocka_unit_test(test_tunnel_ports_are_compared),
		cmocka_unit_test(test_quotations),
		cmocka_unit_test(test_router_advertisement),
		cmocka_unit_test(test_md5),
		cmocka_unit_test(test_rst_reason),
		cmocka_unit_test(test_any_sequence_number),
		cmocka_unit_test(test_bytes_alone_are_all_options),
		cmocka_unit_test(test_dscp),
		cmocka_unit_test(test_default_addresses),
		cmocka_unit_test(test_psp),
		cmocka_unit_test(test_psp_authentic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
