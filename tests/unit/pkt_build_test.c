/* SPDX-License-Identifier: BSD-2-Clause */
/* Building: bytes against packets made by hand, round trips, limits and refusals. */
#include "config.h"

#include "wire_helpers.h"
#include "wire_packets.h"
#include "wire/checksum.h"

#define SRC4 "192.0.2.1"
#define DST4 "192.168.0.1"
#define SRC6 "2001:db8::1"
#define DST6 "fd3d:fa7b:d17d::1"

static void test_tcp_bytes_v4(void **state)
{
	static const uint8_t want[] = PACKET_SYN4;
	static const enum ip_version versions[] = { IP_VERSION_4, IP_VERSION_MAPPED };
	struct pkt_spec *s;
	struct pkt *p;
	size_t i;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_SYN, "S", 1, 0);
	s->tcp.ack.set = false;
	s->tcp.win = num(65535);
	spec_opts(&w, s, "mss 1460,sackOK,TS val 1000 ecr 0,nop,wscale 7");
	for (i = 0; i < 2; i++) {
		p = built(&w, s, versions[i]);
		set_ends(p, SRC4, 8080, DST4, 40000);
		pkt_fill_checksums(p, s);
		assert_bytes(p, want, sizeof(want));
	}
	world_end(&w);
}

static void test_tcp_bytes_v6(void **state)
{
	static const uint8_t want[] = PACKET_DATA6;
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_FIN | TCPF_PSH | TCPF_ACK, "FP.", 0x01020304, 3);
	s->tcp.ack = num(0x0a0b0c0d);
	s->tcp.win = num(0x1234);
	s->ip.ecn = ECN_ECT0;
	s->ip.flowlabel = hexnum(0xabcde);
	p = built(&w, s, IP_VERSION_6);
	set_ends(p, SRC6, 1, DST6, 2);
	pkt_fill_checksums(p, NULL);
	assert_bytes(p, want, sizeof(want));
	world_end(&w);
}

static void test_udp_bytes(void **state)
{
	static const uint8_t want[] = PACKET_UDP4;
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_udp(&w, PKT_IN, 5);
	s->src.port = num(53);
	s->dst.port = num(5353);
	p = built(&w, s, IP_VERSION_4);
	set_ends(p, SRC4, 53, DST4, 5353);
	pkt_fill_checksums(p, s);
	assert_bytes(p, want, sizeof(want));
	world_end(&w);
}

static void set_quote(struct pkt *p, const char *src, const char *dst, uint32_t seq)
{
	struct pkt_ends e = { .src_port = 40000, .dst_port = 8080 };

	ip_addr_parse(src, &e.src);
	ip_addr_parse(dst, &e.dst);
	assert_true(pkt_set_quote(p, false, &e, seq));
}

static void test_icmp_bytes_v4(void **state)
{
	static const uint8_t want[] = PACKET_ICMP4;
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_icmp(&w, "unreachable", "frag_needed");
	s->icmp.mtu = num(1400);
	s->icmp.quote = QUOTE_TCP;
	s->icmp.seq = 1001;
	s->icmp.end = 2001;
	s->icmp.len = 1000;
	p = built(&w, s, IP_VERSION_4);
	assert_string_equal(printed(&w, p),
			    "icmp unreachable frag_needed mtu 1400 [1001:2001(1000)]");
	set_ends(p, SRC4, 0, DST4, 0);
	set_quote(p, DST4, SRC4, 0x01000000);
	pkt_fill_checksums(p, s);
	assert_bytes(p, want, sizeof(want));
	world_end(&w);
}

static void test_icmp_bytes_v6(void **state)
{
	static const uint8_t want[] = PACKET_ICMP6;
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_icmp(&w, "packet_too_big", NULL);
	s->icmp.mtu = num(1280);
	s->icmp.quote = QUOTE_UDP;
	s->icmp.len = 100;
	p = built(&w, s, IP_VERSION_6);
	assert_string_equal(printed(&w, p), "icmp packet_too_big mtu 1280 [udp (100)]");
	set_ends(p, SRC6, 0, DST6, 0);
	set_quote(p, DST6, SRC6, 77);	/* UDP has no sequence number to write */
	pkt_fill_checksums(p, s);
	assert_bytes(p, want, sizeof(want));
	world_end(&w);
}

