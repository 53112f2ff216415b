/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparing: each field alone, what is never compared, and that all differences are told. */
#include "config.h"

#include "wire_helpers.h"

/* What is expected, and a copy to be spoilt before it is compared. */
struct pair {
	struct pkt_spec *spec;
	struct pkt *want, *got;
	struct pkt_diff_list list;
};

static void compare(struct world *w, struct pair *p)
{
	pkt_diff_init(&p->list);
	pkt_compare(p->spec, p->want, p->got, w->arena, &p->list);
}

static struct pair pair_of(struct world *w, struct pkt_spec *s, enum ip_version v)
{
	struct pair p = { .spec = s, .want = built(w, s, v) };

	p.got = pkt_copy(p.want, w->arena);
	return p;
}

static void assert_same(struct world *w, struct pair *p)
{
	compare(w, p);
	if (p->list.n)
		fail_msg("%s: %s, %s", p->list.first->field, p->list.first->want,
			 p->list.first->got);
}

static void assert_nth(const struct pair *p, int n, const char *field, const char *want,
		       const char *got)
{
	const struct pkt_diff *diff = p->list.first;

	while (diff && n--)
		diff = diff->next;
	assert_non_null(diff);
	assert_string_equal(diff->field, field);
	assert_string_equal(diff->want, want);
	assert_string_equal(diff->got, got);
}

static void assert_one(struct world *w, struct pair *p, const char *field, const char *want,
		       const char *got)
{
	compare(w, p);
	assert_nth(p, 0, field, want, got);
	assert_int_equal(p->list.n, 1);
}

/* An outbound `P. 1:11(10) ack 1 win 257` over IPv4: TCP at byte 20, payload at 40. */
static struct pair data4(struct world *w)
{
	return pair_of(w, spec_tcp(w, PKT_OUT, TCPF_PSH | TCPF_ACK, "P.", 1, 10), IP_VERSION_4);
}

static void test_same(void **state)
{
	struct pair p;
	WORLD(w);

	p = data4(&w);
	assert_same(&w, &p);
	assert_null(p.list.first);
	p = pair_of(&w, spec_udp(&w, PKT_OUT, 3), IP_VERSION_6);
	assert_same(&w, &p);
	world_end(&w);
}

static void test_tcp_fields(void **state)
{
	static const struct { int at; uint8_t v; const char *field, *want, *got; } cases[] = {
		{ 27, 2, "tcp_seq", "1", "2" },
		{ 24, 0x80, "tcp_seq", "1", "2147483649" },
		{ 31, 0, "tcp_ack_seq", "1", "0" },
		{ 33, 0x19, "tcp_fin", "0", "1" },
		{ 33, 0x1a, "tcp_syn", "0", "1" },
		{ 33, 0x1c, "tcp_rst", "0", "1" },
		{ 33, 0x10, "tcp_psh", "1", "0" },
		{ 33, 0x08, "tcp_ack", "1", "0" },
		{ 33, 0x38, "tcp_urg", "0", "1" },
		{ 33, 0x58, "tcp_ece", "0", "1" },
		{ 33, 0x98, "tcp_cwr", "0", "1" },
		{ 32, 0x51, "tcp_ae", "0", "1" },
		{ 32, 0x52, "tcp_reserved_bits", "0", "2" },
		{ 32, 0x58, "tcp_reserved_bits", "0", "8" },
		{ 35, 0, "tcp_window", "257", "256" },
		{ 39, 9, "tcp_urg_ptr", "0", "9" },
		{ 45, 0x41, "payload", "0x00 at byte 5", "0x41 at byte 5" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pair p;
		WORLD(w);

		p = data4(&w);
		p.got->data[cases[i].at] = cases[i].v;
		assert_one(&w, &p, cases[i].field, cases[i].want, cases[i].got);
		world_end(&w);
	}
}

static void test_never_compared(void **state)
{
	/* IP ID, DF, TTL, TOS, IP checksum, addresses, ports, TCP checksum */
	static const int at[] = { 4, 5, 6, 8, 1, 10, 11, 12, 19, 20, 21, 22, 23, 36, 37 };
	struct pair p;
	size_t i;
	WORLD(w);

	p = data4(&w);
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		p.got->data[at[i]] = 0x40;
	assert_same(&w, &p);
	world_end(&w);
}

static void test_window_only_if_written(void **state)
{
	struct pkt_spec *s;
	struct pair p;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	s->tcp.win.set = false;
	p = pair_of(&w, s, IP_VERSION_4);
	p.got->data[34] = 0xff;
	assert_same(&w, &p);
	s->tcp.win = num(0);	/* 0 is a value like any other */
	p = pair_of(&w, s, IP_VERSION_4);
	p.got->data[34] = 1;
	assert_one(&w, &p, "tcp_window", "0", "256");
	world_end(&w);
}

static void test_ack_and_urg_are_compared_unwritten(void **state)
{
	struct pkt_spec *s;
	struct pair p;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_RST, "R", 1, 0);
	s->tcp.ack.set = false;
	p = pair_of(&w, s, IP_VERSION_4);
	p.got->data[31] = 5;
	p.got->data[39] = 6;
	compare(&w, &p);
	assert_nth(&p, 0, "tcp_ack_seq", "0", "5");
	assert_nth(&p, 1, "tcp_urg_ptr", "0", "6");
	world_end(&w);
}

