/* SPDX-License-Identifier: BSD-2-Clause */
/* MPTCP options: script text to bytes, bytes to text that means the same bytes (RFC 8684 3). */
#include "config.h"

#include "script/parse.h"
#include "script/ast.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "wire/pkt.h"
#include "wire/tcpopt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Names have no value here: zeros. printed NULL: as written. */
static const struct { const char *text, *hex, *printed; } samples[] = {
	{ "mpcapable v1 flags[flag_h] nokey", "1e040101", NULL },
	{ "mpcapable v1 flags 0x41 nokey", "1e040141",
	  "mpcapable v1 flags[flag_b, flag_h] nokey" },
	{ "mpcapable v0 flags[no_flags] key[2]", "1e0c00000000000000000002", NULL },
	{ "mpcapable v1 flags[flag_h] key[a=5, 0xffffffffffffffff]",
	  "1e1401010000000000000005ffffffffffffffff",
	  "mpcapable v1 flags[flag_h] key[5, 0xffffffffffffffff]" },
	{ "mpcapable v1 flags[flag_h] key[1, 2] mpcdatalen 1000,nop,nop",
	  "1e1601010000000000000001000000000000000203e80101", NULL },
	{ "mpcapable v1 flags[flag_a, flag_h] key[1, 2] mpcdatalen 1 cksum=4660",
	  "1e18018100000000000000010000000000000002" "00011234", NULL },
	{ "mp_capable a=1", "1e0c00810000000000000001",
	  "mpcapable v0 flags[flag_a, flag_h] key[1]" },
	{ "mp_capable_no_cs 1 2", "1e14000100000000000000010000000000000002",
	  "mpcapable v0 flags[flag_h] key[1, 2]" },
	{ "mp_capable 1 no_flags", "1e0c00000000000000000001",
	  "mpcapable v0 flags[no_flags] key[1]" },
	{ "mp_join_syn backup=1 address_id=3 token=4294967295 rand=7", "1e0c1103ffffffff00000007",
	  NULL },
	{ "mp_join_syn token=auto", "1e0c10000000000000000000",
	  "mp_join_syn backup=0 address_id=0 token=0 rand=0" },
	{ "mp_join_syn_ack backup=0 address_id=1 sender_hmac=trunc_l64_hmac(0xffeeddccbbaa9988) rand=1",
	  "1e101001ffeeddccbbaa998800000001", NULL },
	{ "mp_join_ack sender_hmac=full_160_hmac(000102030405060708090a0b0c0d0e0f10111213)",
	  "1e181000000102030405060708090a0b0c0d0e0f10111213", NULL },
	{ "dss dack4=3 nocs", "1e08200100000003", NULL },
	{ "dss dack8=1 dsn8=2 ssn=3 dll=4 nocs fin,nop,nop",
	  "1e1a201f00000000000000010000000000000002" "000000030004" "0101", NULL },
	{ "dss dack4=1 dsn4=2 ssn=3 dll=4 cksum=65535", "1e1420050000000100000002000000030004ffff",
	  NULL },
	{ "dss dack4=1 ssn=9 dll=9", "1e08200100000001", "dss dack4=1 nocs" },
	{ "add_address address_id=2 addr[x=inet_addr(\"192.0.2.7\")] hmac=258",
	  "1e103002c00002070000000000000102",
	  "add_address address_id=2 addr[inet_addr(\"192.0.2.7\")] hmac=258" },
	{ "add_address address_id=2 addr[inet_addr(\"192.0.2.7\")] port=80 addr_echo,nop,nop",
	  "1e0a3102c000020700500101", NULL },
	{ "add_address address_id=2 addr[inet6_addr(\"2001:db8::1\")] addr_echo",
	  "1e14310220010db8000000000000000000000001", NULL },
	{ "remove_address address_id=[1, 255],nop,nop,nop", "1e054001ff010101", NULL },
	{ "mp_prio backup=1,nop", "1e035101", NULL },
	{ "mp_prio backup=0 address_id=4", "1e045004", NULL },
	{ "mp_fail dsn8=7", "1e0c60000000000000000007", NULL },
	{ "mp_fastclose 9", "1e0c70000000000000000009", NULL },
	{ "mp_reset 1", "1e048001", NULL },
	{ "mp_reset 6 flags[flag_t]", "1e048106", NULL },
};

struct world {
	struct arena *arena;
	struct diag_sink diag;
};

/* The option bytes of a packet with these options. */
static const uint8_t *encode(struct world *w, const char *text, size_t *n)
{
	const char *line;
	const struct script *s;
	struct pkt *p;

	w->arena = arena_new();
	diag_init(&w->diag, w->arena);
	line = arena_printf(w->arena, "0 > . 1:1(0) ack 1 <%s>\n", text);
	s = script_parse(source_from_text("t", line, strlen(line), w->arena, &w->diag), NULL,
			 w->arena, &w->diag);
	if (!s)
		return NULL;
	p = pkt_build(STAILQ_FIRST(&s->events)->pkt, IP_VERSION_4, w->arena, &w->diag);
	return p ? pkt_tcp_opts(p, n) : NULL;
}

