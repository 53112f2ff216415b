/* SPDX-License-Identifier: BSD-2-Clause */
/* The runner, on processes that only pretend to be scripts; its pace, its record, its shares. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "script/duration.h"
#include "suite/eta.h"
#include "suite/filter.h"
#include "suite/leaving.h"
#include "suite/order.h"
#include "suite/pace.h"
#include "suite/record.h"
#include "suite/shard.h"
#include "suite/suite.h"
#include "target/clock_real.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- scripts, whose paths say what their processes do ---- */

static struct suite_list list;

static void add_case(const char *path, const char *text)
{
	struct suite_case *c = xzalloc(sizeof(*c));
	struct override_list none = STAILQ_HEAD_INITIALIZER(none);
	struct source *src;

	c->arena = arena_new();
	diag_init(&c->diag, c->arena);
	c->path = c->file = arena_strdup(c->arena, path);
	src = source_from_text(path, text, strlen(text), c->arena, &c->diag);
	c->script = script_parse_all(src, &none, c->arena, &c->diag);
	assert_non_null(c->script);
	assert_int_equal(script_info_read(c->script, &c->info, &c->diag), 0);
	assert_int_equal(settings_finish(&c->script->settings, &c->diag), 0);
	c->version = "ipv4";
	c->estimate = script_duration(c->script);
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

static void say_why(int fd, enum verdict v, const char *message)
{
	struct result end = { .kind = RES_END, .verdict = v, .message = message,
			      .duration = NS_PER_SEC };
	struct buf b = { 0 };

	result_encode(&end, &b);
	assert_int_equal(write(fd, b.s, b.len), b.len);
	buf_free(&b);
}

static void say(int fd, enum verdict v)
{
	say_why(fd, v, NULL);
}

static int started;		/* processes, so far */

static void pretend(const char *what, int fd)
{
	if (!strcmp(what, "killed"))
		raise(SIGKILL);
	if (!strcmp(what, "crash"))
		raise(SIGSEGV);
	if (!strcmp(what, "garbage"))
		assert_int_equal(write(fd, "no result events at all", 23), 23);
	if (!strcmp(what, "hangs"))
		for (;;)
			pause();
	if (!strcmp(what, "crashes at last") || !strcmp(what, "fails and crashes"))
		say(fd, *what == 'c' ? VERDICT_PASS : VERDICT_FAIL);
	if (!strcmp(what, "crashes at last") || !strcmp(what, "fails and crashes"))
		say_why(fd, VERDICT_FAIL, "the stack crashed");
	if (!strcmp(what, "slowly late"))
		usleep(300 * 1000);
	if (!strcmp(what, "late") || !strcmp(what, "slowly late"))
		say_why(fd, VERDICT_INCONCLUSIVE, "the tester was late");
	if (!strcmp(what, "interrupts")) {
		kill(getppid(), SIGINT);
		pause();
	}
	if (!strcmp(what, "needs room") && started < 2) {
		say(fd, VERDICT_ENVIRONMENT);
		_exit(3);
	}
	if (!strcmp(what, "needs room"))
		say(fd, VERDICT_PASS);
	if (!strcmp(what, "slow"))
		usleep(100 * 1000);
	if (!strcmp(what, "slow"))
		say(fd, VERDICT_PASS);
	if (!strcmp(what, "fail"))
		say(fd, VERDICT_FAIL);
	if (!strcmp(what, "pass") || !strcmp(what, "stays"))
		say(fd, VERDICT_PASS);
	if (!strcmp(what, "hangs at last")) {
		say(fd, VERDICT_PASS);
		for (;;)
			pause();
	}
	close(fd);
	while (!strcmp(what, "stays") || !strcmp(what, "closes all"))
		pause();
	_exit(0);
}

/* What was started, in this order: the first letters of the paths, and the processes. */
#define MOST_NOTED 1000
static char begun[MOST_NOTED + 1];
static pid_t started_pid[MOST_NOTED];
static int asked;
static unsigned refused;		/* bit n: the n-th time one is asked for, none can be started */
static int beside[MOST_NOTED];		/* how many of the earlier were not gone then */

static void note_start(char name)
{
	int i;

	if (started == MOST_NOTED)
		return;
	begun[started] = name;
	beside[started] = 0;
	for (i = 0; i < started; i++)
		beside[started] += kill(started_pid[i], 0) == 0;
}

static pid_t start(void *arg, const struct case_start *how, struct diag_sink *d)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	const char *slash = strrchr(how->c->path, '/');
	sigset_t none;
	pid_t pid;

	if (asked < 32 && refused & 1u << asked++)
		return diag_error(d, (struct span){ 0 }, "no more");
	note_start(*how->c->path);
	pid = fork();
	if (pid && started < MOST_NOTED)
		started_pid[started++] = pid;
	if (pid)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	sigaction(SIGSEGV, &dfl, NULL);		/* cmocka's own would tell a story */
	pretend(slash ? slash + 1 : how->c->path, how->out_fd);
	return -1;
}

/* ---- a reporter that keeps the last end ---- */

struct keeper {
	struct reporter base;
	char message[200];
	int begins, ends;
};

