/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between pkt_build.c (IP and tunnels), pkt_build_l4.c (TCP, UDP, UDP-Lite) and
 * pkt_build_icmp.c; for nobody else.
 */
#ifndef DP_WIRE_PKT_BUILD_H
#define DP_WIRE_PKT_BUILD_H

#include "wire/hdrs.h"
#include "wire/pkt.h"
#include "wire/spec.h"
#include "wire/tcpopt.h"

/* A packet being built. While planning, p has headers and a length but no bytes. */
struct build {
	const struct pkt_spec *spec;
	int family;
	struct pkt *p;
	struct diag_sink *diag;
	uint32_t payload_len;
	uint8_t opts[TCPOPT_MAX_BYTES];
	size_t opts_len;
	uint8_t icmp_type, icmp_code;
};

/* Checks that a number, if written, is 0..max. 0, or -1 after a diagnostic. */
int build_check(const struct build *b, const struct spec_num *n, int64_t max, const char *what);
/* Checks START:END(LEN). 0, or -1 after a diagnostic. */
int build_check_range(const struct build *b, uint32_t seq, uint32_t end, uint16_t len,
		      struct span at);
/* Appends a header of this many bytes. */
void build_push(struct build *b, enum hdr_kind kind, uint32_t len);

/*
 * plan: checks the transport's part of the spec, pushes its header and sets
 * payload_len. write: fills header and payload (zeroed) from `at` on.
 */
int build_plan_tcp(struct build *b);
void build_write_tcp(const struct build *b, uint8_t *at);
int build_plan_udp(struct build *b);
void build_write_udp(const struct build *b, uint8_t *at);
int build_plan_udplite(struct build *b);
void build_write_udplite(const struct build *b, uint8_t *at);
int build_plan_icmp(struct build *b);
void build_write_icmp(const struct build *b, uint8_t *at);

#endif
