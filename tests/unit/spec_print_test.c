/* SPDX-License-Identifier: BSD-2-Clause */
/* The canonical text of specs. */
#include "config.h"

#include "wire_helpers.h"

static void test_tcp(void **state)
{
	struct pkt_spec *s;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_PSH | TCPF_ACK | TCPF_AE | TCPF_ECE, "P.5", 1, 1000);
	assert_string_equal(spec_text(&w, s), "P.5 1:1001(1000) ack 1 win 257");
	s->tcp.ack.set = s->tcp.win.set = false;
	assert_string_equal(spec_text(&w, s), "P.5 1:1001(1000)");
	s->tcp.opts_kind = OPTS_ANY;
	assert_string_equal(spec_text(&w, s), "P.5 1:1001(1000) <...>");
	s->tcp.psp_spi = hexnum(255);
	s->src.port = num(1);
	s->dst.port = num(0);
	assert_string_equal(spec_text(&w, s), "encap psp spi 0xff 1 > 0 P.5 1:1001(1000) <...>");
	world_end(&w);
}

static void test_everything_written(void **state)
{
	struct pkt_spec *s;
	WORLD(w);

	s = spec_tcp(&w, PKT_IN, 0, "-", 0xfffffff0, 32);
	s->src.port = num(1234);
	s->dst.port = num(80);
	s->tcp.ack = hexnum(0xabc);
	s->tcp.urg = num(3);
	s->tcp.doff = num(15);
	s->tcp.reserved = num(8);
	s->tcp.csum_kind = CSUM_BAD;
	spec_opts(&w, s, "mss 0x5b4,nop,TS val 1 ecr 2,sack 1:2 3:4,FO 00ab,raw 1304");
	assert_string_equal(spec_text(&w, s), "1234 > 80 - 4294967280:16(32) ack 0xabc win 257 "
			    "urg 3 doff 15 reserved 8 csum bad "
			    "<mss 0x5b4,nop,TS val 1 ecr 2,sack 1:2 3:4,FO 00ab,raw 1304>");
	s->tcp.csum_kind = CSUM_LITERAL;
	s->tcp.csum = hexnum(0x1234);
	assert_non_null(strstr(spec_text(&w, s), " reserved 8 csum 0x1234 <"));
	world_end(&w);
}

static void test_ip_info(void **state)
{
	struct pkt_spec *s;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	s->ip.ecn = ECN_ECT0;
	assert_string_equal(spec_text(&w, s), "[ect0] . 1:1(0) ack 1 win 257");
	s->ip.ecn = ECN_ECT01;
	s->ip.flowlabel = hexnum(1);
	assert_string_equal(spec_text(&w, s), "[ect01, flowlabel 0x1] . 1:1(0) ack 1 win 257");
	s->ip.ecn = ECN_UNSAID;
	s->ip.tos = hexnum(0x10);
	assert_string_equal(spec_text(&w, s), "[tos 0x10, flowlabel 0x1] . 1:1(0) ack 1 win 257");
	s->ip.tos.set = s->ip.flowlabel.set = false;
	s->ip.ttl = num(5);
	assert_string_equal(spec_text(&w, s), "[ttl 5] . 1:1(0) ack 1 win 257");
	world_end(&w);
}

static void test_udp_and_icmp(void **state)
{
	struct pkt_spec *s;
	WORLD(w);

	s = spec_udp(&w, PKT_IN, 10);
	assert_string_equal(spec_text(&w, s), "udp (10)");
	s->src.port = num(1);
	s->dst.port = num(2);
	assert_string_equal(spec_text(&w, s), "udp 1 > 2 (10)");
	s = spec_icmp(&w, "unreachable", "frag_needed");
	s->icmp.mtu = num(1400);
	s->icmp.quote = QUOTE_TCP;
	s->icmp.seq = 1;
	s->icmp.end = 1001;
	s->icmp.len = 1000;
	assert_string_equal(spec_text(&w, s),
			    "icmp unreachable frag_needed mtu 1400 [1:1001(1000)]");
	s->icmp.quote = QUOTE_UDP;
	assert_string_equal(spec_text(&w, s),
			    "icmp unreachable frag_needed mtu 1400 [udp (1000)]");
	s = spec_icmp(&w, "type_8", NULL);
	s->icmp.id = num(7);
	s->icmp.quote = QUOTE_RAW;
	s->icmp.len = 64;
	assert_string_equal(spec_text(&w, s), "icmp type_8 id 7 [raw (64)]");
	assert_string_equal(spec_text(&w, spec_icmp(&w, "redirect", "code_1")),
			    "icmp redirect code_1");
	assert_string_equal(spec_text(&w, spec_new(&w, PKT_OUT, SPEC_NOTHING)), "nothing");
	world_end(&w);
}

static void test_outer(void **state)
{
	struct spec_outer *o;
	struct pkt_spec *s;
	WORLD(w);

	s = spec_udp(&w, PKT_IN, 1);
	s->ip.ttl = num(9);
	spec_outer_ip(&w, s, "1.2.3.4", "5.6.7.8")->ip.ecn = ECN_CE;
	spec_outer_gre(&w, s, 0x2000, 0, 0, 5, 0)->gre_key.hex = true;
	spec_outer_ip(&w, s, "2001:db8::1", "::");
	spec_outer(&w, s, OUTER_GRE)->gre_bare = true;
	o = spec_outer(&w, s, OUTER_MPLS);
	o->n_mpls = 2;
	o->mpls[0] = (struct spec_mpls){ .label = 3, .tc = 1, .ttl = 255 };
	o->mpls[1] = (struct spec_mpls){ .label = 4, .bottom = true };
	assert_string_equal(spec_text(&w, s), "ipv4 [ce] 1.2.3.4 > 5.6.7.8: "
			    "gre flags 0x2000 sum 0 off 0 key 0x5 seq 0: "
			    "ipv6 2001:db8::1 > ::: gre: "
			    "mpls (label 3, tc 1, ttl 255) (label 4, tc 0, [S], ttl 0): "
			    "[ttl 9] udp (1)");
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_everything_written),
		cmocka_unit_test(test_ip_info),
		cmocka_unit_test(test_udp_and_icmp),
		cmocka_unit_test(test_outer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
