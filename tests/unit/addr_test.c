/* SPDX-License-Identifier: BSD-2-Clause */
/* IP addresses: text, socket addresses of each IP version, mapped addresses. */
#include "config.h"

#include "wire/addr.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct ip_addr addr(const char *s)
{
	struct ip_addr a;

	assert_true(ip_addr_parse(s, &a));
	return a;
}

static void test_text(void **state)
{
	static const char *const good[] = {
		"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1",
		"fd3d:fa7b:d17d::1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8",
	};
	static const char *const bad[] = {
		"", "192.0.2", "192.0.2.256", "192.0.2.1.1", "1.2.3.4x", ":", "1:2:3", ":::",
		"12345::", "g::", "fe80::1%lo", " ::1", "localhost",
	};
	char buf[IP_ADDR_TEXT];
	struct ip_addr a;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		a = addr(good[i]);
		assert_string_equal(ip_addr_text(&a, buf), good[i]);
		assert_int_equal(a.family, strchr(good[i], ':') ? AF_INET6 : AF_INET);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ip_addr_parse(bad[i], &a));
	a = addr("192.0.2.1");
	assert_memory_equal(a.b, "\xc0\x00\x02\x01", 4);
	memset(&a, 0, sizeof(a));
	assert_string_equal(ip_addr_text(&a, buf), "none");
}

static void test_equal(void **state)
{
	struct ip_addr v4 = addr("1.2.3.4"), other = addr("1.2.3.5"), v6 = addr("102:304::");
	struct tuple t = { .local = v4, .remote = other, .local_port = 1, .remote_port = 2 }, u = t;

	assert_true(ip_addr_equal(&v4, &v4));
	assert_false(ip_addr_equal(&v4, &other));
	assert_false(ip_addr_equal(&v4, &v6));	/* the same first four bytes */
	/* bytes past an IPv4 address mean nothing */
	other = v4;
	other.b[7] = 1;
	assert_true(ip_addr_equal(&v4, &other));
	assert_true(tuple_equal(&t, &u));
	u.remote_port = 3;
	assert_false(tuple_equal(&t, &u));
	u = t;
	u.local = u.remote;
	assert_false(tuple_equal(&t, &u));
}

static void test_versions(void **state)
{
	static const char *const names[] = { "ipv4", "ipv4-mapped-ipv6", "ipv6" };
	enum ip_version v;
	int i;

	for (i = IP_VERSION_4; i <= IP_VERSION_6; i++) {
		assert_true(ip_version_parse(names[i], &v));
		assert_int_equal(v, i);
		assert_string_equal(ip_version_name(v), names[i]);
	}
	assert_true(ip_version_parse("ipv4_mapped_ipv6", &v));
	assert_int_equal(v, IP_VERSION_MAPPED);
	assert_false(ip_version_parse("IPv4", &v));
	assert_int_equal(ip_version_family(IP_VERSION_4), AF_INET);
	assert_int_equal(ip_version_family(IP_VERSION_MAPPED), AF_INET);
	assert_int_equal(ip_version_family(IP_VERSION_6), AF_INET6);
}

static void test_sockaddr(void **state)
{
	struct ip_addr v4 = addr("192.0.2.7"), v6 = addr("2001:db8::7"), back, none = { 0 };
	struct sockaddr_storage ss;
	struct sockaddr_in *sin = (struct sockaddr_in *)&ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&ss;
	uint16_t port;

	assert_int_equal(ip_addr_to_sockaddr(&v4, 8080, IP_VERSION_4, &ss), sizeof(*sin));
	assert_int_equal(sin->sin_family, AF_INET);
	assert_memory_equal(&sin->sin_port, "\x1f\x90", 2);
	assert_memory_equal(&sin->sin_addr, "\xc0\x00\x02\x07", 4);
	assert_true(ip_addr_from_sockaddr(&ss, &back, &port));
	assert_true(ip_addr_equal(&back, &v4));
	assert_int_equal(port, 8080);

	assert_int_equal(ip_addr_to_sockaddr(&v4, 8080, IP_VERSION_MAPPED, &ss), sizeof(*sin6));
	assert_int_equal(sin6->sin6_family, AF_INET6);
	assert_memory_equal(&sin6->sin6_addr,
			    "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\x00\x02\x07", 16);
	assert_true(ip_addr_from_sockaddr(&ss, &back, &port));
	assert_true(ip_addr_equal(&back, &v4));

	assert_int_equal(ip_addr_to_sockaddr(&v6, 1, IP_VERSION_6, &ss), sizeof(*sin6));
	assert_true(ip_addr_from_sockaddr(&ss, &back, &port));
	assert_true(ip_addr_equal(&back, &v6));
	assert_int_equal(port, 1);

	/* a mapped address fits an IPv4 socket */
	v6 = addr("::ffff:192.0.2.9");
	assert_int_equal(ip_addr_to_sockaddr(&v6, 1, IP_VERSION_4, &ss), sizeof(*sin));
	assert_memory_equal(&sin->sin_addr, "\xc0\x00\x02\x09", 4);

	/* no address is the wildcard of the version */
	ip_addr_to_sockaddr(&none, 5, IP_VERSION_4, &ss);
	assert_int_equal(sin->sin_family, AF_INET);
	assert_int_equal(sin->sin_addr.s_addr, INADDR_ANY);
	memset(&ss, 0, sizeof(ss));
	ss.ss_family = AF_UNIX;
	assert_false(ip_addr_from_sockaddr(&ss, &back, &port));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_sockaddr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
