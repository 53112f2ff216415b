/* SPDX-License-Identifier: BSD-2-Clause */
/* sendmsg() and recvmsg(). */
#include "config.h"

#include "adapter.h"

#include "lwip/api.h"
#include "lwip/sockets.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#define MAX_VECTORS 1024	/* Linux's UIO_MAXIOV */

static bool is_tcp(const struct adapter_fd *fd)
{
	return NETCONNTYPE_GROUP(socket_netconn(fd)->type) == NETCONN_TCP;
}

/*
 * Vectors without the empty ones, which lwIP does not bear. Their number, or
 * -errno; *bytes is the sum.
 */
static int vectors(const struct msghdr *msg, struct iovec *to, size_t *bytes)
{
	size_t i, n = 0;

	*bytes = 0;
	if (msg->msg_iovlen > MAX_VECTORS)
		return -EMSGSIZE;
	for (i = 0; i < msg->msg_iovlen; i++) {
		if (msg->msg_iov[i].iov_len == 0)
			continue;
		if (msg->msg_iov[i].iov_len > SSIZE_MAX - *bytes)
			return -EINVAL;
		*bytes += msg->msg_iov[i].iov_len;
		to[n++] = msg->msg_iov[i];
	}
	return (int)n;
}

ssize_t message_send(struct dp_stack *s, int number, const struct msghdr *msg, int flags)
{
	/* Nothing blocks, and no process is there for SIGPIPE. */
	const int harmless = MSG_DONTWAIT | MSG_NOSIGNAL;
	struct adapter_fd *fd = socket_fd(s, number);
	struct iovec iov[MAX_VECTORS], none = { .iov_base = &none };
	struct sockaddr_storage name;
	struct msghdr own = { .msg_iov = iov };
	size_t bytes;
	int n;

	if (!fd || fd->lwip < 0)
		return -EBADF;
	if ((flags & ~(harmless | MSG_MORE)) || msg->msg_controllen)
		return DP_LACKS;
	n = vectors(msg, iov, &bytes);
	if (n < 0)
		return n;
	if (n == 0) {
		if (is_tcp(fd))
			return 0;
		own.msg_iov = &none;
		n = 1;
	}
	own.msg_iovlen = (size_t)n;
	if (msg->msg_name && !is_tcp(fd)) {
		int err = socket_address(msg->msg_name, msg->msg_namelen, &name, &own.msg_namelen);

		if (err)
			return err;
		own.msg_name = &name;
	}
	return socket_result(lwip_sendmsg(fd->lwip, &own, flags & MSG_MORE));
}

/* The address a datagram came from, as long as Linux says it is. */
static void give_sender(struct msghdr *msg, const struct msghdr *own)
{
	const struct sockaddr_storage *from = own->msg_name;
	socklen_t len;

	if (!msg->msg_name)
		return;
	len = from->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					  : sizeof(struct sockaddr_in);
	memcpy(msg->msg_name, from, msg->msg_namelen < len ? msg->msg_namelen : len);
	msg->msg_namelen = len;
}

ssize_t message_receive(struct dp_stack *s, int number, struct msghdr *msg, int flags)
{
	/* drillpress waits for all of MSG_WAITALL by itself. */
	const int harmless = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_WAITALL | MSG_CMSG_CLOEXEC;
	struct adapter_fd *fd = socket_fd(s, number);
	struct iovec iov[MAX_VECTORS];
	char spare;
	struct sockaddr_storage name = { 0 };
	struct msghdr own = { .msg_iov = iov, .msg_name = &name, .msg_namelen = sizeof(name) };
	ssize_t got;
	size_t bytes;
	int n;

	if (!fd || fd->lwip < 0)
		return -EBADF;
	/* With MSG_TRUNC TCP discards data (tcp(7)), which lwIP does not know. */
	if ((flags & ~(harmless | MSG_PEEK | MSG_TRUNC)) || ((flags & MSG_TRUNC) && is_tcp(fd)))
		return DP_LACKS;
	n = vectors(msg, iov, &bytes);
	if (n < 0)
		return n;
	if (n == 0) {
		if (is_tcp(fd))
			return 0;
		/* The datagram is taken even so; one byte of it lands here. */
		iov[0] = (struct iovec){ .iov_base = &spare, .iov_len = 1 };
		n = 1;
	}
	own.msg_iovlen = (size_t)n;
	got = socket_result(lwip_recvmsg(fd->lwip, &own, flags & MSG_PEEK));
	if (got < 0)
		return got;
	msg->msg_controllen = 0;
	msg->msg_flags = 0;
	if (is_tcp(fd)) {
		msg->msg_namelen = 0;
		return got;
	}
	give_sender(msg, &own);
	if ((size_t)got <= bytes)
		return got;
	msg->msg_flags = MSG_TRUNC;
	return flags & MSG_TRUNC ? got : (ssize_t)bytes;
}
