/* SPDX-License-Identifier: BSD-2-Clause */
/* Structs of socket options by their members, and names of other systems. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sys/foreign.h"
#include "sys/opt_layout.h"
#include "sys/symbols.h"
#include "sys/tcp_fields.h"

#include <linux/mptcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

static const struct opt_member *member(const char *name)
{
	const struct opt_member *m = opt_member_find(name);

	assert_non_null(m);
	return m;
}

static int64_t read_member(const char *name, const void *bytes, size_t len)
{
	int64_t v = 0;

	assert_true(opt_member_read(member(name), bytes, len, &v));
	return v;
}

static void agrees_with_the_headers(void **state)
{
	struct linger l = { .l_onoff = 1, .l_linger = -30 };
	struct timeval t = { .tv_sec = -1, .tv_usec = 500000 };
	struct mptcp_info i = { .mptcpi_subflows = 200, .mptcpi_add_addr_accepted_max = 4,
				.mptcpi_flags = 0x80000000, .mptcpi_token = 7,
				.mptcpi_rcv_nxt = 1ULL << 40, .mptcpi_csum_enabled = 1 };

	(void)state;
	assert_int_equal(read_member("onoff", &l, sizeof(l)), 1);
	assert_int_equal(read_member("linger", &l, sizeof(l)), -30);
	assert_int_equal(read_member("tv_sec", &t, sizeof(t)), -1);
	assert_int_equal(read_member("tv_usec", &t, sizeof(t)), 500000);
	assert_int_equal(read_member("mptcpi_subflows", &i, sizeof(i)), 200);
	assert_int_equal(read_member("mptcpi_add_addr_accepted_max", &i, sizeof(i)), 4);
	assert_true(read_member("mptcpi_flags", &i, sizeof(i)) == 0x80000000);
	assert_int_equal(read_member("mptcpi_token", &i, sizeof(i)), 7);
	assert_true(read_member("mptcpi_rcv_nxt", &i, sizeof(i)) == 1LL << 40);
	assert_int_equal(read_member("mptcpi_csum_enabled", &i, sizeof(i)), 1);
	assert_int_equal(opt_struct_size(member("linger")), sizeof(l));
	assert_int_equal(opt_struct_size(member("tv_sec")), sizeof(t));
	assert_int_equal(opt_struct_members(member("tv_sec")), 2);
}

static void beyond_the_answer(void **state)
{
	struct linger l = { .l_onoff = 1, .l_linger = 30 };
	int64_t v;

	(void)state;
	assert_false(opt_member_read(member("linger"), &l, 7, &v));
	assert_true(opt_member_read(member("onoff"), &l, 4, &v));
}

/* Every row: what is written is read back, and nothing beside it is touched. */
static void written_is_read(void **state)
{
	const struct opt_member *m;
	uint8_t bytes[256];
	size_t i, size;
	int64_t v;

	(void)state;
	for (m = opt_member_table; m->name; m++) {
		size = opt_struct_size(m);
		assert_true(size <= sizeof(bytes));
		memset(bytes, 0, sizeof(bytes));
		opt_member_write(m, bytes, -1);
		assert_true(opt_member_read(m, bytes, size, &v));
		assert_true(m->sign ? v == -1 : m->width == 8 || v == (1LL << (8 * m->width)) - 1);
		for (i = 0; i < sizeof(bytes); i++)
			assert_int_equal(bytes[i], i >= m->offset && i - m->offset < m->width ? 255 : 0);
	}
}

/* A literal is known by its first member: no name may stand for two things. */
static void names_are_unique(void **state)
{
	const struct opt_member *m;

	(void)state;
	for (m = opt_member_table; m->name; m++) {
		assert_ptr_equal(opt_member_find(m->name), m);
		assert_null(tcp_field_find(m->name));
		assert_null(foreign_member(m->name));
	}
}

static void ranges(void **state)
{
	(void)state;
	assert_true(opt_value_fits(-128, 1));
	assert_true(opt_value_fits(255, 1));
	assert_false(opt_value_fits(256, 1));
	assert_false(opt_value_fits(-129, 1));
	assert_true(opt_value_fits(UINT32_MAX, 4));
	assert_false(opt_value_fits(1LL << 32, 4));
	assert_true(opt_value_fits(INT64_MIN, 8));
}

static void other_systems(void **state)
{
	const struct name_value *s;

	(void)state;
	assert_string_equal(foreign_symbol("TCP_NOOPT"), "FreeBSD");
	assert_string_equal(foreign_symbol("TCP_RACK_PACE_MAX_SEG"), "FreeBSD");
	assert_string_equal(foreign_symbol("TCP_KEEPALIVE"), "macOS");
	assert_string_equal(foreign_symbol("TCP_SACK_ENABLE"), "OpenBSD");
	assert_string_equal(foreign_symbol("TCP_KEEPALIVE_THRESHOLD"), "Solaris");
	assert_null(foreign_symbol("TCP_NODELAY"));
	assert_string_equal(foreign_member("pcbcnt"), "FreeBSD");
	assert_string_equal(foreign_member("trr_code"), "FreeBSD");
	/* What Linux has is not another system's. */
	for (s = symbol_table; s->name; s++)
		assert_null(foreign_symbol(s->name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_headers),
		cmocka_unit_test(beyond_the_answer),
		cmocka_unit_test(written_is_read),
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(ranges),
		cmocka_unit_test(other_systems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