static void keep(struct reporter *r, unsigned run, const struct result *e)
{
	struct keeper *k = (struct keeper *)r;

	k->begins += e->kind == RES_BEGIN;
	k->ends += e->kind == RES_END;
	if (e->kind == RES_END)
		snprintf(k->message, sizeof(k->message), "%s", e->message ? e->message : "");
}

static struct keeper keeper;

/* Runs the list; cfg brings what is out of the ordinary. Returns the exit code. */
static int run(struct suite_config cfg, struct suite_totals *t)
{
	static const struct reporter_ops ops = { .event = keep };
	struct suite_case **cases = suite_order(&list, false);

	keeper = (struct keeper){ .base.ops = &ops };
	started = asked = 0;
	memset(begun, 0, sizeof(begun));
	cfg.jobs = cfg.jobs ? cfg.jobs : 1;
	cfg.tries = 3;
	cfg.clock = clock_real();
	cfg.out = &keeper.base;
	cfg.start = start;
	cfg.hopeless_status = 99;
	assert_int_equal(suite_run(&cfg, cases, list.n, t), 0);
	if (!cfg.live)
		assert_int_equal(keeper.begins, keeper.ends);
	free(cases);
	return suite_exit_code(t);
}

#define EMPTY "0 `true`\n"

static void a_killed_process_is_a_result(void **state)
{
	struct suite_totals t;

	add_case("killed", EMPTY);
	assert_int_equal(run((struct suite_config){ 0 }, &t), 3);
	assert_string_equal(keeper.message, "the script's process died of signal 9 (Killed)");
	assert_int_equal(t.count[VERDICT_ENVIRONMENT], 1);
}

static void a_crash_is_a_result(void **state)
{
	struct suite_totals t;

	add_case("crash", EMPTY);
	add_case("pass", EMPTY);
	assert_int_equal(run((struct suite_config){ 0 }, &t), 3);
	assert_int_equal(t.count[VERDICT_ENVIRONMENT], 1);
	assert_int_equal(t.count[VERDICT_PASS], 1);
}

/* One run has one end, also where the stack crashes after the verdict. */
static void a_crash_after_the_end_is_a_result(void **state)
{
	struct suite_totals t;

	add_case("crashes at last", EMPTY);
	assert_int_equal(run((struct suite_config){ .foreign = true }, &t), 1);
	assert_string_equal(keeper.message, "the stack crashed");
	assert_int_equal(run((struct suite_config){ .foreign = true, .live = true }, &t), 1);
	assert_string_equal(keeper.message, "the stack crashed");
	add_case("fails and crashes", EMPTY);
	assert_int_equal(run((struct suite_config){ .foreign = true }, &t), 1);
	assert_string_equal(keeper.message, "");
	assert_int_equal(t.count[VERDICT_FAIL], 2);
}

/* As a stack does that was built with a sanitizer. */
static void a_stack_that_exits_fails(void **state)
{
	struct suite_totals t;

	add_case("silent", EMPTY);
	assert_int_equal(run((struct suite_config){ .foreign = true }, &t), 1);
	assert_string_equal(keeper.message, "the stack ended the script's process (status 0)");
}

static void who_closes_the_pipe_and_stays_is_killed(void **state)
{
	struct suite_totals t;

	add_case("closes all", EMPTY);
	assert_int_equal(run((struct suite_config){ 0 }, &t), 3);
	assert_string_equal(keeper.message,
			    "the script's process did not end in time and was killed");
}

/* Whether in a call or when it is taken down. */
static void a_stack_that_hangs_fails(void **state)
{
	struct suite_totals t;

	add_case("hangs", "--timeout=0.1\n" EMPTY);
	add_case("hangs at last", "--timeout=0.1\n" EMPTY);
	assert_int_equal(run((struct suite_config){ .foreign = true, .jobs = 2 }, &t), 1);
	assert_int_equal(t.count[VERDICT_FAIL], 2);
	assert_string_equal(keeper.message,
			    "the stack hangs: the script's process had to be killed");
}

static void garbage_and_silence_are_results(void **state)
{
	struct suite_totals t;

	add_case("garbage", EMPTY);
	add_case("silent", EMPTY);
	assert_int_equal(run((struct suite_config){ 0 }, &t), 3);
	assert_int_equal(t.count[VERDICT_ENVIRONMENT], 2);
	assert_string_equal(keeper.message,
			    "the script's process ended without a verdict (status 0)");
}

static void the_late_are_tried_again(void **state)
{
	struct suite_totals t;

	add_case("late", EMPTY);
	assert_int_equal(run((struct suite_config){ 0 }, &t), 4);
	assert_int_equal(started, 3);
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 1);
	assert_int_equal(keeper.begins, 1);
	/* Who has had the events of one try is told that another begins. */
	assert_int_equal(run((struct suite_config){ .live = true }, &t), 4);
	assert_int_equal(keeper.begins, 3);
	assert_int_equal(keeper.ends, 1);
}

/* Whose first try was disturbed has the machine to itself, when nobody else needs it. */
static void they_wait_until_all_others_are_done(void **state)
{
	struct suite_totals t;
	int i;

	add_case("late", EMPTY);
	add_case("another/late", EMPTY);
	add_case("c/slow", EMPTY);
	add_case("d/stays", EMPTY);
	add_case("e/slow", EMPTY);
	assert_int_equal(run((struct suite_config){ .jobs = 3 }, &t), 4);
	assert_int_equal(started, 9);
	for (i = 5; i < 9; i++)
		assert_int_equal(beside[i], 0);
	assert_memory_equal(begun, "lacde", 5);
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 2);
	assert_int_equal(t.count[VERDICT_PASS], 3);
	/* Where there are no others there is nothing to wait for, and reports show one after the other. */
	assert_int_equal(run((struct suite_config){ .jobs = 1 }, &t), 4);
	assert_string_equal(begun, "lllaaacde");
}

