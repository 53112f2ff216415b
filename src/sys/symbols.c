/* SPDX-License-Identifier: BSD-2-Clause */
/* The table generated from symbols.txt with this host's headers. */
#include "config.h"

#include "sys/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/errqueue.h>
#include <linux/if_tun.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

const struct name_value symbol_table[] = {
#include "src/sys/symbols_gen.inc"
	{ NULL, 0 }
};

const char *errno_name(int err, char *buf)
{
	const struct name_value *s;

	for (s = symbol_table; s->name; s++)
		if (s->value == err && s->name[0] == 'E' && strncmp(s->name, "EPOLL", 5))
			return s->name;
	snprintf(buf, 24, "errno %d", err);
	return buf;
}
