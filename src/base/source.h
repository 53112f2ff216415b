/* SPDX-License-Identifier: BSD-2-Clause */
/* The text of one script, and places in it. */
#ifndef DP_BASE_SOURCE_H
#define DP_BASE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct diag_sink;
struct origin_map;

/* A stretch of source text: lines and byte columns from 1, the end exclusive. All 0 = nowhere. */
struct span {
	uint32_t line, col, end_line, end_col;
};

struct source {
	const char *name;	/* as the user gave it */
	const char *text;	/* NUL-terminated */
	size_t len;
	const char **lines;	/* start of each line */
	uint32_t n_lines;
	const struct origin_map *map;	/* of a text put together from others; else NULL */
	const struct source *includer;	/* what includes it, and where; NULL for a script */
	uint32_t includer_line;
};

/* No honest script is larger; more is refused before it is read. */
#define SOURCE_MAX_BYTES (16u * 1024 * 1024)

/*
 * Reads a whole file into the arena ("-" is standard input). Returns NULL after
 * a diagnostic when it cannot be read, is a directory, is too large, or holds
 * NUL bytes (a binary file).
 */
struct source *source_load(const char *path, struct arena *a, struct diag_sink *d);
/* The same from memory; text need not be NUL-terminated. NULL if it holds a NUL byte. */
struct source *source_from_text(const char *name, const char *text, size_t len, struct arena *a,
				struct diag_sink *d);
/* Line n (from 1) without its line end; *len gets its length. NULL past the end. */
const char *source_line(const struct source *s, uint32_t n, size_t *len);
/* The smallest span that covers both; an empty one counts as absent. */
struct span span_join(struct span a, struct span b);

#endif
