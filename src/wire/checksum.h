/* SPDX-License-Identifier: BSD-2-Clause */
/* The Internet checksum (RFC 1071) and the pseudo-headers of IPv4 and IPv6. */
#ifndef DP_WIRE_CHECKSUM_H
#define DP_WIRE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Adds n bytes to a running sum that starts at 0; only the last piece may be odd. */
uint64_t csum_add(uint64_t sum, const void *bytes, size_t n);
/* The checksum of what was added: 0 if the bytes hold a right checksum themselves. */
uint16_t csum_finish(uint64_t sum);
/*
 * The sum of the pseudo-header (RFC 9293 3.1, RFC 8200 8.1) of the IPv4 or
 * IPv6 header at ip for an upper layer of this protocol and length.
 */
uint64_t csum_pseudo(const uint8_t *ip, uint8_t protocol, uint32_t length);

#endif
