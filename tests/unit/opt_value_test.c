/* SPDX-License-Identifier: BSD-2-Clause */
/* Socket option values: the bytes that go to the kernel, and what of an answer differs. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"
#include "script/parse.h"
#include "sys/sys.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

struct fixture {
	struct arena *a;
	struct diag_sink diag;
	struct sys_ctx x;
};

static int setup(void **state)
{
	struct arena *a = arena_new();
	struct fixture *f = arena_new_of(a, struct fixture);

	f->a = a;
	diag_init(&f->diag, a);
	f->x = (struct sys_ctx){ .arena = a, .diag = &f->diag };
	fdmap_add(&f->x.fds, a, 3, 30);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	arena_free(((struct fixture *)*state)->a);
	return 0;
}

/* A call written after "0 ". */
static struct sys_call *prepare(struct fixture *f, const char *text)
{
	const char *line = arena_printf(f->a, "0 %s\n", text);
	struct source *src = source_from_text("x.pkt", line, strlen(line), f->a, &f->diag);
	struct script *s = script_parse(src, NULL, f->a, &f->diag);
	struct sys_call *c;

	assert_non_null(s);
	f->x.settings = &s->settings;
	c = sys_prepare(&f->x, STAILQ_FIRST(&s->events)->call);
	assert_non_null(c);
	return c;
}

/* setsockopt() of this value and length hands over these bytes. */
static void sets(struct fixture *f, const char *value, const char *len, const void *bytes,
		 size_t n)
{
	struct sys_call *c = prepare(f, arena_printf(f->a, "setsockopt(3, 0, 0, %s, %s) = 0", value,
						     len));

	assert_int_equal(c->live.arg[4], n);
	assert_memory_equal((const void *)c->live.arg[3], bytes, n);
}

