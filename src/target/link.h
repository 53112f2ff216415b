/* SPDX-License-Identifier: BSD-2-Clause */
/* What only ioctls can do to a network device of the calling thread's namespace. */
#ifndef DP_TARGET_LINK_H
#define DP_TARGET_LINK_H

#include <stdbool.h>

struct buf;

/*
 * Turns every offload of the device off, so that the stack cuts segments and
 * fills checksums itself. 0, or -1 with errno set.
 */
int link_offload_off(const char *name);
/* Tells the device its speed in Mbit/s (only a tun believes it). 0, or -1 with errno. */
int link_set_speed(const char *name, int mbit);
/* Appends each offload of the device and whether it is on: "tx-checksum off, tso on". */
void link_offloads(const char *name, struct buf *out);
/* Makes the kernel catch up with a carrier that has just changed. */
void link_sync_carrier(const char *name);

#endif
