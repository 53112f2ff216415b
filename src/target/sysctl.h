/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings below /proc/sys of the calling thread's network namespace. */
#ifndef DP_TARGET_SYSCTL_H
#define DP_TARGET_SYSCTL_H

#include <stdbool.h>

struct diag_sink;
struct settings;

/* Which of a script's sysctls: those that name the device, or all others. */
enum sysctl_part { SYSCTL_BEFORE_DEVICE, SYSCTL_OF_DEVICE };

/*
 * Writes the sysctls of the settings, in order, and reads numeric ones back.
 * 0, or -1 after a diagnostic for every one that did not take. Only net.* is
 * accepted: everything else would change the machine, not the sandbox.
 */
int sysctl_apply(const struct settings *s, enum sysctl_part part, const char *device,
		 struct diag_sink *d);

/*
 * Makes the kernel send nothing of its own over IPv6 devices without ARP that
 * are made later ("default"), or over one that is there: no router
 * solicitation, no duplicate address detection. A kernel without IPv6 is fine.
 */
void sysctl_quiet_ipv6(const char *device);

#endif
