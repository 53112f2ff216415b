/* SPDX-License-Identifier: BSD-2-Clause */
/* ICMP type and code names: RFC 792, 950, 1122, 1812 (IPv4), RFC 4443, 2710, 4861 (IPv6). */
#include "config.h"

#include "wire/icmp_names.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

static const struct name_value types4[] = {
	{ "echo_reply", ICMP4_ECHO_REPLY },
	{ "unreachable", ICMP4_UNREACHABLE },
	{ "source_quench", ICMP4_SOURCE_QUENCH },
	{ "redirect", ICMP4_REDIRECT },
	{ "echo_request", ICMP4_ECHO_REQUEST },
	{ "time_exceeded", ICMP4_TIME_EXCEEDED },
	{ "parameter_problem", ICMP4_PARAMETER_PROBLEM },
	{ "timestamp_request", 13 },
	{ "timestamp_reply", 14 },
	{ "information_request", 15 },
	{ "information_reply", 16 },
	{ "address_mask_request", 17 },
	{ "address_mask_reply", 18 },
	{ NULL, 0 }
};

static const struct name_value unreachable4[] = {
	{ "net_unreachable", 0 },
	{ "host_unreachable", 1 },
	{ "protocol_unreachable", 2 },
	{ "port_unreachable", 3 },
	{ "frag_needed", ICMP4_CODE_FRAG_NEEDED },
	{ "source_route_failed", 5 },
	{ "net_unknown", 6 },
	{ "host_unknown", 7 },
	{ "source_host_isolated", 8 },
	{ "net_prohibited", 9 },
	{ "host_prohibited", 10 },
	{ "net_unreachable_for_tos", 11 },
	{ "host_unreachable_for_tos", 12 },
	{ "packet_filtered", 13 },
	{ "precedence_violation", 14 },
	{ "precedence_cutoff", 15 },
	{ NULL, 0 }
};

static const struct name_value time_exceeded4[] = {
	{ "ttl_exceeded_in_transit", 0 },
	{ "frag_reass_exceeded", 1 },
	{ NULL, 0 }
};

/* RFC 4443, RFC 2710 and the messages of neighbour discovery. */
static const struct name_value types6[] = {
	{ "unreachable", 1 },
	{ "packet_too_big", ICMP6_PACKET_TOO_BIG },
	{ "time_exceeded", 3 },
	{ "parameter_problem", 4 },
	{ "echo_request", ICMP6_ECHO_REQUEST },
	{ "echo_reply", ICMP6_ECHO_REPLY },
	{ "listener_query", 130 },
	{ "listener_report", 131 },
	{ "listener_done", 132 },
	{ "router_solicitation", ICMP6_ROUTER_SOLICITATION },
	{ "router_advertisement", ICMP6_ROUTER_ADVERTISEMENT },
	{ "neighbour_solicitation", 135 },
	{ "neighbour_advertisement", 136 },
	{ "redirect", ICMP6_REDIRECT },
	{ NULL, 0 }
};

static const struct name_value unreachable6[] = {
	{ "no_route", 0 },
	{ "net_unreachable", 0 },
	{ "admin_prohibited", 1 },
	{ "not_neighbour", 2 },
	{ "address_unreachable", 3 },
	{ "port_unreachable", 4 },
	{ NULL, 0 }
};

static const struct name_value time_exceeded6[] = {
	{ "exceeded_hop_limit", 0 },
	{ "exceeded_frag_time", 1 },
	{ NULL, 0 }
};

static const struct name_value parameter_problem6[] = {
	{ "header_field", 0 },
	{ "unknown_next_header", 1 },
	{ "unknown_option", 2 },
	{ NULL, 0 }
};

static const struct name_value no_names[] = { { NULL, 0 } };

/* What is known of a type beyond its name. */
struct type_info {
	int family;
	uint8_t type;
	const struct name_value *codes;
	bool error, id;
};

static const struct type_info type_infos[] = {
	{ .family = AF_INET, .type = ICMP4_ECHO_REPLY, .id = true },
	{ .family = AF_INET, .type = ICMP4_UNREACHABLE, .codes = unreachable4, .error = true },
	{ .family = AF_INET, .type = ICMP4_SOURCE_QUENCH, .error = true },
	{ .family = AF_INET, .type = ICMP4_REDIRECT, .error = true },
	{ .family = AF_INET, .type = ICMP4_ECHO_REQUEST, .id = true },
	{ .family = AF_INET, .type = ICMP4_TIME_EXCEEDED, .codes = time_exceeded4,
	  .error = true },
	{ .family = AF_INET, .type = ICMP4_PARAMETER_PROBLEM, .error = true },
	{ .family = AF_INET, .type = 13, .id = true },
	{ .family = AF_INET, .type = 14, .id = true },
	{ .family = AF_INET, .type = 15, .id = true },
	{ .family = AF_INET, .type = 16, .id = true },
	{ .family = AF_INET, .type = 17, .id = true },
	{ .family = AF_INET, .type = 18, .id = true },
	{ .family = AF_INET6, .type = 1, .codes = unreachable6, .error = true },
	{ .family = AF_INET6, .type = ICMP6_PACKET_TOO_BIG, .error = true },
	{ .family = AF_INET6, .type = 3, .codes = time_exceeded6, .error = true },
	{ .family = AF_INET6, .type = 4, .codes = parameter_problem6, .error = true },
	{ .family = AF_INET6, .type = ICMP6_ECHO_REQUEST, .id = true },
	{ .family = AF_INET6, .type = ICMP6_ECHO_REPLY, .id = true },
};

static const struct type_info *find_info(int family, uint8_t type)
{
	size_t i;

	for (i = 0; i < sizeof(type_infos) / sizeof(type_infos[0]); i++)
		if (type_infos[i].family == family && type_infos[i].type == type)
			return &type_infos[i];
	return NULL;
}

const struct name_value *icmp_types(int family)
{
	return family == AF_INET6 ? types6 : types4;
}

const struct name_value *icmp_codes(int family, uint8_t type)
{
	const struct type_info *t = find_info(family, type);

	return t && t->codes ? t->codes : no_names;
}

bool icmp_is_error(int family, uint8_t type)
{
	const struct type_info *t = find_info(family, type);

	return t && t->error;
}

bool icmp_has_id(int family, uint8_t type)
{
	const struct type_info *t = find_info(family, type);

	return t && t->id;
}

/* "PREFIX123" with a value of 8 bits. */
static bool parse_numbered(const char *text, const char *prefix, uint8_t *value)
{
	size_t skip = strlen(prefix);
	unsigned v = 0;
	const char *s;

	if (strncmp(text, prefix, skip) || !text[skip])
		return false;
	for (s = text + skip; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (unsigned)(*s - '0');
		if (v > UINT8_MAX)
			return false;
	}
	*value = (uint8_t)v;
	return true;
}

bool icmp_type_parse(int family, const char *text, uint8_t *type)
{
	int64_t v;

	if (!names_find(icmp_types(family), text, &v))
		return parse_numbered(text, "type_", type);
	*type = (uint8_t)v;
	return true;
}

bool icmp_code_parse(int family, uint8_t type, const char *text, uint8_t *code)
{
	int64_t v;

	if (!names_find(icmp_codes(family, type), text, &v))
		return parse_numbered(text, "code_", code);
	*code = (uint8_t)v;
	return true;
}
