/* SPDX-License-Identifier: BSD-2-Clause */
/* Between pkt_compare.c (transports) and pkt_compare_ip.c (below them); for nobody else. */
#ifndef DP_WIRE_PKT_COMPARE_H
#define DP_WIRE_PKT_COMPARE_H

#include "wire/pkt.h"

struct comparison {
	const struct pkt_spec *spec;
	const struct pkt *want, *got;
	struct arena *arena;
	struct pkt_diff_list *list;
};

/* Append a difference; dec and hex only if the numbers differ. */
void compare_text(const struct comparison *c, const char *field, const char *want,
		  const char *got);
void compare_dec(const struct comparison *c, const char *field, uint32_t want, uint32_t got);
void compare_hex(const struct comparison *c, const char *field, uint32_t want, uint32_t got);
/* True for an ICMP message that is about another packet. */
bool compare_is_icmp_error(const struct pkt *p);
/* All headers before the transport's, which are of the same kinds. */
void compare_layers(const struct comparison *c);

#endif
