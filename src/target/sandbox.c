/* SPDX-License-Identifier: BSD-2-Clause */
/* Namespaces, the init inside them, and the script process below it. */
#include "config.h"

#include "target/sandbox.h"

#include "base/diag.h"
#include "target/sockdiag.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPACES (CLONE_NEWPID | CLONE_NEWNS)

/* What init works with; lives on its stack. */
struct sandbox {
	const struct sandbox_config *cfg;
	int parent_fd;		/* pidfd of the caller, -1 if the kernel has none */
	bool user_ns;
	uid_t uid;		/* of the caller, outside */
	gid_t gid;
	pid_t outer_pid;	/* of init, 0 if unknown */
	char why[200];		/* what went wrong, "" if nothing */
};

/*
 * glibc remembers the thread id at a place only its own fork() knows. The
 * kernel was told that place too, so a bare clone can keep it right.
 */
static uint64_t tid_place(void)
{
	int *place = NULL;

	if (prctl(PR_GET_TID_ADDRESS, &place, 0, 0, 0) < 0)
		return 0;
	return (uintptr_t)place;
}

/*
 * Some seccomp filters know clone only. Where the fourth argument is not the
 * child's tid the fifth is, and the other one is unused.
 */
static pid_t old_clone(const struct clone_args *args)
{
	const unsigned long flags = args->flags | args->exit_signal;

#ifdef __s390__
	return syscall(SYS_clone, NULL, flags, NULL, args->child_tid, args->child_tid);
#else
	return syscall(SYS_clone, flags, NULL, NULL, args->child_tid, args->child_tid);
#endif
}

static pid_t clone_like_fork(uint64_t flags, pid_t *set_tid)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };
	pid_t pid;

	args.child_tid = tid_place();
	if (args.child_tid != 0)
		args.flags |= CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
	if (set_tid != NULL) {
		args.set_tid = (uintptr_t)set_tid;
		args.set_tid_size = 1;
	}
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid < 0 && errno == ENOSYS && set_tid == NULL)
		pid = old_clone(&args);
	return pid;
}

static void reset_handlers(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		sigaction(sig, &dfl, NULL);	/* refused for a few, which need none */
}

/* Pid 1 is deaf to signals it has no handler for, unless it waits for them. */
static sigset_t init_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	return set;
}

/*
 * Init ends with the caller. The signal is only sent for a death after this
 * call; the pidfd tells of one before it (getppid() is 0 in here either way).
 */
static void tie_to_parent(struct sandbox *s)
{
	struct pollfd p = { .fd = s->parent_fd, .events = POLLIN };

	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	if (s->parent_fd >= 0 && poll(&p, 1, 0) > 0)
		_exit(SANDBOX_FAILED);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

static int map_user(struct sandbox *s)
{
	char uid[40], gid[40];

	snprintf(uid, sizeof(uid), "0 %u 1\n", (unsigned)s->uid);
	snprintf(gid, sizeof(gid), "0 %u 1\n", (unsigned)s->gid);
	if (write_file("/proc/self/uid_map", uid) == 0 &&
	    (write_file("/proc/self/setgroups", "deny") == 0 || errno == ENOENT) &&
	    write_file("/proc/self/gid_map", gid) == 0)
		return 0;
	snprintf(s->why, sizeof(s->why),
		 "cannot become root of a user namespace: %s; run as root, or allow user "
		 "namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0",
		 strerror(errno));
	return -1;
}

/* The pid of init as the caller sees it, from the /proc that belongs to the caller. */
static pid_t read_outer_pid(void)
{
	char text[32];
	ssize_t n = readlink("/proc/self", text, sizeof(text) - 1);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return atoi(text);
}

/* Nothing is mounted there in a fresh /sys, and what is written there goes with the sandbox. */
#define SCRATCH "/sys/fs/cgroup"

/*
 * nstat and its like tell what changed since they were last asked, which they
 * keep in one file per user: that of another script says nothing about this one.
 */
static void own_history(unsigned long flags)
{
	static const char *const names[] = { "NSTAT_HISTORY", "IFSTAT_HISTORY", "RTACCT_HISTORY" };
	char path[64];
	size_t i;

	if (mount("tmpfs", SCRATCH, "tmpfs", flags, "size=1m,mode=0700") < 0)
		return;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), SCRATCH "/%s", names[i]);
		setenv(names[i], path, 0);
	}
}