static void test_all_differences_in_header_order(void **state)
{
	struct pair p;
	WORLD(w);

	p = data4(&w);
	p.got->data[33] = 0x11;		/* F. for P. */
	p.got->data[27] = 7;
	p.got->data[31] = 8;
	p.got->data[41] = 9;
	compare(&w, &p);
	assert_int_equal(p.list.n, 5);
	assert_nth(&p, 0, "tcp_fin", "0", "1");
	assert_nth(&p, 1, "tcp_psh", "1", "0");
	assert_nth(&p, 2, "tcp_seq", "1", "7");
	assert_nth(&p, 3, "tcp_ack_seq", "1", "8");
	assert_nth(&p, 4, "payload", "0x00 at byte 1", "0x09 at byte 1");
	world_end(&w);
}

/* A digit makes AE, CWR and ECE one counter: 5 is AE and ECE. */
static void test_ace_counter(void **state)
{
	struct pkt_spec *s;
	struct pair p;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_ACK | TCPF_AE | TCPF_ECE, ".5", 1, 0);
	s->tcp.ace = true;
	p = pair_of(&w, s, IP_VERSION_4);
	assert_same(&w, &p);
	p.got->data[33] = 0x90;	/* CWR for ECE */
	assert_one(&w, &p, "tcp_ace", "5", "6");
	s->tcp.ace = false;
	compare(&w, &p);
	assert_nth(&p, 0, "tcp_ece", "1", "0");
	assert_nth(&p, 1, "tcp_cwr", "0", "1");
	assert_int_equal(p.list.n, 2);
	world_end(&w);
}

/* The packet got is built from other options than the ones wanted. */
static struct pair with_opts(struct world *w, const char *want, const char *got, uint16_t len,
			     enum ip_version v)
{
	struct pkt_spec *a = spec_tcp(w, PKT_OUT, TCPF_ACK, ".", 1, 10);
	struct pkt_spec *b = spec_tcp(w, PKT_OUT, TCPF_ACK, ".", 1, len);
	struct pair p = { .spec = a };

	if (want)
		spec_opts(w, a, want);
	if (got)
		spec_opts(w, b, got);
	p.want = built(w, a, v);
	p.got = built(w, b, v);
	return p;
}

