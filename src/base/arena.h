/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A region of memory that is freed as a whole. A script and everything parsed
 * from it live in one arena, a run's records in another; nothing in an arena
 * is freed singly, and it never owns a descriptor or a thread.
 */
#ifndef DP_BASE_ARENA_H
#define DP_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A new, empty arena; release it with arena_free(). Never NULL. */
struct arena *arena_new(void);
/* Frees every block of the arena and the arena; NULL is allowed. */
void arena_free(struct arena *a);
/* Zeroed bytes, aligned for any type; valid until arena_free(). Never NULL. */
void *arena_alloc(struct arena *a, size_t n);
/* Copies of text (n bytes, NUL added) or raw bytes into the arena. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
void *arena_memdup(struct arena *a, const void *p, size_t n);
/* printf(3) into the arena. */
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
