/* SPDX-License-Identifier: BSD-2-Clause */
/* ethtool requests on a device. */
#include "config.h"

#include "target/link.h"

#include "base/buf.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int ethtool(int fd, const char *name, void *command)
{
	struct ifreq r = { .ifr_data = command };

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	return ioctl(fd, SIOCETHTOOL, &r);
}

static int close_keeping_errno(int fd, int rc)
{
	int err = errno;

	close(fd);
	errno = err;
	return rc;
}

int link_offload_off(const char *name)
{
	/* Checksums last: without them the kernel drops the others by itself. */
	static const unsigned table[] = {
		ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_SSG, ETHTOOL_STXCSUM,
		ETHTOOL_SRXCSUM,
	};
	struct ethtool_value v = { .data = 0 };
	int fd = open_socket(), rc = 0;
	size_t i;

	if (fd < 0)
		return -1;
	for (i = 0; rc == 0 && i < sizeof(table) / sizeof(table[0]); i++) {
		v.cmd = table[i];
		rc = ethtool(fd, name, &v);
		if (rc < 0 && errno == EOPNOTSUPP)	/* what it never had is off */
			rc = 0;
	}
	return close_keeping_errno(fd, rc);
}

void link_offloads(const char *name, struct buf *out)
{
	static const struct {
		const char *name;
		unsigned command;
	} table[] = {
		{ "rx-checksum", ETHTOOL_GRXCSUM }, { "tx-checksum", ETHTOOL_GTXCSUM },
		{ "scatter-gather", ETHTOOL_GSG }, { "tso", ETHTOOL_GTSO }, { "gso", ETHTOOL_GGSO },
		{ "gro", ETHTOOL_GGRO },
	};
	int fd = open_socket();
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct ethtool_value v = { .cmd = table[i].command };
		bool told = fd >= 0 && ethtool(fd, name, &v) == 0;

		buf_printf(out, "%s%s %s", i ? ", " : "", table[i].name,
			   !told ? "unknown" : v.data ? "on" : "off");
	}
	if (fd >= 0)
		close(fd);
}

int link_set_speed(const char *name, int mbit)
{
	struct ethtool_cmd c = { .cmd = ETHTOOL_GSET };
	int fd = open_socket(), rc;

	if (fd < 0)
		return -1;
	rc = ethtool(fd, name, &c);
	if (rc == 0) {
		c.cmd = ETHTOOL_SSET;
		ethtool_cmd_speed_set(&c, mbit);
		rc = ethtool(fd, name, &c);
	}
	return close_keeping_errno(fd, rc);
}

void link_sync_carrier(const char *name)
{
	struct ethtool_value v = { .cmd = ETHTOOL_GLINK };
	int fd = open_socket();

	if (fd < 0)
		return;
	ethtool(fd, name, &v);
	close(fd);
}
