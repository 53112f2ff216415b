/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of scripts and stacks as the valid UTF-8 (RFC 3629) that data formats demand. */
#ifndef DP_REPORT_UTF8_H
#define DP_REPORT_UTF8_H

#include <stddef.h>
#include <stdint.h>

struct arena;

#define UTF8_REPLACEMENT 0xfffdu

/*
 * Reads the character at s, which is not at its end. Returns how many bytes it
 * takes; a byte that starts none takes one and is UTF8_REPLACEMENT.
 */
size_t utf8_next(const char *s, uint32_t *c);
/* The text with U+FFFD for each byte that is not UTF-8: in the arena, or s itself. */
const char *utf8_clean(struct arena *a, const char *s);

#endif