static void test_gre_bytes(void **state)
{
	static const uint8_t want[] = PACKET_GRE4;
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 0);
	spec_outer_ip(&w, s, "10.0.0.1", "10.0.0.2")->ip.ttl = num(64);
	spec_outer_gre(&w, s, 0xa000, 0, 0, 0xdeadbeef, 0);
	p = built(&w, s, IP_VERSION_4);
	set_ends(p, SRC4, 8080, DST4, 40000);
	pkt_fill_checksums(p, s);
	assert_bytes(p, want, sizeof(want));
	world_end(&w);
}

/* Each optional GRE field stands right after the ones before it (RFC 2890 2). */
static void test_gre_field_places(void **state)
{
	static const struct { uint16_t flags; const char *bytes; size_t n; } cases[] = {
		{ 0x0000, "\x00\x00\x86\xdd", 4 },
		{ 0x2000, "\x20\x00\x86\xdd\x00\x00\x00\x05", 8 },
		{ 0x1000, "\x10\x00\x86\xdd\x00\x00\x00\x06", 8 },
		{ 0x3000, "\x30\x00\x86\xdd\x00\x00\x00\x05\x00\x00\x00\x06", 12 },
		{ 0x8000, "\x80\x00\x86\xdd\x00\x03\x00\x04", 8 },
		{ 0x9000, "\x90\x00\x86\xdd\x00\x03\x00\x04\x00\x00\x00\x06", 12 },
		{ 0xb000, "\xb0\x00\x86\xdd\x00\x03\x00\x04\x00\x00\x00\x05\x00\x00\x00\x06", 16 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pkt_spec *s;
		struct pkt *p, *back;
		WORLD(w);

		s = spec_udp(&w, PKT_IN, 1);
		spec_outer_ip(&w, s, "10.0.0.1", "10.0.0.2");
		spec_outer_gre(&w, s, cases[i].flags, 3, 4, 5, 6);
		p = built(&w, s, IP_VERSION_6);
		pkt_fill_checksums(p, s);	/* a sum written in the script stays */
		assert_int_equal(p->hdr[1].len, cases[i].n);
		assert_memory_equal(pkt_bytes(p, &p->hdr[1]), cases[i].bytes, cases[i].n);
		back = decoded(&w, p->data, p->len);
		assert_int_equal(back->n_hdr, 4);
		assert_int_equal(back->hdr[3].off, p->hdr[3].off);
		world_end(&w);
	}
}

static void test_mpls_bytes(void **state)
{
	struct spec_outer *o;
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 0);
	spec_outer_ip(&w, s, "fd00::1", "fd00::2");
	spec_outer_gre(&w, s, 0, 0, 0, 0, 0)->gre_bare = true;
	o = spec_outer(&w, s, OUTER_MPLS);
	o->n_mpls = 2;
	o->mpls[0] = (struct spec_mpls){ .label = 16, .tc = 0, .ttl = 64 };
	o->mpls[1] = (struct spec_mpls){ .label = 1048575, .tc = 7, .ttl = 1, .bottom = true };
	p = built(&w, s, IP_VERSION_4);
	assert_int_equal(p->data[6], 47);
	assert_memory_equal(pkt_bytes(p, &p->hdr[1]), "\x00\x00\x88\x47", 4);
	assert_memory_equal(pkt_bytes(p, &p->hdr[2]), "\x00\x01\x00\x40\xff\xff\xff\x01", 8);
	p = decoded(&w, p->data, p->len);
	assert_int_equal(p->n_hdr, 5);
	assert_string_equal(printed(&w, p), "ipv6 fd00::1 > fd00::2: gre: mpls (label 16, tc 0, "
			    "ttl 64) (label 1048575, tc 7, [S], ttl 1): . 1:1(0) ack 1 win 257");
	world_end(&w);
}

