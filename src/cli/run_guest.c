/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/run_guest.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/write_all.h"
#include "cli/cmd.h"
#include "cli/guest_job.h"
#include "engine/result_codec.h"
#include "target/guest_death.h"
#include "target/guest_folder.h"
#include "target/sandbox.h"
#include "target/uml.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Processor time a script may take in a guest, where waiting takes none. */
#define HANG (60 * NS_PER_SEC)
/* How often that is looked at; and how long a guest may take to power off, in ms. */
#define WATCH_MS 1000
#define POWER_OFF_MS 5000
/* A guest that has closed all its lines ends at once, of itself; so many ms at the most. */
#define END_MS 200
/* Of what the kernel says, so much is kept. */
#define CONSOLE_KEPT 16384

/* The process that looks after a guest. */
struct keeper {
	const struct case_runner *how;
	const struct case_start *start;
	struct uml_options options;
	struct arena *arena;
	struct guest_folder folder;
	char memory[PATH_MAX];		/* the folder of its memory */
	pid_t guest;
	int line, console, signals;	/* to read from; line and console -1 at their end */
	struct buf bytes, said;		/* events not whole yet; what the console showed */
	int over;			/* scripts that have ended */
	bool began;			/* the first one has begun */
	bool unable;			/* the last one that has ended could not be run */
	nstime spent;			/* processor time when the last one ended */
	bool hangs;
};

/* Where nobody reads any more, the suite is over. */
static void send_bytes(const struct keeper *k, const char *s, size_t len)
{
	(void)write_all(k->start->out_fd, s, len);
}

/* The end of the script under way, which the guest did not live to tell. */
static void tell_end(struct keeper *k, enum verdict v, const char *message, const char *hint)
{
	const struct suite_case *c = k->start->batch[k->over < k->start->n_batch ? k->over : 0].c;
	struct result end = { .kind = RES_END, .verdict = v, .script = c->path, .variant = c->version,
			      .message = message, .hint = hint };
	struct buf b = { 0 };

	result_encode(&end, &b);
	send_bytes(k, b.s, b.len);
	buf_free(&b);
}

/* ---- before the guest ---- */

static void fill_job(const struct keeper *k, struct guest_job *job)
{
	const struct case_start *s = k->start;
	struct guest_case **last = &job->first;
	char folder[4096];
	int i;

	*job = (struct guest_job){ .seed = k->options.seed, .env = environ,
				   .folder = getcwd(folder, sizeof(folder)) ?
					arena_strdup(k->arena, folder) : "/",
				   .evidence = k->how->evidence, .environment = k->how->environment,
				   .evidence_of_pass = k->how->evidence_of_pass,
				   .stay = k->how->stay, .commands_aloud = k->how->commands_aloud,
				   .overrides = s->c->how->overrides };
	for (i = 0; i < s->n_batch; i++) {
		struct guest_case *c = arena_new_of(k->arena, struct guest_case);

		c->path = s->batch[i].c->path;
		c->version = s->batch[i].c->asked_version;
		if (!strcmp(c->path, "-"))
			job->standard_input = s->batch[i].c->script->src->text;
		*last = c;
		last = &c->next;
	}
}

/* The folder of the guest with its job and its engine in it. 0 or -1 with errno set. */
static int make_folder(struct keeper *k)
{
	struct guest_job job;
	struct buf b = { 0 };
	int rc;

	if (guest_folder_make(&k->folder) < 0)
		return -1;
	fill_job(k, &job);
	guest_job_write(&job, &b);
	rc = guest_folder_write(&k->folder, UML_JOB, b.s, b.len);
	buf_free(&b);
	return rc < 0 ? -1 : guest_folder_link(&k->folder, UML_ENGINE, k->options.engine);
}

/* A terminal interrupts this process, too; the suite says when it is to end. */
static int watch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int boot(struct keeper *k)
{
	int line[2], console[2];
	struct uml_start how = { .options = &k->options, .folder = k->folder.path,
				 .memory_folder = k->memory,
				 /* Runs at the same time need not all begin with the first processor. */
				 .place = (unsigned)k->start->place + (unsigned)getppid() };

	if (pipe2(line, O_CLOEXEC) < 0 || pipe2(console, O_CLOEXEC) < 0)
		return -1;
	how.line = line[1];
	how.console = console[1];
	k->signals = watch_signals();
	k->guest = uml_start(&how);
	close(line[1]);
	close(console[1]);
	k->line = line[0];
	k->console = console[0];
	return k->guest < 0 || k->signals < 0 ? -1 : 0;
}

/* ---- while it lives ---- */

/* Hands on what is whole. -1: these are no result events. */
static int hand_on(struct keeper *k)
{
	struct arena *a = arena_new();
	size_t at = 0, used;
	struct result e;
	int n;

	while ((n = result_decode((const uint8_t *)buf_str(&k->bytes) + at, k->bytes.len - at, &used, a,
				  &e)) == 1) {
		at += used;
		/* What it said as it started says nothing of what comes. */
		if (!k->began)
			buf_clear(&k->said);
		k->began = true;
		if (e.kind != RES_END)
			continue;
		k->over++;
		k->unable = e.verdict == VERDICT_ENVIRONMENT;
		k->spent = uml_cpu_time(k->guest);
	}
	if (at) {
		send_bytes(k, k->bytes.s, at);
		memmove(k->bytes.s, k->bytes.s + at, k->bytes.len - at);
		k->bytes.len -= at;
	}
	arena_free(a);
	return n < 0 ? -1 : 0;
}

