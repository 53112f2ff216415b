/* SPDX-License-Identifier: BSD-2-Clause */
/* The Internet checksum (RFC 1071), with the pseudo-headers of RFC 9293 3.1 and RFC 8200 8.1. */
#include "config.h"

#include "wire/checksum.h"
#include "wire/bytes.h"

uint64_t csum_add(uint64_t sum, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	for (; n > 1; n -= 2, p += 2)
		sum += get_be16(p);
	if (n)
		sum += (uint64_t)p[0] << 8;
	return sum;
}

uint16_t csum_finish(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint64_t csum_pseudo(const uint8_t *ip, uint8_t protocol, uint32_t length)
{
	uint64_t sum = (uint64_t)protocol + (length >> 16) + (length & 0xffff);

	/* Both addresses in one go: they are neighbours in either header. */
	if (ip[0] >> 4 == 4)
		return csum_add(sum, ip + 12, 8);
	return csum_add(sum, ip + 8, 32);
}