static void test_ip_in_ip_protocols(void **state)
{
	static const struct {
		const char *outer;
		enum ip_version inner;
		int at, protocol;
	} cases[] = {
		{ "10.0.0.1", IP_VERSION_4, 9, 4 }, { "10.0.0.1", IP_VERSION_6, 9, 41 },
		{ "fd00::1", IP_VERSION_4, 6, 4 }, { "fd00::1", IP_VERSION_6, 6, 41 },
	};
	size_t i;

	for (i = 0; i < 4; i++) {
		struct pkt_spec *s;
		struct pkt *p;
		WORLD(w);

		s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 10);
		spec_outer_ip(&w, s, cases[i].outer, cases[i].outer)->ip.ecn = ECN_CE;
		s->ip.ttl = num(3);
		p = built(&w, s, cases[i].inner);
		assert_int_equal(p->data[cases[i].at], cases[i].protocol);
		p = decoded(&w, p->data, p->len);
		assert_int_equal(p->n_hdr, 3);
		assert_int_equal(p->payload_len, 10);
		assert_string_equal(printed(&w, p), arena_printf(w.arena,
				    "ipv%d [ce] %s > %s: [ttl 3] . 1:11(10) ack 1 win 257",
				    cases[i].at == 9 ? 4 : 6, cases[i].outer, cases[i].outer));
		world_end(&w);
	}
}

static void test_ip_defaults_and_fields(void **state)
{
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 0);
	p = built(&w, s, IP_VERSION_4);
	/* version 4, 5 words, TOS 0, 40 bytes, ID 0, no DF, TTL 255, TCP, no checksum yet */
	assert_memory_equal(p->data, "\x45\x00\x00\x28\x00\x00\x00\x00\xff\x06\x00\x00", 12);
	p = built(&w, s, IP_VERSION_6);
	assert_memory_equal(p->data, "\x60\x00\x00\x00\x00\x14\x06\xff", 8);
	s->ip.tos = hexnum(0xb8);
	s->ip.ttl = num(1);
	s->ip.flowlabel = hexnum(0x12345);
	p = built(&w, s, IP_VERSION_6);
	assert_memory_equal(p->data, "\x6b\x81\x23\x45\x00\x14\x06\x01", 8);
	p = built(&w, s, IP_VERSION_4);
	assert_int_equal(p->data[1], 0xb8);
	assert_int_equal(p->data[8], 1);
	s->ip.ecn = ECN_ECT1;		/* both said: class from tos, ECN bits from ecn */
	assert_int_equal(built(&w, s, IP_VERSION_4)->data[1], 0xb9);
	world_end(&w);
}

static void test_tcp_header_fields(void **state)
{
	struct pkt_spec *s;
	const uint8_t *tcp;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_URG | TCPF_ACK | TCPF_ECE | TCPF_CWR | TCPF_AE, "UEWA.",
		     0xfffffffe, 0);
	s->src.port = num(1234);
	s->dst.port = num(65535);
	s->tcp.ack = num(UINT32_MAX);
	s->tcp.urg = num(513);
	tcp = built(&w, s, IP_VERSION_4)->data + 20;
	assert_memory_equal(tcp, "\x04\xd2\xff\xff" "\xff\xff\xff\xfe" "\xff\xff\xff\xff"
			    "\x51\xf0\x01\x01" "\x00\x00\x02\x01", 20);
	world_end(&w);
}

static void test_payload_is_zeroes(void **state)
{
	struct pkt *p;
	uint32_t i;
	WORLD(w);

	p = built(&w, spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 1000), IP_VERSION_4);
	assert_int_equal(p->payload_off, 40);
	assert_int_equal(p->payload_len, 1000);
	assert_int_equal(p->len, 1040);
	for (i = 0; i < 1000; i++)
		assert_int_equal(p->data[p->payload_off + i], 0);
	world_end(&w);
}

static void test_wrong_on_purpose(void **state)
{
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 10);
	s->tcp.doff = num(15);
	s->tcp.reserved = num(14);
	p = built(&w, s, IP_VERSION_4);
	assert_int_equal(p->data[32], 0xfe);
	assert_int_equal(p->len, 50);	/* the field lies, the bytes are as written */
	assert_string_equal(printed(&w, p), ". 1:11(10) ack 1 win 257 doff 15 reserved 14");
	s->tcp.doff = num(0);
	assert_int_equal(built(&w, s, IP_VERSION_4)->data[32], 0x0e);
	spec_opts(&w, s, "mss 1460,raw 03");	/* 5 bytes: no padding when doff is written */
	s->tcp.doff = num(6);
	p = built(&w, s, IP_VERSION_4);
	assert_int_equal(p->len, 55);
	assert_memory_equal(p->data + 40, "\x02\x04\x05\xb4\x03", 5);
	assert_string_equal(printed(&w, p), ". 1:11(10) ack 1 win 257 doff 6 reserved 14 "
			    "<mss 1460,raw 03>");
	world_end(&w);
}

