/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of scripts: how each is read, and the table that has them all. */
#include "config.h"

#include "script/option_table.h"
#include "base/arena.h"
#include "base/names.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char *option_bad(struct settings *s, const char *what, const char *value)
{
	return arena_printf(s->arena, "'%s' is not %s", value, what);
}

static const char *set_ip_version(struct settings *s, const char *value, struct span at)
{
	return ip_version_parse(value, &s->ip_version) ? NULL :
		option_bad(s, "ipv4, ipv6 or ipv4-mapped-ipv6", value);
}

static const char *set_addr(struct settings *s, const char *value, struct ip_addr *a)
{
	return ip_addr_parse(value, a) ? NULL : option_bad(s, "an IP address", value);
}

static const char *set_local_ip(struct settings *s, const char *value, struct span at)
{
	return set_addr(s, value, &s->local_ip);
}

static const char *set_linklocal(struct settings *s, const char *value, struct ip_addr *a)
{
	if (ip_addr_parse(value, a) && a->family == AF_INET6 && a->b[0] == 0xfe &&
	    (a->b[1] & 0xc0) == 0x80)
		return NULL;
	return option_bad(s, "a link-local IPv6 address (fe80::/10)", value);
}

static const char *set_local_linklocal(struct settings *s, const char *value, struct span at)
{
	return set_linklocal(s, value, &s->local_linklocal_ip);
}

static const char *set_gateway_linklocal(struct settings *s, const char *value, struct span at)
{
	return set_linklocal(s, value, &s->gateway_linklocal_ip);
}

/* Scripts name the device in their commands. */
static const char *set_tun_dev(struct settings *s, const char *value, struct span at)
{
	return !strcmp(value, "tun0") ? NULL : option_bad(s, "tun0, which the device is called here", value);
}

static const char *set_gateway_ip(struct settings *s, const char *value, struct span at)
{
	return set_addr(s, value, &s->gateway_ip);
}

bool option_parse_int(const char *s, int64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoll(s, &end, 10);
	return *s && !*end && !errno;
}

/* ADDR or ADDR/LEN; without a length the route is to that host alone. */
static const char *set_remote_ip(struct settings *s, const char *value, struct span at)
{
	char *addr = arena_strdup(s->arena, value), *slash = strchr(addr, '/');
	int64_t len = -1;
	const char *why;

	if (slash)
		*slash++ = '\0';
	why = set_addr(s, addr, &s->remote_ip);
	if (why)
		return why;
	if (!slash)
		len = s->remote_ip.family == AF_INET ? 32 : 128;
	else if (!option_parse_int(slash, &len) || len < 0 ||
		 len > (s->remote_ip.family == AF_INET ? 32 : 128))
		return option_bad(s, "an address with a prefix length", value);
	s->remote_prefix = (int)len;
	return NULL;
}

static const char *set_netmask_ip(struct settings *s, const char *value, struct span at)
{
	struct ip_addr a;
	uint32_t mask;

	if (!ip_addr_parse(value, &a) || a.family != AF_INET)
		return option_bad(s, "an IPv4 netmask", value);
	memcpy(&mask, a.b, 4);
	mask = ntohl(mask);
	if (~mask & (~mask + 1))
		return option_bad(s, "a netmask: its ones must come first", value);
	s->local_prefix = __builtin_popcount(mask);
	return NULL;
}

static const char *set_wire(struct settings *s, const char *value, struct span at)
{
	static const struct name_value table[] = {
		{ "auto", WIRE_AUTO }, { "veth", WIRE_VETH }, { "tun", WIRE_TUN }, { NULL, 0 }
	};
	int64_t v;

	if (!names_find(table, value, &v))
		return option_bad(s, "auto, veth or tun", value);
	s->wire = (enum wire_choice)v;
	return NULL;
}

static const char *set_udp_encapsulation(struct settings *s, const char *value, struct span at)
{
	static const struct name_value table[] = {
		{ "tcp", UDP_ENCAP_TCP }, { "sctp", UDP_ENCAP_SCTP }, { NULL, 0 }
	};
	int64_t v;

	if (!names_find(table, value, &v))
		return option_bad(s, "tcp or sctp", value);
	s->udp_encapsulation = (enum udp_encap)v;
	return NULL;
}

