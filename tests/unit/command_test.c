/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands: what of their time was not their own. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "engine/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Waits in the kernel and cannot be interrupted, as for a lock: a parent waits so
 * for its child to be done with its memory, vfork(2).
 */
static int be_held_up(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		usleep(200 * 1000);
		_exit(0);
	}
	return pid < 0 || waitpid(pid, NULL, 0) != pid;
}

static struct command_outcome run(const char *text, struct arena *a)
{
	struct command_outcome o = command_run(text, 10 * NS_PER_SEC, false, a);

	assert_null(o.failed);
	return o;
}

static void test_waiting_for_the_kernel(void **state)
{
	struct arena *a = arena_new();
	char self[200] = "", text[250];

	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	snprintf(text, sizeof(text), "exec %s held-up", self);
	assert_true(run(text, a).held_up > 100 * NS_PER_MS);
	arena_free(a);
}

/* A command that takes its time is not held up, whether it sleeps or works. */
static void test_time_of_its_own(void **state)
{
	struct arena *a = arena_new();

	assert_true(run("exec sleep 1", a).held_up < 500 * NS_PER_MS);
	arena_free(a);
}

static void test_out_of_time(void **state)
{
	struct arena *a = arena_new();
	struct command_outcome o = command_run("exec sleep 60", 50 * NS_PER_MS, false, a);

	assert_string_equal(o.failed, "it did not end in time and was killed");
	arena_free(a);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waiting_for_the_kernel),
		cmocka_unit_test(test_time_of_its_own),
		cmocka_unit_test(test_out_of_time),
	};

	if (argc > 1 && !strcmp(argv[1], "held-up"))
		return be_held_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
