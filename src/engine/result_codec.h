/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Result events as bytes, for the pipe from a script's child process to its
 * parent, and the table of their fields that anything else (a JSON report, a
 * copy that outlives the call) can walk too.
 */
#ifndef DP_ENGINE_RESULT_CODEC_H
#define DP_ENGINE_RESULT_CODEC_H

#include "seam/result.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

enum result_field_kind {
	RESULT_ENUM,		/* an enum of unsigned int's size; names[] says its values */
	RESULT_BOOL,
	RESULT_TIME,		/* nstime */
	RESULT_STRING,		/* const char *, may be NULL */
	RESULT_SPAN,		/* struct span */
	RESULT_MISMATCHES,	/* struct mismatch *, the head of a list */
	RESULT_FRAMES,		/* const struct wire_frame *, the head of a list */
};

struct result_field {
	const char *name;
	enum result_field_kind kind;
	size_t offset;			/* in struct result */
	const char *const *names;	/* RESULT_ENUM: a name for each value ... */
	unsigned n_names;		/* ... below this; larger ones are malformed */
};

/* One row for each member of struct result, in the order of the struct. */
extern const struct result_field result_field_table[];
extern const size_t result_field_count;

/* Where the field is in *r: an unsigned, bool, nstime, const char *, span or list. */
static inline const void *result_field_at(const struct result *r, const struct result_field *f)
{
	return (const char *)r + f->offset;
}

/* No event is longer than this; a length prefix above it is garbage. */
#define RESULT_MAX_BYTES (64u * 1024 * 1024)
/* Longer strings lose their end, longer lists their last entries, so that the bound holds. */
#define RESULT_MAX_STRING (512u * 1024)
#define RESULT_MAX_MISMATCHES 32
/* The largest IPv6 packet without jumbo payload; of longer ones the start is kept. */
#define RESULT_MAX_FRAME (40u + 65535)
#define RESULT_MAX_FRAMES 64

/* Appends one event: its length in four bytes, then the fields; all little-endian. */
void result_encode(const struct result *r, struct buf *out);
/*
 * Reads one event from the start of bytes. 1: *out is filled, its strings in
 * the arena, and *used bytes are done with. 0: the event is not complete yet.
 * -1: this was never written by result_encode(), nothing after it can be
 * trusted. Unless 1, *used is 0 and *out untouched.
 */
int result_decode(const uint8_t *bytes, size_t len, size_t *used, struct arena *a,
		  struct result *out);
/* A copy whose strings and lists live in the arena. */
void result_copy(const struct result *from, struct arena *a, struct result *to);

/* "PASS", "FAIL", ...; "NONE" for VERDICT_NONE and values out of range. */
const char *verdict_name(enum verdict v);
/* "begin", "event", ... and "none", "inbound", ...; "?" out of range. */
const char *result_kind_name(enum result_kind k);
const char *event_kind_name(enum event_kind k);

#endif
