/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMP types and codes by the names scripts use (RFC 792, RFC 1122, RFC 1812
 * for IPv4, RFC 4443 for IPv6). Any value can also be written type_N, code_N.
 */
#ifndef DP_WIRE_ICMP_NAMES_H
#define DP_WIRE_ICMP_NAMES_H

#include "base/names.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	ICMP4_ECHO_REPLY = 0, ICMP4_UNREACHABLE = 3, ICMP4_SOURCE_QUENCH = 4, ICMP4_REDIRECT = 5,
	ICMP4_ECHO_REQUEST = 8, ICMP4_TIME_EXCEEDED = 11, ICMP4_PARAMETER_PROBLEM = 12,
	ICMP4_CODE_FRAG_NEEDED = 4,
	ICMP6_PACKET_TOO_BIG = 2, ICMP6_ECHO_REQUEST = 128, ICMP6_ECHO_REPLY = 129,
	ICMP6_ROUTER_SOLICITATION = 133, ICMP6_ROUTER_ADVERTISEMENT = 134, ICMP6_REDIRECT = 137,
};

/* The names of a family's types; ends with a NULL name. */
const struct name_value *icmp_types(int family);
/* The names of one type's codes; an empty table if they have none. */
const struct name_value *icmp_codes(int family, uint8_t type);
/* A name or type_N; false if it is neither. */
bool icmp_type_parse(int family, const char *text, uint8_t *type);
/* A name of this type's codes or code_N; false if it is neither. */
bool icmp_code_parse(int family, uint8_t type, const char *text, uint8_t *code);
/* True for messages that quote the packet they are about. */
bool icmp_is_error(int family, uint8_t type);
/* True for messages whose bytes 4 and 5 are an identifier. */
bool icmp_has_id(int family, uint8_t type);

#endif
