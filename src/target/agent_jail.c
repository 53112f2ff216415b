/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_jail.h"
#include "target/agent_proto.h"

#include <dirent.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Beside the tester's descriptors: threads, the connection, netlink. */
#define OWN_FDS 256
/* Who forks faster than it is killed is given up on. */
#define MOST_ROUNDS 100

static void limit(int resource, rlim_t most)
{
	struct rlimit r;

	if (getrlimit(resource, &r) < 0)
		return;
	r.rlim_max = r.rlim_max < most ? r.rlim_max : most;
	r.rlim_cur = r.rlim_max;
	setrlimit(resource, &r);
}

static void drop_capabilities(void)
{
	const uint32_t kept = 1u << CAP_NET_ADMIN | 1u << CAP_NET_RAW | 1u << CAP_NET_BIND_SERVICE;
	struct __user_cap_header_struct h = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &h, d) < 0)
		return;
	d[0].effective &= kept;
	d[0].permitted &= kept;
	d[1].effective = d[1].permitted = 0;
	d[0].inheritable = d[1].inheritable = 0;
	syscall(SYS_capset, &h, d);
}

void jail_enter(bool keep_powers)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, AGENT_MAX_FDS + OWN_FDS);
	signal(SIGPIPE, SIG_IGN);
	if (keep_powers)
		return;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	drop_capabilities();
}

void jail_adopt(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* From "PID (NAME) S PPID ...", where NAME may have anything in it. */
static pid_t parent_of(const char *pid)
{
	char path[300], text[512], *end;
	int parent = 0;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	for (end = text + n; end > text && *end != ')'; end--)
		;
	return sscanf(end, ") %*c %d", &parent) == 1 ? parent : 0;
}

/* False if there were none. */
static bool kill_children(void)
{
	DIR *d = opendir("/proc");
	const struct dirent *e;
	bool any = false;

	while (d && (e = readdir(d))) {
		pid_t pid = atoi(e->d_name);

		if (pid > 0 && parent_of(e->d_name) == getpid())
			any |= kill(pid, SIGKILL) == 0;
	}
	if (d)
		closedir(d);
	return any;
}

void jail_end_children(void)
{
	int round;

	for (round = 0; round < MOST_ROUNDS && kill_children(); round++)
		while (waitpid(-1, NULL, 0) > 0)
			;
}
