/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first process of a guest kernel makes its world: the files of the host
 * to read, memory to write to, devices, a line to the host. User-Mode Linux
 * gives it the host's file system as the root (hostfs).
 */
#ifndef DP_TARGET_GUEST_ROOT_H
#define DP_TARGET_GUEST_ROOT_H

#include <stdint.h>

/* The guest's name of the line that what it has to say goes out on (con1 of User-Mode Linux). */
#define GUEST_LINE "/dev/tty1"

/*
 * Makes the root file system: what the host has, and above it memory that takes
 * what is written; proc, sysfs and devices in it. 0, or -1 with *why (static)
 * and errno set.
 */
int guest_root_make(const char **why);
/*
 * Sets what is set once for all scripts: any congestion control may be chosen,
 * and namespaces have no devices of their own that nobody asked for, each of
 * which takes its time. What a kernel does not know is left out.
 */
void guest_settings(void);
/* Opens the line to the host: bytes go through as they are. A descriptor, or -1 with errno set. */
int guest_line_open(void);
/* Makes the kernel's random numbers follow from the seed alone. 0 or -1 with errno set. */
int guest_seed(uint64_t seed);
/* Ends the guest, at once. */
void __attribute__((noreturn)) guest_power_off(void);
/*
 * What the kernel has said since the last call with the same *log_fd, which is
 * -1 at first: then what comes later. The caller frees it; NULL: nothing.
 */
char *guest_kernel_log(int *log_fd);
/* The bits of the kernel's taint (/proc/sys/kernel/tainted). */
unsigned long guest_taint(void);

#endif
