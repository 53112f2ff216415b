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
 * Its memory is a file that it makes by itself, in the folder that these name.
 * Programs in the guest would register "rseq" with a host that does not know them.
 */
static int set_environment(const struct uml_start *how)
{
	unsetenv("TMP");
	unsetenv("TEMP");
	return setenv("TMPDIR", how->memory_folder, 1) < 0 ||
		setenv("GLIBC_TUNABLES", "glibc.pthread.rseq=0", 1) < 0 ? -1 : 0;
}

/* Before it has a /proc of its own, the guest sees the host's: that of itself as a process. */
#define OWN_FOLDER "/proc/self/cwd/"

/*
 * The kernel stirs its command line into its random numbers, so that must be
 * the same each time: no names made up, but the current folder.
 */
static void __attribute__((noreturn)) become_guest(const struct uml_start *how, pid_t parent)
{
	const struct uml_options *o = how->options;
	const char *what = "";
	char memory[64];
	const char *argv[] = { o->image, memory, "uml_dir=./", "rootfstype=hostfs", "root=/dev/root", "ro",
			       "init=" OWN_FOLDER UML_ENGINE, "time-travel=inf-cpu",
			       "time-travel-start=" START_DATE, "con=null", "con0=null,fd:1",
			       "con1=null,fd:3", "loglevel=5", o->append ? o->append : "panic=0", "--",
			       "guest", OWN_FOLDER UML_JOB, NULL };

	snprintf(memory, sizeof(memory), "mem=%s", o->memory);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(127);
	personality(ADDR_NO_RANDOMIZE);
	stay_on_one_processor(how->place);
	if (arrange_lines(how) < 0)
		what = "arrange its lines: ";
	else if (chdir(how->folder) < 0)
		what = "enter its folder: ";
	else if (set_environment(how) < 0)
		what = "name the folder of its memory: ";
	else if (refuse_random_numbers() < 0)
		what = "keep random numbers from it (seccomp): ";
	else
		execv(o->image, (char *const *)argv);
	dprintf(STDERR_FILENO, UML_NOT_STARTED "%s: %s%s\n", o->image, what, strerror(errno));
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

int uml_end(pid_t guest, int patience)
{
	const struct timespec nap = { .tv_nsec = 1000000 };
	int status = 0;

	for (; patience > 0 && waitpid(guest, &status, WNOHANG) == 0; patience--)
		nanosleep(&nap, NULL);
	kill(-guest, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
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
