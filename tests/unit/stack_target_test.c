/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of a script on a stack that only knows calls which do not block, in
 * virtual time: what waits, for how long to the nanosecond, and what it gives.
 */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "script/settings.h"
#include "seam/target.h"
#include "../stacks/fake.h"
#include "target/target_table.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <cmocka.h>

#define MS NS_PER_MS
#define FOR_EVER (NSTIME_NEVER - 1)

static char memory[65536];

struct bench {
	struct arena *arena;
	struct diag_sink diag;
	struct settings settings;
	struct target *target;
	struct fake *fake;
	nstime zero;
	int n_events;
};

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	const char *top = getenv("builddir"), *where, *lacks = NULL;
	struct target_config cfg = { .settings = &b->settings, .lacks = &lacks };
	struct fake *(*reach)(void);
	char name[4096];
	void *so;

	*state = b;
	b->arena = arena_new();
	diag_init(&b->diag, b->arena);
	settings_init(&b->settings, b->arena);
	assert_int_equal(settings_finish(&b->settings, &b->diag), 0);
	snprintf(name, sizeof(name), "stack:%s/tests/stacks/fake.so", top ? top : ".");
	so = dlopen(name + strlen("stack:"), RTLD_NOW | RTLD_LOCAL);
	if (!so)
		print_message("%s\n", dlerror());
	assert_non_null(so);
	*(void **)&reach = dlsym(so, "fake_stack");
	assert_non_null(reach);
	b->fake = reach();
	memset(b->fake, 0, sizeof(*b->fake));
	assert_non_null(target_find(name, &where));
	cfg.where = where;
	b->target = target_find(name, &where)->open(&cfg, &b->diag);
	if (!b->target)
		print_message("%s\n", b->diag.first ? b->diag.first->msg : lacks);
	assert_non_null(b->target);
	b->zero = clock_now(b->target->clock);
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	b->target->ops->close(b->target);
	arena_free(b->arena);
	free(b);
	return 0;
}

static nstime now(struct bench *b)
{
	return clock_now(b->target->clock) - b->zero;
}

/* Something will happen, so long after the begin. */
static void later(struct bench *b, nstime at, struct fake_event e)
{
	e.at = b->zero + at;
	b->fake->event[b->n_events++] = e;
}

static struct target_call begin(struct bench *b, struct target_call *c)
{
	b->target->ops->begin(b->target, c);
	return *c;
}

