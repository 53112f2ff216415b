/* SPDX-License-Identifier: BSD-2-Clause */
/* One row per call that packetdrill's interface has. */
#include "config.h"

#include "target/pd_call.h"

#include "target/pd_interface.h"

#include <errno.h>

#define P(n) ((void *)a[n])

/* PD_CALLS(X): X(name, arguments after userdata); a[] are the script's. */
#define PD_CALLS(X) \
	X(socket, a[0], a[1], a[2]) \
	X(bind, a[0], P(1), a[2]) \
	X(listen, a[0], a[1]) \
	X(accept, a[0], P(1), P(2)) \
	X(connect, a[0], P(1), a[2]) \
	X(read, a[0], P(1), a[2]) \
	X(readv, a[0], P(1), a[2]) \
	X(recv, a[0], P(1), a[2], a[3]) \
	X(recvfrom, a[0], P(1), a[2], a[3], P(4), P(5)) \
	X(recvmsg, a[0], P(1), a[2]) \
	X(write, a[0], P(1), a[2]) \
	X(writev, a[0], P(1), a[2]) \
	X(send, a[0], P(1), a[2], a[3]) \
	X(sendto, a[0], P(1), a[2], a[3], P(4), a[5]) \
	X(sendmsg, a[0], P(1), a[2]) \
	X(fcntl, a[0], a[1], a[2]) \
	X(ioctl, a[0], a[1], P(2)) \
	X(close, a[0]) \
	X(shutdown, a[0], a[1]) \
	X(getsockopt, a[0], a[1], a[2], P(3), P(4)) \
	X(setsockopt, a[0], a[1], a[2], P(3), a[4]) \
	X(poll, P(0), a[1], a[2]) \
	X(pipe, P(0)) \
	X(splice, a[0], P(1), a[2], P(3), a[4], a[5]) \
	X(epoll_create, a[0]) \
	X(epoll_ctl, a[0], a[1], a[2], P(3)) \
	X(epoll_wait, a[0], P(1), a[2], a[3])

#define X(name, ...) \
	static bool has_##name(const struct pd_interface *ifc) \
	{ \
		return ifc->name != NULL; \
	} \
	static intptr_t do_##name(const struct pd_interface *ifc, const intptr_t *a) \
	{ \
		return ifc->name(ifc->userdata, __VA_ARGS__); \
	}
PD_CALLS(X)
#undef X

static const struct {
	bool (*has)(const struct pd_interface *ifc);
	intptr_t (*make)(const struct pd_interface *ifc, const intptr_t *a);
} table[CALL_COUNT] = {
#define X(name, ...) [CALL_##name] = { has_##name, do_##name },
	PD_CALLS(X)
#undef X
};

bool pd_has_call(const struct pd_interface *ifc, enum call_id id)
{
	return table[id].has != NULL && table[id].has(ifc);
}

void pd_call(const struct pd_interface *ifc, struct target_call *c)
{
	errno = 0;
	c->result = table[c->id].make(ifc, c->arg);
	c->err = c->result == -1 ? errno : 0;
}
