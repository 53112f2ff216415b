/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TCP options (RFC 9293 3.1 and the RFCs of tcpopt_table): one table row says
 * how an option is written in a script, encoded, decoded and printed.
 */
#ifndef DP_WIRE_TCPOPT_H
#define DP_WIRE_TCPOPT_H

#include "wire/spec.h"

#include <stddef.h>

struct buf;
struct diag_sink;

#define TCPOPT_MAX_BYTES 40
#define TCPOPT_MD5_BYTES 16

enum {
	TCPO_EOL = 0, TCPO_NOP = 1, TCPO_MSS = 2, TCPO_WSCALE = 3, TCPO_SACK_OK = 4,
	TCPO_SACK = 5, TCPO_TIMESTAMP = 8, TCPO_MD5 = 19, TCPO_FASTOPEN = 34,
	TCPO_ACCECN0 = 172, TCPO_ACCECN1 = 174, TCPO_EXPERIMENT = 254,
};

/* One option of a header; data points at the bytes after kind and length. */
struct tcpopt {
	uint8_t kind;
	const uint8_t *raw;	/* the option's first byte */
	size_t raw_len;		/* with kind and length */
	const uint8_t *data;
	size_t len;		/* of data */
};

/*
 * Encodes a written option list into buf (room for TCPOPT_MAX_BYTES). *len
 * gets the byte count, not padded; family is the one on the wire. 0, or -1
 * after a diagnostic at the option.
 */
int tcpopt_encode(const struct pkt_spec *spec, int family, uint8_t *buf, size_t *len,
		  struct diag_sink *d);
/* How many bytes a written option takes at its place in an encoded list. */
size_t tcpopt_written_bytes(const struct spec_opt *o, const uint8_t *at);

/* True for `md5 valid`: the digest is not written but computed. */
bool tcpopt_is_signature(const struct spec_opt *o);
/* True if a value of it is written "...": that is not compared, and nothing learnt from it. */
bool tcpopt_is_open(const struct spec_opt *o);
/* True if the number after this label was kept from the wire: it means what it meant there. */
bool tcpopt_is_on_wire(const struct spec_opt *o, const char *label);
/* The option of a packet's list with this name, or NULL. */
const struct spec_opt *tcpopt_written(const struct pkt_spec *spec, const char *name);

/*
 * Steps through raw option bytes: *pos starts at 0. 1 = *o is filled, 0 = the
 * end, -1 = what is left is malformed (*o.raw then is the rest).
 */
int tcpopt_next(const uint8_t *opts, size_t len, size_t *pos, struct tcpopt *o);
/* The option of this kind (malformed rests end the search); false if there is none. */
bool tcpopt_find(const uint8_t *opts, size_t len, uint8_t kind, struct tcpopt *o);
/*
 * Appends one option in script syntax; an unknown one as `gen-KIND HEX`, a
 * malformed one as `raw HEX`.
 */
void tcpopt_print(const struct tcpopt *o, struct buf *out);
/* Appends `<a,b,c>` for all of them, or nothing when len is 0. */
void tcpopt_print_all(const uint8_t *opts, size_t len, struct buf *out);

#endif