/* Where many run at a time, a few second tries do; the third time one is alone. */
static void second_tries_are_a_few_at_a_time(void **state)
{
	static const int expected[] = { 0, 1, 0, 0 };
	struct suite_totals t;

	add_case("slowly late", EMPTY);
	add_case("another/slowly late", EMPTY);
	assert_int_equal(run((struct suite_config){ .jobs = 32 }, &t), 4);
	assert_int_equal(started, 6);
	assert_memory_equal(beside + 2, expected, sizeof(expected));
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 2);
}

/* What a case lacked others may have had. */
static void who_lacked_something_is_tried_again(void **state)
{
	struct suite_totals t;

	add_case("needs room", EMPTY);
	add_case("b/slow", EMPTY);
	assert_int_equal(run((struct suite_config){ .jobs = 2 }, &t), 0);
	assert_int_equal(started, 3);
	assert_int_equal(t.count[VERDICT_PASS], 2);
	assert_int_equal(run((struct suite_config){ .jobs = 1 }, &t), 3);
	assert_int_equal(started, 2);
}

static void they_are_tried_again_in_each_round(void **state)
{
	struct suite_totals t;

	add_case("late", EMPTY);
	add_case("pass", EMPTY);
	assert_int_equal(run((struct suite_config){ .jobs = 2, .repeat = 3 }, &t), 4);
	assert_int_equal(started, 3 * (3 + 1));
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 3);
	assert_int_equal(t.count[VERDICT_PASS], 3);
}

/* There is no time for another try: what was said holds. */
static void the_deadline_of_those_who_wait(void **state)
{
	nstime deadline = clock_now(clock_real()) + 200 * NS_PER_MS;
	struct suite_totals t;

	add_case("late", EMPTY);
	add_case("hangs", EMPTY);
	assert_int_equal(run((struct suite_config){ .jobs = 2, .deadline = deadline }, &t), 4);
	assert_int_equal(started, 2);
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 2);
	assert_string_equal(keeper.message, "the tester was late");
}

static void an_interrupt_while_some_wait(void **state)
{
	struct suite_totals t;

	add_case("late", EMPTY);
	add_case("interrupts", EMPTY);
	assert_int_equal(run((struct suite_config){ .jobs = 2 }, &t), 128 + SIGINT);
	assert_int_equal(started, 2);
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 2);
}

static void fail_fast_tries_nothing_again(void **state)
{
	struct suite_totals t;

	add_case("late", EMPTY);
	add_case("fail", EMPTY);
	assert_int_equal(run((struct suite_config){ .jobs = 2, .fail_fast = true }, &t), 1);
	assert_int_equal(started, 2);
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 1);
	assert_int_equal(t.not_run, 0);
}

static void what_cannot_be_started_again(void **state)
{
	struct suite_totals t;

	add_case("late", EMPTY);
	add_case("another/late", EMPTY);
	refused = 0xcc;
	assert_int_equal(run((struct suite_config){ .jobs = 2, .repeat = 2 }, &t), 4);
	refused = 0;
	assert_int_equal(started, 4);
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 4);
	assert_string_equal(keeper.message, "the tester was late");
}

static void fail_fast_starts_no_more(void **state)
{
	struct suite_totals t;

	add_case("pass", EMPTY);
	add_case("fail", EMPTY);
	add_case("pass", EMPTY);
	add_case("pass", EMPTY);
	assert_int_equal(run((struct suite_config){ .fail_fast = true }, &t), 1);
	assert_int_equal(started, 2);
	assert_int_equal(t.not_run, 2);
	assert_int_equal(run((struct suite_config){ 0 }, &t), 1);
	assert_int_equal(started, 4);
	assert_int_equal(t.not_run, 0);
}

static void repeats_all(void **state)
{
	struct suite_totals t;

	add_case("pass", EMPTY);
	add_case("b/pass", EMPTY);
	assert_int_equal(run((struct suite_config){ .repeat = 5, .jobs = 2 }, &t), 0);
	assert_int_equal(t.count[VERDICT_PASS], 10);
}

static void who_stays_is_not_waited_for(void **state)
{
	struct suite_totals t;

	add_case("stays", EMPTY);
	add_case("b/stays", EMPTY);
	assert_int_equal(run((struct suite_config){ .repeat = 3, .jobs = 2 }, &t), 0);
	assert_int_equal(t.count[VERDICT_PASS], 6);
}

/* Suite after suite, those that leave are looked after by the next one. */
static void who_leaves_is_reaped_by_the_next_suite(void **state)
{
	struct leaving leaving = { 0 };
	struct suite_totals t;
	int i;

	add_case("stays", EMPTY);
	for (i = 0; i < 20; i++) {
		assert_int_equal(run((struct suite_config){ .leaving = &leaving }, &t), 0);
		usleep(10000);
	}
	assert_true(leaving.n < 10);
	leaving_end(&leaving);
}