static void test_deliberate_checksums(void **state)
{
	static const uint8_t right[] = PACKET_SYN4;
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	p = decoded(&w, right, sizeof(right));
	s = spec_tcp(&w, PKT_IN, TCPF_SYN, "S", 1, 0);
	s->tcp.csum_kind = CSUM_BAD;
	pkt_fill_checksums(p, s);
	assert_int_equal(p->data[36], 0x05 ^ 0xff);
	assert_int_equal(p->data[37], 0x9c ^ 0xff);
	assert_false(pkt_checksum_ok(p));
	assert_true(pkt_ip_checksum_ok(p));
	s->tcp.csum_kind = CSUM_LITERAL;
	s->tcp.csum = hexnum(0xbeef);
	pkt_fill_checksums(p, s);
	assert_memory_equal(p->data + 36, "\xbe\xef", 2);
	s->tcp.csum_kind = CSUM_GOOD;
	pkt_fill_checksums(p, s);
	assert_bytes(p, right, sizeof(right));
	world_end(&w);
}

/* 0 and 0xffff are both "right" when inverted, in one's complement arithmetic. */
static void test_bad_checksum_is_bad_for_all_sums(void **state)
{
	struct pkt_spec *s;
	struct pkt *p;
	unsigned seq, zeroes = 0;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 0, 0);
	p = built(&w, s, IP_VERSION_4);
	for (seq = 0; seq < 65536; seq++) {
		pkt_tcp_set_seq(p, seq);
		s->tcp.csum_kind = CSUM_GOOD;
		pkt_fill_checksums(p, s);
		assert_true(pkt_checksum_ok(p));
		zeroes += !p->data[36] && !p->data[37];
		s->tcp.csum_kind = CSUM_BAD;
		pkt_fill_checksums(p, s);
		assert_false(pkt_checksum_ok(p));
	}
	assert_int_equal(zeroes, 1);
	world_end(&w);
}

/* RFC 768: a UDP checksum that comes out as 0 is sent as 0xffff. */
static void test_udp_checksum_is_never_zero(void **state)
{
	struct pkt *p;
	unsigned port, ones = 0;
	WORLD(w);

	p = built(&w, spec_udp(&w, PKT_IN, 0), IP_VERSION_6);
	for (port = 0; port < 65536; port++) {
		set_ends(p, SRC6, (uint16_t)port, DST6, 9);
		pkt_fill_checksums(p, NULL);
		assert_true(p->data[46] || p->data[47]);
		assert_true(pkt_checksum_ok(p));
		ones += p->data[46] == 0xff && p->data[47] == 0xff;
	}
	assert_int_equal(ones, 1);
	world_end(&w);
}

/* The example of RFC 1071 section 3: 0001 f203 f4f5 f6f7 add up to ddf2. */
static void test_rfc1071_example(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
	/* an IPv4 header often quoted, with its checksum b861 */
	static const uint8_t ip[] = {
		0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb8, 0x61,
		0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7,
	};

	assert_int_equal(csum_finish(csum_add(0, bytes, 8)), 0xddf2 ^ 0xffff);
	assert_int_equal(csum_finish(csum_add(csum_add(0, bytes, 4), bytes + 4, 4)),
			 0xddf2 ^ 0xffff);
	assert_int_equal(csum_finish(csum_add(0, bytes, 1)), 0xffff);
	assert_int_equal(csum_finish(csum_add(0, bytes, 3)), 0xf201 ^ 0xffff);
	assert_int_equal(csum_finish(csum_add(0, ip, 20)), 0);
}

/* RFC 8200 8.1: addresses, a length of 32 bits, the protocol. */
static void test_pseudo_header(void **state)
{
	static const uint8_t want4[] = {
		0xc0, 0x00, 0x02, 0x01, 0xc0, 0xa8, 0x00, 0x01, 0, 6, 0x12, 0x34,
	};
	uint8_t ip[40] = { 0x60 }, want6[40];
	WORLD(w);

	memset(ip + 8, 0xab, 16);
	memset(ip + 24, 0x17, 16);
	memcpy(want6, ip + 8, 32);
	memcpy(want6 + 32, "\x00\x03\x45\x67\x00\x00\x00\x3a", 8);
	assert_int_equal(csum_finish(csum_pseudo(ip, 58, 0x34567)),
			 csum_finish(csum_add(0, want6, 40)));
	ip[0] = 0x45;
	memcpy(ip + 12, want4, 8);
	assert_int_equal(csum_finish(csum_pseudo(ip, 6, 0x1234)),
			 csum_finish(csum_add(0, want4, 12)));
	world_end(&w);
}

