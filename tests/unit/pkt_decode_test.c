/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoding: whole packets, cut-off ones at every length, and lies in every length field. */
#include "config.h"

#include "wire_helpers.h"
#include "wire_packets.h"

static const uint8_t syn4[] = PACKET_SYN4;
static const uint8_t data6[] = PACKET_DATA6;
static const uint8_t udp4[] = PACKET_UDP4;
static const uint8_t icmp4[] = PACKET_ICMP4;
static const uint8_t icmp6[] = PACKET_ICMP6;
static const uint8_t gre4[] = PACKET_GRE4;

static const struct {
	const uint8_t *bytes;
	size_t n;
} packets[] = {
	{ syn4, sizeof(syn4) }, { data6, sizeof(data6) }, { udp4, sizeof(udp4) },
	{ icmp4, sizeof(icmp4) }, { icmp6, sizeof(icmp6) }, { gre4, sizeof(gre4) },
};

#define N_PACKETS (sizeof(packets) / sizeof(packets[0]))

/* Decodes from a heap block of exactly n bytes, so that ASan sees a read past them. */
static enum decode decode(struct world *w, const uint8_t *bytes, size_t n, struct pkt *p,
			  const char **why)
{
	uint8_t *exact = malloc(n ? n : 1);
	enum decode r;

	if (n)
		memcpy(exact, bytes, n);
	r = pkt_decode(exact, n, w->arena, p, why);
	free(exact);
	return r;
}

static enum decode verdict(struct world *w, const uint8_t *bytes, size_t n, const char **why)
{
	struct pkt p;

	return decode(w, bytes, n, &p, why);
}

static void assert_bad(struct world *w, const uint8_t *bytes, size_t n, const char *part)
{
	const char *why = NULL;

	assert_int_equal(verdict(w, bytes, n, &why), DECODE_BAD);
	assert_non_null(why);
	if (!strstr(why, part))
		fail_msg("\"%s\" is not in \"%s\"", part, why);
}

static void assert_other(struct world *w, const uint8_t *bytes, size_t n)
{
	const char *why;

	assert_int_equal(verdict(w, bytes, n, &why), DECODE_OTHER);
}

static void assert_hdr(const struct pkt *p, int i, enum hdr_kind kind, uint32_t off, uint32_t len)
{
	assert_true(i < p->n_hdr);
	assert_int_equal(p->hdr[i].kind, kind);
	assert_int_equal(p->hdr[i].off, off);
	assert_int_equal(p->hdr[i].len, len);
}

static void test_tcp_over_ipv4(void **state)
{
	struct pkt_ends e;
	struct pkt *p;
	size_t len;
	WORLD(w);

	p = decoded(&w, syn4, sizeof(syn4));
	assert_int_equal(p->n_hdr, 2);
	assert_hdr(p, 0, HDR_IPV4, 0, 20);
	assert_hdr(p, 1, HDR_TCP, 20, 40);
	assert_int_equal(p->payload_off, 60);
	assert_int_equal(p->payload_len, 0);
	assert_int_equal(p->stamp, 0);
	assert_int_equal(p->flags, 0);
	assert_true(pkt_is_tcp(p));
	assert_int_equal(pkt_tcp_seq(p), 1);
	assert_int_equal(pkt_tcp_ack(p), 0);
	assert_int_equal(pkt_tcp_win(p), 65535);
	assert_int_equal(pkt_tcp_flags(p), TCPF_SYN);
	assert_ptr_equal(pkt_tcp_opts(p, &len), p->data + 40);
	assert_int_equal(len, 20);
	pkt_get_ends(p, &e);
	assert_int_equal(e.src.family, AF_INET);
	assert_memory_equal(e.src.b, "\xc0\x00\x02\x01", 4);
	assert_memory_equal(e.dst.b, "\xc0\xa8\x00\x01", 4);
	assert_int_equal(e.src_port, 8080);
	assert_int_equal(e.dst_port, 40000);
	assert_true(pkt_checksum_ok(p));
	assert_true(pkt_ip_checksum_ok(p));
	assert_string_equal(printed(&w, p), "S 1:1(0) win 65535 "
			    "<mss 1460,sackOK,TS val 1000 ecr 0,nop,wscale 7>");
	world_end(&w);
}