#define CALL(name, ...) \
	&(struct target_call){ .id = CALL_##name, .arg = { __VA_ARGS__ } }
#define PTR(p) ((intptr_t)(p))

static void await(struct bench *b, struct target_call *c, nstime until)
{
	b->target->ops->await(b->target, c, until);
}

/* Begins a call that must not be over at once. */
static void blocks(struct bench *b, struct target_call *c)
{
	begin(b, c);
	assert_false(c->done);
}

/* It ends with that, so long after the begin. */
static void ends(struct bench *b, struct target_call *c, nstime at, long result, int err)
{
	await(b, c, b->zero + at - 1);
	assert_false(c->done);
	await(b, c, FOR_EVER);
	assert_true(c->done);
	assert_int_equal(c->ended - b->zero, at);
	assert_int_equal(now(b), at);
	assert_int_equal(c->result, result);
	assert_int_equal(result < 0 ? c->err : 0, err);
}

/* Makes a call that must be over at once. */
static void gives(struct bench *b, struct target_call *c, long result, int err)
{
	nstime t = now(b);

	begin(b, c);
	assert_true(c->done);
	assert_int_equal(now(b), t);
	assert_int_equal(c->result, result);
	assert_int_equal(result < 0 ? c->err : 0, err);
}

static int a_socket(struct bench *b, int type)
{
	struct target_call c = begin(b, CALL(socket, AF_INET, type, 0));

	assert_true(c.done && c.result >= 0);
	return (int)c.result;
}

static void set_timeout(struct bench *b, int fd, int name, nstime t)
{
	struct timeval tv = { t / NS_PER_SEC, t % NS_PER_SEC / NS_PER_US };

	gives(b, CALL(setsockopt, fd, SOL_SOCKET, name, PTR(&tv), sizeof(tv)), 0, 0);
}

static void accept_waits(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(accept, fd, 0, 0);

	later(b, 300 * MS, (struct fake_event){ .fd = fd, .waiting = 1 });
	blocks(b, c);
	ends(b, c, 300 * MS, 1, 0);
	set_timeout(b, fd, SO_RCVTIMEO, 250 * MS);
	c = CALL(accept4, fd, 0, 0, SOCK_NONBLOCK);
	blocks(b, c);
	ends(b, c, 550 * MS, -1, EAGAIN);
}

static void accepted_sockets(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM | SOCK_NONBLOCK);
	struct timeval tv = { 0 };
	socklen_t len = sizeof(tv);

	set_timeout(b, fd, SO_RCVTIMEO, 250 * MS);
	b->fake->socket[fd].waiting = 2;
	gives(b, CALL(accept, fd, 0, 0), 1, 0);
	gives(b, CALL(fcntl, 1, F_GETFL), O_RDWR, 0);
	gives(b, CALL(getsockopt, 1, SOL_SOCKET, SO_RCVTIMEO, PTR(&tv), PTR(&len)), 0, 0);
	assert_int_equal(tv.tv_usec, 250000);
	gives(b, CALL(accept4, fd, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC), 2, 0);
	gives(b, CALL(fcntl, 2, F_GETFL), O_RDWR | O_NONBLOCK, 0);
	gives(b, CALL(fcntl, 2, F_GETFD), FD_CLOEXEC, 0);
	gives(b, CALL(accept, fd, 0, 0), -1, EAGAIN);
}

static void connect_waits(void **state)
{
	struct bench *b = *state;
	int good = a_socket(b, SOCK_STREAM), bad = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(connect, good, 0, 0);

	later(b, 100 * MS, (struct fake_event){ .fd = good, .connected = true });
	later(b, 200 * MS, (struct fake_event){ .fd = bad, .error = ECONNREFUSED });
	blocks(b, c);
	ends(b, c, 100 * MS, 0, 0);
	c = CALL(connect, bad, 0, 0);
	blocks(b, c);
	ends(b, c, 200 * MS, -1, ECONNREFUSED);
}

static void connect_does_not_wait(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM), slow = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(connect, slow, 0, 0);

	gives(b, CALL(fcntl, fd, F_SETFL, O_RDWR | O_NONBLOCK), 0, 0);
	gives(b, CALL(connect, fd, 0, 0), -1, EINPROGRESS);
	set_timeout(b, slow, SO_SNDTIMEO, 3 * NS_PER_SEC);
	blocks(b, c);
	ends(b, c, 3 * NS_PER_SEC, -1, EINPROGRESS);
}

/* Closed meanwhile by another call of the script. */
static void closed_while_connecting(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(connect, fd, 0, 0);

	blocks(b, c);
	gives(b, CALL(close, fd), 0, 0);
	assert_true(c->done);
	assert_int_equal(c->err, EBADF);
}

static void receive_waits(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct iovec iov[] = { { memory, 3 }, { memory + 3, 100 } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };
	struct target_call *read = CALL(read, fd, PTR(memory), 100);
	struct target_call *recvmsg = CALL(recvmsg, fd, PTR(&m), 0);

	later(b, 10 * MS, (struct fake_event){ .fd = fd, .readable = 7 });
	later(b, 20 * MS, (struct fake_event){ .fd = fd, .readable = 8 });
	later(b, 30 * MS, (struct fake_event){ .fd = fd, .at_end = true });
	blocks(b, read);
	ends(b, read, 10 * MS, 7, 0);
	blocks(b, recvmsg);
	ends(b, recvmsg, 20 * MS, 8, 0);
	read = CALL(readv, fd, PTR(iov), 2);
	blocks(b, read);
	ends(b, read, 30 * MS, 0, 0);
}

