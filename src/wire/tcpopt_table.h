/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows behind tcpopt.h. A new option of a known shape is one row in
 * tcpopt_table.c; a new shape is one struct tcpopt_codec more.
 */
#ifndef DP_WIRE_TCPOPT_TABLE_H
#define DP_WIRE_TCPOPT_TABLE_H

#include "wire/tcpopt.h"

/*
 * What precedes the data on the wire: kind and length, the kind alone, nothing
 * at all, or a kind that stands in the option's name (gen-77) and a length.
 */
enum tcpopt_frame { FRAME_TLV, FRAME_KIND, FRAME_RAW, FRAME_NAMED };

/* An unsigned number in network byte order; label is the word before it in a script, if any. */
struct tcpopt_field {
	const char *label;
	uint8_t bytes;
	const char *what;	/* for "... out of range" */
	bool any;		/* may be written "...": not compared */
	bool literal;		/* may be written "N!": as on the wire */
};

#define TCPOPT_MAX_FIELDS 3

/* Bytes being encoded; n runs on past the room, so that "too long" is seen at the end. */
struct tcpopt_bytes {
	uint8_t b[TCPOPT_MAX_BYTES];
	size_t n;
};

struct tcpopt_desc;

struct tcpopt_codec {
	/* Writes the data described by the option's atoms. 0, or -1 after a diagnostic. */
	int (*encode)(const struct tcpopt_desc *t, const struct spec_opt *o,
		      struct tcpopt_bytes *out, struct diag_sink *d);
	/* Appends what a script says after the name; the data is known to fit the row. */
	void (*print)(const struct tcpopt_desc *t, const uint8_t *data, size_t len,
		      struct buf *out);
};

struct tcpopt_desc {
	const char *name;	/* one that ends in "-" is the beginning of many */
	const char *usage;	/* how it is written, for messages */
	const char *what;	/* what the hex digits are, for messages */
	uint8_t kind;
	enum tcpopt_frame frame;
	const struct tcpopt_codec *codec;
	uint8_t min, max, step;	/* allowed data bytes: min, min + step, ... max */
	uint16_t exid;		/* first two data bytes of an experiment (RFC 6994), or 0 */
	struct tcpopt_field field[TCPOPT_MAX_FIELDS];
};

/* Ends with a NULL name. */
extern const struct tcpopt_desc tcpopt_table[];

void tcpopt_put(struct tcpopt_bytes *out, uint8_t byte);

#endif