static void close_end(int *fd)
{
	close(*fd);
	*fd = -1;
}

static void read_line(struct keeper *k)
{
	char chunk[65536];
	ssize_t n = read(k->line, chunk, sizeof(chunk));

	if (n < 0 && errno == EINTR)
		return;
	if (n > 0)
		buf_add(&k->bytes, chunk, (size_t)n);
	/* Its job has been read by now, and it makes no other files. */
	if (n > 0)
		guest_folder_remove(&k->folder);
	if (n <= 0 || hand_on(k) < 0)
		close_end(&k->line);
}

static void read_console(struct keeper *k)
{
	char chunk[4096];
	ssize_t n = read(k->console, chunk, sizeof(chunk));

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		close_end(&k->console);
		return;
	}
	buf_add(&k->said, chunk, (size_t)n);
	if (k->said.len > 2 * CONSOLE_KEPT) {
		memmove(k->said.s, k->said.s + k->said.len - CONSOLE_KEPT, CONSOLE_KEPT);
		k->said.len = CONSOLE_KEPT;
		k->said.s[CONSOLE_KEPT] = '\0';
	}
}

/* Looks after the guest until it has said all. False: it is to be ended at once. */
static bool look_after(struct keeper *k)
{
	int wait;

	while (k->line >= 0 || k->console >= 0) {
		struct pollfd p[] = { { .fd = k->signals, .events = POLLIN },
				      { .fd = k->line, .events = POLLIN },
				      { .fd = k->console, .events = POLLIN } };

		/* A line that is closed, and all is said: what is left is to power off. */
		wait = k->line < 0 ? POWER_OFF_MS : WATCH_MS;
		if (poll(p, 3, wait) == 0 && k->line < 0)
			return true;
		if (p[0].revents)
			return false;
		if (p[1].revents)
			read_line(k);
		if (p[2].revents)
			read_console(k);
		k->hangs = k->line >= 0 && uml_cpu_time(k->guest) - k->spent > HANG;
		if (k->hangs)
			return true;
	}
	return true;
}

/* ---- after it ---- */

/* Why the guest ended before its time. Returns the exit status. */
static int tell_death(struct keeper *k, int status)
{
	const struct guest_death g = { .image = k->options.image, .console = buf_str(&k->said),
				       .memory = k->memory, .began = k->began, .hangs = k->hangs,
				       .status = status };
	struct guest_epitaph e = guest_death_tell(&g, k->arena);

	/* It has given up by itself, and what it has not begun another one can try. */
	if (k->unable && e.verdict == VERDICT_FAIL && WIFEXITED(status) && !WEXITSTATUS(status))
		return CASE_HOPELESS;
	tell_end(k, e.verdict, e.message, e.hint);
	return !k->began ? CASE_HOPELESS : e.verdict == VERDICT_FAIL ? EXIT_DEVIATION : EXIT_ENVIRONMENT;
}

/* There is no guest, for what errno says. Returns the exit status. */
static int tell_unable(struct keeper *k)
{
	const char *where = *k->folder.path ? k->folder.path :
		"the folder for temporary files, which TMPDIR can name";
	const char *why = errno == EAGAIN ? arena_printf(k->arena, "cannot make a guest: %s", GUEST_NO_PROCESSES) :
		arena_printf(k->arena, "cannot make a guest (in %s): %s", where, strerror(errno));

	tell_end(k, VERDICT_ENVIRONMENT, why, NULL);
	guest_folder_remove(&k->folder);
	return CASE_HOPELESS;
}

static int keep(void *arg)
{
	struct keeper *k = arg;
	/* Those before this one may have begun just now, and use little of theirs yet. */
	unsigned long long room = k->options.bytes * (unsigned long long)(k->start->place + 1);
	bool in_time;
	int status;

	if (!guest_memory_folder(room, k->memory)) {
		tell_end(k, VERDICT_ENVIRONMENT,
			 arena_printf(k->arena, "no folder has room for the memory of %d guest%s (%s each), or "
				      "none that programs can be run from: neither /dev/shm nor /tmp; name one "
				      "in TMPDIR, say memory= with less, or -j1", k->start->place + 1,
				      k->start->place ? "s" : "", k->options.memory), NULL);
		return CASE_HOPELESS;
	}
	if (make_folder(k) < 0 || boot(k) < 0)
		return tell_unable(k);
	in_time = look_after(k);
	guest_folder_remove(&k->folder);
	status = uml_end(k->guest, in_time && k->line < 0 && k->console < 0 ? END_MS : 0);
	if (!in_time)
		return 128 + SIGTERM;
	return k->over < k->start->n_batch ? tell_death(k, status) : 0;
}

pid_t guest_start(void *arg, const struct case_start *start, struct diag_sink *d)
{
	struct keeper k = { .how = arg, .start = start, .arena = arena_new(), .line = -1,
			    .console = -1 };
	struct sandbox_config sc = { .main = keep, .arg = &k, .keep = &start->out_fd, .n_keep = 1 };
	pid_t pid = -1;

	if (uml_options_parse(k.how->where, &k.options, k.arena, d) == 0)
		pid = plain_fork(&sc, d);
	arena_free(k.arena);
	buf_free(&k.bytes);
	buf_free(&k.said);
	return pid;
}
