/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of what TCP_INFO counts: states, congestion avoidance states, options. tcp(7). */
#ifndef DP_SYS_TCP_NAMES_H
#define DP_SYS_TCP_NAMES_H

#include "base/names.h"

struct buf;

/* Values of tcpi_state: the kernel's names first, then those of nplab's packetdrill. */
extern const struct name_value tcp_state_names[];
/* Values of tcpi_ca_state. */
extern const struct name_value tcp_ca_names[];
/* Bits of tcpi_options. */
extern const struct name_value tcp_option_names[];

/* The tables above, for whoever wants every name; the last is NULL. */
extern const struct name_value *const tcp_name_tables[];

/* Appends a field's value with its name, if values of that field have one: "TCP_LISTEN (10)". */
void tcp_value_print(const char *field, uint64_t value, struct buf *out);

#endif