static void test_tcp_over_ipv6(void **state)
{
	struct pkt_ends e;
	struct pkt *p;
	WORLD(w);

	p = decoded(&w, data6, sizeof(data6));
	assert_hdr(p, 0, HDR_IPV6, 0, 40);
	assert_hdr(p, 1, HDR_TCP, 40, 20);
	assert_int_equal(p->payload_off, 60);
	assert_int_equal(p->payload_len, 3);
	assert_int_equal(pkt_flowlabel(p), 0xabcde);
	pkt_get_ends(p, &e);
	assert_int_equal(e.dst.family, AF_INET6);
	assert_memory_equal(e.src.b, data6 + 8, 16);
	assert_memory_equal(e.dst.b, data6 + 24, 16);
	assert_int_equal(e.dst_port, 2);
	assert_true(pkt_checksum_ok(p));
	assert_string_equal(printed(&w, p),
			    "[ect0] FP. 16909060:16909063(3) ack 168496141 win 4660");
	world_end(&w);
}

static void test_udp_and_icmp(void **state)
{
	struct pkt_ends e;
	struct pkt *p;
	uint32_t seq;
	WORLD(w);

	p = decoded(&w, udp4, sizeof(udp4));
	assert_hdr(p, 1, HDR_UDP, 20, 8);
	assert_int_equal(p->payload_len, 5);
	assert_true(pkt_checksum_ok(p));
	assert_false(pkt_get_quote(p, false, &e, &seq));
	assert_string_equal(printed(&w, p), "udp (5)");

	p = decoded(&w, icmp4, sizeof(icmp4));
	assert_hdr(p, 1, HDR_ICMPV4, 20, 8);
	assert_int_equal(p->payload_len, 28);
	assert_true(pkt_checksum_ok(p));
	pkt_get_ends(p, &e);
	assert_int_equal(e.src_port, 0);
	assert_int_equal(e.dst_port, 0);
	assert_false(pkt_is_tcp(p));
	assert_int_equal(pkt_tcp_seq(p) | pkt_tcp_ack(p) | pkt_tcp_win(p) | pkt_tcp_flags(p), 0);
	assert_true(pkt_get_quote(p, false, &e, &seq));
	assert_int_equal(e.src_port, 40000);
	assert_int_equal(e.dst_port, 8080);
	assert_memory_equal(e.src.b, "\xc0\xa8\x00\x01", 4);
	assert_memory_equal(e.dst.b, "\xc0\x00\x02\x01", 4);
	assert_int_equal(seq, 0x01000000);
	assert_string_equal(printed(&w, p), "icmp unreachable frag_needed mtu 1400 "
			    "[16777216:16778216(1000)]");

	p = decoded(&w, icmp6, sizeof(icmp6));
	assert_hdr(p, 1, HDR_ICMPV6, 40, 8);
	assert_true(pkt_checksum_ok(p));
	assert_true(pkt_get_quote(p, false, &e, &seq));
	assert_int_equal(e.src.family, AF_INET6);
	assert_int_equal(e.src.b[0], 0xfd);
	assert_int_equal(e.src_port, 40000);
	assert_int_equal(seq, 0);
	assert_string_equal(printed(&w, p), "icmp packet_too_big mtu 1280 [udp (100)]");
	world_end(&w);
}

