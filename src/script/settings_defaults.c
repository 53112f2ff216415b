/* SPDX-License-Identifier: BSD-2-Clause */
/* What is set when nobody says anything, and whether all of it fits together. */
#include "config.h"

#include "script/settings.h"
#include "base/diag.h"

#include <string.h>
#include <sys/socket.h>

void settings_init(struct settings *s, struct arena *a)
{
	*s = (struct settings){
		.arena = a,
		.local_prefix = -1,
		.remote_prefix = -1,
		.bind_port = 8080,
		.connect_port = 8080,
		.offload = true,
		.tolerance = 4000 * NS_PER_US,
		.tolerance_percent = 12.5,
		.timeout = 300 * NS_PER_SEC,
		.code_command = "python3",
		.code_format = "python",
		.code_sockopt = "",
		.wire_server_port = 8081,
	};
	STAILQ_INIT(&s->sysctls);
	STAILQ_INIT(&s->defines);
}

/* Default addresses; where packetdrill picks a random host, the first one. */
struct defaults {
	const char *local, *remote, *gateway;
	int local_prefix, remote_prefix, mtu;
};

static const struct defaults default_table[][2] = {
	[DIALECT_GOOGLE] = {
		{ "192.168.0.1", "192.0.2.1", "192.168.0.1", 16, 24, 1500 },
		{ "fd3d:fa7b:d17d::1", "2001:db8::1", "fd3d:fa7b:d17d:8888::1", 48, 32, 1500 },
	},
	[DIALECT_NPLAB] = {
		{ "192.168.0.1", "192.0.2.1", "192.168.0.2", 16, 24, 1500 },
		{ "fd3d:fa7b:d17d::1", "2001:db8::1", "fd3d:fa7b:d17d::2", 48, 32, 1500 },
	},
	[DIALECT_MPTCP] = {
		{ "192.168.0.2", "192.0.2.1", "192.168.0.1", 16, 24, 1500 },
		{ "fd3d:fa7b:d17d::", "2001:db8::1", "fd3d:fa7b:d17d:8888::1", 48, 32, 1500 },
	},
};

static int finish_addr(struct ip_addr *a, const char *fallback, const char *name, int family,
		       struct diag_sink *d)
{
	if (!a->family)
		ip_addr_parse(fallback, a);
	if (a->family != family)
		return diag_error(d, (struct span){ 0 }, "--%s is an %s address, but the script is run over %s",
				  name, a->family == AF_INET ? "IPv4" : "IPv6",
				  family == AF_INET ? "IPv4" : "IPv6");
	return 0;
}

int settings_finish(struct settings *s, struct diag_sink *d)
{
	int family = ip_version_family(s->ip_version), err = 0;
	const struct defaults *fallback = &default_table[s->dialect][family == AF_INET6];

	err |= finish_addr(&s->local_ip, fallback->local, "local_ip", family, d);
	err |= finish_addr(&s->remote_ip, fallback->remote, "remote_ip", family, d);
	err |= finish_addr(&s->gateway_ip, fallback->gateway, "gateway_ip", family, d);
	if (s->local_prefix < 0 || family == AF_INET6)
		s->local_prefix = fallback->local_prefix;
	if (s->remote_prefix < 0)
		s->remote_prefix = fallback->remote_prefix;
	if (!s->mtu)
		s->mtu = fallback->mtu;
	if (!err && ip_addr_equal(&s->local_ip, &s->remote_ip))
		err = diag_error(d, (struct span){ 0 }, "local_ip and remote_ip are the same address");
	if (!err && family == AF_INET6 && s->mtu < 1280)
		err = diag_error(d, (struct span){ 0 }, "IPv6 needs an MTU of at least 1280 (RFC 8200), not %d",
				 s->mtu);
	return err ? -1 : 0;
}

const char *settings_define(const struct settings *s, const char *name)
{
	const struct define *one;

	STAILQ_FOREACH(one, &s->defines, next)
		if (!strcmp(one->name, name))
			return one->value;
	return NULL;
}
