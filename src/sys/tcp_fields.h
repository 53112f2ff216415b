/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel tells about a TCP socket, by name: struct tcp_info, union
 * tcp_cc_info and the numbers of SO_MEMINFO. The layout is written down here
 * and not taken from headers, because the kernel under test is often newer
 * than the headers of the machine that built this.
 */
#ifndef DP_SYS_TCP_FIELDS_H
#define DP_SYS_TCP_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which answer of getsockopt(2) holds a field. */
enum tcp_field_source {
	TCP_FIELD_INFO,		/* IPPROTO_TCP, TCP_INFO: struct tcp_info */
	TCP_FIELD_BBR,		/* IPPROTO_TCP, TCP_CC_INFO: struct tcp_bbr_info */
	TCP_FIELD_DCTCP,	/* the same option: struct tcp_dctcp_info */
	TCP_FIELD_VEGAS,	/* the same option: struct tcpvegas_info */
	TCP_FIELD_MEMINFO,	/* SOL_SOCKET, SO_MEMINFO: 32-bit numbers */
};

/* A number at byte `off`, `bytes` wide in host order; of a bit field, `bits` from bit `shift` on. */
struct tcp_field {
	const char *name;
	enum tcp_field_source source;
	uint16_t off;
	uint8_t bytes, shift, bits;	/* bits 0: not a bit field */
};

/* Room that any answer fits in, also that of a kernel some years younger than this table. */
#define TCP_FIELD_ROOM 1024

/* Every field, those of one source together, in the order packetdrill gives them to code. */
extern const struct tcp_field tcp_field_table[];
/* Rows of the table. */
extern const size_t tcp_field_count;
/* The field of this name, or NULL. */
const struct tcp_field *tcp_field_find(const char *name);
/* The field nearest to a misspelt name, or NULL. */
const char *tcp_field_nearest(const char *name);
/*
 * Reads a field from the `len` bytes the kernel returned for its source.
 * False if the answer is too short to hold it (an older kernel).
 */
bool tcp_field_read(const struct tcp_field *f, const void *bytes, size_t len, uint64_t *v);

#endif