/* A quotation is used only if 8 bytes of TCP or UDP are there, IP options or not. */
static void test_quotes_cut_off(void **state)
{
	uint8_t b[20 + 8 + 24 + 8] = {
		0x45, 0, 0, sizeof(b), 0, 0, 0, 0, 64, 1, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2,
		11, 0, 0, 0, 0, 0, 0, 0,
		0x46, 0, 0, 60, 0, 0, 0, 0, 1, 6, 0, 0, 3, 3, 3, 3, 4, 4, 4, 4, 1, 1, 1, 0,
		0, 7, 0, 9, 0x11, 0x22, 0x33, 0x44,
	};
	struct pkt_ends e;
	uint32_t seq;
	WORLD(w);

	assert_true(pkt_get_quote(decoded(&w, b, sizeof(b)), false, &e, &seq));
	assert_int_equal(e.src_port, 7);
	assert_int_equal(e.dst_port, 9);
	assert_int_equal(e.dst.b[3], 4);
	assert_int_equal(seq, 0x11223344);
	b[37] = 17;	/* UDP: ports, but no sequence number */
	assert_true(pkt_get_quote(decoded(&w, b, sizeof(b)), false, &e, &seq));
	assert_int_equal(seq, 0);
	b[37] = 1;	/* ICMP */
	assert_false(pkt_get_quote(decoded(&w, b, sizeof(b)), false, &e, &seq));
	b[37] = 6;
	b[20] = 8;	/* an echo request quotes nothing, whatever it carries */
	assert_false(pkt_get_quote(decoded(&w, b, sizeof(b)), false, &e, &seq));
	b[20] = 11;
	b[28] = 0x4f;	/* a header longer than the body */
	assert_false(pkt_get_quote(decoded(&w, b, sizeof(b)), false, &e, &seq));
	b[28] = 0x44;
	assert_false(pkt_get_quote(decoded(&w, b, sizeof(b)), false, &e, &seq));
	b[28] = 0x60;	/* IPv6 needs 48 bytes */
	assert_false(pkt_get_quote(decoded(&w, b, sizeof(b)), false, &e, &seq));
	b[28] = 0x46;
	b[3] = sizeof(b) - 1;
	assert_false(pkt_get_quote(decoded(&w, b, sizeof(b)), false, &e, &seq));
	world_end(&w);
}

static void test_gre(void **state)
{
	struct pkt *p;
	WORLD(w);

	p = decoded(&w, gre4, sizeof(gre4));
	assert_int_equal(p->n_hdr, 4);
	assert_hdr(p, 0, HDR_IPV4, 0, 20);
	assert_hdr(p, 1, HDR_GRE, 20, 12);
	assert_hdr(p, 2, HDR_IPV4, 32, 20);
	assert_hdr(p, 3, HDR_TCP, 52, 20);
	assert_ptr_equal(pkt_ip(p), &p->hdr[2]);
	assert_ptr_equal(pkt_transport(p), &p->hdr[3]);
	assert_string_equal(printed(&w, p), "ipv4 10.0.0.1 > 10.0.0.2: gre flags 0xa000 sum 15655 "
			    "off 0 key 3735928559 seq 0: . 1:1(0) ack 1 win 257");
	world_end(&w);
}

static void test_mpls_in_ip(void **state)
{
	/* 192.0.2.1 > .2, protocol 137: two labels, then ICMPv6 in IPv6 with no payload */
	uint8_t b[20 + 8 + 40 + 8] = {
		0x45, 0, 0, sizeof(b), 0, 0, 0, 0, 64, 137, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
		0x00, 0x01, 0x00, 0x40,		/* label 16, tc 0, not the bottom, ttl 64 */
		0xff, 0xff, 0xff, 0x01,		/* label 1048575, tc 7, the bottom, ttl 1 */
		0x60, 0, 0, 0, 0, 8, 58, 255,
	};
	struct pkt *p;
	WORLD(w);

	b[68] = 128;
	b[73] = 9;
	p = decoded(&w, b, sizeof(b));
	assert_hdr(p, 1, HDR_MPLS, 20, 8);
	assert_hdr(p, 2, HDR_IPV6, 28, 40);
	assert_hdr(p, 3, HDR_ICMPV6, 68, 8);
	assert_string_equal(printed(&w, p), "ipv4 192.0.2.1 > 192.0.2.2: mpls (label 16, tc 0, "
			    "ttl 64) (label 1048575, tc 7, [S], ttl 1): "
			    "icmp echo_request id 9 [raw (8)]");
	b[26] &= 0xfe;			/* no bottom: the IPv6 header is read as labels */
	assert_true(verdict(&w, b, sizeof(b), &(const char *){ NULL }) != DECODE_OK);
	world_end(&w);
}