static const char *hex_of(struct world *w, const uint8_t *b, size_t n)
{
	const char *text = "";

	while (n--)
		text = arena_printf(w->arena, "%s%02x", text, *b++);
	return text;
}

static void text_to_bytes_and_back(void **state)
{
	struct world w, again;
	struct buf out = { 0 };
	const uint8_t *b;
	const char *want;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		b = encode(&w, samples[i].text, &n);
		if (!b)
			fail_msg("%s: %s", samples[i].text, w.diag.first->msg);
		assert_string_equal(hex_of(&w, b, n), samples[i].hex);
		want = samples[i].printed ? samples[i].printed : samples[i].text;
		tcpopt_print_all(b, n, &out);
		assert_string_equal(buf_str(&out), arena_printf(w.arena, "<%s>", want));
		b = encode(&again, want, &n);
		assert_non_null(b);
		assert_string_equal(hex_of(&again, b, n), samples[i].hex);
		buf_free(&out);
		arena_free(again.arena);
		arena_free(w.arena);
	}
}

/* Reserved bits, lengths that no form has: nothing a script could say but raw. */
static void odd_bytes_are_hex(void **state)
{
	static const uint8_t odd[][8] = {
		{ 30, 4, 0x21, 0x00 }, { 30, 3, 0x00 }, { 30, 4, 0x80, 0, 0 }, { 30, 4, 0x20, 0x02 },
		{ 30, 4, 0x90, 0 }, { 30, 4, 0x02, 1 }, { 30, 6, 0x30, 1, 1, 2 }, { 30, 2 },
	};
	struct buf out = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		bool reset = odd[i][2] == 0x80;	/* the one that is well-formed */

		buf_clear(&out);
		tcpopt_print_all(odd[i], odd[i][1], &out);
		if (reset)
			assert_string_equal(buf_str(&out), "<mp_reset 0>");
		else
			assert_memory_equal(buf_str(&out), "<gen-30", 7);
	}
	buf_free(&out);
}

static void refused(void **state)
{
	static const struct { const char *text, *part; } cases[] = {
		{ "mpcapable", "is written" },
		{ "mpcapable v1 flags[flag_h]", "is written" },
		{ "mpcapable v1 flags[flag_x] nokey", "unknown flag 'flag_x'" },
		{ "mpcapable v1 flags 0x100 nokey", "flags out of range" },
		{ "mpcapable v1 flags[flag_h] key[a, b, c]", "at most two keys" },
		{ "mpcapable v1 flags[flag_h] key[a] mpcdatalen 1", "is written" },
		{ "mpcapable v1 flags[flag_h] key[a, b] mpcdatalen 65536", "out of range" },
		{ "mpcapable v1 flags[flag_h] key[0x10000000000000000]", "out of range" },
		{ "mp_join_syn address_id=1", "is written" },
		{ "mp_join_syn token=4294967296", "token out of range" },
		{ "mp_join_syn token=1 backup=2", "backup out of range" },
		{ "mp_join_syn token=1 address_id=256", "address_id out of range" },
		{ "mp_join_syn token=trunc_l64_hmac(a b)", "does not know the function" },
		{ "mp_join_syn tokn=1", "did you mean 'token'?" },
		{ "mp_join_ack sender_hmac=full_160_hmac(12)", "40 hex digits" },
		{ "dss dack=1", "did you mean 'dack4'?" },
		{ "dss dack4=1 dack8=1", "another size" },
		{ "dss dack4=4294967296", "dack4 out of range" },
		{ "dss dsn8=1 dll=65536", "dll out of range" },
		{ "dss nocs nocs", "twice" },
		{ "dss nocs + 3", "nothing that '+' could add to" },
		{ "add_address addr[x]", "is written" },
		{ "add_address addr[x] addr_echo hmac=auto", "is written" },
		{ "add_address addr[x=inet_addr(\"::1\")] addr_echo", "no IPv4 address" },
		{ "add_address addr[x, y] addr_echo", "one address" },
		{ "remove_address address_id=3", "address_id=[N, ...]" },
		{ "remove_address address_id=[256]", "out of range" },
		{ "mp_fail", "is written" },
		{ "mp_reset", "is written" },
		{ "mp_reset 256", "reason out of range" },
		{ "mp_reset 1 flags[flag_h]", "unknown flag" },
		{ "mp_join_sin token=1", "did you mean 'mp_join_syn'?" },
	};
	struct world w;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (encode(&w, cases[i].text, &n))
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(w.diag.errors, 1);
		if (!strstr(w.diag.first->msg, cases[i].part))
			fail_msg("%s: %s", cases[i].text, w.diag.first->msg);
		assert_int_not_equal(w.diag.first->span.line, 0);
		arena_free(w.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_to_bytes_and_back),
		cmocka_unit_test(odd_bytes_are_hex),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
