/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told of a guest that ended too early, by its last words. */
#include "config.h"

#include "base/arena.h"
#include "target/guest_death.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define START "Core dump limits :\n\tsoft - 0\n\thard - NONE\n"

static const struct {
	const char *console;
	bool began, hangs;
	int status;
	enum verdict verdict;
	const char *message, *hint;	/* parts of them; hint NULL: there is none */
} deaths[] = {
	/* ---- the machine's ---- */
	{ START "Checking that ptrace can change system call numbers...ptrace: Operation not permitted\n"
	  "check_ptrace : expected SIGSTOP, got status = 9\n", false, false, 256, VERDICT_ENVIRONMENT,
	  "ptrace_scope", "expected SIGSTOP" },
	{ START "start_ptraced_child : fork failed: Resource temporarily unavailable\n", false, false, 256,
	  VERDICT_ENVIRONMENT, "ulimit -u", "fork failed" },
	{ START "Checking PROT_EXEC mmap in /mem...Operation not permitted\n/mem must be not mounted noexec\n",
	  false, false, 256, VERDICT_ENVIRONMENT, "TMPDIR (it is in /mem)", "noexec" },
	{ "<3>start_userspace : clone failed, errno = 11\n", true, false, 256, VERDICT_ENVIRONMENT,
	  "ulimit -u", "errno = 11" },
	{ "Kernel panic - not syncing: Kernel mode signal 7\n", true, false, SIGABRT, VERDICT_ENVIRONMENT,
	  "no room left", "signal 7" },
	{ "cannot start ./image: Exec format error\n", false, false, 127 << 8, VERDICT_ENVIRONMENT,
	  "cannot start ./image: Exec format error", NULL },
	{ "", true, false, SIGKILL, VERDICT_ENVIRONMENT, "killed the guest", NULL },
	{ "drillpress guest: cannot mount /proc: No such device\n\n", false, false, 0, VERDICT_ENVIRONMENT,
	  "cannot mount /proc", "No such device" },
	/* ---- the image's ---- */
	{ "hello\n", false, false, 0, VERDICT_ENVIRONMENT, "is no User-Mode Linux", "hello" },
	{ "", false, false, 0, VERDICT_ENVIRONMENT, "is no User-Mode Linux", NULL },
	{ START, false, false, SIGXFSZ, VERDICT_ENVIRONMENT, "File size limit", "hard - NONE" },
	{ START, false, true, 0, VERDICT_ENVIRONMENT, "a minute of processor time", "hard" },
	{ "[ 0.0] Kernel panic - not syncing: No working init found.\n", false, false, SIGABRT,
	  VERDICT_ENVIRONMENT, "did not start: Kernel panic - not syncing: No working init", "panic" },
	/* ---- the kernel's ---- */
	{ "[ 9.0] Kernel panic - not syncing: Oops\r\n[ 9.0] more\n", true, false, SIGABRT, VERDICT_FAIL,
	  "Kernel panic - not syncing: Oops", "more" },
	{ "", true, true, 0, VERDICT_FAIL, "hangs", NULL },
	{ "reboot: Power down\n", true, false, 0, VERDICT_FAIL, "ended before the script", "Power down" },
	/* What a script may have printed says nothing of the machine. */
	{ "check_ptrace noexec\nKernel panic - not syncing: x\n", true, false, SIGABRT, VERDICT_FAIL,
	  "Kernel panic", "noexec" },
};

static void tell_each(void **state)
{
	struct arena *a = arena_new();
	struct guest_epitaph e;
	struct guest_death g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(deaths) / sizeof(deaths[0]); i++) {
		g = (struct guest_death){ .image = "./image", .console = deaths[i].console,
					  .memory = "/mem", .began = deaths[i].began,
					  .hangs = deaths[i].hangs, .status = deaths[i].status };
		e = guest_death_tell(&g, a);
		assert_int_equal(e.verdict, deaths[i].verdict);
		assert_non_null(strstr(e.message, deaths[i].message));
		assert_int_equal(e.hint == NULL, deaths[i].hint == NULL);
		if (e.hint)
			assert_non_null(strstr(e.hint, deaths[i].hint));
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tell_each) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