static void test_ipv4_options_and_padding(void **state)
{
	uint8_t b[24 + 20 + 6] = {
		0x46, 0, 0, 44, 0, 0, 0x40, 0, 64, 6, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
		1, 1, 1, 0,	/* three no-operations and the end of options */
	};
	struct pkt *p;
	WORLD(w);

	b[24 + 12] = 0x50;
	memset(b + 44, 0xee, 6);	/* Ethernet padding */
	p = decoded(&w, b, sizeof(b));
	assert_hdr(p, 0, HDR_IPV4, 0, 24);
	assert_hdr(p, 1, HDR_TCP, 24, 20);
	assert_int_equal(p->len, 44);
	assert_int_equal(p->payload_len, 0);
	assert_string_equal(printed(&w, p), "- 0:0(0) win 0");
	world_end(&w);
}

/* A segment larger than the length field can say is captured with 0 there. */
static void test_total_length_zero(void **state)
{
	uint8_t b[sizeof(syn4) + 100] = { 0 };
	uint8_t b6[sizeof(data6)];
	struct pkt *p;
	WORLD(w);

	memcpy(b, syn4, sizeof(syn4));
	b[2] = b[3] = 0;
	p = decoded(&w, b, sizeof(b));
	assert_int_equal(p->len, sizeof(b));
	assert_int_equal(p->payload_len, 100);
	memcpy(b6, data6, sizeof(b6));
	b6[4] = b6[5] = 0;
	assert_int_equal(decoded(&w, b6, sizeof(b6))->payload_len, 3);
	world_end(&w);
}

/* Every proper prefix of every packet is malformed, and is read no further than it goes. */
static void test_every_truncation(void **state)
{
	const char *why;
	size_t i, n;

	for (i = 0; i < N_PACKETS; i++) {
		for (n = 0; n < packets[i].n; n++) {
			WORLD(w);

			why = NULL;
			assert_int_equal(verdict(&w, packets[i].bytes, n, &why), DECODE_BAD);
			assert_non_null(why);
			world_end(&w);
		}
	}
}

/* The same with IP lengths that agree with the cut, so that inner checks are reached. */
static void test_every_truncation_with_right_ip_length(void **state)
{
	size_t i, n;

	for (i = 0; i < N_PACKETS; i++) {
		size_t ip = packets[i].bytes[0] >> 4 == 4 ? 20 : 40;
		size_t whole = packets[i].bytes == data6 ? 60 : ip + 8;

		for (n = ip + 1; n < packets[i].n; n++) {
			uint8_t b[128];
			const char *why;
			enum decode r;
			WORLD(w);

			memcpy(b, packets[i].bytes, n);
			b[ip == 20 ? 3 : 5] = (uint8_t)(ip == 20 ? n : n - ip);
			r = verdict(&w, b, n, &why);
			if (packets[i].bytes == icmp4 || packets[i].bytes == icmp6 ||
			    packets[i].bytes == data6)
				assert_int_equal(r, n < whole ? DECODE_BAD : DECODE_OK);
			else	/* UDP and the inner IP know their own length */
				assert_int_equal(r, DECODE_BAD);
			world_end(&w);
		}
	}
}

/* Any byte changed to any value: never a read past the end, and what decodes can be used. */
static void test_every_byte_changed(void **state)
{
	size_t i, at;
	unsigned v;

	for (i = 0; i < N_PACKETS; i++) {
		WORLD(w);

		for (at = 0; at < packets[i].n; at++) {
			for (v = 0; v < 256; v += 1 + (at >= 40) * 6) {
				uint8_t b[128];
				struct pkt_ends e;
				const char *why;
				uint32_t seq;
				struct pkt p;

				memcpy(b, packets[i].bytes, packets[i].n);
				b[at] = (uint8_t)v;
				if (decode(&w, b, packets[i].n, &p, &why) != DECODE_OK)
					continue;
				assert_true(p.payload_off + p.payload_len <= p.len);
				printed(&w, &p);
				pkt_checksum_ok(&p);
				pkt_get_quote(&p, false, &e, &seq);
				pkt_fill_checksums(&p, NULL);
			}
		}
		world_end(&w);
	}
}