static void test_odd_payload_checksum(void **state)
{
	struct pkt *p, *q;
	WORLD(w);

	p = built(&w, spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 3), IP_VERSION_4);
	p->data[42] = 0x12;
	pkt_fill_checksums(p, NULL);
	q = built(&w, spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 4), IP_VERSION_4);
	q->data[42] = 0x12;
	pkt_fill_checksums(q, NULL);
	/* one more zero byte only adds 1 to the length of the pseudo-header */
	assert_int_equal((p->data[36] << 8 | p->data[37]) - (q->data[36] << 8 | q->data[37]), 1);
	world_end(&w);
}

static void test_every_option_round_trips(void **state)
{
	static const char *const lists[] = {
		"mss 1460", "nop,wscale 14", "nop,nop,sackOK", "nop,nop,sack 1:2 3:4 5:6 7:8",
		"nop,nop,TS val 1 ecr 2", "nop,nop,md5 00112233445566778899aabbccddeeff",
		"nop,nop,FO", "FO 1234", "FOEXP", "FOEXP 12345678", "nop,nop,nop,ECN e0b 1",
		"ECN e0b 1 ceb 2", "nop,ECN e1b 1 ceb 2 e0b 3", "eol,eol,eol,eol",
		"gen-253 f989", "mss 1460,gen-253 f989", "AccECN0,exp-AccECN1,nop,nop", "exp-tarr 5,exp-1234 ab,nop,nop",
	};
	static const enum ip_version versions[] = { IP_VERSION_4, IP_VERSION_6 };
	size_t i, v;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (v = 0; v < 2; v++) {
			struct pkt_spec *s;
			struct pkt *p;
			WORLD(w);

			s = spec_tcp(&w, PKT_IN, TCPF_PSH | TCPF_ACK, "P.", 1, 7);
			spec_opts(&w, s, lists[i]);
			p = built(&w, s, versions[v]);
			p = decoded(&w, p->data, p->len);
			assert_int_equal(p->payload_len, 7);
			assert_string_equal(printed(&w, p), arena_printf(w.arena,
					    "P. 1:8(7) ack 1 win 257 <%s>", lists[i]));
			world_end(&w);
		}
	}
}

static void test_icmp_forms(void **state)
{
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	/* nothing written: 8 + 20 + 8 bytes after the IP header, quoting an empty segment */
	p = built(&w, spec_icmp(&w, "source_quench", NULL), IP_VERSION_4);
	assert_int_equal(p->len, 20 + 36);
	assert_memory_equal(p->data + 20, "\x04\x00\x00\x00\x00\x00\x00\x00", 8);
	assert_memory_equal(p->data + 28, "\x45\x00\x00\x28\x00\x00\x00\x00\xff\x06\x00\x00", 12);
	assert_string_equal(printed(&w, p), "icmp source_quench [0:0(0)]");
	p = built(&w, spec_icmp(&w, "unreachable", "port_unreachable"), IP_VERSION_6);
	assert_int_equal(p->len, 40 + 56);
	assert_memory_equal(p->data + 40, "\x01\x04", 2);
	assert_memory_equal(p->data + 48, "\x60\x00\x00\x00\x00\x14\x06\xff", 8);
	/* raw: the whole message */
	s = spec_icmp(&w, "echo_request", NULL);
	s->icmp.id = num(65535);
	s->icmp.quote = QUOTE_RAW;
	s->icmp.len = 64;
	p = built(&w, s, IP_VERSION_4);
	assert_int_equal(p->len, 84);
	assert_memory_equal(p->data + 20, "\x08\x00\x00\x00\xff\xff\x00\x00\x00\x00", 10);
	assert_string_equal(printed(&w, p), "icmp echo_request id 65535 [raw (64)]");
	/* a number instead of a name takes the names of its codes all the same */
	p = built(&w, spec_icmp(&w, "type_3", "host_unknown"), IP_VERSION_4);
	assert_memory_equal(p->data + 20, "\x03\x07", 2);
	p = built(&w, spec_icmp(&w, "type_200", "code_9"), IP_VERSION_4);
	assert_string_equal(printed(&w, p), "icmp type_200 code_9 [0:0(0)]");
	/* the 32-bit MTU of IPv6 */
	s = spec_icmp(&w, "packet_too_big", "code_0");
	s->icmp.mtu = num(UINT32_MAX);
	p = built(&w, s, IP_VERSION_6);
	assert_memory_equal(p->data + 44, "\xff\xff\xff\xff", 4);
	world_end(&w);
}