static void test_options_that_match(void **state)
{
	static const char *const cases[][2] = {
		{ "mss 1460,nop,wscale 7", "mss 1460,nop,wscale 7" },
		{ "nop,nop,TS val 1 ecr 2", "nop,nop,TS val 300 ecr 400" },
		{ "...", "nop,nop,sack 1:2" },
		{ "...", NULL },
		{ "...", "raw 1e000000" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pair p;
		WORLD(w);

		p = with_opts(&w, cases[i][0], cases[i][1], 10, IP_VERSION_4);
		assert_same(&w, &p);
		p = with_opts(&w, cases[i][0], cases[i][1], 10, IP_VERSION_6);
		assert_same(&w, &p);
		world_end(&w);
	}
}

static void test_options_that_differ(void **state)
{
	static const struct { const char *want, *got; } cases[] = {
		{ "mss 1460", "mss 1400" },
		{ "nop,nop,sackOK", "sackOK,nop,nop" },
		{ "nop,nop,sackOK", "nop,sackOK,nop" },
		{ "nop,wscale 7", "nop,wscale 8" },
		{ "nop,nop,sack 1:2", "nop,nop,sack 1:3" },
		{ "nop,nop,sack 1:2", "nop,nop,sack 1:2 3:4" },
		{ "nop,nop,TS val 1 ecr 2", "TS val 1 ecr 2,nop,nop" },
		{ "nop,nop,TS val 1 ecr 2", "nop,nop,FO 0000000100000002" },
		{ "mss 1460", NULL },
		{ NULL, "mss 1460" },
		{ "eol,eol,eol,eol", "nop,nop,nop,nop" },
		{ "raw 1e000000", "raw 1e000001" },	/* length 0: cut off there */
		{ "gen-30 0000", "gen-30 0001" },
		{ "nop,nop,FO", "FO 1234" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pair p;
		const char *want, *got;
		WORLD(w);

		want = cases[i].want ? arena_printf(w.arena, "<%s>", cases[i].want) : "none";
		got = cases[i].got ? arena_printf(w.arena, "<%s>", cases[i].got) : "none";
		p = with_opts(&w, cases[i].want, cases[i].got, 10, IP_VERSION_4);
		assert_one(&w, &p, "tcp_options", want, got);
		p = with_opts(&w, cases[i].want, cases[i].got, 10, IP_VERSION_6);
		compare(&w, &p);
		assert_int_equal(p.list.n, 1);
		world_end(&w);
	}
}

/* A length that differs beyond what the options explain is a difference of its own. */
static void test_length_besides_options(void **state)
{
	struct pair p;
	WORLD(w);

	p = with_opts(&w, "mss 1460", NULL, 12, IP_VERSION_4);
	compare(&w, &p);
	assert_int_equal(p.list.n, 2);
	assert_nth(&p, 0, "ipv4_total_length", "50", "52");
	assert_nth(&p, 1, "tcp_options", "<mss 1460>", "none");
	p = with_opts(&w, "...", "nop,nop,nop,nop", 9, IP_VERSION_6);
	assert_one(&w, &p, "ipv6_payload_len", "34", "33");
	p = with_opts(&w, NULL, NULL, 11, IP_VERSION_4);
	assert_one(&w, &p, "ipv4_total_length", "50", "51");
	world_end(&w);
}

static void test_ip_header_length(void **state)
{
	uint8_t b[24 + 30] = { 0x46, 0, 0, 54, 0, 0, 0, 0, 64, 6 };
	struct pair p;
	WORLD(w);

	p = data4(&w);
	memcpy(b + 24, p.want->data + 20, 30);
	p.got = decoded(&w, b, sizeof(b));
	assert_one(&w, &p, "ipv4_header_length", "5", "6");
	world_end(&w);
}

static void test_ecn_and_tos(void **state)
{
	static const struct {
		enum spec_ecn ecn;
		int tos;		/* written, or -1 */
		uint8_t got;
		const char *field, *want, *text;	/* NULL if they agree */
	} cases[] = {
		{ ECN_UNSAID, -1, 0xff, NULL, NULL, NULL },
		{ ECN_NOECN, -1, 0x10, NULL, NULL, NULL },	/* DSCP does not matter */
		{ ECN_NOECN, -1, 0x02, "ip_ecn", "0", "2" },
		{ ECN_ECT0, -1, 0x02, NULL, NULL, NULL },
		{ ECN_ECT0, -1, 0x01, "ip_ecn", "2", "1" },
		{ ECN_ECT1, -1, 0x01, NULL, NULL, NULL },
		{ ECN_CE, -1, 0x03, NULL, NULL, NULL },
		{ ECN_CE, -1, 0x00, "ip_ecn", "3", "0" },
		{ ECN_ECT01, -1, 0x01, NULL, NULL, NULL },
		{ ECN_ECT01, -1, 0xfe, NULL, NULL, NULL },
		{ ECN_ECT01, -1, 0x03, "ip_ecn", "0x1 or 0x2", "0x3" },
		{ ECN_ECT01, -1, 0x00, "ip_ecn", "0x1 or 0x2", "0x0" },
		{ ECN_UNSAID, 0x10, 0x10, NULL, NULL, NULL },
		{ ECN_UNSAID, 0x10, 0x12, "tos", "0x10", "0x12" },
		{ ECN_ECT01, 0x10, 0x12, NULL, NULL, NULL },
		{ ECN_ECT01, 0x10, 0x22, "tos", "0x10", "0x20" },
	};
	size_t i;
	int v6;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (v6 = 0; v6 < 2; v6++) {
			struct pkt_spec *s;
			struct pair p;
			WORLD(w);

			s = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
			s->ip.ecn = cases[i].ecn;
			if (cases[i].tos >= 0)
				s->ip.tos = hexnum(cases[i].tos);
			p = pair_of(&w, s, v6 ? IP_VERSION_6 : IP_VERSION_4);
			if (v6) {
				p.got->data[0] = 0x60 | cases[i].got >> 4;
				p.got->data[1] = (uint8_t)(cases[i].got << 4);
			} else {
				p.got->data[1] = cases[i].got;
			}
			if (cases[i].field)
				assert_one(&w, &p, cases[i].field, cases[i].want, cases[i].text);
			else
				assert_same(&w, &p);
			world_end(&w);
		}
	}
}

static void test_ttl_if_written(void **state)
{
	struct pkt_spec *s;
	struct pair p;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	s->ip.ttl = num(255);	/* a value, not "anything" */
	p = pair_of(&w, s, IP_VERSION_4);
	p.got->data[8] = 64;
	assert_one(&w, &p, "ttl", "255", "64");
	p = pair_of(&w, s, IP_VERSION_6);
	p.got->data[7] = 64;
	assert_one(&w, &p, "ttl", "255", "64");
	world_end(&w);
}

static void test_udp_and_icmp(void **state)
{
	struct pkt_spec *s;
	struct pair p;
	WORLD(w);

	p = pair_of(&w, spec_udp(&w, PKT_OUT, 5), IP_VERSION_4);
	p.got = built(&w, spec_udp(&w, PKT_OUT, 6), IP_VERSION_4);
	compare(&w, &p);
	assert_int_equal(p.list.n, 2);
	assert_nth(&p, 0, "ipv4_total_length", "33", "34");
	assert_nth(&p, 1, "udp_len", "13", "14");
	p = pair_of(&w, spec_udp(&w, PKT_OUT, 5), IP_VERSION_4);
	p.got->data[28] = 1;
	assert_one(&w, &p, "payload", "0x00 at byte 0", "0x01 at byte 0");

	s = spec_icmp(&w, "echo_reply", NULL);
	s->dir = PKT_OUT;
	s->icmp.quote = QUOTE_RAW;
	s->icmp.len = 16;
	p = pair_of(&w, s, IP_VERSION_4);
	p.got->data[24] = p.got->data[27] = p.got->data[30] = 1; /* id, sequence, body */
	assert_same(&w, &p);
	p.got->data[20] = 8;
	p.got->data[21] = 1;
	compare(&w, &p);
	assert_nth(&p, 0, "icmp_type", "0", "8");
	assert_nth(&p, 1, "icmp_code", "0", "1");
	world_end(&w);
}

static void test_layers(void **state)
{
	struct pkt_spec *s;
	struct pair p;
	WORLD(w);

	p = data4(&w);
	p.got = built(&w, p.spec, IP_VERSION_6);
	assert_one(&w, &p, "header_layers", "ipv4 tcp", "ipv6 tcp");
	p.got = built(&w, spec_udp(&w, PKT_OUT, 10), IP_VERSION_4);
	assert_one(&w, &p, "header_layers", "ipv4 tcp", "ipv4 udp");
	s = spec_tcp(&w, PKT_OUT, TCPF_PSH | TCPF_ACK, "P.", 2, 10);
	spec_outer_ip(&w, s, "1.2.3.4", "5.6.7.8");
	p.got = built(&w, s, IP_VERSION_4);
	compare(&w, &p);
	assert_int_equal(p.list.n, 2);
	assert_nth(&p, 0, "header_layers", "ipv4 tcp", "ipv4 ipv4 tcp");
	assert_nth(&p, 1, "tcp_seq", "1", "2");	/* the transport is looked at all the same */
	world_end(&w);
}

/* Each IP header is held to its own `[...]`. */
static void test_outer_headers(void **state)
{
	struct spec_outer *o;
	struct pkt_spec *s;
	struct pair p;
	WORLD(w);

	s = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	spec_outer_ip(&w, s, "1.2.3.4", "5.6.7.8")->ip.ecn = ECN_CE;
	spec_outer_gre(&w, s, 0xb000, 0, 0, 5, 6);
	o = spec_outer(&w, s, OUTER_MPLS);
	o->n_mpls = 2;
	o->mpls[0] = (struct spec_mpls){ .label = 1, .ttl = 9 };
	o->mpls[1] = (struct spec_mpls){ .label = 2, .bottom = true, .ttl = 9 };
	s->ip.ecn = ECN_ECT0;
	p = pair_of(&w, s, IP_VERSION_4);
	assert_same(&w, &p);
	p.got->data[12] = 9;	/* outer address */
	p.got->data[24] = 9;	/* GRE checksum: written 0, so any */
	assert_same(&w, &p);
	p.got->data[1] = 2;	/* outer ECN */
	p.got->data[31] = 7;	/* key */
	p.got->data[35] = 8;	/* sequence */
	p.got->data[39] = 8;	/* MPLS TTL */
	p.got->data[42] = 0x20;	/* the other one's bottom mark */
	p.got->data[45] = 3;	/* inner ECN */
	compare(&w, &p);
	assert_int_equal(p.list.n, 6);
	assert_nth(&p, 0, "ip_ecn", "3", "2");
	assert_nth(&p, 1, "gre_key", "5", "7");
	assert_nth(&p, 2, "gre_seq", "6", "8");
	assert_nth(&p, 3, "mpls_label_0", "0x1009", "0x1008");
	assert_nth(&p, 4, "mpls_label_1", "0x2109", "0x2009");
	assert_nth(&p, 5, "ip_ecn", "2", "3");
	world_end(&w);
}

static void test_gre_flags(void **state)
{
	struct pkt_spec *a, *b;
	struct pair p = { 0 };
	WORLD(w);

	a = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	spec_outer_ip(&w, a, "1.2.3.4", "5.6.7.8");
	spec_outer_gre(&w, a, 0x2000, 0, 0, 5, 0);
	b = spec_tcp(&w, PKT_OUT, TCPF_ACK, ".", 1, 0);
	spec_outer_ip(&w, b, "1.2.3.4", "5.6.7.8");
	spec_outer_gre(&w, b, 0xa000, 1, 2, 5, 0);
	p.spec = a;
	p.want = built(&w, a, IP_VERSION_4);
	p.got = built(&w, b, IP_VERSION_4);
	assert_one(&w, &p, "gre_flags", "0x2000", "0xa000");
	world_end(&w);
}

/* A packet of 64 KB and more, captured before it is cut up, has 0 for its length. */
static void test_length_zero(void **state)
{
	struct pair p;
	WORLD(w);

	p = data4(&w);
	p.got->data[2] = p.got->data[3] = 0;
	assert_same(&w, &p);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_tcp_fields),
		cmocka_unit_test(test_never_compared),
		cmocka_unit_test(test_window_only_if_written),
		cmocka_unit_test(test_ack_and_urg_are_compared_unwritten),
		cmocka_unit_test(test_all_differences_in_header_order),
		cmocka_unit_test(test_ace_counter),
		cmocka_unit_test(test_options_that_match),
		cmocka_unit_test(test_options_that_differ),
		cmocka_unit_test(test_length_besides_options),
		cmocka_unit_test(test_ip_header_length),
		cmocka_unit_test(test_ecn_and_tos),
		cmocka_unit_test(test_ttl_if_written),
		cmocka_unit_test(test_udp_and_icmp),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_outer_headers),
		cmocka_unit_test(test_gre_flags),
		cmocka_unit_test(test_length_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