static void test_bad_lengths(void **state)
{
	uint8_t b[128];
	WORLD(w);

#define PUT(packet, at, v) (memcpy(b, packet, sizeof(packet)), b[at] = (v))
	PUT(syn4, 0, 0x44);
	assert_bad(&w, b, sizeof(syn4), "IPv4 header length");
	PUT(syn4, 0, 0x55);
	assert_bad(&w, b, sizeof(syn4), "version");
	PUT(syn4, 3, 61);
	assert_bad(&w, b, sizeof(syn4), "total length");
	PUT(syn4, 3, 19);
	assert_bad(&w, b, sizeof(syn4), "total length");
	PUT(syn4, 32, 0x40);
	assert_bad(&w, b, sizeof(syn4), "data offset");
	PUT(syn4, 32, 0xb0);
	assert_bad(&w, b, sizeof(syn4), "data offset");
	PUT(data6, 5, 24);
	assert_bad(&w, b, sizeof(data6), "payload length");
	PUT(udp4, 25, 7);
	assert_bad(&w, b, sizeof(udp4), "UDP length");
	PUT(udp4, 25, 14);
	assert_bad(&w, b, sizeof(udp4), "UDP length");
	PUT(gre4, 32, 0x65);		/* an inner IPv6 header under an IPv4 EtherType */
	assert_bad(&w, b, sizeof(gre4), "version");
	PUT(gre4, 35, 41);
	assert_bad(&w, b, sizeof(gre4), "total length");
	assert_bad(&w, b, 0, "empty");
	world_end(&w);
}

static void test_of_no_interest(void **state)
{
	uint8_t b[128];
	WORLD(w);

	PUT(syn4, 9, 132);		/* SCTP */
	assert_other(&w, b, sizeof(syn4));
	PUT(syn4, 9, 58);		/* ICMPv6 in IPv4 */
	assert_other(&w, b, sizeof(syn4));
	PUT(syn4, 6, 0x20);		/* more fragments */
	assert_other(&w, b, sizeof(syn4));
	PUT(syn4, 7, 1);		/* a later fragment */
	assert_other(&w, b, sizeof(syn4));
	PUT(syn4, 6, 0x40);		/* don't fragment is nothing special */
	decoded(&w, b, sizeof(syn4));
	PUT(data6, 6, 0);		/* hop-by-hop options */
	assert_other(&w, b, sizeof(data6));
	PUT(data6, 6, 44);		/* fragment header */
	assert_other(&w, b, sizeof(data6));
	PUT(data6, 6, 59);		/* no next header */
	assert_other(&w, b, sizeof(data6));
	PUT(gre4, 21, 1);		/* GRE version 1 */
	assert_other(&w, b, sizeof(gre4));
	PUT(gre4, 20, 0xe0);		/* GRE routing */
	assert_other(&w, b, sizeof(gre4));
	PUT(gre4, 22, 0x99);		/* an EtherType nobody has */
	assert_other(&w, b, sizeof(gre4));
	world_end(&w);
}

/* IP in IP without an end must stop at the header table's. */
static void test_deep_nesting(void **state)
{
	uint8_t b[20 * 12];
	const char *why;
	int i;
	WORLD(w);

	memset(b, 0, sizeof(b));
	for (i = 0; i < 12; i++) {
		b[i * 20] = 0x45;
		b[i * 20 + 3] = (uint8_t)(sizeof(b) - (size_t)i * 20);
		b[i * 20 + 9] = 4;
	}
	assert_int_equal(verdict(&w, b, sizeof(b), &why), DECODE_OTHER);
	world_end(&w);
}

static void test_checksums_are_told(void **state)
{
	uint8_t b[128];
	struct pkt *p;
	WORLD(w);

	PUT(syn4, 50, 1);		/* a byte of an option */
	p = decoded(&w, b, sizeof(syn4));
	assert_false(pkt_checksum_ok(p));
	assert_true(pkt_ip_checksum_ok(p));
	p->flags |= PKT_CSUM_OFFLOADED;
	assert_true(pkt_checksum_ok(p));
	PUT(syn4, 8, 64);		/* the TTL */
	p = decoded(&w, b, sizeof(syn4));
	assert_true(pkt_checksum_ok(p));
	assert_false(pkt_ip_checksum_ok(p));
	PUT(icmp6, 90, 1);
	assert_false(pkt_checksum_ok(decoded(&w, b, sizeof(icmp6))));
	PUT(udp4, 26, 0);
	b[27] = 0;			/* UDP over IPv4 without a checksum */
	assert_true(pkt_checksum_ok(decoded(&w, b, sizeof(udp4))));
	PUT(udp4, 27, 1);
	assert_false(pkt_checksum_ok(decoded(&w, b, sizeof(udp4))));
	world_end(&w);
}

