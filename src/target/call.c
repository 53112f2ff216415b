/* SPDX-License-Identifier: BSD-2-Clause */
/* One row per system call a script can make. */
#include "config.h"

#include "target/call.h"

#include "seam/target.h"
#include "target/caps.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define P(n) ((void *)a[n])

/* DO(name, expression): the function behind CALL_name. a[] are the arguments, caps the capabilities. */
#define DO(name, expr) \
	static intptr_t do_##name(const intptr_t *a, struct caps *caps) \
	{ \
		(void)caps; \
		return (expr); \
	}

DO(socket, socket(a[0], a[1], a[2]))
DO(bind, bind(a[0], P(1), a[2]))
DO(listen, listen(a[0], a[1]))
DO(accept, accept(a[0], P(1), P(2)))
DO(connect, connect(a[0], P(1), a[2]))
DO(read, read(a[0], P(1), a[2]))
DO(readv, readv(a[0], P(1), a[2]))
DO(recv, recv(a[0], P(1), a[2], a[3]))
DO(recvfrom, recvfrom(a[0], P(1), a[2], a[3], P(4), P(5)))
DO(recvmsg, recvmsg(a[0], P(1), a[2]))
DO(write, write(a[0], P(1), a[2]))
DO(writev, writev(a[0], P(1), a[2]))
DO(send, send(a[0], P(1), a[2], a[3]))
DO(sendto, sendto(a[0], P(1), a[2], a[3], P(4), a[5]))
DO(sendmsg, sendmsg(a[0], P(1), a[2]))
DO(fcntl, fcntl(a[0], a[1], a[2]))
DO(ioctl, ioctl(a[0], a[1], P(2)))
DO(close, close(a[0]))
DO(shutdown, shutdown(a[0], a[1]))
DO(getsockopt, getsockopt(a[0], a[1], a[2], P(3), P(4)))
DO(setsockopt, setsockopt(a[0], a[1], a[2], P(3), a[4]))
DO(poll, poll(P(0), a[1], a[2]))
DO(pipe, pipe(P(0)))
DO(splice, splice(a[0], P(1), a[2], P(3), a[4], a[5]))
DO(sendfile, sendfile(a[0], a[1], P(2), a[3]))
/* A path may be NULL on purpose, which the library's open() must not be given. */
DO(open, syscall(SYS_openat, AT_FDCWD, a[0], a[1], a[2]))
DO(epoll_create, epoll_create(a[0]))
DO(epoll_ctl, epoll_ctl(a[0], a[1], a[2], P(3)))
DO(epoll_wait, epoll_wait(a[0], P(1), a[2], a[3]))
DO(accept4, accept4(a[0], P(1), P(2), a[3]))
DO(epoll_create1, epoll_create1(a[0]))
DO(cap_set, caps_change(caps, a[1], a[2]))

static intptr_t (*const call_table[CALL_COUNT])(const intptr_t *a, struct caps *caps) = {
#define X(name) [CALL_##name] = do_##name,
	TARGET_CALLS(X)
#undef X
};

void call_host(struct caps *caps, struct target_call *c)
{
	errno = 0;
	c->result = caps_apply(caps) ? -1 : call_table[c->id](c->arg, caps);
	c->err = c->result == -1 ? errno : 0;
}
