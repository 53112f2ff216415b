/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/command.h"
#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX 4096

extern char **environ;

/*
 * Commands are short and a script's timers run on meanwhile, so other ordinary
 * processes stand back. Where that is not allowed they do not.
 */
#define COMMAND_NICE (-10)

/* output -1: the caller's own. */
static int spawn_shell(const char *text, int output, pid_t *pid)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)text, NULL };
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t defaults;
	int err, nice;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", 0, 0);
	if (output >= 0) {
		posix_spawn_file_actions_adddup2(&fa, output, 1);
		posix_spawn_file_actions_adddup2(&fa, output, 2);
	}
	posix_spawnattr_init(&attr);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	/* The tester's real-time priority is not for what the script starts. */
	posix_spawnattr_setschedpolicy(&attr, SCHED_OTHER);
	posix_spawnattr_setschedparam(&attr, &(struct sched_param){ 0 });
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSCHEDULER);
	nice = getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PROCESS, 0, COMMAND_NICE);
	err = posix_spawn(pid, "/bin/sh", &fa, &attr, argv, environ);
	setpriority(PRIO_PROCESS, 0, nice);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	return err;
}

/* How a command spends its time is looked at so often, and after so many looks more seldom. */
#define LOOK NS_PER_MS
#define LOOKS 100
#define SELDOM (10 * NS_PER_MS)

/* The /proc of another namespace shows another process under this number. */
static int open_stat(pid_t pid)
{
	char path[40], self[20] = "";

	if (readlink("/proc/self", self, sizeof(self) - 1) < 0 || atol(self) != getpid())
		return -1;
	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/*
 * True while a process can neither go on nor has chosen to wait: it is ready to run
 * (or running, see wait_child) or waits in the kernel for a lock or a disk. proc_pid_stat(5).
 */
static bool is_held_up(int stat_fd)
{
	char text[512], *end;
	ssize_t n = stat_fd < 0 ? -1 : pread(stat_fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return false;
	text[n] = '\0';
	end = strrchr(text, ')');
	return end && (!strncmp(end, ") D", 3) || !strncmp(end, ") R", 3));
}

static void close_all(const int *fd, int n)
{
	for (; n--; fd++)
		if (*fd >= 0)
			close(*fd);
}

static nstime processor_time(const struct rusage *ru)
{
	return (ru->ru_utime.tv_sec + ru->ru_stime.tv_sec) * NS_PER_SEC +
		(ru->ru_utime.tv_usec + ru->ru_stime.tv_usec) * NS_PER_US;
}

static void tick(int timer, nstime every)
{
	const struct itimerspec when = { nstime_to_timespec(every), nstime_to_timespec(every) };

	timerfd_settime(timer, 0, &when, NULL);
}

/* Waits for the end, looking on at each tick of the timer. False if it did not come in time. */
static bool look_on(int child, int stat_fd, int timer, nstime patience, nstime *held_up)
{
	struct pollfd p[] = { { .fd = child, .events = POLLIN }, { .fd = timer, .events = POLLIN } };
	nstime waited = 0, every = LOOK;
	uint64_t ticks;
	int looks = 0;

	tick(timer, every);
	while (waited < patience) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return false;
		if (p[0].revents)
			return true;
		/* More than one has passed where this process was late itself. */
		if (read(timer, &ticks, sizeof(ticks)) != (ssize_t)sizeof(ticks))
			continue;
		waited += (nstime)ticks * every;
		if (is_held_up(stat_fd))
			*held_up += (nstime)ticks * every;
		if (++looks == LOOKS)
			tick(timer, every = SELDOM);
	}
	return false;
}

/* False if the child did not end in time. */
static bool wait_child(pid_t pid, nstime patience, int *status, nstime *held_up)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0), stat_fd = open_stat(pid);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	struct rusage ru = { 0 };
	bool ended = true;

	/* Without pidfd (Linux before 5.3) the wait has no limit of its own. */
	if (fd >= 0 && timer >= 0)
		ended = look_on(fd, stat_fd, timer, patience, held_up);
	close_all((int[]){ fd, stat_fd, timer }, 3);
	if (!ended)
		kill(pid, SIGKILL);
	while (wait4(pid, status, 0, &ru) < 0 && errno == EINTR)
		;
	*held_up -= processor_time(&ru) < *held_up ? processor_time(&ru) : *held_up;
	return ended;
}

static const char *read_output(int fd, struct arena *a)
{
	char text[OUTPUT_MAX + 1];
	off_t end = lseek(fd, 0, SEEK_END);
	ssize_t n = pread(fd, text, OUTPUT_MAX, end > OUTPUT_MAX ? end - OUTPUT_MAX : 0);

	while (n > 0 && text[n - 1] == '\n')
		n--;
	return arena_strndup(a, text, n > 0 ? (size_t)n : 0);
}

struct command_outcome command_run(const char *text, nstime patience, bool aloud,
				   struct arena *a)
{
	int output = aloud ? -1 : memfd_create("command", MFD_CLOEXEC), status = 0, err;
	struct command_outcome o = { .output = "" };
	pid_t pid;

	if (output < 0 && !aloud) {
		o.failed = arena_printf(a, "cannot run it: %s", strerror(errno));
		o.not_run = true;
		return o;
	}
	err = spawn_shell(text, output, &pid);
	o.not_run = err != 0;
	if (err)
		o.failed = arena_printf(a, "cannot run /bin/sh: %s", strerror(err));
	else if (!wait_child(pid, patience, &status, &o.held_up))
		o.failed = "it did not end in time and was killed";
	else if (WIFSIGNALED(status))
		o.failed = arena_printf(a, "got signal %d (%s)", WTERMSIG(status),
					strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		o.failed = arena_printf(a, "non-zero status %d", WEXITSTATUS(status));
	if (aloud)
		return o;
	if (!err)
		o.output = read_output(output, a);
	close(output);
	return o;
}
