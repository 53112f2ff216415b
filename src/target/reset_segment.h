/* SPDX-License-Identifier: BSD-2-Clause */
/* A TCP segment that ends a connection of a stack that cannot be asked to. */
#ifndef DP_TARGET_RESET_SEGMENT_H
#define DP_TARGET_RESET_SEGMENT_H

#include "wire/addr.h"

#include <stddef.h>
#include <stdint.h>

#define RESET_SEGMENT_BYTES 60

/*
 * Makes an RST to the local end of the tuple from its remote end, with exactly
 * the sequence number the stack expects (RFC 5961 3.2), as an IP packet.
 * Returns its length.
 */
size_t reset_segment(const struct tuple *t, uint32_t seq, uint8_t p[RESET_SEGMENT_BYTES]);

#endif
