/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings below /proc/sys of the calling thread's network namespace. */
#ifndef DP_TARGET_SYSCTL_H
#define DP_TARGET_SYSCTL_H

#include <stdbool.h>

struct arena;
struct diag_sink;
struct settings;

/* What a sysctl was before a script set it. */
struct sysctl_value {
	const char *path, *text;
	struct sysctl_value *next;
};

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
 * For a namespace that outlives the script: the present values of the sysctls
 * its settings name, in the arena, last one first; those of devices that are
 * not there yet are left out. NULL if there are none.
 */
struct sysctl_value *sysctl_save(const struct settings *s, struct arena *a);
/* Writes them back. What cannot be written any more stays as the script left it. */
void sysctl_restore(const struct sysctl_value *saved);

/*
 * Makes the kernel send nothing of its own over IPv6 devices without ARP that
 * are made later ("default"), or over one that is there: no router
 * solicitation, no duplicate address detection. A kernel without IPv6 is fine.
 */
void sysctl_quiet_ipv6(const char *device);

#endif