static void test_range_may_wrap(void **state)
{
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 0xfffffff0, 32);
	assert_int_equal(s->tcp.end, 16);
	p = built(&w, s, IP_VERSION_4);
	assert_string_equal(printed(&w, p), ". 4294967280:16(32) ack 1 win 257");
	world_end(&w);
}

static void test_largest_packets(void **state)
{
	struct pkt_spec *s;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 0, 65535 - 40);
	assert_int_equal(built(&w, s, IP_VERSION_4)->len, 65535);
	assert_refused(&w, s, IP_VERSION_6, "TCP segment too large");
	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 0, 65536 - 40);
	assert_refused(&w, s, IP_VERSION_4, "TCP segment too large");
	s = spec_udp(&w, PKT_IN, 65535 - 28);
	assert_int_equal(built(&w, s, IP_VERSION_4)->len, 65535);
	s = spec_udp(&w, PKT_IN, 65535);
	assert_refused(&w, s, IP_VERSION_4, "UDP datagram too large");
	s = spec_icmp(&w, "echo_request", NULL);
	s->icmp.quote = QUOTE_RAW;
	s->icmp.len = 65535;
	assert_refused(&w, s, IP_VERSION_4, "ICMP message too large");
	s = spec_udp(&w, PKT_IN, 65535 - 28);
	spec_outer_ip(&w, s, "10.0.0.1", "10.0.0.2");
	assert_refused(&w, s, IP_VERSION_4, "UDP datagram too large");
	world_end(&w);
}

/* One member of a TCP spec is set to v; the build must fail with this text. */
#define REFUSED_TCP(dir, member, value, text) do { \
	struct pkt_spec *s_ = spec_tcp(&w, dir, TCPF_ACK, ".", 1, 0); \
	s_->member = value; \
	assert_refused(&w, s_, IP_VERSION_6, text); \
} while (0)

static void test_tcp_refusals(void **state)
{
	struct pkt_spec *s;
	WORLD(w);

	REFUSED_TCP(PKT_IN, tcp.win.set, false, "window must be specified for inbound packets");
	REFUSED_TCP(PKT_IN, tcp.opts_kind, OPTS_ANY,
		    "<...> for TCP options can only be used with outbound packets");
	REFUSED_TCP(PKT_IN, tcp.end, 2, "inconsistent TCP sequence numbers and payload size");
	REFUSED_TCP(PKT_IN, tcp.ack, num(INT64_C(1) << 32),
		    "TCP ack sequence number out of range");
	REFUSED_TCP(PKT_IN, tcp.ack, num(-1), "TCP ack sequence number out of range");
	REFUSED_TCP(PKT_IN, tcp.win, num(65536), "TCP window value out of range");
	REFUSED_TCP(PKT_IN, tcp.urg, num(65536), "urg_ptr value out of range");
	REFUSED_TCP(PKT_IN, tcp.doff, num(16), "data offset out of range");
	REFUSED_TCP(PKT_IN, tcp.reserved, num(16), "reserved bits out of range");
	REFUSED_TCP(PKT_OUT, tcp.doff, num(5), "doff can only be used with inbound packets");
	REFUSED_TCP(PKT_OUT, tcp.csum_kind, CSUM_BAD,
		    "csum can only be used with inbound packets");
	REFUSED_TCP(PKT_IN, src.port, num(65536), "src port out of range");
	REFUSED_TCP(PKT_IN, dst.port, num(65536), "dst port out of range");
	REFUSED_TCP(PKT_IN, ip.tos, hexnum(256), "tos out of range");
	REFUSED_TCP(PKT_IN, ip.ttl, num(256), "ttl out of range");
	REFUSED_TCP(PKT_IN, ip.flowlabel, hexnum(0x100000), "flowlabel out of range");
	REFUSED_TCP(PKT_IN, ip.ecn, ECN_ECT01, "ect01");
	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 0);
	s->tcp.csum_kind = CSUM_LITERAL;
	s->tcp.csum = hexnum(0x10000);
	assert_refused(&w, s, IP_VERSION_4, "TCP checksum out of range");
	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 0);
	spec_opts(&w, s, "sackOK");
	assert_refused(&w, s, IP_VERSION_4, "TCP options are not padded correctly to ensure TCP "
		       "header is a multiple of 4 bytes: 2 excess bytes");
	spec_opts(&w, s, "mss 1460,bogus");
	assert_refused(&w, s, IP_VERSION_4, "unknown TCP option 'bogus'");
	assert_refused(&w, spec_new(&w, PKT_OUT, SPEC_NOTHING), IP_VERSION_4, "nothing");
	world_end(&w);
}

