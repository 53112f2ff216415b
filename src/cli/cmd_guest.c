/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * drillpress guest: the first process of a kernel under test. It makes its
 * world, runs the scripts it was sent with, tells the host what came of each,
 * and ends the guest. Nobody calls it by hand.
 */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/source.h"
#include "base/write_all.h"
#include "cli/cmd.h"
#include "cli/guest_job.h"
#include "cli/run_case.h"
#include "engine/result_codec.h"
#include "suite/suite.h"
#include "sys/sys.h"
#include "target/clock_real.h"
#include "target/guest_death.h"
#include "target/guest_root.h"
#include "target/target_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Bytes of results that are kept until the script is over. */
#define HELD_MOST (256 << 10)

/*
 * Sends result events to the host, those of a script at once: each time, the
 * host's processor goes from the guest to its reader and back. First: the
 * reporter is the line.
 */
struct line {
	struct reporter base;
	int fd;
	struct buf held;
	int log_fd;			/* see guest_kernel_log() */
	unsigned long taint;
};

/* What the console shows ends up in the report of the script under way. */
static void __attribute__((noreturn)) give_up(const char *what, const char *why)
{
	fprintf(stderr, GUEST_GIVES_UP "cannot %s: %s\n", what, why);
	fflush(NULL);
	guest_power_off();
}

static void send_event(struct line *l, const struct result *e)
{
	result_encode(e, &l->held);
	if (e->kind != RES_BEGIN && e->kind != RES_END && l->held.len < HELD_MOST)
		return;
	if (write_all(l->fd, buf_str(&l->held), l->held.len) < 0)
		give_up("tell the host", strerror(errno));
	buf_clear(&l->held);
}

/* A kernel that complains of itself has failed, whatever the packets were. */
static void line_event(struct reporter *r, unsigned run, const struct result *e)
{
	struct line *l = (struct line *)r;
	unsigned long taint = e->kind == RES_END ? guest_taint() : l->taint;
	struct result failed = *e;
	char *log;

	(void)run;
	if (e->kind == RES_BEGIN)
		free(guest_kernel_log(&l->log_fd));
	if (taint == l->taint) {
		send_event(l, e);
		return;
	}
	l->taint = taint;
	log = guest_kernel_log(&l->log_fd);
	failed.verdict = VERDICT_FAIL;
	failed.message = "the kernel under test complains of itself (it is tainted now)";
	failed.hint = log;
	send_event(l, &failed);
	free(log);
}

static const struct reporter_ops line_ops = { .event = line_event };

static void read_job(const char *path, struct guest_job *job, struct arena *a)
{
	char chunk[65536];
	struct buf b = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		give_up("read its job", strerror(errno));
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(&b, chunk, (size_t)n);
	close(fd);
	if (guest_job_read(b.s, b.len, job, a))
		give_up("read the job", "not one that this version has written");
	buf_free(&b);
}

/* A script that came on standard input does so again. */
static void supply_standard_input(const char *text)
{
	int fd = memfd_create("standard input", MFD_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) < 0 ||
	    dup2(fd, STDIN_FILENO) < 0)
		give_up("supply standard input", strerror(errno));
	close(fd);
}

static void prepare(const struct guest_job *job)
{
	char *const *v;

	clearenv();
	for (v = job->env; v && *v; v++)
		putenv(*v);
	if (guest_seed(job->seed) < 0)
		give_up("seed the kernel's random numbers", strerror(errno));
	if (chdir(job->folder) < 0)
		give_up("enter the folder that drillpress was started in", strerror(errno));
	if (job->standard_input)
		supply_standard_input(job->standard_input);
	guest_settings();
	/* Sleeps end when they are to. */
	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}

/* Exactly one case for each that the host has sent, in this order. */
static struct suite_case **find_cases(const struct guest_job *job, struct suite_list *list,
				      struct arena *a)
{
	const struct discover_options basic = { .overrides = job->overrides, .slow = true,
						.check = sys_check, .unsupported = sys_unsupported };
	struct discover_options *how;
	const struct guest_case *c;
	struct suite_case **cases, *found;
	int n = 0;

	for (c = job->first; c; c = c->next) {
		how = arena_memdup(a, &basic, sizeof(basic));
		how->ip_version = c->version;
		if (discover(c->path, how, list) || list->n != n + 1)
			give_up(arena_printf(a, "find %s", c->path),
				"what the guest sees is not what the host does");
		n++;
	}
	cases = arena_alloc(a, (size_t)(n ? n : 1) * sizeof(*cases));
	for (n = 0, found = list->first; found; found = found->next)
		cases[n++] = found;
	return cases;
}

static void run_job(const struct guest_job *job, struct arena *a)
{
	struct virtual_clock clock;
	const char *where;
	struct line line = { .base = { &line_ops }, .fd = guest_line_open(), .log_fd = -1,
			     .taint = guest_taint() };
	struct case_runner runner = { .target = target_find("host", &where), .virtual_time = true,
				      .stay = job->stay, .evidence = job->evidence,
				      .environment = job->environment,
				      .evidence_of_pass = job->evidence_of_pass,
				      .commands_aloud = job->commands_aloud };
	struct suite_config cfg = { .jobs = 1, .tries = 1, .clock = &clock.clock,
				    .out = &line.base, .start = case_start, .start_arg = &runner,
				    .hopeless_status = CASE_HOPELESS };
	struct suite_totals totals;
	struct suite_list list;
	struct suite_case **cases;

	if (line.fd < 0)
		give_up("open " GUEST_LINE, strerror(errno));
	free(guest_kernel_log(&line.log_fd));
	clock_virtual_init(&clock);
	suite_list_init(&list);
	cases = find_cases(job, &list, a);
	suite_run(&cfg, cases, list.n, &totals);
	suite_list_free(&list);
	buf_free(&line.held);
	close(line.fd);
}

static int guest_main(const struct command *self, int argc, char **argv)
{
	struct guest_job job;
	struct arena *a;
	const char *what;

	(void)self;
	if (getpid() != 1 || argc < 2) {
		fprintf(stderr, "drillpress: guest is what --target kernel:IMAGE starts in the kernel; it "
			"is not for use by hand\n");
		return EXIT_USAGE;
	}
	a = arena_new();
	read_job(argv[1], &job, a);
	if (guest_root_make(&what) < 0)
		give_up(what, strerror(errno));
	prepare(&job);
	run_job(&job, a);
	guest_power_off();
}

const struct command cmd_guest = {
	.name = "guest",
	.args = "JOB",
	.summary = "",
	.main = guest_main,
	.internal = true,
};
