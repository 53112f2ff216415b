/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_pack.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "wire/bytes.h"

#include <string.h>

void pack_u8(struct buf *b, uint8_t v)
{
	buf_add(b, &v, 1);
}

void pack_u16(struct buf *b, uint16_t v)
{
	uint8_t p[2];

	put_be16(p, v);
	buf_add(b, p, sizeof(p));
}

void pack_u32(struct buf *b, uint32_t v)
{
	uint8_t p[4];

	put_be32(p, v);
	buf_add(b, p, sizeof(p));
}

void pack_u64(struct buf *b, uint64_t v)
{
	pack_u32(b, (uint32_t)(v >> 32));
	pack_u32(b, (uint32_t)v);
}

void pack_bytes(struct buf *b, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	while (n && !bytes[n - 1])
		n--;
	pack_u32(b, (uint32_t)n);
	if (n)
		buf_add(b, p, n);
}

void pack_text(struct buf *b, const char *s)
{
	size_t n = s ? strlen(s) : 0;

	pack_u32(b, (uint32_t)n);
	if (n)
		buf_add(b, s, n);
}

const uint8_t *unpack_raw(struct unpack *u, size_t n)
{
	const uint8_t *at = u->at;

	if (u->bad || n > u->left) {
		u->bad = true;
		return NULL;
	}
	u->at += n;
	u->left -= n;
	return at;
}

uint8_t unpack_u8(struct unpack *u)
{
	const uint8_t *p = unpack_raw(u, 1);

	return p ? *p : 0;
}

uint16_t unpack_u16(struct unpack *u)
{
	const uint8_t *p = unpack_raw(u, 2);

	return p ? get_be16(p) : 0;
}

uint32_t unpack_u32(struct unpack *u)
{
	const uint8_t *p = unpack_raw(u, 4);

	return p ? get_be32(p) : 0;
}

uint64_t unpack_u64(struct unpack *u)
{
	uint64_t high = unpack_u32(u);

	return high << 32 | unpack_u32(u);
}

void unpack_bytes(struct unpack *u, void *p, size_t n)
{
	uint32_t given = unpack_u32(u);
	const uint8_t *bytes;

	if (given > n)
		u->bad = true;
	bytes = unpack_raw(u, u->bad ? 0 : given);
	if (!n)
		return;
	memset(p, 0, n);
	if (bytes && given)
		memcpy(p, bytes, given);
}

char *unpack_text(struct unpack *u)
{
	uint32_t n = unpack_u32(u);
	const uint8_t *p = unpack_raw(u, n);
	char *s;

	if (p && memchr(p, '\0', n)) {
		u->bad = true;
		p = NULL;
	}
	s = xzalloc(p ? (size_t)n + 1 : 1);
	if (p && n)
		memcpy(s, p, n);
	return s;
}

bool unpack_done(const struct unpack *u)
{
	return !u->bad && !u->left;
}