/* What only makes sense outbound, or is allowed to be left out there. */
static void test_outbound_allows(void **state)
{
	struct pkt_spec *s;
	struct pkt *p;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	s->tcp.win.set = s->tcp.ack.set = false;
	s->tcp.opts_kind = OPTS_ANY;
	s->tcp.reserved = num(2);
	s->ip.ecn = ECN_ECT01;
	p = built(&w, s, IP_VERSION_4);
	assert_memory_equal(p->data + 28, "\x00\x00\x00\x00\x52\x10\x00\x00", 8);
	world_end(&w);
}

static void test_icmp_refusals(void **state)
{
	struct pkt_spec *s;
	WORLD(w);

	assert_refused(&w, spec_icmp(&w, "packet_too_big", NULL), IP_VERSION_4,
		       "bad ICMP type packet_too_big");
	assert_refused(&w, spec_icmp(&w, "unreachabel", NULL), IP_VERSION_4,
		       "did you mean 'unreachable'?");
	assert_refused(&w, spec_icmp(&w, "type_256", NULL), IP_VERSION_4, "bad ICMP type type_256");
	assert_refused(&w, spec_icmp(&w, "unreachable", "fragneeded"), IP_VERSION_4,
		       "bad ICMP code fragneeded; did you mean 'frag_needed'?");
	assert_refused(&w, spec_icmp(&w, "echo_reply", "port_unreachable"), IP_VERSION_4,
		       "bad ICMP code port_unreachable");
	s = spec_icmp(&w, "unreachable", "port_unreachable");
	s->icmp.mtu = num(1400);
	assert_refused(&w, s, IP_VERSION_4, "ICMPv4 MTU is only valid for unreachable-frag_needed");
	assert_refused(&w, s, IP_VERSION_6, "ICMPv6 MTU is only valid for packet_too_big-0");
	s->icmp.code = "frag_needed";
	s->icmp.mtu = num(65536);
	assert_refused(&w, s, IP_VERSION_4, "ICMPv4 MTU out of 16-bit range");
	s = spec_icmp(&w, "packet_too_big", NULL);
	s->icmp.mtu = num(INT64_C(1) << 32);
	assert_refused(&w, s, IP_VERSION_6, "ICMPv6 MTU out of 32-bit range");
	s->icmp.mtu = num(1280);
	s->icmp.code = "code_1";
	assert_refused(&w, s, IP_VERSION_6, "ICMPv6 MTU is only valid for packet_too_big-0");
	s->icmp.code = NULL;
	s->icmp.id = num(1);
	assert_refused(&w, s, IP_VERSION_6, "both");
	s = spec_icmp(&w, "echo_request", NULL);
	s->icmp.id = num(65536);
	assert_refused(&w, s, IP_VERSION_4, "invalid echo_id, must be between 0 and 65535");
	s->icmp.id.set = false;
	s->icmp.quote = QUOTE_RAW;
	s->icmp.len = 7;
	assert_refused(&w, s, IP_VERSION_4, "icmp_bytes 7 smaller than icmp header length 8");
	s->icmp.quote = QUOTE_TCP;
	s->icmp.end = 8;
	assert_refused(&w, s, IP_VERSION_4, "inconsistent TCP sequence numbers");
	world_end(&w);
}