static void values_to_set(void **state)
{
	struct fixture *f = *state;
	struct linger l = { 1, 30 };
	int32_t n = -5;

	sets(f, "[-5]", "4", &n, 4);
	sets(f, "[-5]", "...", &n, 4);
	sets(f, "[-5]", "8", "\xfb\xff\xff\xff\0\0\0", 8);
	sets(f, "\"reno\"", "4", "reno", 4);
	sets(f, "\"reno\"", "...", "reno", 5);
	sets(f, "\"reno\"", "16", "reno\0\0\0\0\0\0\0\0\0\0\0", 16);
	sets(f, "{linger=30, onoff=1}", "...", &l, sizeof(l));
	sets(f, "inet6_addr(\"1::2\")", "...", "\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 16);
	sets(f, "[htonl(0x01020304)]", "4", "\1\2\3\4", 4);
	sets(f, "[htons(0x0102)]", "2", "\1\2", 2);
	sets(f, "[inet_addr(\"1.2.3.4\")]", "4", "\1\2\3\4", 4);
}

static void headers_to_set(void **state)
{
	struct fixture *f = *state;

	sets(f, "{flags [checksum present, key present], sum 1, off 2, key 3, seq 4}", "...",
	     "\xa0\0\0\0" "\0\1\0\2" "\0\0\0\3" "\0\0\0\4", 16);
	sets(f, "{flags 0x2000 key 0xffffffff}", "...",
	     "\x20\0\0\0" "\0\0\0\0" "\xff\xff\xff\xff" "\0\0\0\0", 16);
	sets(f, "{(label 1048575, tc 0, ttl 64) (label 16, tc 7, [S], ttl 1)}", "...",
	     "\xff\xff\xf0\x40" "\0\1\x0f\1", 8);
}

/* getsockopt() that was told these bytes, or failed (n < 0): what differs, or "". */
static const char *told(struct fixture *f, const char *value, const char *len, const void *bytes,
			int n)
{
	bool fails = n < 0;
	struct sys_call *c = prepare(f, arena_printf(f->a, "getsockopt(3, 0, 0, %s, %s) = %s", value,
						     len, fails ? "-1 ENOPROTOOPT" : "0"));
	const char *text = "";
	struct mismatch *m;

	c->live.result = fails ? -1 : 0;
	c->live.err = fails ? ENOPROTOOPT : 0;
	if (!fails) {
		assert_true(*(socklen_t *)c->live.arg[4] >= (socklen_t)n);
		memcpy((void *)c->live.arg[3], bytes, (size_t)n);
		*(socklen_t *)c->live.arg[4] = (socklen_t)n;
	}
	for (m = sys_verify(&f->x, c); m; m = m->next)
		text = arena_printf(f->a, "%s%s %s not %s;", text, m->field, m->got, m->want);
	return text;
}

static void values_told(void **state)
{
	struct fixture *f = *state;
	struct linger l = { 1, 30 };
	int32_t n = 5;

	assert_string_equal(told(f, "[5]", "[4]", &n, 4), "");
	assert_string_equal(told(f, "[5]", "...", &n, 4), "");
	assert_string_equal(told(f, "[6]", "[4]", &n, 4), "option value 5 not 6;");
	assert_string_equal(told(f, "...", "[4]", &n, 4), "");
	assert_string_equal(told(f, "...", "[8]", &n, 4), "option length 4 not 8;");
	assert_string_equal(told(f, "...", "...", &l, 8), "");
	assert_string_equal(told(f, "\"reno\"", "[16]", "reno\0\0\0\0\0\0\0\0\0\0\0", 16), "");
	assert_string_equal(told(f, "\"reno\"", "...", "reno", 5), "");
	assert_string_equal(told(f, "\"ren\"", "[16]", "reno\0\0\0\0\0\0\0\0\0\0\0", 16),
			    "option value reno not ren;");
	assert_string_equal(told(f, "{onoff=1, linger=30}", "[8]", &l, 8), "");
	assert_string_equal(told(f, "{onoff=..., linger=30}", "[8]", &l, 8), "");
	assert_string_equal(told(f, "{onoff=2, linger=31}", "[8]", &l, 8),
			    "onoff 1 not 2;linger 30 not 31;");
	assert_string_equal(told(f, "{onoff=1, linger=30}", "[...]", &l, 4),
			    "linger not told by this kernel not 30;");
	assert_string_equal(told(f, "{(label 1, tc 0, [S], ttl 2)}", "[4]", "\0\0\x11\2", 4), "");
}

static void tcp_info_told(void **state)
{
	struct fixture *f = *state;
	uint8_t info[104] = { 7, [5] = 3, [6] = 0x12 };

	assert_string_equal(told(f, "{tcpi_state=TCP_CLOSE, tcpi_snd_wscale=2}", "[...]", info, 104),
			    "");
	assert_string_equal(told(f, "{tcpi_state=TCPI_LISTEN, tcpi_options=TCPI_OPT_SACK|TCPI_OPT_WSCALE,"
				    " tcpi_rcv_wscale=1}", "[104]", info, 104),
			    "tcpi_state TCP_CLOSE (7) not TCP_LISTEN (10);"
			    "tcpi_options TCPI_OPT_TIMESTAMPS|TCPI_OPT_SACK (3) not "
			    "TCPI_OPT_SACK|TCPI_OPT_WSCALE (6);");
	assert_string_equal(told(f, "{tcpi_state=7, tcpi_pacing_rate=0}", "...", info, 104),
			    "tcpi_pacing_rate not told by this kernel not 0;");
}

/* packetdrill's forms are compared with zeros, the others not at all. */
static void nothing_told(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(told(f, "[0]", "[4]", NULL, -1), "");
	assert_string_equal(told(f, "[5]", "[4]", NULL, -1), "option value 0 not 5;");
	assert_string_equal(told(f, "[5]", "...", NULL, -1), "");
	assert_string_equal(told(f, "...", "[4]", NULL, -1), "");
	assert_string_equal(told(f, "{onoff=1}", "[8]", NULL, -1), "");
	assert_string_equal(told(f, "{tcpi_state=1}", "[8]", NULL, -1), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_to_set, setup, teardown),
		cmocka_unit_test_setup_teardown(headers_to_set, setup, teardown),
		cmocka_unit_test_setup_teardown(values_told, setup, teardown),
		cmocka_unit_test_setup_teardown(tcp_info_told, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_told, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
