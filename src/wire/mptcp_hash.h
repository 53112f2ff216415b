/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What follows from MPTCP keys (RFC 8684 3.1 to 3.4 with SHA-256; RFC 6824
 * with SHA-1 for version 0), and the checksum of a data sequence mapping.
 */
#ifndef DP_WIRE_MPTCP_HASH_H
#define DP_WIRE_MPTCP_HASH_H

#include <stddef.h>
#include <stdint.h>

enum mptcp_hash { MPTCP_SHA1, MPTCP_SHA256 };
enum { MPTCP_DIGEST_MAX = 32 };

/* The most significant 32 bits of the key's hash: names the connection. */
uint32_t mptcp_token(enum mptcp_hash h, uint64_t key);
/* The least significant 64 bits of it: the initial data sequence number. */
uint64_t mptcp_idsn(enum mptcp_hash h, uint64_t key);
/* HMAC (RFC 2104) into out; returns its bytes: 20 for SHA-1, 32 for SHA-256. */
size_t mptcp_hmac(enum mptcp_hash h, const uint8_t *key, size_t key_len, const uint8_t *msg,
		  size_t len, uint8_t out[MPTCP_DIGEST_MAX]);
/* The same with the two keys of a connection, the sender's first, as key. */
size_t mptcp_hmac_keys(enum mptcp_hash h, uint64_t sender, uint64_t receiver, const uint8_t *msg,
		       size_t len, uint8_t out[MPTCP_DIGEST_MAX]);
/* The checksum of a mapping (RFC 8684 3.3.1) whose data is all at hand. */
uint16_t mptcp_dss_checksum(uint64_t dsn, uint32_t ssn, uint16_t dll, const uint8_t *data,
			    size_t len);

#endif