static void repeats_until_one_fails(void **state)
{
	struct suite_totals t;

	add_case("pass", EMPTY);
	add_case("fail", EMPTY);
	assert_int_equal(run((struct suite_config){ .repeat = REPEAT_FOREVER, .fail_fast = true }, &t), 1);
	assert_int_equal(started, 2);
}

static void nothing_to_repeat_ends(void **state)
{
	struct suite_totals t;

	add_case("pass", EMPTY);
	list.first->unsupported = "for the sake of it";
	assert_int_equal(run((struct suite_config){ .repeat = REPEAT_FOREVER }, &t), 0);
	assert_int_equal(t.count[VERDICT_SKIP], 1);
}

static void the_deadline_ends_all(void **state)
{
	nstime deadline = clock_now(clock_real()) + 200 * NS_PER_MS;
	struct suite_totals t;

	add_case("pass", EMPTY);
	add_case("hangs", EMPTY);
	add_case("pass", EMPTY);
	assert_int_equal(run((struct suite_config){ .deadline = deadline }, &t), 4);
	assert_int_equal(t.count[VERDICT_PASS], 1);
	assert_int_equal(t.count[VERDICT_INCONCLUSIVE], 2);
	assert_true(clock_now(clock_real()) - deadline < 4 * NS_PER_SEC);
	assert_string_equal(keeper.message, "not run: the --deadline of the whole run had come");
}

/* An hour of repetitions that all pass is a success. */
static void the_deadline_of_repetitions(void **state)
{
	nstime deadline = clock_now(clock_real()) + 100 * NS_PER_MS;
	struct suite_totals t;

	add_case("pass", EMPTY);
	assert_int_equal(run((struct suite_config){ .deadline = deadline, .repeat = REPEAT_FOREVER }, &t), 0);
	assert_true(t.count[VERDICT_PASS] > 1);
}

/* ---- quiet moments ---- */

static void quiet_is_when_nobody_acts_soon(void **state)
{
	struct agenda all[2];

	(void)state;
	agenda_clear(NULL);
	agenda_clear(&all[0]);
	agenda_clear(&all[1]);
	assert_true(agenda_quiet(all, 2, NS_PER_SEC, 100 * NS_PER_SEC, false));
	agenda_set(&all[1], NS_PER_SEC, NS_PER_SEC + 20 * NS_PER_MS, false);
	assert_true(agenda_quiet(all, 2, NS_PER_SEC - 3 * NS_PER_MS, 3 * NS_PER_MS, false));
	assert_false(agenda_quiet(all, 2, NS_PER_SEC - 2 * NS_PER_MS, 3 * NS_PER_MS, false));
	assert_false(agenda_quiet(all, 2, NS_PER_SEC + 10 * NS_PER_MS, 3 * NS_PER_MS, false));
	assert_true(agenda_quiet(all, 2, NS_PER_SEC + 20 * NS_PER_MS, 3 * NS_PER_MS, false));
	assert_true(agenda_quiet(all, 2, NS_PER_SEC + 10 * NS_PER_MS, 0, true));
	agenda_set(&all[0], 0, NS_PER_SEC, true);
	assert_false(agenda_quiet(all, 2, NS_PER_SEC / 2, 0, true));
}

static pid_t stayer(void)
{
	pid_t pid = fork();

	while (pid == 0)
		pause();
	return pid;
}

static void they_leave_one_by_one_when_it_is_quiet(void **state)
{
	struct leaving l = { 0 };
	nstime now = NS_PER_SEC, next;
	pid_t pid;
	int i;

	(void)state;
	assert_true(leaving_tend(&l, now, true) == NSTIME_NEVER);
	for (i = 0; i < 3; i++)
		leaving_add(&l, stayer(), now);
	next = leaving_tend(&l, now, false);
	assert_int_equal(l.n_waiting, 3);
	assert_true(next > now && next < now + 10 * NS_PER_MS);
	next = leaving_tend(&l, now, true);
	assert_int_equal(l.n_waiting, 2);
	leaving_tend(&l, next - 1, true);
	assert_int_equal(l.n_waiting, 2);
	leaving_tend(&l, next, true);
	assert_int_equal(l.n_waiting, 1);
	/* Nobody waits for ever. */
	assert_true(leaving_tend(&l, now + 5 * NS_PER_SEC, false) == NSTIME_NEVER);
	while (l.n)
		leaving_tend(&l, now, false);
	pid = stayer();
	leaving_add(&l, pid, now);
	leaving_end(&l);
	/* It may have been reaped there already. */
	for (i = 0; i < 100 && waitpid(pid, NULL, WNOHANG) == 0; i++)
		usleep(50 * 1000);
	assert_int_equal(kill(pid, 0), -1);
}

/* ---- order, pace ---- */

static void durations_of_timelines(void **state)
{
	add_case("a", "0 `true`\n+.5 `true`\n+0...2 accept(3, ..., ...) = 4\n+1 `true`\n");
	assert_int_equal(list.first->estimate, 2500 * NS_PER_MS);
	add_case("b", "0 `true`\n3 `true`\n* > . 1:1(0) ack 1\n+.25~+.75 > . 1:1(0) ack 1\n");
	assert_int_equal(list.first->next->estimate, 3250 * NS_PER_MS);
}

