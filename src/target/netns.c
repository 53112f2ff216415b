/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/netns.h"

#include <sys/stat.h>
#include <unistd.h>

/*
 * The kernel registers the sysctls that exist once per machine in its initial
 * namespace only, and shows everyone the sysctls of the namespace he is in.
 * That needs no privilege, unlike looking at the namespaces of pid 1, and says
 * the same in a PID namespace. The second one is there in every namespace:
 * without it there is no /proc/sys to judge by.
 */
#define MACHINE_SYSCTL "/proc/sys/net/core/netdev_max_backlog"
#define COMMON_SYSCTL "/proc/sys/net/core/somaxconn"

static bool is_machines(void)
{
	return access(MACHINE_SYSCTL, F_OK) == 0 || access(COMMON_SYSCTL, F_OK) != 0;
}

/*
 * A container's own namespace is not the kernel's first one, but just as much
 * somebody's: its pid 1 lives there. Whom root may not look at (in a PID
 * namespace of ours, say) cannot be asked; pid 1 itself was started in it.
 */
static bool is_containers(void)
{
	struct stat ours, init;

	return getpid() != 1 && stat("/proc/self/ns/net", &ours) == 0 &&
	       stat("/proc/1/ns/net", &init) == 0 && ours.st_dev == init.st_dev &&
	       ours.st_ino == init.st_ino;
}

bool netns_is_given(void)
{
	return !is_machines() && !is_containers();
}
