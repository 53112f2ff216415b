/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells a checksum left to the device from a checksum. */
#ifndef DP_TARGET_CSUM_OFFLOAD_H
#define DP_TARGET_CSUM_OFFLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * True if the TCP or UDP checksum of a packet (from its IP header on) was left
 * for the device to finish. Linux says so in TP_STATUS_CSUMNOTREADY, which
 * libpcap keeps to itself; but such a packet can be known: its checksum field
 * holds the sum of the pseudo header and nothing else. In a tunnel the field is
 * not looked for, and the answer is true.
 */
bool csum_is_offloaded(const uint8_t *p, size_t len);

#endif
