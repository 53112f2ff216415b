/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers and bytes into a message of the agent's, in network byte order, and out of one. */
#ifndef DP_TARGET_AGENT_PACK_H
#define DP_TARGET_AGENT_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

void pack_u8(struct buf *b, uint8_t v);
void pack_u16(struct buf *b, uint16_t v);
void pack_u32(struct buf *b, uint32_t v);
void pack_u64(struct buf *b, uint64_t v);
/* n bytes behind their number; zeros at their end are left out. n < 2^32. */
void pack_bytes(struct buf *b, const void *p, size_t n);
/* A text behind its length; NULL is as "". */
void pack_text(struct buf *b, const char *s);

/* What is left to read of a message. */
struct unpack {
	const uint8_t *at;
	size_t left;
	bool bad;	/* something was not there: all that was read since is zeros */
};

uint8_t unpack_u8(struct unpack *u);
uint16_t unpack_u16(struct unpack *u);
uint32_t unpack_u32(struct unpack *u);
uint64_t unpack_u64(struct unpack *u);
/* The next n bytes, within the message; NULL if they are not there. */
const uint8_t *unpack_raw(struct unpack *u, size_t n);
/* The reverse of pack_bytes(): fills all n bytes of p. Longer ones than n are bad. */
void unpack_bytes(struct unpack *u, void *p, size_t n);
/* A text on the heap, the caller's to free; never NULL. One with a NUL in it is bad. */
char *unpack_text(struct unpack *u);
/* True if everything was there and nothing is left. */
bool unpack_done(const struct unpack *u);

#endif
