/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the wire target that need no wire: neighbours, ports, states, options. */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "target/box_options.h"
#include "target/inferred.h"
#include "target/inferred_edges.h"
#include "target/neigh.h"
#include "target/port_map.h"
#include "target/reset_segment.h"
#include "wire/bytes.h"
#include "wire/checksum.h"

#include <net/ethernet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ONLY(s) STATE_BIT(TCPS_##s)

static const uint8_t mine[ETHER_MAC] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t his[ETHER_MAC] = { 2, 0, 0, 0, 0, 2 };

static struct ip_addr ip(const char *text)
{
	struct ip_addr a;

	assert_true(ip_addr_parse(text, &a));
	return a;
}

static void ask_and_tell(const char *me, const char *him, uint16_t type, const uint8_t *to)
{
	const struct ip_addr a = ip(me), b = ip(him);
	struct neigh_frame f, answer;
	struct neigh n;

	neigh_ask(&b, &a, mine, NULL, &f);
	assert_int_equal(f.type, type);
	assert_memory_equal(f.to, to, ETHER_MAC);
	assert_true(neigh_read(f.type, f.data, f.len, &n));
	assert_int_equal(n.kind, NEIGH_ASK);
	assert_true(ip_addr_equal(&n.target, &b));
	assert_true(ip_addr_equal(&n.sender, &a));
	assert_memory_equal(n.mac, mine, ETHER_MAC);
	neigh_tell(&n, his, &answer);
	assert_memory_equal(answer.to, mine, ETHER_MAC);
	assert_true(neigh_read(answer.type, answer.data, answer.len, &n));
	assert_int_equal(n.kind, NEIGH_TELL);
	assert_true(ip_addr_equal(&n.target, &b));
	assert_memory_equal(n.mac, his, ETHER_MAC);
}

static void test_arp(void **state)
{
	(void)state;
	ask_and_tell("192.0.2.1", "192.168.0.1", ETHERTYPE_ARP,
		     (const uint8_t *)"\xff\xff\xff\xff\xff\xff");
}

static void test_nd(void **state)
{
	(void)state;
	/* RFC 4291 2.7.1, RFC 2464 7 */
	ask_and_tell("2001:db8::1", "fd3d:fa7b:d17d::12:3456", ETHERTYPE_IPV6,
		     (const uint8_t *)"\x33\x33\xff\x12\x34\x56");
}

/* RFC 4861 7.1.1: what is wrong is silently discarded. */
static void test_nd_malformed(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} wrong[] = { { 7, 64 }, { 41, 1 }, { 42, 0x55 }, { 65, 0 } };
	const struct ip_addr a = ip("2001:db8::1"), b = ip("2001:db8::2");
	struct neigh_frame f, bad;
	struct neigh n;
	size_t i;

	(void)state;
	neigh_ask(&b, &a, mine, NULL, &f);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		bad = f;
		bad.data[wrong[i].at] = wrong[i].value;
		/* All but the checksum itself have a right one. */
		if (wrong[i].at != 42) {
			put_be16(bad.data + 42, 0);
			put_be16(bad.data + 42, csum_finish(csum_add(csum_pseudo(bad.data, IPPROTO_ICMPV6, 32),
								     bad.data + 40, 32)));
		}
		assert_false(neigh_read(bad.type, bad.data, bad.len, &n));
	}
	for (i = 0; i < f.len; i++)
		assert_false(neigh_read(f.type, f.data, i, &n));
}

/* An address being probed has no owner to tell: all are told. */
static void test_nd_probe(void **state)
{
	const struct ip_addr none = ip("::"), b = ip("2001:db8::2");
	struct neigh_frame f, answer;
	struct neigh n;

	(void)state;
	neigh_ask(&b, &none, mine, NULL, &f);
	assert_true(neigh_read(f.type, f.data, f.len, &n));
	neigh_tell(&n, his, &answer);
	assert_memory_equal(answer.to, "\x33\x33\0\0\0\1", ETHER_MAC);
	assert_int_equal(answer.data[44] & 0x40, 0);
}

/* An RST to this tuple is a packet with right checksums to map and decode. */
static size_t segment(uint8_t p[RESET_SEGMENT_BYTES], const char *local, const char *remote)
{
	const struct tuple t = { ip(local), ip(remote), 8080, 4000 };

	return reset_segment(&t, 0x01020304, p);
}

static void check_good(const uint8_t *bytes, size_t n, uint16_t src, uint16_t dst)
{
	struct arena *a = arena_new();
	struct pkt_ends e;
	const char *why;
	struct pkt p;

	assert_int_equal(pkt_decode(bytes, n, a, &p, &why), DECODE_OK);
	assert_true(pkt_checksum_ok(&p));
	assert_true(pkt_ip_checksum_ok(&p));
	pkt_get_ends(&p, &e);
	assert_int_equal(e.src_port, src);
	assert_int_equal(e.dst_port, dst);
	arena_free(a);
}

static void map_both_ways(const char *local, const char *remote)
{
	const struct port_map m = { 8080, 7 };
	uint8_t p[RESET_SEGMENT_BYTES];
	size_t n = segment(p, local, remote);

	check_good(p, n, 4000, 8080);
	port_map_in(&m, p, n);
	check_good(p, n, 4000, 7);
	port_map_out(&m, p, n);		/* it is not from the stack */
	check_good(p, n, 4000, 7);
	/* The same packet as one of the stack's. */
	n = segment(p, remote, local);
	put_be16(p + n - 20, 7);
	put_be16(p + n - 18, 4000);
	put_be16(p + n - 4, 0);
	put_be16(p + n - 4, csum_finish(csum_add(csum_pseudo(p, IPPROTO_TCP, 20), p + n - 20, 20)));
	port_map_out(&m, p, n);
	check_good(p, n, 8080, 4000);
}

