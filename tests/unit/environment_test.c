/* SPDX-License-Identifier: BSD-2-Clause */
/* What has changed between two environments, in words. */
#include "config.h"

#include "base/buf.h"
#include "report/environment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define SINCE "since it last passed (1970-01-02 00:00:00 UTC): "
#define SAME "the environment is the same as when it last passed (1970-01-02 00:00:00 UTC)\n"
#define DAY (24 * 60 * 60 * NS_PER_SEC)

static const char before[] =
	"tester              drillpress 0.1.0\n"
	"kernel              Linux 6.1.0-13 #1 SMP Debian 6.1.55-1 x86_64\n"
	"congestion control  bbr\n"
	"  available         reno bbr cubic\n"
	"tun0                veth, mtu 1500, qdisc noqueue\n"
	"  offloads          tso on, gso on, gro off\n"
	"sysctls that differ from a fresh network namespace:\n"
	"  net.ipv4.tcp_sack = 0 (fresh: 1)\n"
	"  net.ipv4.tcp_rmem = 1 2 3 (fresh: 4 5 6)\n";

static void change(const char *then, const char *now, const char *want)
{
	struct buf b = { 0 };

	environment_change(&b, then, DAY, now, "; ");
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void nothing_is_known(void **state)
{
	change(NULL, before, "no run of it that passed is recorded to compare the environment with\n");
}

static void nothing_has_changed(void **state)
{
	change(before, before, SAME);
}

static void each_kind_of_fact(void **state)
{
	change(before,
	       "tester              drillpress 0.2.0\n"
	       "kernel              Linux 6.12.0-1 #1 SMP Debian 6.12.1-1 x86_64\n"
	       "congestion control  cubic\n"
	       "  available         reno cubic\n"
	       "tun0                veth, mtu 1400, qdisc noqueue\n"
	       "  offloads          tso on, gso off, gro on\n"
	       "sysctls that differ from a fresh network namespace:\n"
	       "  net.ipv4.tcp_rmem = 1 2 4 (fresh: 4 5 6)\n"
	       "  net.ipv4.tcp_ecn = 1 (fresh: 2)\n",
	       SINCE "tester drillpress 0.1.0 -> drillpress 0.2.0; "
	       "kernel 6.1.0-13 #1 SMP Debian 6.1.55-1 -> 6.12.0-1 #1 SMP Debian 6.12.1-1; "
	       "congestion control bbr -> cubic; "
	       "congestion control available reno bbr cubic -> reno cubic; "
	       "tun0 mtu 1500 -> mtu 1400; tun0 offloads gso on -> gso off; "
	       "tun0 offloads gro off -> gro on; net.ipv4.tcp_rmem 1 2 3 -> 1 2 4; "
	       "net.ipv4.tcp_ecn 2 -> 1; net.ipv4.tcp_sack 0 -> 1\n");
}

static void words_of_kernels(void **state)
{
	change("kernel              Linux 6.1 #1 x86_64\n", "kernel              Linux 6.12 #1 x86_64\n",
	       SINCE "kernel 6.1 -> 6.12\n");
	change("kernel              Linux 6.1\n", "kernel              Linux 6.1 x\n",
	       SINCE "kernel 6.1 -> 6.1 x\n");
	change("kernel              a a a\n", "kernel              a a\n",
	       SINCE "kernel a a -> a\n");
}

/* Whether they are the same is not known, and not said. */
static void sysctls_not_told(void **state)
{
	change(before, "sysctls that differ from a fresh network namespace:\n"
	       "  not told: Operation not permitted\n", SAME);
}

/* A file that was damaged in a way its name does not tell is still only text. */
static void no_environment_at_all(void **state)
{
	static const char *const odd[] = { "", "\n\n", "  \n = (fresh: )", " = 1 (fresh: )\n", "kernel",
					   "                    x\n", "kernel              ,,,,\n" };
	struct buf b = { 0 };
	size_t i, k;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		for (k = 0; k < sizeof(odd) / sizeof(odd[0]); k++)
			environment_change(&b, odd[i], INT64_MAX, odd[k], "\n  ");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known),
		cmocka_unit_test(nothing_has_changed),
		cmocka_unit_test(each_kind_of_fact),
		cmocka_unit_test(words_of_kernels),
		cmocka_unit_test(sysctls_not_told),
		cmocka_unit_test(no_environment_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
