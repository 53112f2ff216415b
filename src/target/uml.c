/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/uml.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Where the guest finds its two lines. */
#define CONSOLE_FD 1
#define LINE_FD 3
/* The guest's clock starts here, 2025-01-01: a date is as good as another, but for repeating. */
#define START_DATE "1735689600000000000"

/*
 * The kernel asks its host for random numbers, and does without if there are
 * none. Programs in the guest are not concerned: their calls never reach the
 * host.
 */
static int refuse_random_numbers(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getrandom, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* Puts the descriptors where the guest looks for them; all others close with exec. */
static int arrange_lines(const struct uml_start *how)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), line = fcntl(how->line, F_DUPFD_CLOEXEC, 10);
	int console = fcntl(how->console, F_DUPFD_CLOEXEC, 10);

	if (null < 0 || line < 0 || console < 0)
		return -1;
	return dup2(null, STDIN_FILENO) < 0 || dup2(console, CONSOLE_FD) < 0 ||
		dup2(console, STDERR_FILENO) < 0 || dup2(line, LINE_FD) < 0 ? -1 : 0;
}

/*
 * A guest and its programs, processes on the host, take turns at every system
 * call. That is several times faster where they need not wake another processor.
 */
static void stay_on_one_processor(unsigned place)
{
	cpu_set_t all, one;
	int cpu, n;

	if (sched_getaffinity(0, sizeof(all), &all) < 0 || (n = CPU_COUNT(&all)) == 0)
		return;
	for (cpu = 0, place %= n; place > 0 || !CPU_ISSET(cpu, &all); cpu++)
		place -= CPU_ISSET(cpu, &all) ? 1 : 0;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

/*
 * The kernel stirs its command line into its random numbers, so that must be
 * the same each time: no names made up, but the current folder.
 */
static void __attribute__((noreturn)) become_guest(const struct uml_start *how, pid_t parent)
{
	const struct uml_options *o = how->options;
	char memory[64], init[4096];
	const char *argv[] = { o->image, memory, "uml_dir=./", "rootfstype=hostfs", "root=/dev/root", "ro",
			       init, "time-travel=inf-cpu", "time-travel-start=" START_DATE,
			       "con=null", "con0=null,fd:1", "con1=null,fd:3", "loglevel=5",
			       o->append ? o->append : "panic=0", "--", "guest", UML_JOB, NULL };

	snprintf(memory, sizeof(memory), "mem=%s", o->memory);
	snprintf(init, sizeof(init), "init=%s", o->engine);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(127);
	personality(ADDR_NO_RANDOMIZE);
	stay_on_one_processor(how->place);
	/* Programs in the guest would register it with a host that does not know them. */
	setenv("GLIBC_TUNABLES", "glibc.pthread.rseq=0", 1);
	if (chdir(how->folder) == 0 && arrange_lines(how) == 0 && refuse_random_numbers() == 0)
		execv(o->image, (char *const *)argv);
	dprintf(STDERR_FILENO, "cannot start %s: %s\n", o->image, strerror(errno));
	_exit(127);
}

pid_t uml_start(const struct uml_start *how)
{
	pid_t parent = getpid(), pid;

	/* What the guest leaves behind when it is killed comes to this process. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	pid = fork();
	if (pid == 0)
		become_guest(how, parent);
	if (pid > 0)
		setpgid(pid, pid);
	return pid;
}

int uml_end(pid_t guest)
{
	int status = 0, st;
	pid_t pid;

	kill(-guest, SIGKILL);
	while ((pid = waitpid(-1, &st, 0)) > 0 || errno == EINTR)
		if (pid == guest)
			status = st;
	return status;
}

/* utime and stime of a process, in clock ticks; those of its children that were waited for, too. */
static long long ticks_of(const char *pid)
{
	unsigned long long utime = 0, stime = 0;
	char path[64], text[1024], *at;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	at = strrchr(text, ')');
	if (at == NULL || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &utime,
				 &stime) != 2)
		return 0;
	return (long long)(utime + stime);
}

nstime uml_cpu_time(pid_t guest)
{
	char path[64], text[4096], own[24], *at, *save = NULL;
	long long ticks;
	ssize_t n;
	int fd;

	snprintf(own, sizeof(own), "%d", (int)guest);
	ticks = ticks_of(own);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)guest, (int)guest);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (at = strtok_r(text, " ", &save); at != NULL; at = strtok_r(NULL, " ", &save))
		ticks += ticks_of(at);
	return ticks * NS_PER_SEC / sysconf(_SC_CLK_TCK);
}
