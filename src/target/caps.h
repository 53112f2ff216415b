/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Effective capabilities of a script's calls. Linux keeps capabilities per
 * thread (capabilities(7)) and calls are made by several, so a change is
 * remembered here and made on each thread before its next call. The tester's
 * own thread, which needs its capabilities, is left alone.
 */
#ifndef DP_TARGET_CAPS_H
#define DP_TARGET_CAPS_H

#include <stdbool.h>
#include <stdatomic.h>
#include <stdint.h>

/* Bit N is capability N. All zero: nothing was changed. */
struct caps {
	_Atomic uint64_t raised, lowered;
};

/* Raises or lowers one capability on this thread and for all calls to come. 0, or -1 and errno. */
int caps_change(struct caps *caps, int cap, bool raise);
/* Makes this thread's effective capabilities what the changes so far say. 0, or -1 and errno. */
int caps_apply(const struct caps *caps);

#endif
