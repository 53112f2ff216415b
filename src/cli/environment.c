/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/environment.h"
#include "script/settings.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A string that is not set is not there. */
static void put(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void put_number(const char *name, int64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, v);
	put(name, text);
}

static void put_addr(const char *name, const struct ip_addr *a)
{
	char text[IP_ADDR_TEXT];

	put(name, ip_addr_text(a, text));
}

/* Flags and numbers; names are those of the multipath-tcp fork. */
static void put_numbers(const struct settings *s)
{
	const struct {
		const char *name;
		int64_t v;
	} table[] = {
		{ "OPT_BIND_PORT", s->bind_port },
		{ "OPT_CONNECT_PORT", s->connect_port },
		{ "OPT_MTU", s->mtu },
		{ "OPT_MSS", s->mss },
		{ "OPT_SPEED", s->speed },
		{ "OPT_TOLERANCE_USECS", s->tolerance / NS_PER_US },
		{ "OPT_TCP_TS_TICK_USECS", s->tcp_ts_tick_usecs },
		{ "OPT_TCP_TS_ECR_SCALED", s->tcp_ts_ecr_scaled },
		{ "OPT_STRICT_SEGMENTS", s->segments == SEGMENTS_EXACT },
		{ "OPT_IS_ANYIP", s->is_anyip },
		{ "OPT_SEND_OMIT_FREE", s->send_omit_free },
		{ "OPT_DRY_RUN", s->dry_run },
		{ "OPT_VERBOSE", s->verbose },
		{ "OPT_WIRE_CLIENT", 0 },
		{ "OPT_WIRE_SERVER", 0 },
		{ "OPT_WIRE_SERVER_PORT", s->wire_server_port },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		put_number(table[i].name, table[i].v);
}

static void put_strings(const struct settings *s)
{
	static const char *const non_fatal[] = { "", "packet", "syscall", "packet,syscall" };
	const struct {
		const char *name, *value;
	} table[] = {
		{ "OPT_IP_VERSION", ip_version_name(s->ip_version) },
		{ "OPT_CODE_COMMAND", s->code_command },
		{ "OPT_CODE_FORMAT", s->code_format },
		{ "OPT_CODE_SOCKOPT", s->code_sockopt },
		{ "OPT_INIT_SCRIPTS", s->init_scripts },
		{ "OPT_NON_FATAL", non_fatal[s->non_fatal & (NON_FATAL_PACKET | NON_FATAL_SYSCALL)] },
		{ "OPT_WIRE_CLIENT_DEV", s->wire_client_dev },
		{ "OPT_WIRE_SERVER_DEV", s->wire_server_dev },
		{ "OPT_SO_FLAGS", s->so_flags },
		{ "OPT_LOCAL_DEV", "tun0" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		put(table[i].name, table[i].value);
}

static void put_addresses(const struct settings *s)
{
	/* IPv6 has no netmask, and its prefixes are longer than 32 bits. */
	int prefix = s->local_ip.family == AF_INET ? s->local_prefix : 0;
	struct in_addr mask = { prefix ? htonl(~0U << (32 - prefix)) : 0 };
	char text[INET_ADDRSTRLEN];

	put_addr("OPT_LOCAL_IP", &s->local_ip);
	put_addr("OPT_REMOTE_IP", &s->remote_ip);
	put_addr("OPT_GATEWAY_IP", &s->gateway_ip);
	put("OPT_NETMASK_IP", s->local_ip.family == AF_INET ?
	    inet_ntop(AF_INET, &mask, text, sizeof(text)) : NULL);
}

void environment_set(const struct settings *s)
{
	const struct define *one;

	/* Restore scripts put it into file names, which must be the shell's $PPID as well. */
	put_number("PACKETDRILL_PID", getpid());
	put_strings(s);
	put_numbers(s);
	put_addresses(s);
	STAILQ_FOREACH(one, &s->defines, next)
		setenv(one->name, one->value, 1);
}
