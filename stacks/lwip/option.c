/* SPDX-License-Identifier: BSD-2-Clause */
/* Socket options: those that lwIP has; every other one is lacking. */
#include "config.h"

#include "adapter.h"

#include "lwip/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* FLAG: lwIP gives the value of its bit where Linux gives 1. */
enum { GET = 1, SET = 2, FLAG = 4 };

static const struct option {
	int level, name;
	unsigned can;
	socklen_t size;
} options[] = {
	{ SOL_SOCKET, SO_ACCEPTCONN, GET, sizeof(int) },
	{ SOL_SOCKET, SO_BROADCAST, GET | SET | FLAG, sizeof(int) },
	{ SOL_SOCKET, SO_ERROR, GET, sizeof(int) },
	{ SOL_SOCKET, SO_KEEPALIVE, GET | SET | FLAG, sizeof(int) },
	{ SOL_SOCKET, SO_LINGER, GET | SET, sizeof(struct linger) },
	{ SOL_SOCKET, SO_NO_CHECK, GET | SET | FLAG, sizeof(int) },
	{ SOL_SOCKET, SO_RCVBUF, GET | SET, sizeof(int) },
	{ SOL_SOCKET, SO_REUSEADDR, GET | SET | FLAG, sizeof(int) },
	{ SOL_SOCKET, SO_TYPE, GET, sizeof(int) },
	{ IPPROTO_IP, IP_TOS, GET | SET, sizeof(int) },
	{ IPPROTO_IP, IP_TTL, GET | SET, sizeof(int) },
	{ IPPROTO_IPV6, IPV6_V6ONLY, GET | SET, sizeof(int) },
	{ IPPROTO_TCP, TCP_KEEPCNT, GET | SET, sizeof(int) },
	{ IPPROTO_TCP, TCP_KEEPIDLE, GET | SET, sizeof(int) },
	{ IPPROTO_TCP, TCP_KEEPINTVL, GET | SET, sizeof(int) },
	{ IPPROTO_TCP, TCP_NODELAY, GET | SET, sizeof(int) },
};

static const struct option *find(int level, int name, unsigned can)
{
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (options[i].level == level && options[i].name == name && options[i].can & can)
			return &options[i];
	return NULL;
}

int option_get(struct dp_stack *s, int number, int level, int name, void *value, socklen_t *len)
{
	const struct adapter_fd *fd = socket_fd(s, number);
	const struct option *o = find(level, name, GET);
	union { int number; struct linger linger; } got = { 0 };
	socklen_t size;
	ssize_t err;

	if (!fd || fd->lwip < 0)
		return -EBADF;
	if (!o)
		return DP_LACKS;
	size = o->size;
	err = socket_result(lwip_getsockopt(fd->lwip, level, name, &got, &size));
	if (err < 0)
		return (int)err;
	if (o->can & FLAG)
		got.number = got.number != 0;
	if (*len > o->size)
		*len = o->size;
	memcpy(value, &got, *len);
	return 0;
}

int option_set(struct dp_stack *s, int number, int level, int name, const void *value,
	       socklen_t len)
{
	const struct adapter_fd *fd = socket_fd(s, number);
	const struct option *o = find(level, name, SET);

	if (!fd || fd->lwip < 0)
		return -EBADF;
	if (!o)
		return DP_LACKS;
	if (len < o->size)
		return -EINVAL;
	return (int)socket_result(lwip_setsockopt(fd->lwip, level, name, value, o->size));
}