static void longest_first(void **state)
{
	struct record_entry past = { .verdict = VERDICT_PASS, .duration = 5 * NS_PER_SEC };
	struct suite_case **order;

	add_case("short", "0 `true`\n");
	add_case("long", "2 `true`\n");
	add_case("longer than it says", "1 `true`\n");
	list.first->next->next->past = &past;
	order = suite_order(&list, true);
	assert_string_equal(order[0]->path, "longer than it says");
	assert_string_equal(order[1]->path, "long");
	assert_string_equal(order[2]->path, "short");
	free(order);
}

struct still_clock {
	struct clock base;	/* first */
	nstime now;
};

static nstime still_now(struct clock *c)
{
	return ((struct still_clock *)c)->now;
}

static void nobody(struct reporter *r, unsigned id, const struct result *e)
{
}

static void tell(struct reporter *r, unsigned id, enum result_kind kind)
{
	struct result e = { .kind = kind };

	reporter_event(r, id, &e);
}

/* To the ms: what each script costs besides is not the point. */
static void left_is(const struct eta *e, nstime s)
{
	nstime left = eta_left(e);

	assert_true(left >= s * NS_PER_SEC && left < s * NS_PER_SEC + NS_PER_SEC / 2);
}

static void the_time_left(void **state)
{
	static const struct clock_ops clock_ops = { .now = still_now };
	static const struct reporter_ops reporter_ops = { .event = nobody };
	struct record_entry past[] = { { .verdict = VERDICT_PASS, .duration = 8 * NS_PER_SEC },
				       { .verdict = VERDICT_FAIL, .duration = 4 * NS_PER_SEC },
				       { .verdict = VERDICT_PASS, .duration = 2 * NS_PER_SEC },
				       { .verdict = VERDICT_SKIP, .duration = 9 * NS_PER_SEC } };
	struct still_clock clock = { { &clock_ops }, 1000 * NS_PER_SEC };
	struct suite_config cfg = { .jobs = 2, .clock = &clock.base };
	struct suite_case *cases[4], *c;
	struct reporter end = { &reporter_ops }, *r;
	struct eta *e;
	int i;

	for (i = 0; i < 4; i++)
		add_case("a", "0 `true`\n");
	for (i = 0, c = list.first; c; c = c->next, i++) {
		cases[i] = c;
		c->past = &past[i];
	}
	e = eta_new(&cfg, cases, 4);
	r = eta_reporter(e, &end);
	left_is(e, 8);			/* 8 beside 4 and 2 */
	tell(r, 0, RES_BEGIN);
	tell(r, 1, RES_BEGIN);
	left_is(e, 8);
	clock.now += 3 * NS_PER_SEC;
	left_is(e, 5);
	tell(r, 1, RES_END);
	tell(r, 2, RES_BEGIN);
	left_is(e, 5);
	tell(r, 2, RES_END);
	tell(r, 3, RES_BEGIN);
	tell(r, 3, RES_END);
	clock.now += 60 * NS_PER_SEC;	/* longer than the last time */
	left_is(e, 0);
	tell(r, 0, RES_END);
	left_is(e, 0);
	eta_free(e);
	cfg.jobs = 1;
	cfg.repeat = 3;
	e = eta_new(&cfg, cases, 4);
	r = eta_reporter(e, &end);
	left_is(e, 3 * 14);
	for (i = 0; i < 5; i++) {
		tell(r, i, RES_BEGIN);
		tell(r, i, RES_END);
	}
	left_is(e, 4 + 2 + 14);
	cfg.deadline = clock.now + 7 * NS_PER_SEC;
	left_is(e, 7);
	cfg.repeat = REPEAT_FOREVER;
	assert_true(eta_left(e) < 0);
	eta_free(e);
	cfg.repeat = 1;
	cases[1]->past = NULL;
	e = eta_new(&cfg, cases, 4);
	r = eta_reporter(e, &end);
	assert_true(eta_left(e) < 0);
	tell(r, 0, RES_BEGIN);
	tell(r, 1, RES_BEGIN);
	assert_true(eta_left(e) < 0);
	tell(r, 0, RES_END);
	tell(r, 1, RES_END);
	left_is(e, 2);
	eta_free(e);
}

static void pace_follows_lateness(void **state)
{
	struct pace p;
	int i;

	pace_init(&p, 8, 2, 64);
	for (i = 0; i < 200; i++)
		pace_ended(&p, 50 * NS_PER_US, i, i + 8, true);
	assert_int_equal(p.limit, 64);
	/* One stall that makes all late counts once. */
	for (i = 200; i < 264; i++)
		pace_ended(&p, 20 * NS_PER_MS, i, 264, true);
	assert_int_equal(p.limit, 48);
	for (i = 264; i < 400; i++)
		pace_ended(&p, 20 * NS_PER_MS, i, i + 1, true);
	assert_int_equal(p.limit, 2);
	/* Nothing is learnt from a machine that had little to do. */
	for (i = 400; i < 500; i++)
		pace_ended(&p, 0, i, i + 1, false);
	assert_int_equal(p.limit, 2);
}

/* ---- record ---- */

static char folder[] = "/tmp/drillpress-suite-XXXXXX";
static char file[100], script_path[100];

static int touch(const char *path)
{
	FILE *f = fopen(path, "w");

	return f ? fclose(f) : -1;
}

