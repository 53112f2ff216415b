/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cage one script runs in: a child in namespaces of its own (PID, mount,
 * network unless asked otherwise, and user when the caller is not root). Whatever the script leaves
 * behind - processes, devices, connections - goes when the cage goes, also
 * when the script crashes and when drillpress itself is killed.
 *
 *   caller -- init (pid 1 inside) -- script process -- commands, children ...
 */
#ifndef DP_TARGET_SANDBOX_H
#define DP_TARGET_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct diag_sink;
struct ip_addr;

struct sandbox_config {
	/*
	 * Runs in the script process; its value becomes the exit status. The
	 * process ends with _exit(), so main flushes what it wrote.
	 */
	int (*main)(void *arg);
	/*
	 * Runs in place of main when something was refused after the fork
	 * (no more network namespaces, say): why is one line that also says
	 * what to do. Its value becomes the exit status. May be NULL: then
	 * the line goes to standard error and the status is SANDBOX_FAILED.
	 */
	int (*failed)(void *arg, const char *why);
	void *arg;
	/* Descriptors main keeps besides 0, 1 and 2; every other one is closed. */
	const int *keep;
	size_t n_keep;
	/*
	 * Stay in the caller's network namespace. Of the connections there only
	 * those to this network are the script's, and ended with it; NULL: none.
	 */
	bool share_net;
	const struct ip_addr *peers;
	int peers_prefix;
	/* Exit status with which main says that it came to no connections; 0: none says so. */
	int idle_status;
	/*
	 * plain_fork(): all the same in a network namespace of its own, as root;
	 * and with mounts of its own, which only commands of the script can see.
	 */
	bool own_network, own_mounts;
};

/* Exit status of a sandbox that could not be made when nobody took care of it. */
#define SANDBOX_FAILED 3

/*
 * Starts a sandbox. Returns the pid of its init, or -1 after a diagnostic that
 * says what is missing and what to do. The caller, which must be
 * single-threaded, waits for that pid like for any child: the status is the
 * script process's exit status, or 128 + the signal that ended it. SIGTERM to
 * that pid ends everything inside, at once; so does the end of the calling
 * thread, however it came about. (SIGKILL does too, but connections that were
 * open may keep their namespace for minutes.)
 *
 * The script process has default handlers for all signals, no signal blocked,
 * a fresh /proc and /sys where the machine allows that, and a pid number
 * (inside) that no other sandbox has at the same time. In a network namespace
 * of its own even lo is still down.
 */
pid_t sandbox_fork(const struct sandbox_config *cfg, struct diag_sink *d);
/*
 * The same without a cage, for what needs none: a child that runs cfg->main and
 * ends with the caller. Only main, arg and keep of the configuration count.
 */
pid_t plain_fork(const struct sandbox_config *cfg, struct diag_sink *d);

#endif
