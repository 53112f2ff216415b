/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that run several cases one after the other, and results in their order. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "suite/in_order.h"
#include "suite/suite.h"
#include "target/clock_real.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- cases, whose paths say what becomes of them ---- */

static struct suite_list list;

static void add(const char *path)
{
	struct suite_case *c = xzalloc(sizeof(*c));
	struct override_list none = STAILQ_HEAD_INITIALIZER(none);
	const char *text = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";
	struct source *src;

	c->arena = arena_new();
	diag_init(&c->diag, c->arena);
	c->path = arena_strdup(c->arena, path);
	src = source_from_text(path, text, strlen(text), c->arena, &c->diag);
	c->script = script_parse_all(src, &none, c->arena, &c->diag);
	assert_int_equal(script_info_read(c->script, &c->info, &c->diag), 0);
	assert_int_equal(settings_finish(&c->script->settings, &c->diag), 0);
	c->version = "ipv4";
	if (!strcmp(path, "lacking"))
		c->unsupported = "something";
	/* There is no file to load it from again. */
	diag_warning(&c->diag, (struct span){ 0 }, "stays awake");
	*list.last = c;
	list.last = &c->next;
	list.n++;
}

static int make_list(void **state)
{
	(void)state;
	suite_list_init(&list);
	return 0;
}

static int free_list(void **state)
{
	(void)state;
	suite_list_free(&list);
	return 0;
}

static void say(int fd, enum result_kind kind, enum verdict v)
{
	struct result e = { .kind = kind, .verdict = v };
	struct buf b = { 0 };

	result_encode(&e, &b);
	if (write(fd, b.s, b.len) != (ssize_t)b.len)
		_exit(1);
	buf_free(&b);
}

/* "die": the process ends without a word; "last": it ends after that one; "hang". */
static void serve(const struct case_start *how)
{
	const char *what;
	sigset_t none;
	int i;

	/* The suite waits for signals and has blocked them. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (i = 0; i < how->n_batch; i++) {
		what = how->batch[i].c->path;
		say(how->out_fd, RES_BEGIN, VERDICT_NONE);
		if (!strcmp(what, "die"))
			_exit(0);
		if (!strcmp(what, "hang"))
			pause();
		say(how->out_fd, RES_END, *what == 'f' ? VERDICT_FAIL : VERDICT_PASS);
		if (!strcmp(what, "last"))
			_exit(0);
	}
	_exit(0);
}

/* How large the batches were, and what came of the cases, in this order: "0p 1f". */
static char batches[100], results[400];

static pid_t start(void *arg, const struct case_start *how, struct diag_sink *d)
{
	pid_t pid = fork();

	(void)arg;
	(void)d;
	if (pid == 0)
		serve(how);
	snprintf(batches + strlen(batches), sizeof(batches) - strlen(batches), " %d", how->n_batch);
	return pid;
}

static void keep(struct reporter *r, unsigned run, const struct result *e)
{
	(void)r;
	if (e->kind == RES_END)
		snprintf(results + strlen(results), sizeof(results) - strlen(results), " %u%c", run,
			 *verdict_name(e->verdict));
}

static const struct reporter_ops keep_ops = { .event = keep };
static struct reporter keeper = { &keep_ops };

static void run(struct suite_config cfg, struct suite_totals *t)
{
	struct suite_case **cases = xzalloc((size_t)list.n * sizeof(*cases)), *c;
	int n = 0;

	for (c = list.first; c; c = c->next)
		cases[n++] = c;
	*batches = *results = '\0';
	if (!cfg.jobs)
		cfg.jobs = 1;
	cfg.tries = 1;
	cfg.clock = clock_real();
	cfg.start = start;
	cfg.hopeless_status = 99;
	if (!cfg.out)
		cfg.out = &keeper;
	assert_int_equal(suite_run(&cfg, cases, n, t), 0);
	free(cases);
}

static void add_all(const char *const *paths)
{
	while (*paths)
		add(*paths++);
}

#define ADD(...) add_all((const char *const[]){ __VA_ARGS__, NULL })

static void a_process_for_each_batch(void **state)
{
	struct suite_totals t;

	(void)state;
	ADD("pass", "fail", "pass", "pass", "pass");
	run((struct suite_config){ .batch = 3 }, &t);
	assert_string_equal(batches, " 3 2");
	assert_string_equal(results, " 0P 1F 2P 3P 4P");
	assert_int_equal(t.count[VERDICT_PASS], 4);
}

static void what_needs_no_process_is_not_in_a_batch(void **state)
{
	struct suite_totals t;

	(void)state;
	ADD("pass", "lacking", "pass", "pass");
	run((struct suite_config){ .batch = 3 }, &t);
	assert_string_equal(batches, " 3");
	assert_int_equal(t.count[VERDICT_SKIP], 1);
	assert_int_equal(t.count[VERDICT_PASS], 3);
}

static void what_a_dead_process_leaves_is_given_to_another(void **state)
{
	struct suite_totals t;

	(void)state;
	ADD("pass", "die", "pass", "last", "pass");
	run((struct suite_config){ .batch = 5, .foreign = true }, &t);
	assert_string_equal(batches, " 5 3 1");
	assert_string_equal(results, " 0P 1F 2P 3P 4P");
	assert_int_equal(t.count[VERDICT_FAIL], 1);
}

static void fail_fast_ends_a_batch(void **state)
{
	struct suite_totals t;

	(void)state;
	ADD("pass", "fail", "hang", "pass");
	run((struct suite_config){ .batch = 9, .fail_fast = true }, &t);
	assert_string_equal(results, " 0P 1F");
	assert_int_equal(t.not_run, 2);
}

static void the_deadline_ends_a_batch(void **state)
{
	struct suite_config cfg = { .batch = 9 };
	struct suite_totals t;

	(void)state;
	ADD("pass", "hang", "pass");
	cfg.deadline = clock_now(clock_real()) + 300 * NS_PER_MS;
	run(cfg, &t);
	assert_int_equal(t.count[VERDICT_PASS], 1);
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 2);
}