static void test_copy_is_deep(void **state)
{
	struct pkt *p, *q;
	WORLD(w);

	p = decoded(&w, syn4, sizeof(syn4));
	q = pkt_copy(p, w.arena);
	pkt_tcp_set_seq(q, 0xfffffff0);
	pkt_tcp_set_ack(q, 7);
	assert_int_equal(pkt_tcp_seq(p), 1);
	assert_int_equal(pkt_tcp_seq(q), 0xfffffff0);
	assert_int_equal(pkt_tcp_ack(q), 7);
	assert_bytes(p, syn4, sizeof(syn4));
	world_end(&w);
}

static void test_wrong_reserved_and_options_print(void **state)
{
	uint8_t b[128];
	WORLD(w);

	PUT(syn4, 32, 0xaf);
	assert_string_equal(printed(&w, decoded(&w, b, sizeof(syn4))),
			    "SA 1:1(0) win 65535 reserved 15 "
			    "<mss 1460,sackOK,TS val 1000 ecr 0,nop,wscale 7>");
	PUT(syn4, 32, 0xa2);		/* the lowest reserved bit above AE */
	assert_non_null(strstr(printed(&w, decoded(&w, b, sizeof(syn4))), " reserved 2 <"));
	PUT(syn4, 58, 9);		/* window scale longer than the header */
	assert_string_equal(printed(&w, decoded(&w, b, sizeof(syn4))), "S 1:1(0) win 65535 "
			    "<mss 1460,sackOK,TS val 1000 ecr 0,nop,raw 030907>");
	PUT(syn4, 44, 99);		/* an unknown kind in place of SACK-permitted */
	assert_string_equal(printed(&w, decoded(&w, b, sizeof(syn4))), "S 1:1(0) win 65535 "
			    "<mss 1460,gen-99,TS val 1000 ecr 0,nop,wscale 7>");
	world_end(&w);
}

static void test_flag_letters(void **state)
{
	static const struct { uint8_t reserved, flags; const char *text; } cases[] = {
		{ 0, 0x00, "-" }, { 0, 0x10, "." }, { 0, 0x12, "S." }, { 0, 0xc2, "SEW" },
		{ 1, 0xc2, "SEWA" }, { 0, 0x52, "SE." }, { 0, 0x38, "PU." }, { 0, 0x04, "R" },
		{ 1, 0xff, "FSRPUEWA." },
	};
	uint8_t b[sizeof(data6)];
	size_t i;
	WORLD(w);

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text;

		memcpy(b, data6, sizeof(data6));
		b[1] = 0;
		b[52] = 0x50 | cases[i].reserved;
		b[53] = cases[i].flags;
		text = printed(&w, decoded(&w, b, sizeof(b)));
		assert_int_equal(strcspn(text, " "), strlen(cases[i].text));
		assert_memory_equal(text, cases[i].text, strlen(cases[i].text));
	}
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp_over_ipv4),
		cmocka_unit_test(test_tcp_over_ipv6),
		cmocka_unit_test(test_udp_and_icmp),
		cmocka_unit_test(test_quotes_cut_off),
		cmocka_unit_test(test_gre),
		cmocka_unit_test(test_mpls_in_ip),
		cmocka_unit_test(test_ipv4_options_and_padding),
		cmocka_unit_test(test_total_length_zero),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_every_truncation_with_right_ip_length),
		cmocka_unit_test(test_every_byte_changed),
		cmocka_unit_test(test_bad_lengths),
		cmocka_unit_test(test_of_no_interest),
		cmocka_unit_test(test_deep_nesting),
		cmocka_unit_test(test_checksums_are_told),
		cmocka_unit_test(test_copy_is_deep),
		cmocka_unit_test(test_wrong_reserved_and_options_print),
		cmocka_unit_test(test_flag_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
