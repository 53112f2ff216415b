/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An agent's session over a socket pair, in a child: every call that can be made
 * from afar is made once, on sockets of a network namespace or of loopback.
 */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "target/agent_client.h"
#include "target/agent_marshal.h"
#include "target/agent_session.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define MEM(p) (intptr_t)(p)

struct lab {
	struct agent *agent;
	struct arena *arena;
	pid_t child;
	bool made[CALL_COUNT];
	int listener, client, server;	/* over there */
	struct sockaddr_in address;	/* the listener's */
};

static struct target_call make(struct lab *l, struct target_call c)
{
	agent_call(l->agent, &c);
	l->made[c.id] |= !c.lacks;
	return c;
}

#define CALL(name, ...) make(l, (struct target_call){ .id = CALL_##name, .arg = { __VA_ARGS__ } })
/* The result, which must be that. */
#define MUST(want, name, ...) assert_int_equal(CALL(name, __VA_ARGS__).result, want)

static int set_up(void **state)
{
	struct lab *l = test_calloc(1, sizeof(*l));
	char path[] = "/tmp/drillpress-agent.XXXXXX";
	struct agent_secret secret = { "sixteen and some bytes", 22 };
	const struct agent_rules rules = { .secret = &secret };
	int fd = mkstemp(path), pair[2];
	struct diag_sink d;

	*state = l;
	l->arena = arena_new();
	diag_init(&d, l->arena);
	if (fd < 0 || write(fd, secret.bytes, secret.len) != 22 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return -1;
	close(fd);
	l->child = fork();
	if (l->child == 0) {
		close(pair[0]);
		agent_session(pair[1], -1, &rules);
		_exit(0);
	}
	close(pair[1]);
	l->agent = agent_start(pair[0], path, &d);
	unlink(path);
	if (!l->agent)
		fprintf(stderr, "%s\n", d.first->msg);
	return l->agent ? 0 : -1;
}

static int tear_down(void **state)
{
	struct lab *l = *state;

	agent_close(l->agent);
	waitpid(l->child, NULL, 0);
	arena_free(l->arena);
	test_free(l);
	return 0;
}

/* The port is the kernel's to choose; it is told by the state of nobody, so it is tried for. */
static void listen_somewhere(struct lab *l)
{
	const int one = 1;
	struct target_call c;
	int port;

	l->listener = (int)CALL(socket, AF_INET, SOCK_STREAM, IPPROTO_TCP).result;
	assert_true(l->listener >= 0);
	MUST(0, setsockopt, l->listener, SOL_SOCKET, SO_REUSEADDR, MEM(&one), sizeof(one));
	l->address = (struct sockaddr_in){ .sin_family = AF_INET,
					   .sin_addr = { htonl(INADDR_LOOPBACK) } };
	for (port = 20000 + getpid() % 10000; port < 32000; port++) {
		l->address.sin_port = htons((uint16_t)port);
		c = CALL(bind, l->listener, MEM(&l->address), sizeof(l->address));
		if (c.result == 0)
			break;
		assert_int_equal(c.err, EADDRINUSE);
	}
	MUST(0, listen, l->listener, 5);
}

static void connect_both(struct lab *l)
{
	struct sockaddr_in peer = { 0 };
	socklen_t len = sizeof(peer);

	l->client = (int)CALL(socket, AF_INET, SOCK_STREAM, IPPROTO_TCP).result;
	MUST(0, connect, l->client, MEM(&l->address), sizeof(l->address));
	l->server = (int)CALL(accept, l->listener, MEM(&peer), MEM(&len)).result;
	assert_true(l->server >= 0);
	assert_int_equal(len, sizeof(peer));
	assert_int_equal(peer.sin_family, AF_INET);
}

static void plain_transfers(struct lab *l)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	char bytes[64] = "";

	MUST(3, write, l->client, MEM("one"), 3);
	MUST(3, read, l->server, MEM(bytes), sizeof(bytes));
	assert_string_equal(bytes, "one");
	MUST(3, send, l->client, MEM("two"), 3, MSG_NOSIGNAL);
	MUST(3, recv, l->server, MEM(bytes), sizeof(bytes), MSG_PEEK);
	MUST(3, recv, l->server, MEM(bytes), 3, 0);
	assert_string_equal(bytes, "two");
	MUST(5, sendto, l->client, MEM("three"), 5, 0, 0, 0);
	MUST(5, recvfrom, l->server, MEM(bytes), sizeof(bytes), 0, MEM(&from), MEM(&len));
	assert_string_equal(bytes, "three");
	assert_int_equal(CALL(recv, l->server, MEM(bytes), 3, MSG_DONTWAIT).err, EAGAIN);
}

static void vectors(struct lab *l)
{
	char a[4] = "ab", b[8] = "cdef";
	struct iovec out[2] = { { a, 2 }, { b, 4 } };
	char c[4] = "", d[8] = "";
	struct iovec in[2] = { { c, 3 }, { d, 8 } };
	char control[64] = "";
	struct sockaddr_storage name;
	struct msghdr m = { .msg_iov = out, .msg_iovlen = 2 };

	MUST(6, writev, l->client, MEM(out), 2);
	MUST(6, readv, l->server, MEM(in), 2);
	assert_string_equal(c, "abc");
	assert_string_equal(d, "def");
	MUST(6, sendmsg, l->client, MEM(&m), 0);
	m = (struct msghdr){ .msg_iov = in, .msg_iovlen = 2, .msg_control = control, .msg_name = &name,
			     .msg_namelen = sizeof(name), .msg_controllen = sizeof(control), .msg_flags = 7 };
	memset(d, 0, sizeof(d));
	MUST(6, recvmsg, l->server, MEM(&m), 0);
	assert_string_equal(d, "def");
	assert_int_equal(m.msg_controllen, 0);
	assert_int_equal(m.msg_flags & MSG_TRUNC, 0);
}

