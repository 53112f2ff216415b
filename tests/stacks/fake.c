/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FAKE_STACK in the environment spoils the interface: old-abi, short, refused,
 * no-run. Options of the command line: create=fails; crash=null|abort|heap|deep|exit
 * or loop=yes, at the first packet that arrives; late=yes, a crash only in
 * destroy(); output=N, a packet of N bytes for each that arrives; show=yes,
 * which logs all options.
 */
#include "fake.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

static struct fake it;

/* The value of an option; NULL without it. */
static const char *option(const char *key)
{
	size_t len = strlen(key), i;

	for (i = 0; it.options && it.options[i]; i++)
		if (!strncmp(it.options[i], key, len) && it.options[i][len] == '=')
			return it.options[i] + len + 1;
	return NULL;
}

static bool is(const char *key, const char *value)
{
	const char *text = option(key);

	return text && !strcmp(text, value);
}

static struct fake_socket *socket_of(int fd)
{
	static const char packet[20] = { 0x45, 0, 0, 20, 0, 0, 0, 0, 64, (char)255 };
	struct fake_socket *s = fd >= 0 && fd < FAKE_FDS ? &it.socket[fd] : NULL;

	if (!s || !s->open)
		return NULL;
	if (s->outputs)
		it.host->output(it.host, packet, sizeof(packet));
	return s;
}

static int fake_socket_new(void)
{
	int fd;

	for (fd = 0; fd < FAKE_FDS; fd++) {
		if (!it.socket[fd].open) {
			it.socket[fd].open = true;
			return fd;
		}
	}
	return -EMFILE;
}

/* ---- life ---- */

static struct dp_stack *create(const struct dp_host *host, const struct dp_config *config,
			       const char **why)
{
	int i;

	it.host = host;
	it.options = config->options;
	for (i = 0; option("show") && it.options[i]; i++)
		host->log(host, it.options[i]);
	*why = "its option says so";
	return is("create", "fails") ? NULL : (struct dp_stack *)&it;
}

/* For ever, as far as anybody can tell: the stack overflows. */
static __attribute__((noinline)) int deeper(volatile char *above)
{
	volatile char here[4096];

	here[0] = *above;
	return *above > 1 ? 0 : deeper(here) + here[0];
}

void fake_crashes(void);

/* Not static, so that a trace has its name. */
__attribute__((noinline)) void fake_crashes(void)
{
	/* Neither NULL nor a constant, of which sanitizers and compilers would tell before it is used. */
	volatile uintptr_t nowhere = 8;
	volatile char top = 1;

	if (is("crash", "abort"))
		abort();
	if (is("crash", "exit"))
		exit(7);
	if (is("crash", "deep"))
		deeper(&top);
	if (is("crash", "heap")) {
		char *volatile p = malloc(24);

		memset(p, 0x55, 4096);
		free(p);
	}
	*(volatile int *)nowhere = 1;
}

static void destroy(struct dp_stack *s)
{
	(void)s;
	if (option("late"))
		fake_crashes();
}

static void input(struct dp_stack *s, const void *packet, size_t len)
{
	static const char bytes[70000];

	(void)s;
	(void)packet;
	(void)len;
	it.n_inputs++;
	it.due_inputs++;
	if (option("output"))
		it.host->output(it.host, bytes, strtoul(option("output"), NULL, 10));
	if (option("crash") && !option("late"))
		fake_crashes();
	while (option("loop"))
		;
}

static int64_t deadline(struct dp_stack *s)
{
	int64_t first = it.due_inputs ? 0 : DP_NEVER;
	int i;

	(void)s;
	for (i = 0; i < FAKE_EVENTS; i++)
		if (it.event[i].at && !it.event[i].done && it.event[i].at < first)
			first = it.event[i].at;
	return first;
}

static void happen(struct fake_event *e)
{
	struct fake_socket *s = &it.socket[e->fd];

	s->readable += e->readable;
	s->room += e->room;
	s->waiting += e->waiting;
	s->at_end |= e->at_end;
	s->connected |= e->connected;
	s->lingers &= !e->lingered;
	s->error = e->error;
	e->done = true;
}

static void run(struct dp_stack *s)
{
	int i;

	(void)s;
	if (it.stuck)
		return;
	it.due_inputs -= it.due_inputs > 0;
	for (i = 0; i < FAKE_EVENTS; i++)
		if (it.event[i].at && !it.event[i].done && it.event[i].at <= it.host->now(it.host))
			happen(&it.event[i]);
}

/* ---- calls ---- */

static int do_socket(struct dp_stack *s, int domain, int type, int protocol)
{
	(void)s;
	(void)type;
	(void)protocol;
	return domain == AF_INET ? fake_socket_new() : DP_LACKS;
}

static int do_bind(struct dp_stack *s, int fd, const struct sockaddr *addr, socklen_t len)
{
	(void)s;
	(void)addr;
	(void)len;
	return socket_of(fd) ? 0 : -EBADF;
}

static int do_listen(struct dp_stack *s, int fd, int backlog)
{
	(void)s;
	(void)backlog;
	return socket_of(fd) ? 0 : -EBADF;
}

static int do_accept(struct dp_stack *stack, int fd, struct sockaddr *addr, socklen_t *len)
{
	struct fake_socket *s = socket_of(fd);

	(void)stack;
	(void)addr;
	(void)len;
	if (!s)
		return -EBADF;
	if (!s->waiting)
		return -EAGAIN;
	s->waiting--;
	return fake_socket_new();
}

