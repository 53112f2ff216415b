/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of what the kernel tells about a TCP socket: getsockopt() of
 * TCP_INFO and TCP_CC_INFO (struct tcp_info, union tcp_cc_info) and of
 * SO_MEMINFO (an array of 32-bit numbers). The layouts are the kernel's ABI:
 * they grow at the end and never change.
 */
#ifndef DP_SYS_TCP_FIELDS_H
#define DP_SYS_TCP_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tcp_source { TCP_SOURCE_INFO, TCP_SOURCE_CC, TCP_SOURCE_MEMINFO, TCP_SOURCES };

struct tcp_field {
	const char *name;
	enum tcp_source source;
	uint16_t offset;	/* bytes */
	uint8_t width;		/* bytes */
	uint8_t shift, bits;	/* of a bit field, as a little-endian machine counts; bits 0 = the whole */
	uint16_t needs;		/* bytes the answer must have for the field to be in it */
};

/* All fields, in the order of the structs; the last row has a NULL name. */
extern const struct tcp_field tcp_field_table[];

/* A field by its name ("tcpi_rtt", "SK_MEMINFO_SNDBUF", "bbr_bw"), or NULL. */
const struct tcp_field *tcp_field_find(const char *name);
/* The field nearest to a misspelt name, or NULL. */
const char *tcp_field_nearest(const char *name);
/* Its value in an answer of its source, len bytes long; false if the kernel gave too little. */
bool tcp_field_read(const struct tcp_field *f, const void *answer, size_t len, uint64_t *value);

#endif
