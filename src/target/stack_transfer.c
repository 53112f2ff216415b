/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/stack_transfer.h"
#include "base/xmem.h"
#include "target/stack_fd.h"

#include <errno.h>
#include <stdlib.h>

static size_t iov_bytes(const struct msghdr *m)
{
	size_t i, sum = 0;

	for (i = 0; i < m->msg_iovlen; i++)
		sum += m->msg_iov[i].iov_len;
	return sum;
}

/* What is left of a message of which so many bytes are done; iov has room for all its parts. */
static size_t rest_of(const struct msghdr *m, size_t done, struct iovec *iov)
{
	size_t i, n = 0;

	for (i = 0; i < m->msg_iovlen; i++) {
		const struct iovec *v = &m->msg_iov[i];

		if (done < v->iov_len)
			iov[n++] = (struct iovec){ (char *)v->iov_base + done, v->iov_len - done };
		done -= done < v->iov_len ? done : v->iov_len;
	}
	return n;
}

static bool may_wait(struct stack_target *s, int fd, int flags)
{
	return !stack_fd_of(s, fd)->nonblock && !(flags & MSG_DONTWAIT);
}

typedef ssize_t move(struct stack_target *s, int fd, struct msghdr *m, int flags);

/* Moves bytes until all are moved, or it cannot be gone on; progress counts them. */
static long move_all(struct stack_target *s, struct stack_pending *p, int fd, struct msghdr *m,
		     int flags, move *some)
{
	struct iovec *all = m->msg_iov, *iov = xzalloc((m->msg_iovlen + 1) * sizeof(*iov));
	size_t bytes = iov_bytes(m), parts = m->msg_iovlen;
	ssize_t rc;

	do {
		size_t n = rest_of(m, p->progress, iov);

		m->msg_iov = iov;
		m->msg_iovlen = n;
		rc = some(s, fd, m, flags);
		m->msg_iov = all;
		m->msg_iovlen = parts;
		if (rc > 0)
			p->progress += (size_t)rc;
	} while (rc > 0 && p->progress < bytes);
	free(iov);
	if (rc == -EAGAIN)
		return rc;
	return p->progress ? (long)p->progress : rc;
}

static ssize_t send_some(struct stack_target *s, int fd, struct msghdr *m, int flags)
{
	return s->ops->sendmsg(s->stack, fd, m, flags & ~MSG_DONTWAIT);
}

static ssize_t receive_some(struct stack_target *s, int fd, struct msghdr *m, int flags)
{
	return s->ops->recvmsg(s->stack, fd, m, flags & ~(MSG_DONTWAIT | MSG_WAITALL));
}

/* A blocking send is over when all is taken. */
long stack_send(struct stack_target *s, struct stack_pending *p, int fd, const struct msghdr *m,
		int flags)
{
	struct msghdr own = *m;

	if (!may_wait(s, fd, flags))
		return send_some(s, fd, &own, flags);
	return move_all(s, p, fd, &own, flags, send_some);
}

/* A blocking receive is over when there is something; of a stream with MSG_WAITALL, all. */
long stack_receive(struct stack_target *s, struct stack_pending *p, int fd, struct msghdr *m,
		   int flags)
{
	bool all = flags & MSG_WAITALL && !(flags & MSG_PEEK) && stack_fd_of(s, fd)->stream;

	if (!all || !may_wait(s, fd, flags))
		return receive_some(s, fd, m, flags);
	return move_all(s, p, fd, m, flags, receive_some);
}
