/* SPDX-License-Identifier: BSD-2-Clause */
/* ICMP names against the numbers of RFC 792, 950, 1122, 1812 and 4443. */
#include "config.h"

#include "wire/icmp_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

static void test_types(void **state)
{
	static const struct { int family; const char *name; int value; } cases[] = {
		{ AF_INET, "echo_reply", 0 }, { AF_INET, "unreachable", 3 },
		{ AF_INET, "source_quench", 4 }, { AF_INET, "redirect", 5 },
		{ AF_INET, "echo_request", 8 }, { AF_INET, "time_exceeded", 11 },
		{ AF_INET, "parameter_problem", 12 }, { AF_INET, "timestamp_request", 13 },
		{ AF_INET, "timestamp_reply", 14 }, { AF_INET, "information_request", 15 },
		{ AF_INET, "information_reply", 16 }, { AF_INET, "address_mask_request", 17 },
		{ AF_INET, "address_mask_reply", 18 }, { AF_INET6, "unreachable", 1 },
		{ AF_INET6, "packet_too_big", 2 }, { AF_INET6, "time_exceeded", 3 },
		{ AF_INET6, "parameter_problem", 4 }, { AF_INET6, "echo_request", 128 },
		{ AF_INET6, "echo_reply", 129 }, { AF_INET, "type_255", 255 },
		{ AF_INET6, "type_0", 0 }, { AF_INET, "type_007", 7 },
	};
	uint8_t v;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(icmp_type_parse(cases[i].family, cases[i].name, &v));
		assert_int_equal(v, cases[i].value);
		if (strncmp(cases[i].name, "type_", 5))
			assert_string_equal(names_text(icmp_types(cases[i].family), v),
					    cases[i].name);
	}
}

static void test_codes(void **state)
{
	static const char *const unreachable4[] = {
		"net_unreachable", "host_unreachable", "protocol_unreachable", "port_unreachable",
		"frag_needed", "source_route_failed", "net_unknown", "host_unknown",
		"source_host_isolated", "net_prohibited", "host_prohibited",
		"net_unreachable_for_tos", "host_unreachable_for_tos", "packet_filtered",
		"precedence_violation", "precedence_cutoff",
	};
	static const struct { uint8_t type; const char *name; int value; } v6[] = {
		{ 1, "no_route", 0 }, { 1, "net_unreachable", 0 }, { 1, "admin_prohibited", 1 },
		{ 1, "not_neighbour", 2 }, { 1, "address_unreachable", 3 },
		{ 1, "port_unreachable", 4 }, { 3, "exceeded_hop_limit", 0 },
		{ 3, "exceeded_frag_time", 1 }, { 4, "header_field", 0 },
		{ 4, "unknown_next_header", 1 }, { 4, "unknown_option", 2 }, { 2, "code_9", 9 },
	};
	uint8_t v;
	size_t i;

	for (i = 0; i < 16; i++) {
		assert_true(icmp_code_parse(AF_INET, 3, unreachable4[i], &v));
		assert_int_equal(v, i);
	}
	for (i = 0; i < sizeof(v6) / sizeof(v6[0]); i++) {
		assert_true(icmp_code_parse(AF_INET6, v6[i].type, v6[i].name, &v));
		assert_int_equal(v, v6[i].value);
	}
	assert_string_equal(names_text(icmp_codes(AF_INET6, 1), 0), "no_route");
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"", "type_", "type_256", "type_-1", "type_1x", "type_99999999999", "3",
		"packet_too_big",
	};
	uint8_t v;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(icmp_type_parse(AF_INET, bad[i], &v));
	assert_false(icmp_type_parse(AF_INET6, "source_quench", &v));
	assert_false(icmp_code_parse(AF_INET, 11, "port_unreachable", &v));
	assert_false(icmp_code_parse(AF_INET6, 1, "frag_needed", &v));
}

static void test_kinds(void **state)
{
	uint8_t type;

	assert_true(icmp_is_error(AF_INET, 3));
	assert_true(icmp_is_error(AF_INET6, 2));
	assert_false(icmp_is_error(AF_INET, 8));
	assert_false(icmp_is_error(AF_INET6, 128));
	assert_true(icmp_has_id(AF_INET, 8));
	assert_false(icmp_has_id(AF_INET, 3));
	assert_true(icmp_has_id(AF_INET6, 129));
	for (type = 13; type <= 18; type++)
		assert_true(icmp_has_id(AF_INET, type));
	assert_false(icmp_has_id(AF_INET, 12));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
