/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/stack_fd.h"
#include "base/xmem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/time.h>

#define FD_MOST 65536

struct stack_fd *stack_fd_of(struct stack_target *s, int fd)
{
	if (fd < 0 || fd >= FD_MOST) {
		s->nobody = (struct stack_fd){ 0 };
		return &s->nobody;
	}
	if (fd >= s->n_fds) {
		s->fd = xrealloc(s->fd, (size_t)(fd + 1) * sizeof(*s->fd));
		memset(s->fd + s->n_fds, 0, (size_t)(fd + 1 - s->n_fds) * sizeof(*s->fd));
		s->n_fds = fd + 1;
	}
	return &s->fd[fd];
}

long stack_fd_fcntl(struct stack_fd *f, int cmd, long arg)
{
	if (!f->open)
		return -EBADF;
	switch (cmd) {
	case F_GETFL:
		return O_RDWR | (f->nonblock ? O_NONBLOCK : 0);
	case F_SETFL:
		f->nonblock = arg & O_NONBLOCK;
		return 0;
	case F_GETFD:
		return f->cloexec ? FD_CLOEXEC : 0;
	case F_SETFD:
		f->cloexec = arg & FD_CLOEXEC;
		return 0;
	default:
		return DP_LACKS;
	}
}

nstime *stack_fd_timeout(struct stack_fd *f, int level, int name)
{
	if (level != SOL_SOCKET)
		return NULL;
	return name == SO_RCVTIMEO ? &f->receive_timeout :
		name == SO_SNDTIMEO ? &f->send_timeout : NULL;
}

long stack_fd_get_timeout(const struct stack_fd *f, const nstime *timeout, void *value,
			  socklen_t *len)
{
	nstime t = *timeout > 0 ? *timeout : 0;
	struct timeval tv = { t / NS_PER_SEC, t % NS_PER_SEC / NS_PER_US };

	if (!f->open)
		return -EBADF;
	if (*len > sizeof(tv))
		*len = sizeof(tv);
	memcpy(value, &tv, *len);
	return 0;
}

/* As sock_set_timeout() of Linux. */
long stack_fd_set_timeout(const struct stack_fd *f, nstime *timeout, const void *value,
			  socklen_t len)
{
	struct timeval tv;

	if (!f->open)
		return -EBADF;
	if (len < sizeof(tv))
		return -EINVAL;
	memcpy(&tv, value, sizeof(tv));
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return -EDOM;
	if (tv.tv_sec < 0)
		*timeout = -1;
	else if (tv.tv_sec >= NSTIME_NEVER / NS_PER_SEC)
		*timeout = 0;
	else
		*timeout = tv.tv_sec * NS_PER_SEC + tv.tv_usec * NS_PER_US;
	return 0;
}