static void receive_does_not_wait(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM), on = 1;
	struct msghdr m = { 0 };

	gives(b, CALL(recv, fd, PTR(memory), 100, MSG_DONTWAIT), -1, EAGAIN);
	gives(b, CALL(recvfrom, fd, PTR(memory), 100, MSG_DONTWAIT, 0, 0), -1, EAGAIN);
	gives(b, CALL(recvmsg, fd, PTR(&m), MSG_DONTWAIT), -1, EAGAIN);
	gives(b, CALL(recv, fd, PTR(memory), 100, MSG_DONTWAIT | MSG_WAITALL), -1, EAGAIN);
	gives(b, CALL(ioctl, fd, FIONBIO, PTR(&on)), 0, 0);
	gives(b, CALL(read, fd, PTR(memory), 100), -1, EAGAIN);
}

static void receive_timeout(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(recv, fd, PTR(memory), 100, 0);

	set_timeout(b, fd, SO_RCVTIMEO, 1500 * MS + 7000);
	blocks(b, c);
	ends(b, c, 1500 * MS + 7000, -1, EAGAIN);
	/* What comes at that very time is still taken. */
	later(b, 3000 * MS + 14000, (struct fake_event){ .fd = fd, .readable = 1 });
	c = CALL(recv, fd, PTR(memory), 100, 0);
	blocks(b, c);
	ends(b, c, 3000 * MS + 14000, 1, 0);
}

static void odd_timeouts(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct timeval tv = { .tv_usec = 1000000 }, back = { 9, 9 };
	socklen_t len = sizeof(back);
	struct target_call *c = CALL(read, fd, PTR(memory), 1);

	gives(b, CALL(setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, PTR(&tv), sizeof(tv)), -1, EDOM);
	gives(b, CALL(setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, PTR(&tv), 4), -1, EINVAL);
	gives(b, CALL(setsockopt, 9, SOL_SOCKET, SO_RCVTIMEO, PTR(&tv), sizeof(tv)), -1, EBADF);
	tv = (struct timeval){ .tv_sec = -1 };
	gives(b, CALL(setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, PTR(&tv), sizeof(tv)), 0, 0);
	gives(b, CALL(getsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, PTR(&back), PTR(&len)), 0, 0);
	assert_true(back.tv_sec == 0 && back.tv_usec == 0);
	gives(b, CALL(read, fd, PTR(memory), 1), -1, EAGAIN);
	/* More than there is time for is as none. */
	tv = (struct timeval){ .tv_sec = INT64_MAX };
	gives(b, CALL(setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, PTR(&tv), sizeof(tv)), 0, 0);
	later(b, 3600 * NS_PER_SEC, (struct fake_event){ .fd = fd, .readable = 1 });
	blocks(b, c);
	ends(b, c, 3600 * NS_PER_SEC, 1, 0);
}

static void receive_all(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM), datagrams = a_socket(b, SOCK_DGRAM);
	struct iovec iov[] = { { memory, 4 }, { memory + 100, 6 } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };
	struct target_call *c = CALL(recvmsg, fd, PTR(&m), MSG_WAITALL);

	memset(memory, 0, 200);
	later(b, 10 * MS, (struct fake_event){ .fd = fd, .readable = 3 });
	later(b, 20 * MS, (struct fake_event){ .fd = fd, .readable = 5 });
	later(b, 30 * MS, (struct fake_event){ .fd = fd, .readable = 5 });
	later(b, 40 * MS, (struct fake_event){ .fd = fd, .at_end = true });
	later(b, 50 * MS, (struct fake_event){ .fd = datagrams, .readable = 5 });
	blocks(b, c);
	ends(b, c, 30 * MS, 10, 0);
	assert_memory_equal(memory, "xxxx\0", 5);
	assert_memory_equal(memory + 100, "xxxxxx\0", 7);
	assert_true(m.msg_iov == iov && m.msg_iovlen == 2);
	/* The end of the stream ends it, and no datagram is waited for twice. */
	c = CALL(recv, fd, PTR(memory), 10, MSG_WAITALL);
	blocks(b, c);
	ends(b, c, 40 * MS, 3, 0);
	c = CALL(recv, datagrams, PTR(memory), 10, MSG_WAITALL);
	blocks(b, c);
	ends(b, c, 50 * MS, 5, 0);
}

