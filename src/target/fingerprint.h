/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script ran on, as text: what may differ from a machine where it passes. */
#ifndef DP_TARGET_FINGERPRINT_H
#define DP_TARGET_FINGERPRINT_H

#include "base/nstime.h"

struct buf;

/*
 * Appends lines about the kernel, its timers (timer_step as of the clock),
 * congestion control, the device of the wire and the sysctls of the calling
 * thread's network namespace that differ from a fresh one's. What cannot be
 * found out is said. Takes some milliseconds.
 */
void fingerprint(nstime timer_step, struct buf *out);

#endif
