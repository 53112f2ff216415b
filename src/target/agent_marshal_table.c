/* SPDX-License-Identifier: BSD-2-Clause */
/* What each argument of each call is: a call more is a row more. */
#include "config.h"

#include "target/agent_marshal.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#define NUMBER { .kind = MARSHAL_NUMBER }
#define FD { .kind = MARSHAL_FD }
#define FIXED(k, bytes) { .kind = MARSHAL_##k, .length = LENGTH_FIXED, .unit = (bytes) }
/* Memory as long as argument n says, in units. */
#define COUNTED(k, n, bytes) { .kind = MARSHAL_##k, .length = LENGTH_ARG, .arg = (n), .unit = (bytes) }
#define LEN FIXED(BOTH, sizeof(socklen_t))
/* The kernel refuses a longer address, and never writes one. */
#define ADDRESS sizeof(struct sockaddr_storage)
#define ADDR_IN(n) { .kind = MARSHAL_IN, .length = LENGTH_ARG, .arg = (n), .unit = 1, .most = ADDRESS }
#define ADDR_OUT(n) { .kind = MARSHAL_OUT, .length = LENGTH_AT, .arg = (n), .unit = 1, .most = ADDRESS }
#define OPTION_OUT { .kind = MARSHAL_BOTH, .length = LENGTH_AT, .arg = 4, .unit = 1 }
#define KIND(k) { .kind = MARSHAL_##k }

#define ROW(name, ...) [CALL_##name] = { .arg = { __VA_ARGS__ } }
#define NEW_FD(name, ...) [CALL_##name] = { .makes_fd = true, .arg = { __VA_ARGS__ } }
#define SENDS(name, where, ...) [CALL_##name] = { .flags = (where), .arg = { __VA_ARGS__ } }
#define LACKS(name, why) [CALL_##name] = { .lacks = (why) }

const struct marshal_row marshal_table[CALL_COUNT] = {
	NEW_FD(socket, NUMBER, NUMBER, NUMBER),
	ROW(bind, FD, ADDR_IN(2), NUMBER),
	ROW(listen, FD, NUMBER),
	NEW_FD(accept, FD, ADDR_OUT(2), LEN),
	NEW_FD(accept4, FD, ADDR_OUT(2), LEN, NUMBER),
	ROW(connect, FD, ADDR_IN(2), NUMBER),
	ROW(read, FD, COUNTED(OUT, 2, 1), NUMBER),
	ROW(readv, FD, KIND(IOV_OUT), NUMBER),
	ROW(recv, FD, COUNTED(OUT, 2, 1), NUMBER, NUMBER),
	ROW(recvfrom, FD, COUNTED(OUT, 2, 1), NUMBER, NUMBER, ADDR_OUT(5), LEN),
	ROW(recvmsg, FD, KIND(MSG_OUT), NUMBER),
	ROW(write, FD, COUNTED(IN, 2, 1), NUMBER),
	ROW(writev, FD, KIND(IOV_IN), NUMBER),
	SENDS(send, 3, FD, COUNTED(IN, 2, 1), NUMBER, NUMBER),
	SENDS(sendto, 3, FD, COUNTED(IN, 2, 1), NUMBER, NUMBER, ADDR_IN(5), NUMBER),
	SENDS(sendmsg, 2, FD, KIND(MSG_IN), NUMBER),
	ROW(fcntl, FD, NUMBER, NUMBER),
	ROW(ioctl, FD, NUMBER, KIND(IOCTL)),
	ROW(close, FD),
	ROW(shutdown, FD, NUMBER),
	ROW(getsockopt, FD, NUMBER, NUMBER, OPTION_OUT, LEN),
	ROW(setsockopt, FD, NUMBER, NUMBER, COUNTED(IN, 4, 1), NUMBER),
	ROW(poll, COUNTED(BOTH, 1, sizeof(struct pollfd)), NUMBER, NUMBER),
	ROW(pipe, FIXED(OUT, 2 * sizeof(int))),
	ROW(splice, FD, FIXED(BOTH, 8), FD, FIXED(BOTH, 8), NUMBER, NUMBER),
	NEW_FD(epoll_create, NUMBER),
	NEW_FD(epoll_create1, NUMBER),
	ROW(epoll_ctl, FD, NUMBER, FD, FIXED(IN, sizeof(struct epoll_event))),
	ROW(epoll_wait, FD, COUNTED(OUT, 2, sizeof(struct epoll_event)), NUMBER, NUMBER),
	ROW(cap_set, NUMBER, NUMBER, NUMBER),
	LACKS(open, "files of its machine to open"),
	LACKS(sendfile, "files to send"),
};

/* Requests that only tell of a socket, or concern it alone. */
static const struct {
	unsigned long request;
	int bytes;
} ioctl_table[] = {
	{ FIONREAD, sizeof(int) },		/* SIOCINQ */
	{ TIOCOUTQ, sizeof(int) },		/* SIOCOUTQ */
	{ SIOCOUTQNSD, sizeof(int) },
	{ SIOCATMARK, sizeof(int) },
	{ FIONBIO, sizeof(int) },
	{ SIOCGSTAMP, sizeof(struct timeval) },
	{ SIOCGSTAMPNS, sizeof(struct timespec) },
};

int marshal_ioctl_bytes(intptr_t request)
{
	size_t i;

	for (i = 0; i < sizeof(ioctl_table) / sizeof(ioctl_table[0]); i++)
		if (ioctl_table[i].request == (unsigned long)(unsigned)request)
			return ioctl_table[i].bytes;
	return -1;
}
