/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls on lwIP's own sockets. Debian's liblwip is built with libc's headers,
 * so that addresses, flags, options and errno have Linux's numbers already.
 */
#include "config.h"

#include "adapter.h"

#include "lwip/api.h"
#include "lwip/priv/sockets_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

struct adapter_fd *socket_fd(struct dp_stack *s, int fd)
{
	return fd >= 0 && fd < ADAPTER_FDS && s->fds[fd].used ? &s->fds[fd] : NULL;
}

struct netconn *socket_netconn(const struct adapter_fd *fd)
{
	struct lwip_sock *sock = fd->lwip < 0 ? NULL : lwip_socket_dbg_get_socket(fd->lwip);

	return sock ? sock->conn : NULL;
}

/* A descriptor that calls may be made on; NULL: -EBADF. */
static struct adapter_fd *open_fd(struct dp_stack *s, int number)
{
	struct adapter_fd *fd = socket_fd(s, number);

	return fd && fd->lwip >= 0 ? fd : NULL;
}

ssize_t socket_result(ssize_t result)
{
	if (result >= 0)
		return result;
	/* lwIP has errors without an errno: it then sets -1. */
	return errno > 0 ? -errno : -EIO;
}

int socket_address(const struct sockaddr *addr, socklen_t len, struct sockaddr_storage *to,
		   socklen_t *to_len)
{
	if (!addr || len < sizeof(addr->sa_family))
		return -EINVAL;
	memset(to, 0, sizeof(*to));
	memcpy(to, addr, len < sizeof(*to) ? len : sizeof(*to));
	*to_len = to->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					    : sizeof(struct sockaddr_in);
	return len < *to_len && to->ss_family != AF_UNSPEC ? -EINVAL : 0;
}

/* The lowest free number, as POSIX has it; -1 if there is none. */
static int free_number(const struct dp_stack *s)
{
	int i;

	for (i = 0; i < ADAPTER_FDS; i++)
		if (!s->fds[i].used)
			return i;
	return -1;
}

static int new_fd(struct dp_stack *s, int lwip)
{
	int number = free_number(s);

	s->fds[number] = (struct adapter_fd){ .used = true, .lwip = lwip };
	lwip_fcntl(lwip, F_SETFL, O_NONBLOCK);
	return number;
}

int socket_open(struct dp_stack *s, int domain, int type, int protocol)
{
	int kind = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), wanted, fd;

	if (domain != AF_INET && domain != AF_INET6)
		return DP_LACKS;
	if (kind != SOCK_STREAM && kind != SOCK_DGRAM)
		return DP_LACKS;
	wanted = kind == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
	if (protocol && protocol != wanted)
		return DP_LACKS;
	if (free_number(s) < 0)
		return -EMFILE;
	fd = lwip_socket(domain, kind, protocol);
	return fd < 0 ? (int)socket_result(fd) : new_fd(s, fd);
}

int socket_bind(struct dp_stack *s, int number, const struct sockaddr *addr, socklen_t len)
{
	struct adapter_fd *fd = open_fd(s, number);
	struct sockaddr_storage name;
	int err;

	if (!fd)
		return -EBADF;
	err = socket_address(addr, len, &name, &len);
	return err ? err : (int)socket_result(lwip_bind(fd->lwip, (void *)&name, len));
}

int socket_listen(struct dp_stack *s, int number, int backlog)
{
	struct adapter_fd *fd = open_fd(s, number);

	return fd ? (int)socket_result(lwip_listen(fd->lwip, backlog)) : -EBADF;
}

/* Copies an address as Linux does: what fits, and how long it is. */
static void give_address(const struct sockaddr_storage *from, socklen_t from_len,
			 struct sockaddr *to, socklen_t *len)
{
	if (!to || !len)
		return;
	memcpy(to, from, *len < from_len ? *len : from_len);
	*len = from_len;
}

int socket_accept(struct dp_stack *s, int number, struct sockaddr *addr, socklen_t *len)
{
	struct adapter_fd *fd = open_fd(s, number);
	struct sockaddr_storage name = { 0 };
	socklen_t name_len = sizeof(name);
	int lwip, accepted;

	if (!fd)
		return -EBADF;
	if (free_number(s) < 0)
		return -EMFILE;
	lwip = lwip_accept(fd->lwip, (void *)&name, &name_len);
	if (lwip < 0)
		return (int)socket_result(lwip);
	accepted = new_fd(s, lwip);
	conn_remember(&s->fds[accepted]);
	give_address(&name, name_len, addr, len);
	return accepted;
}

int socket_connect(struct dp_stack *s, int number, const struct sockaddr *addr, socklen_t len)
{
	struct adapter_fd *fd = open_fd(s, number);
	struct sockaddr_storage name;
	int err;

	if (!fd)
		return -EBADF;
	err = socket_address(addr, len, &name, &len);
	if (err)
		return err;
	err = (int)socket_result(lwip_connect(fd->lwip, (void *)&name, len));
	conn_remember(fd);
	return err;
}

int socket_shutdown(struct dp_stack *s, int number, int how)
{
	struct adapter_fd *fd = open_fd(s, number);

	if (!fd)
		return -EBADF;
	conn_remember(fd);
	return (int)socket_result(lwip_shutdown(fd->lwip, how));
}

int socket_ioctl(struct dp_stack *s, int number, unsigned long request, void *arg)
{
	struct adapter_fd *fd = open_fd(s, number);

	if (!fd)
		return -EBADF;
	if (request != FIONREAD)
		return DP_LACKS;
	return (int)socket_result(lwip_ioctl(fd->lwip, FIONREAD, arg));
}

/* poll(2)'s words for how much of a TCP connection is over, which lwIP's poll lacks. */
static int hangups(struct dp_stack *s, const struct adapter_fd *fd, const struct netconn *conn)
{
	const struct tcp_pcb *pcb = conn->pcb.tcp;

	if (!pcb)
		return POLLHUP | POLLRDHUP;
	switch (pcb->state) {
	case CLOSED:
		return POLLHUP;
	case CLOSE_WAIT:
		return POLLRDHUP;
	case LAST_ACK:
	case CLOSING:
	case TIME_WAIT:
		return POLLRDHUP | POLLHUP;
	default:
		return pcb->state != LISTEN && (pcb->flags & TF_RXCLOSED) ? POLLRDHUP : 0;
	}
}

int socket_ready(struct dp_stack *s, int number)
{
	struct adapter_fd *fd = open_fd(s, number);
	struct pollfd ask = { .events = POLLIN | POLLOUT };
	const struct netconn *conn;
	int found;

	if (!fd)
		return -EBADF;
	ask.fd = fd->lwip;
	if (lwip_poll(&ask, 1, 0) < 0)
		return (int)socket_result(-1);
	conn = socket_netconn(fd);
	/* lwIP's error bit stays for ever; that of poll(2) goes with SO_ERROR. */
	found = ask.revents & (POLLIN | POLLOUT);
	if (conn->pending_err != ERR_OK)
		found |= POLLERR;
	if (NETCONNTYPE_GROUP(conn->type) == NETCONN_TCP)
		found |= hangups(s, fd, conn);
	return found;
}
