/* SPDX-License-Identifier: BSD-2-Clause */
/* Growable text or bytes on the heap. An all-zero struct is an empty buffer. */
#ifndef DP_BASE_BUF_H
#define DP_BASE_BUF_H

#include <stddef.h>

struct buf {
	char *s;	/* NUL-terminated once anything was added; else NULL */
	size_t len, size;
};

/* Appends; the buffer grows as needed and out of memory ends the process. */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same character n times; n <= 0 adds nothing. */
void buf_pad(struct buf *b, char c, int n);
/* The text so far, "" when empty; owned by the buffer. */
const char *buf_str(const struct buf *b);
/* Empties without giving memory back. */
void buf_clear(struct buf *b);
/* Frees the memory and leaves an empty buffer. */
void buf_free(struct buf *b);
/* Appends bytes as a C string literal's inside: \n \t \\ \" \xHH, UTF-8 as it is. */
void buf_add_escaped(struct buf *b, const char *s, size_t n);

#endif
