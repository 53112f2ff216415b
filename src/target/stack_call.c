/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/stack_call.h"
#include "base/xmem.h"
#include "target/stack_fd.h"
#include "target/stack_transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* What a call is made with: the stack, the call, and what is known from having tried it before. */
struct attempt {
	struct stack_target *s;
	const intptr_t *a;
	struct stack_pending *p;
};

#define P(n) ((void *)t->a[n])
#define FD ((int)t->a[0])

static struct stack_fd *own_fd(const struct attempt *t)
{
	return stack_fd_of(t->s, FD);
}

static long do_socket(struct attempt *t)
{
	const int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
	int type = (int)t->a[1], kind = type & ~flags;
	int fd = t->s->ops->socket(t->s->stack, FD, kind, (int)t->a[2]);

	if (fd >= 0)
		*stack_fd_of(t->s, fd) = (struct stack_fd){
			.open = true, .stream = kind == SOCK_STREAM,
			.nonblock = type & SOCK_NONBLOCK, .cloexec = type & SOCK_CLOEXEC,
		};
	return fd;
}

static long do_bind(struct attempt *t)
{
	return t->s->ops->bind(t->s->stack, FD, P(1), (socklen_t)t->a[2]);
}

static long do_listen(struct attempt *t)
{
	return t->s->ops->listen(t->s->stack, FD, (int)t->a[1]);
}

/* Time limits come from the listener, as Linux and BSD have it; flags do not. */
static long accept_with(struct attempt *t, int flags)
{
	struct stack_fd listener = *own_fd(t);
	int fd = t->s->ops->accept(t->s->stack, FD, P(1), P(2));

	if (fd < 0)
		return fd;
	listener.nonblock = flags & SOCK_NONBLOCK;
	listener.cloexec = flags & SOCK_CLOEXEC;
	*stack_fd_of(t->s, fd) = listener;
	return fd;
}

static long do_accept(struct attempt *t)
{
	return accept_with(t, 0);
}

static long do_accept4(struct attempt *t)
{
	return accept_with(t, (int)t->a[3]);
}

/* A connect() that waits asks whether it is over and how; any other tells that it is under way. */
static long do_connect(struct attempt *t)
{
	struct stack_target *s = t->s;
	socklen_t len = sizeof(int);
	int err = 0, rc;

	if (!t->p->connecting) {
		rc = s->ops->connect(s->stack, FD, P(1), (socklen_t)t->a[2]);
		if (rc != -EINPROGRESS || own_fd(t)->nonblock)
			return rc;
		if (!s->ops->ready)
			return DP_LACKS;
		t->p->connecting = true;
	}
	rc = s->ops->ready(s->stack, FD);
	if (rc < 0)
		return rc;
	if (!(rc & (POLLOUT | POLLERR | POLLHUP)))
		return -EAGAIN;
	rc = s->ops->getsockopt ?
		s->ops->getsockopt(s->stack, FD, SOL_SOCKET, SO_ERROR, &err, &len) : 0;
	return rc < 0 ? rc : -err;
}

static long receive(struct attempt *t, struct msghdr *m, int flags)
{
	return stack_receive(t->s, t->p, FD, m, flags);
}

static long receive_into(struct attempt *t, void *addr, socklen_t *addr_len, struct iovec *iov,
			 size_t n, int flags)
{
	struct msghdr m = { .msg_name = addr, .msg_namelen = addr_len ? *addr_len : 0,
			    .msg_iov = iov, .msg_iovlen = n };
	long rc = receive(t, &m, flags);

	if (rc >= 0 && addr_len)
		*addr_len = m.msg_namelen;
	return rc;
}

static long do_read(struct attempt *t)
{
	struct iovec iov = { P(1), (size_t)t->a[2] };

	return receive_into(t, NULL, NULL, &iov, 1, 0);
}

static long do_readv(struct attempt *t)
{
	return receive_into(t, NULL, NULL, P(1), (size_t)t->a[2], 0);
}

static long do_recv(struct attempt *t)
{
	struct iovec iov = { P(1), (size_t)t->a[2] };

	return receive_into(t, NULL, NULL, &iov, 1, (int)t->a[3]);
}

static long do_recvfrom(struct attempt *t)
{
	struct iovec iov = { P(1), (size_t)t->a[2] };

	return receive_into(t, P(4), P(5), &iov, 1, (int)t->a[3]);
}

static long do_recvmsg(struct attempt *t)
{
	return receive(t, P(1), (int)t->a[2]);
}

static long send_from(struct attempt *t, void *addr, socklen_t addr_len, struct iovec *iov, size_t n,
		      int flags)
{
	const struct msghdr m = { .msg_name = addr, .msg_namelen = addr_len, .msg_iov = iov,
				  .msg_iovlen = n };

	return stack_send(t->s, t->p, FD, &m, flags);
}

