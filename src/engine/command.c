/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/command.h"
#include "base/arena.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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

/* False if the child did not end in time. */
static bool wait_child(pid_t pid, nstime patience, int *status)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct timespec ts = nstime_to_timespec(patience > 0 ? patience : 0);
	bool ended = true;
	int n;

	/* Without pidfd (Linux before 5.3) the wait has no limit of its own. */
	if (fd >= 0) {
		while ((n = ppoll(&p, 1, &ts, NULL)) < 0 && errno == EINTR)
			;
		ended = n != 0;
		close(fd);
	}
	if (!ended)
		kill(pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
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
	else if (!wait_child(pid, patience, &status))
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