static int make_folder(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/state/drillpress/last", folder);
	snprintf(script_path, sizeof(script_path), "%s/a.pkt", folder);
	return touch(script_path);
}

static int remove_folder(void **state)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static void note(enum verdict v, nstime duration)
{
	struct record *r = record_load(file, false);

	record_note(r, script_path, "ipv4", v, duration);
	assert_int_equal(record_save(r, file), 0);
	record_free(r);
}

static const struct record_entry *look_up(struct record *r, bool alike)
{
	list.first->past = NULL;
	record_look_up(r, &list, alike, "");
	return list.first->past;
}

static void the_record_remembers(void **state)
{
	const struct record_entry *e;
	struct record *r;

	add_case(script_path, EMPTY);
	note(VERDICT_PASS, 1500 * NS_PER_MS);
	note(VERDICT_SKIP, 0);
	r = record_load(file, true);
	e = look_up(r, false);
	assert_non_null(e);
	assert_int_equal(e->verdict, VERDICT_SKIP);
	assert_int_equal(e->duration, 1500 * NS_PER_MS);
	list.first->version = "ipv6";
	assert_null(look_up(r, false));
	record_free(r);
}

static void the_worst_of_repetitions(void **state)
{
	struct record *r = record_load(file, false);

	add_case(script_path, EMPTY);
	record_note(r, script_path, "ipv4", VERDICT_PASS, 1);
	record_note(r, script_path, "ipv4", VERDICT_FAIL, 1);
	record_note(r, script_path, "ipv4", VERDICT_PASS, 1);
	assert_int_equal(record_save(r, file), 0);
	record_free(r);
	r = record_load(file, true);
	assert_int_equal(look_up(r, false)->verdict, VERDICT_FAIL);
	record_free(r);
	note(VERDICT_PASS, 1);
	r = record_load(file, true);
	assert_int_equal(look_up(r, false)->verdict, VERDICT_PASS);
	record_free(r);
}

static void write_record(const char *text)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void a_malformed_record_is_ignored(void **state)
{
	static const char *const bad[] = {
		"", "\n", "drillpress record 3\n", "drillpress record 1\nPASS\n",
		"drillpress record 2\nPASS 1 ipv4 /a\n", "drillpress record 2\nPASS 1 ipv4 x@1 /a\n",
		"drillpress record 2\nPASS 1 ipv4 ../../../etc/passwd@1 /a\n",
		"drillpress record 2\nPASS 1 ipv4 0123456789abcdef0123456789abcdef@ /a\n",
		"drillpress record 1\nPASS 1 ipv4 relative\n", "drillpress record 1\nFINE 1 ipv4 /a\n",
		"drillpress record 1\nPASS x ipv4 /a\n", "drillpress record 1\nPASS 1 ipv4 /a",
	};
	struct record *r;
	size_t i;

	add_case(script_path, EMPTY);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_record(bad[i]);
		r = record_load(file, false);
		assert_null(look_up(r, false));
		record_free(r);
		assert_null(record_load(file, true));
	}
	note(VERDICT_PASS, 1);
	r = record_load(file, true);
	assert_non_null(look_up(r, false));
	record_free(r);
}

static const char *last_pass(struct record *r, struct arena *a, nstime *at)
{
	return record_last_pass(r, file, script_path, "ipv4", a, at);
}

static void what_it_last_passed_on(void **state)
{
	struct arena *a = arena_new();
	char old[200];
	struct record *r;
	nstime at = 0;

	snprintf(old, sizeof(old), "drillpress record 1\nFAIL 2 ipv4 %s\n", script_path);
	write_record(old);
	add_case(script_path, EMPTY);
	r = record_load(file, true);
	assert_null(last_pass(r, a, &at));
	record_note_pass(r, script_path, "ipv4", "kernel 1\n", 7);
	record_note(r, script_path, "ipv4", VERDICT_PASS, 0);
	record_note_pass(r, script_path, "ipv4", "kernel 2\n", 8);
	assert_string_equal(last_pass(r, a, &at), "kernel 2\n");
	assert_int_equal(record_save(r, file), 0);
	record_free(r);
	note(VERDICT_FAIL, 1);
	r = record_load(file, true);
	assert_int_equal(look_up(r, false)->verdict, VERDICT_FAIL);
	assert_string_equal(last_pass(r, a, &at), "kernel 2\n");
	assert_int_equal(at, 8);
	record_free(r);
	arena_free(a);
}

/* As many scripts as some have, each on something of its own. */
static void many_passes(void **state)
{
	struct record *r = record_load(file, false);
	struct arena *a = arena_new();
	char version[20], text[40];
	nstime at;
	int i;

	for (i = 0; i < 10000; i++) {
		snprintf(version, sizeof(version), "v%d", i);
		snprintf(text, sizeof(text), "kernel %d\n", i % 500);
		record_note_pass(r, script_path, version, text, i + 1);
	}
	assert_int_equal(record_save(r, file), 0);
	record_free(r);
	r = record_load(file, true);
	assert_string_equal(record_last_pass(r, file, script_path, "v9999", a, &at), "kernel 499\n");
	assert_int_equal(at, 10000);
	assert_null(record_last_pass(r, file, script_path, "v10000", a, &at));
	record_free(r);
	arena_free(a);
}