static void receive_all_in_time(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(recv, fd, PTR(memory), 10, MSG_WAITALL);

	set_timeout(b, fd, SO_RCVTIMEO, 100 * MS);
	later(b, 10 * MS, (struct fake_event){ .fd = fd, .readable = 3 });
	blocks(b, c);
	ends(b, c, 100 * MS, 3, 0);
	b->fake->socket[fd].readable = 3;
	gives(b, CALL(recv, fd, PTR(memory), 10, MSG_WAITALL | MSG_DONTWAIT), 3, 0);
}

static void send_waits(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct iovec iov[] = { { memory, 600 }, { memory + 600, 1400 } };
	struct target_call *c = CALL(write, fd, PTR(memory), 1000);

	b->fake->socket[fd].room = 100;
	later(b, 10 * MS, (struct fake_event){ .fd = fd, .room = 700 });
	later(b, 20 * MS, (struct fake_event){ .fd = fd, .room = 700 });
	later(b, 30 * MS, (struct fake_event){ .fd = fd, .room = 1500 });
	blocks(b, c);
	ends(b, c, 20 * MS, 1000, 0);
	assert_int_equal(b->fake->socket[fd].room, 500);
	c = CALL(writev, fd, PTR(iov), 2);
	blocks(b, c);
	ends(b, c, 30 * MS, 2000, 0);
	assert_int_equal(b->fake->socket[fd].room, 0);
}

static void send_gives_up(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(send, fd, PTR(memory), 1000, 0);

	set_timeout(b, fd, SO_SNDTIMEO, 50 * MS);
	b->fake->socket[fd].room = 100;
	blocks(b, c);
	ends(b, c, 50 * MS, 100, 0);
	c = CALL(send, fd, PTR(memory), 1000, 0);
	blocks(b, c);
	ends(b, c, 100 * MS, -1, EAGAIN);
	b->fake->socket[fd].room = 100;
	gives(b, CALL(send, fd, PTR(memory), 1000, MSG_DONTWAIT), 100, 0);
	gives(b, CALL(send, fd, PTR(memory), 1000, MSG_DONTWAIT), -1, EAGAIN);
	/* An error after some bytes is the next call's. */
	set_timeout(b, fd, SO_SNDTIMEO, 0);
	b->fake->socket[fd].room = 100;
	later(b, 200 * MS, (struct fake_event){ .fd = fd, .error = ECONNRESET });
	c = CALL(send, fd, PTR(memory), 1000, 0);
	blocks(b, c);
	ends(b, c, 200 * MS, 100, 0);
	gives(b, CALL(send, fd, PTR(memory), 1000, 0), -1, ECONNRESET);
}

