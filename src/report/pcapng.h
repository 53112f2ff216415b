/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Captures in pcapng (draft-ietf-opsawg-pcapng), one section with one
 * interface. Of the C libraries that distributions keep, libpcap reads pcapng
 * and writes only its predecessor, which has no comments; Wireshark's libwiretap
 * is internal to it. The format is simple enough to write.
 */
#ifndef DP_REPORT_PCAPNG_H
#define DP_REPORT_PCAPNG_H

#include "base/nstime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* LINKTYPE_RAW: packets begin with their IPv4 or IPv6 header. */
#define PCAPNG_LINKTYPE_RAW 101

/* Texts may be NULL. They are UTF-8; beyond the 65535 bytes of an option they are cut. */
struct pcapng_section {
	const char *comment, *os, *program;
};

struct pcapng_interface {
	const char *name, *description, *comment;
	uint16_t linktype;
};

struct pcapng_packet {
	nstime t;		/* since 1970 */
	const uint8_t *data;
	size_t len, wire_len;
	bool inbound;		/* else outbound */
	const char *const *comments;
	size_t n_comments;
};

/* Append a block each: the section and its interface (stamps in ns) once, then packets. */
void pcapng_section(struct buf *out, const struct pcapng_section *s);
void pcapng_interface(struct buf *out, const struct pcapng_interface *i);
void pcapng_packet(struct buf *out, const struct pcapng_packet *p);

#endif
