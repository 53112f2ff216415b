/* SPDX-License-Identifier: BSD-2-Clause */
/* Which sysctls of a network namespace are not what the kernel makes them. */
#ifndef DP_TARGET_SYSCTL_DIFF_H
#define DP_TARGET_SYSCTL_DIFF_H

struct buf;

/*
 * Appends a line "  net.ipv4.tcp_sack = 0 (fresh: 1)" for each sysctl of core,
 * IPv4, IPv6 and MPTCP that differs in the calling thread's network namespace
 * from a namespace that has just been made and prepared for a script; the
 * device's own are compared with those that a new device gets. The thread
 * visits such a namespace meanwhile.
 * 0, or -1 with errno set if it cannot make one, or cannot come back.
 */
int sysctl_diff(const char *device, struct buf *out);

#endif