static void poll_waits(void **state)
{
	struct bench *b = *state;
	int one = a_socket(b, SOCK_STREAM), two = a_socket(b, SOCK_STREAM);
	struct pollfd p[] = { { one, POLLIN, 7 }, { two, POLLIN | POLLOUT, 7 }, { -1, POLLIN, 7 } };
	struct target_call *c = CALL(poll, PTR(p), 3, 125);

	blocks(b, c);
	ends(b, c, 125 * MS, 0, 0);
	assert_true(!p[0].revents && !p[1].revents && !p[2].revents);
	later(b, 200 * MS, (struct fake_event){ .fd = one, .room = 1 });
	later(b, 300 * MS, (struct fake_event){ .fd = two, .room = 1, .readable = 1 });
	c = CALL(poll, PTR(p), 3, -1);
	blocks(b, c);
	ends(b, c, 300 * MS, 1, 0);
	assert_true(!p[0].revents && p[1].revents == (POLLIN | POLLOUT));
	gives(b, CALL(poll, PTR(p), 1, 0), 0, 0);
	p[0].fd = 9;
	gives(b, CALL(poll, PTR(p), 3, -1), 2, 0);
	assert_int_equal(p[0].revents, POLLNVAL);
	/* Errors are told to all. */
	p[0] = (struct pollfd){ .fd = one };
	later(b, 400 * MS, (struct fake_event){ .fd = one, .error = EPIPE });
	c = CALL(poll, PTR(p), 1, 1000);
	blocks(b, c);
	ends(b, c, 400 * MS, 1, 0);
	assert_int_equal(p[0].revents, POLLERR);
}

static void close_lingers(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM | SOCK_NONBLOCK);
	struct target_call *c = CALL(close, fd);

	b->fake->socket[fd].lingers = true;
	later(b, 2 * NS_PER_SEC, (struct fake_event){ .fd = fd, .lingered = true });
	/* Also with O_NONBLOCK: Linux, close(2) and inet_release(). */
	blocks(b, c);
	ends(b, c, 2 * NS_PER_SEC, 0, 0);
	assert_true(b->fake->n_closes >= 2);
	gives(b, CALL(close, fd), -1, EBADF);
	gives(b, CALL(fcntl, fd, F_GETFL), -1, EBADF);
}

static void several_at_once(void **state)
{
	struct bench *b = *state;
	int listener = a_socket(b, SOCK_STREAM), fd = a_socket(b, SOCK_STREAM);
	struct pollfd p = { listener, POLLIN, 0 };
	struct target_call *accept = CALL(accept, listener, 0, 0);
	struct target_call *read = CALL(read, fd, PTR(memory), 5);
	struct target_call *write = CALL(write, fd, PTR(memory), 50);
	struct target_call *poll = CALL(poll, PTR(&p), 1, 5);

	later(b, 10 * MS, (struct fake_event){ .fd = fd, .room = 50 });
	later(b, 20 * MS, (struct fake_event){ .fd = listener, .waiting = 1 });
	later(b, 20 * MS, (struct fake_event){ .fd = fd, .readable = 5 });
	blocks(b, accept);
	blocks(b, read);
	blocks(b, write);
	blocks(b, poll);
	await(b, read, b->zero + 15 * MS);
	assert_true(!accept->done && !read->done && write->done && poll->done);
	assert_int_equal(poll->ended - b->zero, 5 * MS);
	assert_int_equal(write->ended - b->zero, 10 * MS);
	ends(b, read, 20 * MS, 5, 0);
	assert_true(accept->done);
	assert_int_equal(accept->ended - b->zero, 20 * MS);
}

/* Who came first is served first. */
static void two_readers(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *one = CALL(read, fd, PTR(memory), 5);
	struct target_call *two = CALL(read, fd, PTR(memory), 5);

	later(b, 10 * MS, (struct fake_event){ .fd = fd, .readable = 5 });
	later(b, 20 * MS, (struct fake_event){ .fd = fd, .readable = 4 });
	blocks(b, one);
	blocks(b, two);
	ends(b, one, 10 * MS, 5, 0);
	assert_false(two->done);
	ends(b, two, 20 * MS, 4, 0);
}

static void lacking(void **state)
{
	static const enum call_id none[] = { CALL_pipe, CALL_splice, CALL_sendfile, CALL_open,
					     CALL_epoll_create, CALL_cap_set };
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(setsockopt, fd, SOL_SOCKET, SO_MARK, PTR(memory), 4);
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(b->target->ops->has_call(b->target, none[i]));
	assert_true(b->target->ops->has_call(b->target, CALL_poll));
	begin(b, c);
	assert_true(c->done && c->lacks);
	c = CALL(ioctl, fd, FIONREAD, PTR(memory));
	begin(b, c);
	assert_true(c->done && c->lacks);
	c = CALL(send, fd, PTR(memory), 1, MSG_OOB);
	begin(b, c);
	assert_true(c->done && c->lacks);
	c = CALL(read, fd, PTR(memory), 0);
	begin(b, c);
	assert_null(c->lacks);
}