static void test_ports(void **state)
{
	(void)state;
	map_both_ways("192.168.0.1", "192.0.2.1");
	map_both_ways("2001:db8::1", "2001:db8::2");
}

static void test_states_of_a_passive_open(void **state)
{
	unsigned s = ONLY(LISTEN) | ONLY(CLOSED);

	(void)state;
	s = states_told(s, TOLD_SYN);
	assert_int_equal(s, ONLY(LISTEN) | ONLY(CLOSED) | ONLY(SYN_RECV));
	s = states_said(s, SAID_SYN_ACK);
	assert_int_equal(s, ONLY(SYN_RECV));
	s = states_told(s, TOLD_ACK_OF_SYN);
	assert_int_equal(s, ONLY(SYN_RECV) | ONLY(ESTABLISHED));
	/* A SYN,ACK again: the third segment was lost. */
	assert_int_equal(states_said(s, SAID_SYN_ACK), ONLY(SYN_RECV));
	s = states_said(s, SAID_ACK | SAID_BEYOND);
	assert_int_equal(s, ONLY(ESTABLISHED));
	s = states_told(s, TOLD_ACK_OF_SYN | TOLD_FIN);
	assert_int_equal(s, ONLY(ESTABLISHED) | ONLY(CLOSE_WAIT));
	assert_int_equal(states_said(s, SAID_ACK | SAID_NO_ACK_OF_FIN | SAID_FIN), ONLY(FIN_WAIT1));
	s = states_said(s, SAID_ACK | SAID_ACK_OF_FIN);
	assert_int_equal(s, ONLY(CLOSE_WAIT));
	s = states_said(s, SAID_ACK | SAID_ACK_OF_FIN | SAID_FIN);
	assert_int_equal(s, ONLY(LAST_ACK));
	assert_int_equal(states_told(s, TOLD_ACK_OF_FIN), ONLY(LAST_ACK) | ONLY(CLOSED));
}

static void test_states_of_an_active_close(void **state)
{
	unsigned s = states_said(ONLY(ESTABLISHED), SAID_ACK | SAID_FIN);

	(void)state;
	assert_int_equal(s, ONLY(FIN_WAIT1));
	assert_int_equal(states_said(states_told(s, TOLD_FIN), SAID_ACK | SAID_ACK_OF_FIN), ONLY(CLOSING));
	s = states_told(s, TOLD_ACK_OF_FIN);
	assert_int_equal(s, ONLY(FIN_WAIT1) | ONLY(FIN_WAIT2));
	assert_int_equal(states_said(s, SAID_FIN_AGAIN), ONLY(FIN_WAIT1));
	assert_int_equal(states_said(ONLY(TIME_WAIT), SAID_ACK | SAID_ACK_OF_FIN), ONLY(TIME_WAIT));
	assert_int_equal(states_after_silence(ONLY(TIME_WAIT)), ONLY(TIME_WAIT) | ONLY(CLOSED));
	assert_int_equal(states_after_silence(ONLY(ESTABLISHED)), ONLY(ESTABLISHED));
}

static void test_states_of_an_active_open(void **state)
{
	unsigned s = states_said(ONLY(CLOSED) | ONLY(LISTEN), SAID_SYN);

	(void)state;
	assert_int_equal(s, ONLY(SYN_SENT));
	assert_int_equal(states_said(states_told(s, TOLD_SYN), SAID_SYN_ACK), ONLY(SYN_RECV));
	s = states_told(s, TOLD_SYN_ACK);
	assert_int_equal(states_said(s, SAID_ACK), ONLY(ESTABLISHED));
	/* What an RST says depends: before synchronization it may be an answer that changes nothing. */
	assert_int_equal(states_said(ONLY(ESTABLISHED), SAID_RST), ONLY(CLOSED));
	assert_int_equal(states_said(ONLY(SYN_RECV), SAID_RST), ONLY(SYN_RECV) | ONLY(CLOSED));
	assert_int_equal(states_said(ONLY(LISTEN) | ONLY(CLOSED), SAID_FIN), 0);
}

static void test_options(void **state)
{
	struct arena *a = arena_new();
	struct box_options o;
	struct diag_sink d;

	(void)state;
	diag_init(&d, a);
	assert_int_equal(box_options_parse("eth1,app=echo,port=7,own=192.0.2.9,gateway=fe80::1,"
					   "settle=0.5,name=board,hook=ssh dev, run", &o, a, &d), 0);
	assert_string_equal(o.device, "eth1");
	assert_int_equal(o.app, BOX_APP_ECHO);
	assert_int_equal(o.port, 7);
	assert_int_equal(o.n_own, 2);
	assert_int_equal(o.settle, 500 * NS_PER_MS);
	assert_string_equal(o.name, "board");
	assert_string_equal(o.hook, "ssh dev, run");
	assert_int_equal(box_options_parse("eth1,peer=ff:ff:ff:ff:ff:ff", &o, a, &d), -1);
	assert_int_equal(box_options_parse("eth1,port=0", &o, a, &d), -1);
	assert_int_equal(box_options_parse("eth1,commands=yes", &o, a, &d), -1);
	assert_int_equal(box_options_parse("app=echo", &o, a, &d), -1);
	assert_int_equal(box_options_parse(NULL, &o, a, &d), -1);
	assert_int_equal(d.errors, 5);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arp),
		cmocka_unit_test(test_nd),
		cmocka_unit_test(test_nd_malformed),
		cmocka_unit_test(test_nd_probe),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_states_of_a_passive_open),
		cmocka_unit_test(test_states_of_an_active_close),
		cmocka_unit_test(test_states_of_an_active_open),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
