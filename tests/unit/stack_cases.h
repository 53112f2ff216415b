/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cases of stacks as tests of cmocka: each in a process of its own, all skipped
 * when the module was not built (by TAP's own words: cmocka's are "not ok").
 */
#ifndef DP_TESTS_STACK_CASES_H
#define DP_TESTS_STACK_CASES_H

#include "stack_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct stack_case {
	const char *name;
	void (*body)(const char *module);
	int signal;			/* what it must die of; 0: it must not */
	const char *module;		/* filled in by stack_cases_run() */
};

enum { STACK_CASES_MAX = 32 };

/* A module of the build, NULL if it was not built. */
PEER_HELPER const char *peer_module(const char *name, char *path, size_t size)
{
	const char *top = getenv("builddir");

	snprintf(path, size, "%s/%s", top ? top : ".", name);
	return access(path, R_OK) == 0 ? path : NULL;
}

/* Runs a case in a process of its own; how that ended. */
PEER_HELPER int peer_in_child(void (*body)(const char *module), const char *module)
{
	static const int fatal[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV };
	int status;
	pid_t child;
	size_t i;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		/* cmocka would go on with its next test here. */
		for (i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
			signal(fatal[i], SIG_DFL);
		body(module);
		fflush(stdout);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}

PEER_HELPER void stack_case_run(void **state)
{
	const struct stack_case *c = *state;
	int status;

	status = peer_in_child(c->body, c->module);
	if (c->signal) {
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), c->signal);
	} else {
		assert_int_equal(status, 0);
	}
}

/* What main() returns. */
PEER_HELPER int stack_cases_run(const char *name, struct stack_case *cases, size_t n)
{
	struct CMUnitTest tests[STACK_CASES_MAX];
	char path[4096];
	const char *module = peer_module(name, path, sizeof(path));
	size_t i;

	if (!module) {
		printf("1..0 # SKIP %s was not built (Debian: apt-get install liblwip-dev)\n", name);
		return 0;
	}
	for (i = 0; i < n && i < STACK_CASES_MAX; i++) {
		cases[i].module = module;
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
						.test_func = stack_case_run,
						.initial_state = &cases[i] };
	}
	return _cmocka_run_group_tests(name, tests, i, NULL, NULL);
}

#endif
