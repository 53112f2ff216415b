/* SPDX-License-Identifier: BSD-2-Clause */
/* Heap allocation that cannot fail: out of memory ends the process (exit 70). */
#ifndef DP_BASE_XMEM_H
#define DP_BASE_XMEM_H

#include <stddef.h>

/* Zeroed block of n bytes; the caller frees it with free(). */
void *xzalloc(size_t n);
/* realloc() that never returns NULL; new bytes are not zeroed. */
void *xrealloc(void *p, size_t n);
/* strdup() that never returns NULL. */
char *xstrdup(const char *s);

#endif