/*
 * Commands of a script shall see their own processes and devices. Containers
 * may forbid the mounts; nothing of drillpress itself depends on them.
 */
static void mount_fresh(void)
{
	const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return;		/* what is mounted now could reach the machine */
	mount("proc", "/proc", "proc", flags, NULL);
	if (mount("sysfs", "/sys", "sysfs", flags, NULL) == 0)
		own_history(flags);
}

static int make_network(struct sandbox *s)
{
	if (s->cfg->share_net || unshare(CLONE_NEWNET) == 0)
		return 0;
	snprintf(s->why, sizeof(s->why), "cannot make a network namespace: %s%s", strerror(errno),
		 errno == ENOSPC ? "; raise it: sysctl user.max_net_namespaces" :
		 errno == EPERM ? "; run as root, or allow user namespaces" : "");
	return -1;
}

static void close_span(unsigned from, unsigned to)
{
	if (syscall(SYS_close_range, from, to, 0) == 0 || errno != ENOSYS)
		return;
	for (to = to > 65535 ? 65535 : to; from <= to; from++)
		close(from);
}

/* The lowest descriptor kept that is not below from, or -1. */
static int next_kept(const int *keep, size_t n, unsigned from)
{
	int next = -1;
	size_t i;

	for (i = 0; i < n; i++)
		if (keep[i] >= (int)from && (next < 0 || keep[i] < next))
			next = keep[i];
	return next;
}

/* Closes all but 0, 1, 2 and the ones kept; nobody else's pipe stays open in here. */
static void close_others(const int *keep, size_t n)
{
	unsigned from = 3;
	int next;

	while ((next = next_kept(keep, n, from)) >= 0) {
		if (next > (int)from)
			close_span(from, next - 1);
		from = next + 1;
	}
	close_span(from, ~0U);
}

static void __attribute__((noreturn)) script_process(struct sandbox *s)
{
	const struct sandbox_config *cfg = s->cfg;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	close_others(cfg->keep, cfg->n_keep);
	if (s->why[0] == '\0')
		_exit(cfg->main(cfg->arg));
	if (cfg->failed != NULL)
		_exit(cfg->failed(cfg->arg, s->why));
	dprintf(2, "drillpress: %s\n", s->why);
	_exit(SANDBOX_FAILED);
}

/* Reaps what has ended. True once that includes the script process. */
static bool reap(pid_t script, int *status)
{
	bool ended = false;
	int st;
	pid_t pid;

	while ((pid = waitpid(-1, &st, WNOHANG)) > 0) {
		if (pid != script)
			continue;
		*status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
		ended = true;
	}
	return ended;
}

/*
 * A connection the script left open, by a crash for instance, has become an
 * orphan that sends its FIN for minutes, and holds the namespace as long.
 */
static void end_connections(const struct sandbox_config *cfg, int status)
{
	bool idle = cfg->idle_status != 0 && status == cfg->idle_status;

	struct sockdiag *s;

	if (getpid() != 1)	/* whom -1 would mean then does not bear thinking of */
		return;
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	/* What goes to the same peer then belongs to another script that runs there. */
	if (cfg->share_net && (cfg->peers == NULL || idle))
		return;
	s = sockdiag_open();
	if (s != NULL)
		sockdiag_destroy(s, cfg->share_net ? cfg->peers : NULL, cfg->peers_prefix);
	sockdiag_close(s);
}

/* Waits for the end of the script process, or for the order to end it. */
static void __attribute__((noreturn)) serve(const struct sandbox *s, pid_t script)
{
	const sigset_t set = init_signals();
	int status = 128 + SIGTERM;

	while (sigwaitinfo(&set, NULL) != SIGTERM && !reap(script, &status))
		;
	end_connections(s->cfg, status);
	_exit(status);
}