/* output() within any call of the stack, at the time of the call. */
static void output_anywhere(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(read, fd, PTR(memory), 5);
	struct target_packet p;
	const char *why;

	b->fake->socket[fd].outputs = true;
	blocks(b, c);
	assert_int_equal(b->target->ops->next_packet(b->target, 0, b->arena, &p, &why), 1);
	assert_true(p.len == 20 && p.stamp == b->zero);
	while (b->target->ops->next_packet(b->target, 0, b->arena, &p, &why))
		;
	later(b, 70 * MS, (struct fake_event){ .fd = fd, .readable = 1 });
	assert_int_equal(b->target->ops->next_packet(b->target, b->zero + NS_PER_SEC, b->arena, &p,
						     &why), 1);
	assert_int_equal(p.stamp - b->zero, 70 * MS);
	assert_int_equal(now(b), 70 * MS);
	assert_true(c->done);
}

static void no_packet(void **state)
{
	struct bench *b = *state;
	struct target_packet p;
	const char *why;

	assert_int_equal(b->target->ops->next_packet(b->target, b->zero + 5 * MS, b->arena, &p,
						     &why), 0);
	assert_int_equal(now(b), 5 * MS);
	clock_wait_until(b->target->clock, b->zero + 7200 * NS_PER_SEC);
	assert_int_equal(now(b), 7200 * NS_PER_SEC);
	clock_wait_until(b->target->clock, b->zero);
	assert_int_equal(now(b), 7200 * NS_PER_SEC);
}

static void inject(struct bench *b)
{
	const struct target_frame f = { .data = (const uint8_t *)"E", .len = 1 };
	const char *why;

	assert_int_equal(b->target->ops->inject(b->target, &f, b->arena, &why), 0);
}

/* As many packets at one time as a script likes, each with something due at once. */
static void busy_moment(void **state)
{
	struct bench *b = *state;
	int i;

	for (i = 0; i < 5000; i++)
		inject(b);
	assert_null(b->target->broken);
	assert_int_equal(b->fake->due_inputs, 0);
	assert_int_equal(now(b), 0);
}

static void deadline_that_does_not_move(void **state)
{
	struct bench *b = *state;
	int fd = a_socket(b, SOCK_STREAM);
	struct target_call *c = CALL(read, fd, PTR(memory), 5);

	b->fake->stuck = true;
	blocks(b, c);
	inject(b);
	assert_non_null(b->target->broken);
	assert_non_null(strstr(b->target->broken, "deadline"));
	/* Who waits all the same, gets on. */
	clock_wait_until(b->target->clock, b->zero + NS_PER_SEC);
	assert_int_equal(now(b), NS_PER_SEC);
	assert_false(c->done);
}

static void environment(void **state)
{
	struct bench *b = *state;

	assert_string_equal(b->target->ops->environment(b->target, b->arena), "stack: fake 1\n");
	assert_string_equal(b->target->name, "fake");
	assert_true(b->target->foreign);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(accept_waits), TEST(accepted_sockets), TEST(connect_waits),
		TEST(connect_does_not_wait), TEST(closed_while_connecting), TEST(receive_waits),
		TEST(receive_does_not_wait), TEST(receive_timeout), TEST(odd_timeouts),
		TEST(receive_all), TEST(receive_all_in_time), TEST(send_waits),
		TEST(send_gives_up), TEST(poll_waits), TEST(close_lingers), TEST(several_at_once),
		TEST(two_readers), TEST(lacking), TEST(output_anywhere), TEST(no_packet),
		TEST(busy_moment), TEST(deadline_that_does_not_move), TEST(environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
