/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Network byte order in and out of unaligned bytes. Readers of foreign bytes
 * ask bytes_fit() first; nothing here can check what it is not told.
 */
#ifndef DP_WIRE_BYTES_H
#define DP_WIRE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if len bytes from off on lie within n; cannot overflow. */
static inline bool bytes_fit(size_t n, size_t off, size_t len)
{
	return off <= n && len <= n - off;
}

static inline uint16_t get_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)get_be16(p) << 16 | get_be16(p + 2);
}

static inline void put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void put_be32(uint8_t *p, uint32_t v)
{
	put_be16(p, (uint16_t)(v >> 16));
	put_be16(p + 2, (uint16_t)v);
}

#endif