static void records_of_other_machines(void **state)
{
	struct record *r;

	write_record("drillpress record 1\nPASS 1 ipv4 /ci/a.pkt\nFAIL 2 ipv4 /ci/x/sub/a.pkt\n");
	r = record_load(file, true);
	snprintf(script_path, sizeof(script_path), "%s/sub/a.pkt", folder);
	snprintf(file, sizeof(file), "%s/sub", folder);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_int_equal(touch(script_path), 0);
	add_case(script_path, EMPTY);
	assert_int_equal(look_up(r, true)->verdict, VERDICT_FAIL);
	assert_null(look_up(r, false));
	record_free(r);
}

static void a_record_does_not_grow_for_ever(void **state)
{
	struct record *r;
	struct stat st;
	FILE *f;
	int i;

	snprintf(file, sizeof(file), "%s/big", folder);
	f = fopen(file, "w");
	fputs("drillpress record 1\n", f);
	for (i = 0; i < RECORD_MAX; i++)
		fprintf(f, "PASS 1 ipv4 /%05d.pkt\n", i);
	fclose(f);
	assert_int_equal(stat(file, &st), 0);
	i = (int)st.st_size;
	note(VERDICT_PASS, 1);
	r = record_load(file, true);
	assert_non_null(r);
	record_free(r);
	assert_int_equal(stat(file, &st), 0);
	assert_true(st.st_size < i + 200);
}

static void a_device_is_not_replaced(void **state)
{
	struct record *r = record_load(NULL, false);

	record_note(r, script_path, "ipv4", VERDICT_PASS, 1);
	assert_int_equal(record_save(r, "/dev/null"), -1);
	assert_int_equal(record_save(r, "/dev/null/drillpress/last"), -1);
	record_free(r);
}

/* ---- filters, shards ---- */

static int left(struct suite_filter *f)
{
	return suite_filter_apply(f, &list);
}

static void filters(void **state)
{
	static const char *glob[] = { "teardown/*-wait*", "b.pkt" };
	static const char *tag[] = { "slow" }, *id[] = { "RFC9293:MUST-1", "RFC1122" };
	struct suite_filter by_path = { .paths = { glob, 2 } }, by_tag = { .tags = { tag, 1 } };
	struct suite_filter by_not = { .not_tags = { tag, 1 } }, by_id = { .requirements = { id, 2 } };
	struct suite_filter by_last = { .last = 1u << VERDICT_FAIL };

	add_case("/x/teardown/time-wait-1.pkt", "//@ requirement RFC9293:MUST-13\n" EMPTY);
	add_case("/x/b.pkt/c", "//@ tags slow\n//@ requirement RFC1122:4\n" EMPTY);
	add_case("/x/other.pkt", "//@ requirement RFC9293:MUST-2\n" EMPTY);
	assert_int_equal(left(&by_path), 1);
	assert_int_equal(left(&by_id), 0);
	assert_int_equal(left(&by_not), 1);
	assert_string_equal(list.first->path, "/x/teardown/time-wait-1.pkt");
	assert_int_equal(left(&by_tag), 1);
	assert_int_equal(list.n, 0);
	add_case("/x/other.pkt", "//@ requirement RFC9293:MUST-2\n//@ tags a slow\n" EMPTY);
	add_case("/x/bad.pkt", EMPTY);
	diag_error(&list.first->next->diag, (struct span){ 0 }, "bad");
	assert_int_equal(left(&by_tag), 0);
	assert_int_equal(left(&by_id), 1);
	assert_int_equal(left(&by_last), 0);
	assert_int_equal(left(&by_path), 1);
}

/* Every case is in exactly one shard, and none has much more to do than the others. */
static void shards_are_a_partition(void **state)
{
	nstime load[4] = { 0 }, most = 0, least = NSTIME_NEVER;
	char path[40], text[60];
	int seen[100] = { 0 }, i;
	struct suite_case *c;
	struct shard s;

	for (s = (struct shard){ 1, 4 }; s.k <= s.n; s.k++) {
		suite_list_free(&list);
		suite_list_init(&list);
		for (i = 0; i < 100; i++) {
			snprintf(path, sizeof(path), "%d", i);
			snprintf(text, sizeof(text), "%d.%d `true`\n", i % 7, i % 10);
			add_case(path, text);
		}
		shard_apply(&s, &list);
		for (c = list.first; c; c = c->next) {
			seen[atoi(c->path)]++;
			load[s.k - 1] += c->estimate;
		}
	}
	for (i = 0; i < 100; i++)
		assert_int_equal(seen[i], 1);
	for (i = 0; i < 4; i++) {
		most = load[i] > most ? load[i] : most;
		least = load[i] < least ? load[i] : least;
	}
	assert_true(most - least < NS_PER_SEC);
}

static bool shard_is(const char *text, int k, int n)
{
	struct arena *a = arena_new();
	struct shard s = { 0 };
	const char *why;
	bool ok = shard_parse(&s, text, a, &why);

	arena_free(a);
	return k ? ok && s.k == k && s.n == n : !ok;
}