static void test_outer_refusals(void **state)
{
	struct spec_outer *o;
	struct pkt_spec *s;
	int i;
	WORLD(w);

#define FRESH (s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 0))
	FRESH;
	spec_outer_gre(&w, s, 0, 0, 0, 0, 0);
	assert_refused(&w, s, IP_VERSION_4, "the outermost header must be ipv4 or ipv6");
	FRESH;
	spec_outer_ip(&w, s, "1.2.3.4", "5.6.7.8");
	spec_outer_gre(&w, s, 0, 0, 0, 0, 0);
	spec_outer_gre(&w, s, 0, 0, 0, 0, 0);
	assert_refused(&w, s, IP_VERSION_4, "gre cannot directly follow gre");
	FRESH;
	spec_outer_ip(&w, s, "1.2.3.4", "5.6.7.8");
	o = spec_outer_gre(&w, s, 1, 0, 0, 0, 0);
	assert_refused(&w, s, IP_VERSION_4, "GRE version 0");
	o->gre_flags = hexnum(0x4000);
	assert_refused(&w, s, IP_VERSION_4, "GRE routing");
	o->gre_flags = hexnum(0x10000);
	assert_refused(&w, s, IP_VERSION_4, "GRE flags out of range");
	o->gre_flags = hexnum(0x2000);
	o->gre_key = num(INT64_C(1) << 32);
	assert_refused(&w, s, IP_VERSION_4, "GRE key out of range");
	o->kind = OUTER_MPLS;
	o->n_mpls = 1;
	o->mpls[0].label = 1 << 20;
	assert_refused(&w, s, IP_VERSION_4, "MPLS label out of range for 20 bits");
	o->mpls[0].label = 1;
	o->mpls[0].tc = 8;
	assert_refused(&w, s, IP_VERSION_4, "MPLS traffic_class out of range for 3 bits");
	FRESH;
	for (i = 0; i < PKT_MAX_HDRS - 2; i++)
		spec_outer_ip(&w, s, "1.2.3.4", "5.6.7.8");
	assert_int_equal(built(&w, s, IP_VERSION_4)->n_hdr, PKT_MAX_HDRS);
	spec_outer_ip(&w, s, "1.2.3.4", "5.6.7.8");
	assert_refused(&w, s, IP_VERSION_4, "too many headers");
	world_end(&w);
}

/* A diagnostic stands where the mistake is. */
static void test_places_of_diagnostics(void **state)
{
	struct pkt_spec *s;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, TCPF_ACK, ".", 1, 0);
	s->span = (struct span){ 1, 5, 1, 50 };
	s->tcp.ack = num(-1);
	s->tcp.ack.span = (struct span){ 1, 20, 1, 22 };
	assert_null(pkt_build(s, IP_VERSION_4, w.arena, &w.diag));
	assert_int_equal(w.diag.first->span.col, 20);
	s->tcp.ack = num(1);
	spec_opts(&w, s, "nop,bogus,nop,nop");
	STAILQ_NEXT(STAILQ_FIRST(&s->tcp.opts), next)->span = (struct span){ 1, 37, 1, 42 };
	diag_init(&w.diag, w.arena);
	assert_null(pkt_build(s, IP_VERSION_4, w.arena, &w.diag));
	assert_int_equal(w.diag.first->span.col, 37);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp_bytes_v4),
		cmocka_unit_test(test_tcp_bytes_v6),
		cmocka_unit_test(test_udp_bytes),
		cmocka_unit_test(test_icmp_bytes_v4),
		cmocka_unit_test(test_icmp_bytes_v6),
		cmocka_unit_test(test_gre_bytes),
		cmocka_unit_test(test_gre_field_places),
		cmocka_unit_test(test_mpls_bytes),
		cmocka_unit_test(test_ip_in_ip_protocols),
		cmocka_unit_test(test_ip_defaults_and_fields),
		cmocka_unit_test(test_tcp_header_fields),
		cmocka_unit_test(test_payload_is_zeroes),
		cmocka_unit_test(test_wrong_on_purpose),
		cmocka_unit_test(test_deliberate_checksums),
		cmocka_unit_test(test_bad_checksum_is_bad_for_all_sums),
		cmocka_unit_test(test_udp_checksum_is_never_zero),
		cmocka_unit_test(test_rfc1071_example),
		cmocka_unit_test(test_pseudo_header),
		cmocka_unit_test(test_odd_payload_checksum),
		cmocka_unit_test(test_every_option_round_trips),
		cmocka_unit_test(test_icmp_forms),
		cmocka_unit_test(test_range_may_wrap),
		cmocka_unit_test(test_largest_packets),
		cmocka_unit_test(test_tcp_refusals),
		cmocka_unit_test(test_outbound_allows),
		cmocka_unit_test(test_icmp_refusals),
		cmocka_unit_test(test_outer_refusals),
		cmocka_unit_test(test_places_of_diagnostics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
