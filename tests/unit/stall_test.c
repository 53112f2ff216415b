/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of stalls as it is read, and the process that writes it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "target/stall.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS NS_PER_MS

static void test_no_log(void **state)
{
	struct stall_share s = stall_between(NULL, 0, NSTIME_NEVER);

	assert_true(s.total == 0 && s.longest == 0);
}

static void test_overlap(void **state)
{
	struct stall_log log = { .period = 2 * MS, .n_cpus = 1 };
	struct stall_share s;

	stall_write(&log, 0, 10 * MS, 15 * MS);
	stall_write(&log, 0, 20 * MS, 27 * MS);
	stall_write(&log, 0, 30 * MS, 33 * MS);
	s = stall_between(&log, 0, 100 * MS);
	assert_true(s.total == 15 * MS && s.longest == 7 * MS && s.at == 20 * MS);
	/* Whole, though the span begins and ends within. */
	s = stall_between(&log, 14 * MS, 21 * MS);
	assert_true(s.total == 12 * MS && s.longest == 7 * MS);
	s = stall_between(&log, 15 * MS, 20 * MS);
	assert_true(s.total == 0 && s.longest == 0);
	s = stall_between(&log, 28 * MS, 100 * MS);
	assert_true(s.total == 3 * MS && s.at == 30 * MS);
}

/* A delay is that of one processor: what others do at the same time makes it no longer. */
static void test_processors_are_not_added_up(void **state)
{
	struct stall_log log = { .period = 2 * MS, .n_cpus = 3 };
	struct stall_share s;

	stall_write(&log, 0, 10 * MS, 20 * MS);
	stall_write(&log, 1, 10 * MS, 16 * MS);
	stall_write(&log, 2, 10 * MS, 17 * MS);
	stall_write(&log, 1, 20 * MS, 26 * MS);
	s = stall_between(&log, 0, 100 * MS);
	assert_true(s.total == 12 * MS && s.longest == 10 * MS && s.at == 10 * MS);
}

static void test_oldest_are_forgotten(void **state)
{
	struct stall_log log = { .period = 2 * MS, .n_cpus = 1 };
	struct stall_share s;
	nstime i;

	for (i = 1; i <= STALL_KEPT + 1; i++)
		stall_write(&log, 0, 10 * i * MS, (10 * i + 2) * MS);
	s = stall_between(&log, 0, NSTIME_NEVER);
	assert_true(s.total == 2 * STALL_KEPT * MS);
	s = stall_between(&log, 0, 15 * MS);
	assert_true(s.total == 0);
}

static void test_under_way(void **state)
{
	struct stall_log log = { .period = 2 * MS, .n_cpus = 2 };
	struct stall_share s;

	/* Neither processor has been looked at yet. */
	assert_true(stall_between(&log, 0, NS_PER_SEC).total == 0);
	log.beat[0] = 1000 * MS;
	log.beat[1] = 950 * MS;
	s = stall_between(&log, 0, 1000 * MS);
	assert_true(s.at == 952 * MS && s.longest == 48 * MS && s.total == 48 * MS);
	/* On time, as far as can be known. */
	log.beat[1] = 997 * MS;
	assert_true(stall_between(&log, 0, 1000 * MS).total == 0);
	/* A dead watcher is no stall. */
	assert_true(stall_between(&log, 0, 2000 * MS).total == 0);
}

static nstime now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return nstime_from_timespec(ts);
}

static void nap(void)
{
	usleep(1000);
}

/* False after 10 s. */
static bool beats(const struct stall_log *log, int cpu)
{
	int i;

	for (i = 0; i < 10000 && !log->beat[cpu]; i++)
		nap();
	return log->beat[cpu] != 0;
}

static bool may_be_urgent(void)
{
	struct sched_param p = { .sched_priority = sched_get_priority_min(SCHED_RR) + 1 }, old = { 0 };
	bool granted = sched_setscheduler(0, SCHED_RR, &p) == 0;

	sched_setscheduler(0, SCHED_OTHER, &old);
	return granted;
}

static void test_watcher(void **state)
{
	struct stall_watch w;
	pid_t pid;
	int i;

	if (!may_be_urgent())
		skip();
	stall_watch_start(&w);
	assert_non_null(w.log);
	assert_true(w.log->period >= 2 * MS);
	assert_true((nstime)w.log->n_cpus * NS_PER_SEC / w.log->period <= 4000);
	for (i = 0; i < w.log->n_cpus; i++) {
		assert_true(beats(w.log, i));
		assert_true(w.log->beat[i] <= now());
	}
	pid = w.pid;
	stall_watch_end(&w);
	assert_null(w.log);
	assert_true(kill(pid, 0) < 0 && errno == ESRCH);
	stall_watch_end(&w);
}

/* A watcher that is stopped sees, when it goes on, what one sees whose machine stood still. */
static void test_watcher_that_was_held_up(void **state)
{
	struct stall_watch w;
	struct stall_share s;
	nstime began;
	int i;

	if (!may_be_urgent())
		skip();
	stall_watch_start(&w);
	assert_non_null(w.log);
	assert_true(beats(w.log, 0));
	kill(w.pid, SIGSTOP);
	assert_int_equal(waitpid(w.pid, NULL, WUNTRACED), w.pid);
	began = now();
	usleep(50 * 1000);
	kill(w.pid, SIGCONT);
	for (i = 0; i < 10000 && w.log->beat[0] < began; i++)
		nap();
	s = stall_between(w.log, began, now());
	assert_true(s.longest >= 40 * MS && s.at + s.longest >= began + 50 * MS);
	stall_watch_end(&w);
}

/* Whoever started it is killed: so is it. */
static void test_watcher_dies_with_its_parent(void **state)
{
	int fds[2], status;
	struct stall_watch w;
	pid_t parent, watcher;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	assert_int_equal(pipe(fds), 0);
	parent = fork();
	if (!parent) {
		stall_watch_start(&w);
		if (write(fds[1], &w.pid, sizeof(w.pid)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(fds[0], &watcher, sizeof(watcher)), sizeof(watcher));
	assert_true(watcher > 0);
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_int_equal(waitpid(watcher, &status, 0), watcher);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_log),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_processors_are_not_added_up),
		cmocka_unit_test(test_oldest_are_forgotten),
		cmocka_unit_test(test_under_way),
		cmocka_unit_test(test_watcher),
		cmocka_unit_test(test_watcher_that_was_held_up),
		cmocka_unit_test(test_watcher_dies_with_its_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