static long do_write(struct attempt *t)
{
	struct iovec iov = { P(1), (size_t)t->a[2] };

	return send_from(t, NULL, 0, &iov, 1, 0);
}

static long do_writev(struct attempt *t)
{
	return send_from(t, NULL, 0, P(1), (size_t)t->a[2], 0);
}

static long do_send(struct attempt *t)
{
	struct iovec iov = { P(1), (size_t)t->a[2] };

	return send_from(t, NULL, 0, &iov, 1, (int)t->a[3]);
}

static long do_sendto(struct attempt *t)
{
	struct iovec iov = { P(1), (size_t)t->a[2] };

	return send_from(t, P(4), (socklen_t)t->a[5], &iov, 1, (int)t->a[3]);
}

static long do_sendmsg(struct attempt *t)
{
	return stack_send(t->s, t->p, FD, P(1), (int)t->a[2]);
}

static long do_fcntl(struct attempt *t)
{
	return stack_fd_fcntl(own_fd(t), (int)t->a[1], t->a[2]);
}

static long do_ioctl(struct attempt *t)
{
	if (t->a[1] == FIONBIO)
		return P(2) ? stack_fd_fcntl(own_fd(t), F_SETFL, *(int *)P(2) ? O_NONBLOCK : 0) :
			-EFAULT;
	return t->s->ops->ioctl ? t->s->ops->ioctl(t->s->stack, FD, (unsigned long)t->a[1], P(2)) :
				  DP_LACKS;
}

static long do_close(struct attempt *t)
{
	long rc = t->s->ops->close(t->s->stack, FD);

	/* While it lingers, it is no longer the script's to use. */
	*own_fd(t) = (struct stack_fd){ 0 };
	return rc;
}

static long do_shutdown(struct attempt *t)
{
	return t->s->ops->shutdown(t->s->stack, FD, (int)t->a[1]);
}

static long do_getsockopt(struct attempt *t)
{
	const nstime *timeout = stack_fd_timeout(own_fd(t), (int)t->a[1], (int)t->a[2]);

	if (timeout)
		return stack_fd_get_timeout(own_fd(t), timeout, P(3), P(4));
	return t->s->ops->getsockopt(t->s->stack, FD, (int)t->a[1], (int)t->a[2], P(3), P(4));
}

static long do_setsockopt(struct attempt *t)
{
	nstime *timeout = stack_fd_timeout(own_fd(t), (int)t->a[1], (int)t->a[2]);

	if (timeout)
		return stack_fd_set_timeout(own_fd(t), timeout, P(3), (socklen_t)t->a[4]);
	return t->s->ops->setsockopt(t->s->stack, FD, (int)t->a[1], (int)t->a[2], P(3),
				     (socklen_t)t->a[4]);
}

/* Those that are ready; -EAGAIN if none is and the caller waits for some. */
static long do_poll(struct attempt *t)
{
	struct pollfd *p = P(0);
	size_t i, n = (size_t)t->a[1];
	long ready = 0;

	for (i = 0; i < n; i++) {
		int now = p[i].fd < 0 ? 0 : t->s->ops->ready(t->s->stack, p[i].fd);

		p[i].revents = (short)(now == -EBADF ? POLLNVAL : now < 0 ? POLLERR :
				       now & (p[i].events | POLLERR | POLLHUP));
		ready += p[i].revents != 0;
	}
	return ready || t->a[2] == 0 ? ready : -EAGAIN;
}

/*
 * One row per call: how it is made, what the stack must have for it, and which
 * flags and time limit say whether -EAGAIN is the answer or to be waited out.
 */
enum waits { WAITS_NEVER, WAITS_RECEIVING, WAITS_SENDING, WAITS_POLLING, WAITS_CLOSING };