static void clear_engines(void)
{
	static const char *const variables[] = {
		"CI_NODE_INDEX", "CI_NODE_TOTAL", "BUILDKITE_PARALLEL_JOB",
		"BUILDKITE_PARALLEL_JOB_COUNT", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN",
		"SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT", "JOB_COMPLETION_INDEX",
		"CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", "SEMAPHORE_JOB_INDEX",
		"SEMAPHORE_JOB_COUNT", "BITBUCKET_PARALLEL_STEP", "BITBUCKET_PARALLEL_STEP_COUNT",
		"SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE",
	};
	size_t i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
}

/* Engines that say both numbers; the first of three jobs and the last. */
static void engine_numbers(const char *index, const char *count, const char *first, const char *last)
{
	setenv(count, "3", 1);
	setenv(index, first, 1);
	assert_true(shard_is("auto", 1, 3));
	setenv(index, last, 1);
	assert_true(shard_is("auto", 3, 3));
	assert_true(shard_is("auto/3", 3, 3));
	setenv(index, "4", 1);
	assert_true(shard_is("auto", 0, 0));
	clear_engines();
}

static void shards_of_engines(void **state)
{
	clear_engines();
	engine_numbers("CI_NODE_INDEX", "CI_NODE_TOTAL", "1", "3");
	engine_numbers("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", "0", "2");
	engine_numbers("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "0", "2");
	engine_numbers("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", "0", "2");
	engine_numbers("SEMAPHORE_JOB_INDEX", "SEMAPHORE_JOB_COUNT", "1", "3");
	engine_numbers("BITBUCKET_PARALLEL_STEP", "BITBUCKET_PARALLEL_STEP_COUNT", "0", "2");
	engine_numbers("SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE", "1", "3");
}

static void shards_by_numbers(void **state)
{
	clear_engines();
	assert_true(shard_is("2/5", 2, 5));
	assert_true(shard_is("0/5", 0, 0));
	assert_true(shard_is("6/5", 0, 0));
	assert_true(shard_is("1/", 0, 0));
	assert_true(shard_is("5", 0, 0));
	assert_true(shard_is("auto", 0, 0));
	setenv("JOB_COMPLETION_INDEX", "0", 1);
	assert_true(shard_is("auto", 0, 0));
	assert_true(shard_is("auto/3", 1, 3));
	setenv("JOB_COMPLETION_INDEX", "3", 1);
	assert_true(shard_is("auto/3", 0, 0));
	clear_engines();
	setenv("CI_NODE_INDEX", "3", 1);
	setenv("CI_NODE_TOTAL", "3", 1);
	assert_true(shard_is("auto", 3, 3));
	assert_true(shard_is("auto/4", 0, 0));
	setenv("CI_NODE_TOTAL", "three", 1);
	assert_true(shard_is("auto", 0, 0));
	clear_engines();
	setenv("BUILDKITE_PARALLEL_JOB", "0", 1);
	setenv("BUILDKITE_PARALLEL_JOB_COUNT", "2", 1);
	assert_true(shard_is("auto", 1, 2));
	clear_engines();
	setenv("SLURM_ARRAY_TASK_ID", "30", 1);
	setenv("SLURM_ARRAY_TASK_MIN", "10", 1);
	setenv("SLURM_ARRAY_TASK_STEP", "10", 1);
	setenv("SLURM_ARRAY_TASK_COUNT", "3", 1);
	assert_true(shard_is("auto", 3, 3));
	setenv("SLURM_ARRAY_TASK_ID", "25", 1);
	assert_true(shard_is("auto", 0, 0));
	clear_engines();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_list, free_list)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_killed_process_is_a_result),
		TEST(a_crash_is_a_result),
		TEST(a_crash_after_the_end_is_a_result),
		TEST(a_stack_that_exits_fails),
		TEST(a_stack_that_hangs_fails),
		TEST(who_leaves_is_reaped_by_the_next_suite),
		TEST(who_closes_the_pipe_and_stays_is_killed),
		TEST(garbage_and_silence_are_results),
		TEST(the_late_are_tried_again),
		TEST(they_wait_until_all_others_are_done),
		TEST(second_tries_are_a_few_at_a_time),
		TEST(who_lacked_something_is_tried_again),
		TEST(they_are_tried_again_in_each_round),
		TEST(the_deadline_of_those_who_wait),
		TEST(an_interrupt_while_some_wait),
		TEST(fail_fast_tries_nothing_again),
		TEST(what_cannot_be_started_again),
		TEST(fail_fast_starts_no_more),
		TEST(who_stays_is_not_waited_for),
		TEST(repeats_all),
		TEST(repeats_until_one_fails),
		TEST(nothing_to_repeat_ends),
		TEST(the_deadline_ends_all),
		TEST(the_deadline_of_repetitions),
		TEST(durations_of_timelines),
		TEST(longest_first),
		TEST(quiet_is_when_nobody_acts_soon),
		TEST(they_leave_one_by_one_when_it_is_quiet),
		TEST(the_time_left),
		TEST(pace_follows_lateness),
		TEST(the_record_remembers),
		TEST(the_worst_of_repetitions),
		TEST(a_malformed_record_is_ignored),
		TEST(what_it_last_passed_on),
		TEST(many_passes),
		TEST(records_of_other_machines),
		TEST(a_record_does_not_grow_for_ever),
		TEST(a_device_is_not_replaced),
		TEST(filters),
		TEST(shards_are_a_partition),
		TEST(shards_of_engines),
		TEST(shards_by_numbers),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