static const char *set_non_fatal(struct settings *s, const char *value, struct span at)
{
	static const struct name_value table[] = {
		{ "packet", NON_FATAL_PACKET }, { "syscall", NON_FATAL_SYSCALL }, { NULL, 0 }
	};
	char *list = arena_strdup(s->arena, value), *save = NULL, *word;
	int64_t v;

	for (word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (!names_find(table, word, &v))
			return option_bad(s, "a list of packet and syscall", value);
		s->non_fatal |= (unsigned)v;
	}
	return NULL;
}

static const char *set_dialect(struct settings *s, const char *value, struct span at)
{
	static const struct name_value table[] = {
		{ "google", DIALECT_GOOGLE }, { "nplab", DIALECT_NPLAB },
		{ "mptcp", DIALECT_MPTCP }, { NULL, 0 }
	};
	int64_t v;

	if (!names_find(table, value, &v))
		return option_bad(s, "google, nplab or mptcp", value);
	s->dialect = (enum dialect)v;
	return NULL;
}

static const char *set_segments(struct settings *s, const char *value, struct span at)
{
	static const struct name_value table[] = {
		{ "joined", SEGMENTS_JOINED }, { "any", SEGMENTS_ANY },
		{ "exact", SEGMENTS_EXACT }, { NULL, 0 }
	};
	int64_t v;

	if (!names_find(table, value, &v))
		return option_bad(s, "joined, any or exact", value);
	s->segments = (enum segments)v;
	return NULL;
}

/* packetdrill's name for --segments=exact. */
static const char *set_strict_segments(struct settings *s, const char *value, struct span at)
{
	s->segments = SEGMENTS_EXACT;
	return NULL;
}

static const char *set_strict(struct settings *s, const char *value, struct span at)
{
	static const struct name_value table[] = {
		{ "all", STRICT_ECR | STRICT_STRAYS | STRICT_TUPLES | STRICT_ICMP | STRICT_ACKS |
			 STRICT_PIECES },
		{ "ecr", STRICT_ECR }, { "strays", STRICT_STRAYS }, { "tuples", STRICT_TUPLES },
		{ "icmp", STRICT_ICMP }, { "acks", STRICT_ACKS },
		{ "pieces", STRICT_PIECES }, { NULL, 0 }
	};
	char *list = arena_strdup(s->arena, value), *save = NULL, *word;
	int64_t v;

	for (word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (!names_find(table, word, &v))
			return option_bad(s, "a list of ecr, strays, tuples, icmp, acks, pieces, all", value);
		s->strict |= (unsigned)v;
	}
	return NULL;
}

/* Splits NAME=VALUE; NULL if there is no name or no "=". */
static char *split(struct settings *s, const char *text, const char **value)
{
	const char *eq = strchr(text, '=');

	if (!eq || eq == text)
		return NULL;
	*value = arena_strdup(s->arena, eq + 1);
	return arena_strndup(s->arena, text, (size_t)(eq - text));
}

static const char *set_sysctl(struct settings *s, const char *text, struct span at)
{
	struct sysctl_setting *one;
	const char *value;
	char *name = split(s, text, &value);
	size_t len;

	if (!name || !*value)
		return option_bad(s, "NAME=VALUE, like net.ipv4.tcp_sack=0", text);
	len = strlen(value);
	if (len >= 2 && value[0] == '"' && value[len - 1] == '"')
		value = arena_strndup(s->arena, value + 1, len - 2);
	if (strncmp(name, "net.", 4) || strstr(name, "..") || strchr(name, '/'))
		return arena_printf(s->arena, "'%s' is not a sysctl of a network namespace (net.*)",
				    name);
	STAILQ_FOREACH(one, &s->sysctls, next)
		if (!strcmp(one->name, name))
			break;
	if (!one) {
		one = arena_new_of(s->arena, struct sysctl_setting);
		STAILQ_INSERT_TAIL(&s->sysctls, one, next);
	}
	*one = (struct sysctl_setting){ name, value, at, one->next };
	return NULL;
}

static const char *set_define(struct settings *s, const char *text, struct span at)
{
	struct define *one;
	const char *value;
	char *name = split(s, text, &value);

	if (!name)
		return option_bad(s, "NAME=VALUE", text);
	STAILQ_FOREACH(one, &s->defines, next)
		if (!strcmp(one->name, name))
			break;
	if (!one) {
		one = arena_new_of(s->arena, struct define);
		STAILQ_INSERT_TAIL(&s->defines, one, next);
	}
	*one = (struct define){ name, value, one->next };
	return NULL;
}