static const struct call_row {
	long (*make)(struct attempt *t);
	size_t needs;		/* offset in dp_stack_ops; 0 = nothing */
	enum waits waits;
	int flags_arg;		/* where MSG_DONTWAIT would be, 0 = nowhere */
} call_table[CALL_COUNT] = {
#define ROW(name, op, ...) \
	[CALL_##name] = { do_##name, offsetof(struct dp_stack_ops, op), __VA_ARGS__ }
	ROW(socket, socket, WAITS_NEVER, 0),
	ROW(bind, bind, WAITS_NEVER, 0),
	ROW(listen, listen, WAITS_NEVER, 0),
	ROW(accept, accept, WAITS_RECEIVING, 0),
	ROW(accept4, accept, WAITS_RECEIVING, 0),
	ROW(connect, connect, WAITS_SENDING, 0),
	ROW(read, recvmsg, WAITS_RECEIVING, 0),
	ROW(readv, recvmsg, WAITS_RECEIVING, 0),
	ROW(recv, recvmsg, WAITS_RECEIVING, 3),
	ROW(recvfrom, recvmsg, WAITS_RECEIVING, 3),
	ROW(recvmsg, recvmsg, WAITS_RECEIVING, 2),
	ROW(write, sendmsg, WAITS_SENDING, 0),
	ROW(writev, sendmsg, WAITS_SENDING, 0),
	ROW(send, sendmsg, WAITS_SENDING, 3),
	ROW(sendto, sendmsg, WAITS_SENDING, 3),
	ROW(sendmsg, sendmsg, WAITS_SENDING, 2),
	ROW(fcntl, socket, WAITS_NEVER, 0),
	ROW(ioctl, socket, WAITS_NEVER, 0),
	ROW(close, close, WAITS_CLOSING, 0),
	ROW(shutdown, shutdown, WAITS_NEVER, 0),
	ROW(getsockopt, getsockopt, WAITS_NEVER, 0),
	ROW(setsockopt, setsockopt, WAITS_NEVER, 0),
	ROW(poll, ready, WAITS_POLLING, 0),
#undef ROW
};

bool stack_has_call(const struct stack_target *s, enum call_id id)
{
	const struct call_row *row = &call_table[id];

	return row->make && *(void *const *)((const char *)s->ops + row->needs);
}

/* When a call gives up that cannot be done now; `now` itself if it does not wait at all. */
static nstime patience(struct stack_target *s, const struct target_call *c)
{
	const struct call_row *row = &call_table[c->id];
	const struct stack_fd *f = stack_fd_of(s, row->waits == WAITS_POLLING ? -1 : (int)c->arg[0]);
	nstime most = row->waits == WAITS_RECEIVING ? f->receive_timeout :
		row->waits == WAITS_SENDING ? f->send_timeout : 0;

	switch (row->waits) {
	case WAITS_NEVER:
		return s->now;
	case WAITS_CLOSING:
		/* It lingers with O_NONBLOCK, too, and for as long as the stack will have it. */
		return NSTIME_NEVER;
	case WAITS_POLLING:
		return c->arg[2] < 0 ? NSTIME_NEVER : s->now + c->arg[2] * NS_PER_MS;
	default:
		if (most < 0 || f->nonblock ||
		    (row->flags_arg && c->arg[row->flags_arg] & MSG_DONTWAIT))
			return s->now;
		return most ? s->now + most : NSTIME_NEVER;
	}
}

static void end(struct stack_target *s, struct target_call *c, long rc)
{
	c->result = rc < 0 ? -1 : rc;
	c->err = rc < 0 ? (int)-rc : 0;
	c->done = true;
	c->ended = s->now;
}

/* What one that has waited for too long returns. */
static void give_up(struct stack_target *s, struct stack_pending *p)
{
	if (call_table[p->call->id].waits == WAITS_POLLING)
		end(s, p->call, 0);
	else if (p->progress)
		end(s, p->call, (long)p->progress);
	else
		end(s, p->call, p->connecting ? -EINPROGRESS : -EAGAIN);
}

/* True once the call is done. */
static bool try(struct stack_target *s, struct stack_pending *p)
{
	struct attempt t = { .s = s, .a = p->call->arg, .p = p };
	long rc = call_table[p->call->id].make(&t);

	if (rc == DP_LACKS) {
		end(s, p->call, -ENOSYS);
		p->call->lacks = "such call, or not with these arguments";
		return true;
	}
	if (rc == -EAGAIN && s->now < p->give_up)
		return false;
	if (rc == -EAGAIN)
		give_up(s, p);
	else
		end(s, p->call, rc);
	return true;
}

void stack_call_begin(struct stack_target *s, struct target_call *c)
{
	struct stack_pending *p = xzalloc(sizeof(*p));

	p->call = c;
	p->give_up = patience(s, c);
	c->done = false;
	c->lacks = NULL;
	if (try(s, p))
		free(p);
	else
		TAILQ_INSERT_TAIL(&s->pending, p, next);
}

void stack_calls_go_on(struct stack_target *s)
{
	struct stack_pending *p = TAILQ_FIRST(&s->pending);

	while (p) {
		struct stack_pending *next = TAILQ_NEXT(p, next);

		if (try(s, p)) {
			TAILQ_REMOVE(&s->pending, p, next);
			free(p);
			/* What it took or gave may be what an earlier one waits for. */
			next = TAILQ_FIRST(&s->pending);
		}
		p = next;
	}
}

nstime stack_call_timeout(struct stack_target *s)
{
	const struct stack_pending *p;
	nstime first = NSTIME_NEVER;

	TAILQ_FOREACH(p, &s->pending, next)
		if (p->give_up < first)
			first = p->give_up;
	return first;
}

void stack_calls_free(struct stack_target *s)
{
	struct stack_pending *p;

	while ((p = TAILQ_FIRST(&s->pending))) {
		TAILQ_REMOVE(&s->pending, p, next);
		free(p);
	}
}