/*
 * Scripts build file names from $PPID, which is the script process's number
 * in here; numbered like init outside, two sandboxes never share a number.
 */
static pid_t fork_script(struct sandbox *s)
{
	pid_t pid = -1;

	if (s->outer_pid > 1)
		pid = clone_like_fork(0, &s->outer_pid);
	return pid < 0 ? fork() : pid;
}

/* Pid 1 of the sandbox. */
static void __attribute__((noreturn)) sandbox_init(struct sandbox *s)
{
	sigset_t set = init_signals();
	pid_t script;

	reset_handlers();
	sigprocmask(SIG_SETMASK, &set, NULL);
	tie_to_parent(s);
	s->outer_pid = read_outer_pid();
	if ((!s->user_ns || map_user(s) == 0) && make_network(s) == 0)
		mount_fresh();
	script = fork_script(s);
	if (script < 0)
		snprintf(s->why, sizeof(s->why), "cannot start the script's process: %s; fewer "
			 "parallel jobs (-j), or a higher limit of processes", strerror(errno));
	/* Without a second process init itself says why there is none. */
	if (script <= 0)
		script_process(s);
	close_others(NULL, 0);
	serve(s, script);
}

static int no_namespaces(struct diag_sink *d, int err)
{
	const struct span nowhere = { 0 };
	const char *cure = "run as root, or allow user namespaces: "
			   "sysctl kernel.unprivileged_userns_clone=1";

	if (err == ENOSPC || err == EUSERS)
		cure = "raise sysctl user.max_user_namespaces, user.max_pid_namespaces "
		       "and user.max_mnt_namespaces";
	else if (err == EAGAIN || err == ENOMEM)
		cure = "fewer parallel jobs (-j), or a higher limit of processes";
	else if (err == EINVAL)
		cure = "the kernel needs CONFIG_PID_NS, CONFIG_NET_NS and CONFIG_USER_NS";
	return diag_error(d, nowhere, "cannot make namespaces for the script: %s; %s",
			  strerror(err), cure);
}

static pid_t clone_spaces(struct sandbox *s)
{
	pid_t pid;

	if (geteuid() == 0) {
		pid = clone_like_fork(SPACES, NULL);
		if (pid >= 0 || errno != EPERM)	/* EPERM: root without its capabilities */
			return pid;
	}
	s->user_ns = true;
	return clone_like_fork(SPACES | CLONE_NEWUSER, NULL);
}

pid_t plain_fork(const struct sandbox_config *cfg, struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	struct sandbox s = { .cfg = cfg };
	pid_t caller = getpid(), pid;
	sigset_t none;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		diag_error(d, nowhere, "cannot make a process for the script: %s; fewer parallel jobs "
			   "(-j), or a higher limit of processes", strerror(errno));
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != caller)
		_exit(SANDBOX_FAILED);
	reset_handlers();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (!cfg->own_network) {
		close_others(cfg->keep, cfg->n_keep);
		_exit(cfg->main(cfg->arg));
	}
	if (cfg->own_mounts && unshare(CLONE_NEWNS) < 0)
		snprintf(s.why, sizeof(s.why), "cannot make a mount namespace: %s", strerror(errno));
	else if (make_network(&s) == 0 && cfg->own_mounts)
		mount_fresh();
	script_process(&s);
}

pid_t sandbox_fork(const struct sandbox_config *cfg, struct diag_sink *d)
{
	struct sandbox s = { .cfg = cfg, .uid = geteuid(), .gid = getegid() };
	pid_t pid;
	int err;

	fflush(NULL);		/* or the child would print it a second time */
	s.parent_fd = syscall(SYS_pidfd_open, getpid(), 0);
	pid = clone_spaces(&s);
	if (pid == 0)
		sandbox_init(&s);
	err = errno;
	if (s.parent_fd >= 0)
		close(s.parent_fd);
	return pid < 0 ? no_namespaces(d, err) : pid;
}