static const char *set_code_format(struct settings *s, const char *value, struct span at)
{
	if (strcmp(value, "python"))
		return option_bad(s, "a code format (python is)", value);
	s->code_format = "python";
	return NULL;
}

static const char *set_code_sockopt(struct settings *s, const char *value, struct span at)
{
	static const struct name_value table[] = {
		{ "", 0 }, { "TCP_INFO", 0 }, { "TCP_CC_INFO", 0 }, { "SO_MEMINFO", 0 }, { NULL, 0 }
	};
	int64_t v;

	if (!names_find(table, value, &v))
		return option_bad(s, "TCP_INFO, TCP_CC_INFO or SO_MEMINFO", value);
	s->code_sockopt = arena_strdup(s->arena, value);
	return NULL;
}

#define NO_WIRE_MODE "tests between two machines are not done yet; leave it out to test this " \
	"machine's kernel"
#define AT(field) offsetof(struct settings, field)

/*
 * The master copy of all options. A row is enough to add one: kind says how
 * the text is read and stored, a setter is for what no kind covers.
 */
const struct option_desc option_table[] = {
	{ "ip_version", OPT_CUSTOM, 0, 0, 0, set_ip_version, "V",
	  "ipv4, ipv6 or ipv4-mapped-ipv6" },
	{ "local_ip", OPT_CUSTOM, 0, 0, 0, set_local_ip, "ADDR",
	  "address of the stack under test" },
	{ "remote_ip", OPT_CUSTOM, 0, 0, 0, set_remote_ip, "ADDR[/LEN]",
	  "address of the peer, and how much is routed to it" },
	{ "gateway_ip", OPT_CUSTOM, 0, 0, 0, set_gateway_ip, "ADDR", "next hop towards the peer" },
	{ "netmask_ip", OPT_CUSTOM, 0, 0, 0, set_netmask_ip, "MASK", "IPv4 netmask of local_ip" },
	{ "bind_port", OPT_U16, AT(bind_port), 1, 65535, NULL, "PORT",
	  "local port of bind() (8080)" },
	{ "connect_port", OPT_U16, AT(connect_port), 1, 65535, NULL, "PORT",
	  "remote port of connect() (8080)" },
	{ "mtu", OPT_INT, AT(mtu), 68, 65535, NULL, "BYTES", "MTU of tun0 (1500)" },
	{ "speed", OPT_INT, AT(speed), 0, 1000000, NULL, "MBITS", "link speed of tun0" },
	{ "mss", OPT_INT, AT(mss), 0, 65535, NULL, "BYTES",
	  "segment size marked on injected packets, as GRO would" },
	{ "wire", OPT_CUSTOM, 0, 0, 0, set_wire, "KIND", "auto, veth or tun" },
	{ "offload", OPT_BOOL, AT(offload), 0, 0, NULL, "on|off",
	  "let the stack send segments above the MTU (on)" },
	{ "tolerance_usecs", OPT_USECS, AT(tolerance), 1, INT32_MAX, NULL, "US",
	  "how far a time may be off (4000)" },
	{ "tolerance_percent", OPT_PERCENT, AT(tolerance_percent), 0, 100, NULL, "P",
	  "the same, as a share of the time since the last event (12.5)" },
	{ "timeout", OPT_SECONDS, AT(timeout), 0, 0, NULL, "SEC",
	  "longest a script may run (300)" },
	{ "tcp_ts_tick_usecs", OPT_INT, AT(tcp_ts_tick_usecs), 0, 1000000, NULL, "US",
	  "tick of outbound TS val; 0 = do not check (0)" },
	{ "tcp_ts_ecr_scaled", OPT_FLAG, AT(tcp_ts_ecr_scaled), 0, 0, NULL, NULL,
	  "infer unknown TS ecr values from the first one seen" },
	{ "segments", OPT_CUSTOM, 0, 0, 0, set_segments, "HOW",
	  "how segments may be cut: joined, any or exact (joined)" },
	{ "strict_segments", OPT_CUSTOM, 0, 0, 0, set_strict_segments, NULL,
	  "the same as --segments=exact" },
	{ "strict", OPT_CUSTOM, 0, 0, 0, set_strict, "ecr,strays,...",
	  "also check ecr, strays, tuples, icmp, acks, pieces, or all" },
	{ "dialect", OPT_CUSTOM, 0, 0, 0, set_dialect, "NAME",
	  "whose defaults: google, nplab or mptcp" },
	{ "non_fatal", OPT_CUSTOM, 0, 0, 0, set_non_fatal, "packet,syscall",
	  "mismatches that are only warned of" },
	{ "is_anyip", OPT_FLAG, AT(is_anyip), 0, 0, NULL, NULL,
	  "do not put local_ip on tun0" },
	{ "send_omit_free", OPT_FLAG, AT(send_omit_free), 0, 0, NULL, NULL,
	  "keep the buffers of send calls (they always are)" },
	{ "init_scripts", OPT_STRING, AT(init_scripts), 0, 0, NULL, "A,B",
	  "shell commands to run before tun0 exists" },
	{ "code_command", OPT_STRING, AT(code_command), 0, 0, NULL, "CMD",
	  "runs %{ code }% (python3)" },
	{ "code_format", OPT_CUSTOM, 0, 0, 0, set_code_format, "python", "language of code" },
	{ "code_sockopt", OPT_CUSTOM, 0, 0, 0, set_code_sockopt, "NAME",
	  "accepted for packetdrill's sake" },
	{ "psp_udp_port", OPT_INT, AT(psp_udp_port), 0, 65535, NULL, "PORT",
	  "UDP port of PSP packets" },
	{ "udp_encapsulation", OPT_CUSTOM, 0, 0, 0, set_udp_encapsulation, "tcp|sctp",
	  "the protocol that is carried in UDP" },
	{ "tcp_md5_secret", OPT_STRING, AT(tcp_md5_secret), 0, 0, NULL, "TEXT",
	  "key of TCP MD5 signatures (RFC 2385)" },
	{ "sysctl", OPT_CUSTOM, 0, 0, 0, set_sysctl, "NAME=VALUE",
	  "set in the script's network namespace" },
	{ "define", OPT_CUSTOM, 0, 0, 0, set_define, "NAME=VALUE",
	  "replace the word NAME in the script" },
	{ "dry_run", OPT_FLAG, AT(dry_run), 0, 0, NULL, NULL, "parse and check only" },
	{ "verbose", OPT_FLAG, AT(verbose), 0, 0, NULL, NULL,
	  "as packetdrill: print packets and calls" },
	{ "debug", OPT_FLAG, AT(debug), 0, 0, NULL, NULL, "as packetdrill: print more of them" },
	{ "no_cleanup", OPT_FLAG, AT(no_cleanup), 0, 0, NULL, NULL,
	  "leave connections alone at the end" },
	{ "local_linklocal_ip", OPT_CUSTOM, 0, 0, 0, set_local_linklocal, "ADDR",
	  "another address of tun0, for IPv6" },
	{ "gateway_linklocal_ip", OPT_CUSTOM, 0, 0, 0, set_gateway_linklocal, "ADDR",
	  "next hop towards the peer, for IPv6" },
	{ "tun_dev", OPT_CUSTOM, 0, 0, 0, set_tun_dev, "NAME", "must be tun0" },
	{ "wire_server_port", OPT_INT, AT(wire_server_port), 1, 65535, NULL, "PORT",
	  "accepted for packetdrill's sake" },
	{ "wire_client_dev", OPT_STRING, AT(wire_client_dev), 0, 0, NULL, "DEV",
	  "accepted for packetdrill's sake" },
	{ "wire_server_dev", OPT_STRING, AT(wire_server_dev), 0, 0, NULL, "DEV",
	  "accepted for packetdrill's sake" },
	{ "so_filename", OPT_STRING, AT(so_filename), 0, 0, NULL, "FILE",
	  "test the stack in this file, made for packetdrill" },
	{ "so_flags", OPT_STRING, AT(so_flags), 0, 0, NULL, "TEXT",
	  "for the stack of --so_filename" },
	{ "wire_client", OPT_REFUSED, 0, 0, 0, NULL, NULL, NO_WIRE_MODE },
	{ "wire_server", OPT_REFUSED, 0, 0, 0, NULL, NULL, NO_WIRE_MODE },
	{ "wire_server_ip", OPT_REFUSED, 0, 0, 0, NULL, "HOST", NO_WIRE_MODE },
	{ "wire_server_at", OPT_REFUSED, 0, 0, 0, NULL, "HOST", NO_WIRE_MODE },
	{ "persistent_tun_dev", OPT_REFUSED, 0, 0, 0, NULL, NULL,
	  "the device is made for each script and goes with it; leave it out" },
	{ .name = NULL }
};
