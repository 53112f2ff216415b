/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "wire/mptcp_hash.h"
#include "wire/bytes.h"
#include "wire/checksum.h"

#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <string.h>

static void put_be64(uint8_t *p, uint64_t v)
{
	put_be32(p, (uint32_t)(v >> 32));
	put_be32(p + 4, (uint32_t)v);
}

static uint64_t get_be64(const uint8_t *p)
{
	return (uint64_t)get_be32(p) << 32 | get_be32(p + 4);
}

/* The digest of a key; returns its bytes. */
static size_t hash_key(enum mptcp_hash h, uint64_t key, uint8_t out[MPTCP_DIGEST_MAX])
{
	uint8_t bytes[8];

	put_be64(bytes, key);
	if (h == MPTCP_SHA1) {
		struct sha1_ctx c;

		sha1_init(&c);
		sha1_update(&c, sizeof(bytes), bytes);
		sha1_digest(&c, SHA1_DIGEST_SIZE, out);
		return SHA1_DIGEST_SIZE;
	} else {
		struct sha256_ctx c;

		sha256_init(&c);
		sha256_update(&c, sizeof(bytes), bytes);
		sha256_digest(&c, SHA256_DIGEST_SIZE, out);
		return SHA256_DIGEST_SIZE;
	}
}

uint32_t mptcp_token(enum mptcp_hash h, uint64_t key)
{
	uint8_t digest[MPTCP_DIGEST_MAX];

	hash_key(h, key, digest);
	return get_be32(digest);
}

uint64_t mptcp_idsn(enum mptcp_hash h, uint64_t key)
{
	uint8_t digest[MPTCP_DIGEST_MAX];
	size_t n = hash_key(h, key, digest);

	return get_be64(digest + n - 8);
}

size_t mptcp_hmac(enum mptcp_hash h, const uint8_t *key, size_t key_len, const uint8_t *msg,
		  size_t len, uint8_t out[MPTCP_DIGEST_MAX])
{
	if (h == MPTCP_SHA1) {
		struct hmac_sha1_ctx c;

		hmac_sha1_set_key(&c, key_len, key);
		hmac_sha1_update(&c, len, msg);
		hmac_sha1_digest(&c, SHA1_DIGEST_SIZE, out);
		return SHA1_DIGEST_SIZE;
	} else {
		struct hmac_sha256_ctx c;

		hmac_sha256_set_key(&c, key_len, key);
		hmac_sha256_update(&c, len, msg);
		hmac_sha256_digest(&c, SHA256_DIGEST_SIZE, out);
		return SHA256_DIGEST_SIZE;
	}
}

size_t mptcp_hmac_keys(enum mptcp_hash h, uint64_t sender, uint64_t receiver, const uint8_t *msg,
		       size_t len, uint8_t out[MPTCP_DIGEST_MAX])
{
	uint8_t key[16];

	put_be64(key, sender);
	put_be64(key + 8, receiver);
	return mptcp_hmac(h, key, sizeof(key), msg, len, out);
}

uint16_t mptcp_dss_checksum(uint64_t dsn, uint32_t ssn, uint16_t dll, const uint8_t *data,
			    size_t len)
{
	uint8_t pseudo[16] = { 0 };

	put_be64(pseudo, dsn);
	put_be32(pseudo + 8, ssn);
	put_be16(pseudo + 12, dll);
	return csum_finish(csum_add(csum_add(0, pseudo, sizeof(pseudo)), data, len));
}