static void rounds_have_batches_of_their_own(void **state)
{
	struct suite_totals t;

	(void)state;
	ADD("pass", "pass", "pass");
	run((struct suite_config){ .batch = 2, .repeat = 2 }, &t);
	assert_string_equal(batches, " 2 1 2 1");
	assert_string_equal(results, " 0P 1P 2P 3P 4P 5P");
}

static void results_in_order(void **state)
{
	struct suite_totals t;
	struct reporter *ordered = in_order_new(&keeper);
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		add(i == 7 ? "die" : "pass");
	run((struct suite_config){ .batch = 4, .jobs = 5, .foreign = true, .out = ordered }, &t);
	in_order_end(ordered);
	for (i = 0; i < 40; i++) {
		char want[16];

		snprintf(want, sizeof(want), " %d%c", i, i == 7 ? 'F' : 'P');
		assert_memory_equal(strstr(results, want), want, strlen(want));
		if (i)
			assert_true(strstr(results, want) > results);
	}
	assert_int_equal(strncmp(results, " 0P 1P 2P 3P 4P 5P 6P 7F 8P 9P 10P", 34), 0);
}

static void what_never_ends_is_handed_on_at_last(void **state)
{
	struct reporter *ordered = in_order_new(&keeper);
	const struct result end = { .kind = RES_END, .verdict = VERDICT_PASS };

	(void)state;
	*results = '\0';
	reporter_event(ordered, 2, &end);
	reporter_event(ordered, 1, &end);
	assert_string_equal(results, "");
	in_order_end(ordered);
	assert_string_equal(results, " 1P 2P");
}

#define WITH_LIST(f) cmocka_unit_test_setup_teardown(f, make_list, free_list)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LIST(a_process_for_each_batch),
		WITH_LIST(what_needs_no_process_is_not_in_a_batch),
		WITH_LIST(what_a_dead_process_leaves_is_given_to_another),
		WITH_LIST(fail_fast_ends_a_batch),
		WITH_LIST(the_deadline_ends_a_batch),
		WITH_LIST(rounds_have_batches_of_their_own),
		WITH_LIST(results_in_order),
		WITH_LIST(what_never_ends_is_handed_on_at_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
