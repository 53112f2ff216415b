/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on the sockets of a stack, and connections between it and its peer. */
#ifndef DP_TESTS_STACK_CALLS_H
#define DP_TESTS_STACK_CALLS_H

#include "stack_peer.h"

#include <poll.h>

PEER_HELPER socklen_t peer_name(const struct peer *p, const char *v4, const char *v6,
				uint16_t port, struct sockaddr_storage *to)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *in = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = p->v6 ? AF_INET6 : AF_INET;
	if (p->v6) {
		in6->sin6_port = htons(port);
		inet_pton(AF_INET6, v6, &in6->sin6_addr);
		return sizeof(*in6);
	}
	in->sin_port = htons(port);
	inet_pton(AF_INET, v4, &in->sin_addr);
	return sizeof(*in);
}

PEER_HELPER int peer_socket(struct peer *p, int type)
{
	int fd = p->ops->socket(p->stack, p->v6 ? AF_INET6 : AF_INET, type, 0);

	CHECK(fd >= 0);
	return fd;
}

/* A socket of the stack on its port of that name. */
PEER_HELPER int peer_bound(struct peer *p, int type)
{
	struct sockaddr_storage name;
	int fd = peer_socket(p, type);

	CHECK_EQUAL(p->ops->bind(p->stack, fd, (void *)&name,
				 peer_name(p, "0.0.0.0", "::", p->stack_port, &name)), 0);
	return fd;
}

PEER_HELPER ssize_t peer_write(struct peer *p, int fd, const char *text)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)text, .iov_len = strlen(text) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	return p->ops->sendmsg(p->stack, fd, &msg, 0);
}

PEER_HELPER ssize_t peer_read(struct peer *p, int fd, char *to, size_t size)
{
	struct iovec iov = { .iov_base = to, .iov_len = size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	memset(to, 0, size);
	return p->ops->recvmsg(p->stack, fd, &msg, 0);
}

PEER_HELPER struct dp_conn peer_conn(struct peer *p)
{
	struct dp_conn conn = { .size = sizeof(conn) };
	struct dp_tuple t = { .local_port = p->stack_port, .remote_port = p->peer_port };

	peer_address(p->v6 ? STACK6 : STACK4, 0, &t.local);
	peer_address(p->v6 ? PEER6 : PEER4, 0, &t.remote);
	CHECK_EQUAL(p->ops->conn(p->stack, &t, &conn), 0);
	return conn;
}
#define EXPECT_STATE(p, want) CHECK_EQUAL(peer_conn(p).state, want)

/* A connection opened by the peer. Returns the listener, *fd is the connection. */
PEER_HELPER int peer_accepted(struct peer *p, int *fd)
{
	int listener = peer_bound(p, SOCK_STREAM);

	CHECK_EQUAL(p->ops->listen(p->stack, listener, 5), 0);
	peer_send(p, SYN, NULL);
	EXPECT(p, SYN | ACK);
	peer_send(p, ACK, NULL);
	*fd = p->ops->accept(p->stack, listener, NULL, NULL);
	CHECK(*fd >= 0);
	EXPECT_SILENCE(p);
	return listener;
}

PEER_HELPER int peer_error(struct peer *p, int fd)
{
	socklen_t len = sizeof(int);
	int err = -1;

	CHECK_EQUAL(p->ops->getsockopt(p->stack, fd, SOL_SOCKET, SO_ERROR, &err, &len), 0);
	return err;
}

PEER_HELPER struct dp_conn peer_conn_of(struct peer *p, int fd)
{
	struct dp_conn conn = { .size = sizeof(conn) };

	CHECK_EQUAL(p->ops->socket_conn(p->stack, fd, &conn), 0);
	return conn;
}

/* connect() by the stack; the descriptor. */
PEER_HELPER int peer_connecting(struct peer *p)
{
	struct sockaddr_storage name;
	socklen_t len = peer_name(p, PEER4, PEER6, p->peer_port, &name);
	int fd = peer_socket(p, SOCK_STREAM);
	struct segment s;

	CHECK_EQUAL(p->ops->connect(p->stack, fd, (void *)&name, len), -EINPROGRESS);
	CHECK_EQUAL(p->ops->connect(p->stack, fd, (void *)&name, len), -EALREADY);
	s = EXPECT(p, SYN);
	p->stack_port = s.src;
	CHECK_EQUAL(s.dst, p->peer_port);
	EXPECT_STATE(p, DP_TCP_SYN_SENT);
	CHECK_EQUAL(p->ops->ready(p->stack, fd), 0);
	return fd;
}

PEER_HELPER int peer_connected(struct peer *p)
{
	int fd = peer_connecting(p);

	peer_send(p, SYN | ACK, NULL);
	EXPECT(p, ACK);
	EXPECT_STATE(p, DP_TCP_ESTABLISHED);
	CHECK_EQUAL(p->ops->ready(p->stack, fd), POLLOUT);
	CHECK_EQUAL(peer_error(p, fd), 0);
	return fd;
}

#endif
