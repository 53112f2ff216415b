/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose network namespace this is. */
#ifndef DP_TARGET_NETNS_H
#define DP_TARGET_NETNS_H

#include <stdbool.h>

/*
 * True if the calling process is in a network namespace that somebody made for
 * it (unshare -n, ip netns exec), false if it is in the machine's or the
 * container's own, or when that cannot be told.
 */
bool netns_is_given(void);

#endif
