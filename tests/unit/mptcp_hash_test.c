/* SPDX-License-Identifier: BSD-2-Clause */
/* Published vectors: FIPS 180-4 via keys, RFC 2202 (HMAC-SHA1), RFC 4231 (HMAC-SHA256). */
#include "config.h"

#include "wire/mptcp_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_digest(enum mptcp_hash h, const char *key, size_t key_len, const char *msg,
			  const char *want)
{
	uint8_t out[MPTCP_DIGEST_MAX];
	char text[2 * MPTCP_DIGEST_MAX + 1] = "";
	size_t i, n = mptcp_hmac(h, (const uint8_t *)key, key_len, (const uint8_t *)msg, strlen(msg),
				 out);

	for (i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", out[i]);
	assert_string_equal(text, want);
}

static void published_hmacs(void **state)
{
	char b[20];

	(void)state;
	memset(b, 0x0b, sizeof(b));
	/* RFC 2202 3, cases 1 and 2. */
	assert_digest(MPTCP_SHA1, b, 20, "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00");
	assert_digest(MPTCP_SHA1, "Jefe", 4, "what do ya want for nothing?",
		      "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	/* RFC 4231 4.2 and 4.3. */
	assert_digest(MPTCP_SHA256, b, 20, "Hi There",
		      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	assert_digest(MPTCP_SHA256, "Jefe", 4, "what do ya want for nothing?",
		      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* Computed with sha1sum and sha256sum of the key's eight bytes. */
static void tokens_and_first_numbers(void **state)
{
	(void)state;
	assert_int_equal(mptcp_token(MPTCP_SHA1, 2), 0x07aae1b6);
	assert_int_equal(mptcp_idsn(MPTCP_SHA1, 2), UINT64_C(0xfa1723bef8656fe4));
	assert_int_equal(mptcp_token(MPTCP_SHA256, 2), 0xcd04a475);
	assert_int_equal(mptcp_idsn(MPTCP_SHA256, 2), UINT64_C(0x886540e5dce77f70));
}

static void keys_make_the_hmac_key(void **state)
{
	uint8_t a[MPTCP_DIGEST_MAX], b[MPTCP_DIGEST_MAX];
	const uint8_t key[16] = { 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2 };

	(void)state;
	assert_int_equal(mptcp_hmac_keys(MPTCP_SHA256, 1, 2, key, 4, a), 32);
	mptcp_hmac(MPTCP_SHA256, key, sizeof(key), key, 4, b);
	assert_memory_equal(a, b, 32);
}

static void checksum_covers_mapping_and_data(void **state)
{
	const uint8_t data[3] = { 1, 2, 3 };

	(void)state;
	/* 1 + 2 + 3 of the pseudo-header, 0x0102 and 0x0300 of the data. */
	assert_int_equal(mptcp_dss_checksum(1, 2, 3, data, 3), (uint16_t)~(6 + 0x0102 + 0x0300));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_hmacs),
		cmocka_unit_test(tokens_and_first_numbers),
		cmocka_unit_test(keys_make_the_hmac_key),
		cmocka_unit_test(checksum_covers_mapping_and_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
