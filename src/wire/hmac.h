/* SPDX-License-Identifier: BSD-2-Clause */
/* HMAC-SHA-256 (RFC 2104, FIPS 180-4). */
#ifndef DP_WIRE_HMAC_H
#define DP_WIRE_HMAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HMAC_SHA256_SIZE 32

/* A stretch of what is authenticated. */
struct hmac_part {
	const void *data;
	size_t len;
};

/* The code of n parts, taken as one text, under a key of any length. */
void hmac_sha256(const void *key, size_t key_len, const struct hmac_part *part, size_t n,
		 uint8_t out[HMAC_SHA256_SIZE]);
/* Compares codes in a time that does not depend on what they are. */
bool hmac_equal(const uint8_t a[HMAC_SHA256_SIZE], const uint8_t b[HMAC_SHA256_SIZE]);

#endif
