/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "wire/hmac.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>

void hmac_sha256(const void *key, size_t key_len, const struct hmac_part *part, size_t n,
		 uint8_t out[HMAC_SHA256_SIZE])
{
	struct hmac_sha256_ctx c;
	size_t i;

	hmac_sha256_set_key(&c, key_len, key);
	for (i = 0; i < n; i++)
		hmac_sha256_update(&c, part[i].len, part[i].data);
	hmac_sha256_digest(&c, HMAC_SHA256_SIZE, out);
}

bool hmac_equal(const uint8_t a[HMAC_SHA256_SIZE], const uint8_t b[HMAC_SHA256_SIZE])
{
	return memeql_sec(a, b, HMAC_SHA256_SIZE);
}