static int do_connect(struct dp_stack *stack, int fd, const struct sockaddr *addr, socklen_t len)
{
	struct fake_socket *s = socket_of(fd);

	(void)stack;
	(void)addr;
	(void)len;
	if (!s)
		return -EBADF;
	s->connecting = true;
	return -EINPROGRESS;
}

static size_t bytes_of(const struct msghdr *m)
{
	size_t i, sum = 0;

	for (i = 0; i < m->msg_iovlen; i++)
		sum += m->msg_iov[i].iov_len;
	return sum;
}

static ssize_t do_sendmsg(struct dp_stack *stack, int fd, const struct msghdr *m, int flags)
{
	struct fake_socket *s = socket_of(fd);
	size_t n = bytes_of(m);

	(void)stack;
	if (!s)
		return -EBADF;
	if (flags & MSG_OOB)
		return DP_LACKS;
	if (n && !s->room)
		return s->error ? -s->error : -EAGAIN;
	n = n < s->room ? n : s->room;
	s->room -= n;
	return (ssize_t)n;
}

static ssize_t do_recvmsg(struct dp_stack *stack, int fd, struct msghdr *m, int flags)
{
	struct fake_socket *s = socket_of(fd);
	size_t i, left, n = bytes_of(m);

	(void)stack;
	(void)flags;
	if (!s)
		return -EBADF;
	if (!s->readable && !s->at_end)
		return s->error ? -s->error : -EAGAIN;
	left = n = n < s->readable ? n : s->readable;
	s->readable -= n;
	for (i = 0; left; i++) {
		size_t part = left < m->msg_iov[i].iov_len ? left : m->msg_iov[i].iov_len;

		memset(m->msg_iov[i].iov_base, 'x', part);
		left -= part;
	}
	return (ssize_t)n;
}

static int do_shutdown(struct dp_stack *s, int fd, int how)
{
	(void)s;
	(void)how;
	return socket_of(fd) ? 0 : -EBADF;
}

static int do_close(struct dp_stack *stack, int fd)
{
	struct fake_socket *s = socket_of(fd);

	(void)stack;
	if (!s)
		return -EBADF;
	it.n_closes++;
	if (s->lingers)
		return -EAGAIN;
	*s = (struct fake_socket){ 0 };
	return 0;
}

static int do_getsockopt(struct dp_stack *stack, int fd, int level, int name, void *value,
			 socklen_t *len)
{
	struct fake_socket *s = socket_of(fd);

	(void)stack;
	if (!s)
		return -EBADF;
	if (level != SOL_SOCKET || name != SO_ERROR || *len < sizeof(int))
		return DP_LACKS;
	*(int *)value = s->error;
	*len = sizeof(int);
	return 0;
}

static int do_setsockopt(struct dp_stack *stack, int fd, int level, int name, const void *value,
			 socklen_t len)
{
	(void)stack;
	(void)value;
	(void)len;
	if (!socket_of(fd))
		return -EBADF;
	return level == SOL_SOCKET && name == SO_KEEPALIVE ? 0 : DP_LACKS;
}

static int do_ready(struct dp_stack *stack, int fd)
{
	const struct fake_socket *s = socket_of(fd);

	(void)stack;
	if (!s)
		return -EBADF;
	return (s->readable || s->at_end || s->waiting ? POLLIN : 0) |
	       (s->room || s->connected ? POLLOUT : 0) | (s->error ? POLLERR : 0);
}

/* Knows no connection, but listens everywhere. */
static int conn(struct dp_stack *s, const struct dp_tuple *tuple, struct dp_conn *c)
{
	(void)s;
	(void)tuple;
	c->state = DP_TCP_CLOSED;
	c->listening = 1;
	return 0;
}

static int setting(struct dp_stack *s, const char *name, const char *value)
{
	(void)s;
	return !strcmp(name, "net.ipv4.tcp_sack") && !strcmp(value, "0") ? 0 : DP_LACKS;
}

static bool spoilt(const char *how)
{
	const char *text = getenv("FAKE_STACK");

	return text && !strcmp(text, how);
}

struct fake *fake_stack(void)
{
	return &it;
}

const struct dp_stack_ops *dp_stack_adapter(uint32_t abi)
{
	it.ops = (struct dp_stack_ops){
		.size = spoilt("short") ? offsetof(struct dp_stack_ops, setting) : sizeof(it.ops),
		.abi = spoilt("old-abi") ? DP_STACK_ABI + 1 : DP_STACK_ABI,
		.name = "fake", .version = "1", .caps = DP_CAP_IPV4,
		.create = create, .destroy = destroy, .input = input, .deadline = deadline,
		.run = spoilt("no-run") ? NULL : run, .socket = do_socket, .bind = do_bind,
		.listen = do_listen, .accept = do_accept, .connect = do_connect,
		.sendmsg = do_sendmsg, .recvmsg = do_recvmsg, .shutdown = do_shutdown,
		.close = do_close, .getsockopt = do_getsockopt, .setsockopt = do_setsockopt,
		.ready = do_ready, .conn = conn, .setting = setting,
	};
	return abi == DP_STACK_ABI && !spoilt("refused") ? &it.ops : NULL;
}