static void options(struct lab *l)
{
	struct tcp_info info = { 0 };
	int n = 0, on = 1;
	socklen_t len = sizeof(info);

	MUST(0, getsockopt, l->server, IPPROTO_TCP, TCP_INFO, MEM(&info), MEM(&len));
	assert_int_equal(info.tcpi_state, TCP_ESTABLISHED);
	assert_true(len > 100);
	len = (socklen_t)-1;
	assert_int_equal(CALL(getsockopt, l->server, IPPROTO_TCP, TCP_INFO, MEM(&info), MEM(&len)).err,
			 EINVAL);
	assert_int_equal(CALL(setsockopt, l->server, IPPROTO_TCP, TCP_NODELAY, MEM(&on), -1).err, EINVAL);
	MUST(4, send, l->client, MEM("four"), 4, 0);
	MUST(0, ioctl, l->server, FIONREAD, MEM(&n));
	assert_int_equal(n, 4);
	assert_int_equal(CALL(ioctl, l->server, FIONREAD, 1).err, EFAULT);
	MUST(0, fcntl, l->server, F_SETFL, O_NONBLOCK);
	assert_true(CALL(fcntl, l->server, F_GETFL).result & O_NONBLOCK);
	assert_non_null(CALL(fcntl, l->server, F_SETOWN, 1).lacks);
	assert_non_null(CALL(getsockopt, l->server, SOL_SOCKET, SO_ATTACH_FILTER, MEM(&n), MEM(&len)).lacks);
}

static void waiting(struct lab *l)
{
	struct pollfd p[2] = { { .fd = l->server, .events = POLLIN }, { .fd = -1 } };
	struct epoll_event e = { .events = EPOLLIN, .data = { .u64 = UINT64_C(0x123456789abcdef0) } };
	struct epoll_event got[4] = { { 0 } };
	int ep, other;

	MUST(1, poll, MEM(p), 2, 1000);
	assert_int_equal(p[0].revents, POLLIN);
	assert_int_equal(p[0].fd, l->server);
	ep = (int)CALL(epoll_create, 1).result;
	other = (int)CALL(epoll_create1, EPOLL_CLOEXEC).result;
	assert_true(ep >= 0 && other >= 0);
	MUST(0, epoll_ctl, ep, EPOLL_CTL_ADD, l->server, MEM(&e));
	MUST(1, epoll_wait, ep, MEM(got), 4, 1000);
	assert_int_equal(got[0].events, EPOLLIN);
	assert_true(got[0].data.u64 == e.data.u64);
	assert_int_equal(CALL(epoll_wait, ep, MEM(got), -1, 0).err, EINVAL);
	MUST(0, close, other);
	assert_int_equal(CALL(close, other).err, EBADF);
}

static void pipes(struct lab *l)
{
	char bytes[8] = "";
	int end[2] = { -1, -1 };

	MUST(0, pipe, MEM(end));
	assert_true(end[0] >= 0 && end[1] >= 0);
	/* "four" is still there. */
	MUST(4, splice, l->server, 0, end[1], 0, 4, 0);
	MUST(4, read, end[0], MEM(bytes), sizeof(bytes));
	assert_string_equal(bytes, "four");
}

static void every_call(void **state)
{
	struct lab *l = *state;
	enum call_id id;

	listen_somewhere(l);
	connect_both(l);
	plain_transfers(l);
	vectors(l);
	options(l);
	waiting(l);
	pipes(l);
	assert_true(CALL(socket, AF_INET, SOCK_DGRAM, 0).result >= 0);
	assert_int_equal(CALL(accept4, l->listener, 0, 0, 0x7fffffff).err, EINVAL);
	/* Lowering one needs no privilege, nor that it was raised. */
	MUST(0, cap_set, 0, 10, 0);
	MUST(0, shutdown, l->client, SHUT_WR);
	for (id = 0; id < CALL_COUNT; id++) {
		if (!l->made[id] && agent_has_call(id))
			print_error("call %d was not made\n", id);
		assert_int_equal(l->made[id], agent_has_call(id));
	}
}

/* As many as there may be, and one more. */
static void too_many_descriptors(void **state)
{
	struct lab *l = *state;
	struct target_call c;
	int i;

	for (i = 0; i < 2000; i++) {
		c = CALL(socket, AF_INET, SOCK_DGRAM, 0);
		if (c.result < 0)
			break;
	}
	assert_int_equal(c.err, EMFILE);
	assert_in_range(i, 500, 1024);
	MUST(0, close, i - 10);
	assert_int_equal(CALL(socket, AF_INET, SOCK_DGRAM, 0).result, i - 10);
}

static void after_the_end(void **state)
{
	struct lab *l = *state;
	struct conn_info info;
	const struct tuple t = { .local = { AF_INET, { 127, 0, 0, 1 } }, .remote = { AF_INET, { 127, 0, 0, 1 } } };

	agent_end(l->agent);
	assert_non_null(agent_lost(l->agent));
	assert_int_equal(CALL(socket, AF_INET, SOCK_STREAM, 0).err, ENOTCONN);
	assert_int_equal(agent_conn(l->agent, &t, &info), -1);
	agent_end(l->agent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_call, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_descriptors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(after_the_end, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
