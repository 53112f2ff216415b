/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_guard.h"
#include "base/xmem.h"
#include "seam/target.h"
#include "target/agent_marshal.h"
#include "target/sockdiag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MPTCP_LEVEL 284		/* SOL_MPTCP */

/* What cannot go over the wire, or reaches beyond a socket. */
static const struct refused_option {
	int level, first, last;
	const char *lacks;
} option_table[] = {
	{ SOL_SOCKET, SO_ATTACH_FILTER, SO_ATTACH_FILTER, "filters for sockets" },
	{ SOL_SOCKET, 50, 52, "filters for sockets" },	/* SO_ATTACH_BPF, _REUSEPORT_CBPF, _EBPF */
	{ IPPROTO_TCP, 35, 35, "TCP_ZEROCOPY_RECEIVE, which is about memory" },
	{ IPPROTO_TCP, 41, 41, "TCP_AO_GET_KEYS, whose value is longer than its length" },
	{ MPTCP_LEVEL, 4, 4, "MPTCP_FULL_INFO, which is about memory" },
	{ IPPROTO_IP, 64, 79, "tables of packet filters" },	/* IPT_SO_*; 80 is SO_ORIGINAL_DST */
	{ IPPROTO_IP, 96, INT_MAX, "tables of packet filters" },	/* ARPT, EBT, MRT, IPVS */
	{ IPPROTO_IPV6, 64, 69, "tables of packet filters" },	/* IP6T_SO_* */
	{ IPPROTO_IPV6, 200, INT_MAX, "tables of multicast routes" },
};

static const int fcntl_table[] = {
	F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETPIPE_SZ,
};

static const char *refuses_option(const struct target_call *c)
{
	int level = (int)c->arg[1], name = (int)c->arg[2];
	const struct refused_option *o;
	size_t i;

	for (i = 0; i < sizeof(option_table) / sizeof(option_table[0]); i++) {
		o = &option_table[i];
		if (o->level == level && name >= o->first && name <= o->last)
			return o->lacks;
	}
	return NULL;
}

static const char *refuses_fcntl(const struct target_call *c)
{
	size_t i;

	for (i = 0; i < sizeof(fcntl_table) / sizeof(fcntl_table[0]); i++)
		if (fcntl_table[i] == (int)c->arg[1])
			return NULL;
	return "such fcntl()";
}

const char *guard_refuses(const struct target_call *c)
{
	switch (c->id) {
	case CALL_socket:
		return (int)c->arg[0] == AF_INET || (int)c->arg[0] == AF_INET6 ? NULL :
			"sockets but of AF_INET and AF_INET6";
	case CALL_fcntl:
		return refuses_fcntl(c);
	case CALL_getsockopt:
	case CALL_setsockopt:
		return refuses_option(c);
	default:
		return NULL;
	}
}

/* ---- descriptors ---- */

void guard_init(struct guard *g)
{
	memset(g, 0, sizeof(*g));
	pthread_mutex_init(&g->lock, NULL);
}

int guard_own_fd(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, AGENT_MAX_FDS), err = errno;

	close(fd);
	errno = err;
	return high;
}

static bool is_owned(const struct guard *g, int fd)
{
	return fd >= 0 && fd < AGENT_MAX_FDS && g->owned[fd];
}

/* Several of one socket are several times its connection: the second finds nothing to end. */
static void note_orphan(struct guard *g, int fd)
{
	struct orphan *o = &g->orphan[g->n_orphans % GUARD_ORPHANS];
	struct sockaddr_storage local = { 0 }, remote = { 0 };
	socklen_t n = sizeof(local), cookie_len = sizeof(o->cookie);
	const struct sockaddr_in *l4 = (struct sockaddr_in *)&local, *r4 = (struct sockaddr_in *)&remote;
	const struct sockaddr_in6 *l6 = (struct sockaddr_in6 *)&local;
	const struct sockaddr_in6 *r6 = (struct sockaddr_in6 *)&remote;

	if (getsockname(fd, (struct sockaddr *)&local, &n) < 0)
		return;
	n = sizeof(remote);
	if (getpeername(fd, (struct sockaddr *)&remote, &n) < 0)
		return;
	*o = (struct orphan){ .tuple = { .local_port = ntohs(l4->sin_port),
					 .remote_port = ntohs(r4->sin_port) } };
	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &o->cookie, &cookie_len) < 0)
		return;
	o->tuple.local.family = o->tuple.remote.family = local.ss_family;
	if (local.ss_family == AF_INET) {
		memcpy(o->tuple.local.b, &l4->sin_addr, 4);
		memcpy(o->tuple.remote.b, &r4->sin_addr, 4);
	} else {
		memcpy(o->tuple.local.b, &l6->sin6_addr, 16);
		memcpy(o->tuple.remote.b, &r6->sin6_addr, 16);
	}
	g->n_orphans++;
}

/* Before the call: as soon as it is closed, its number may be another thread's new one. */
static void give_up(struct guard *g, int fd)
{
	note_orphan(g, fd);
	g->owned[fd] = false;
}

static void replace_polled(struct guard *g, struct target_call *c, struct guarded *was)
{
	struct pollfd *p = (struct pollfd *)c->arg[0];
	size_t i, n = c->arg[1] > 0 ? (size_t)c->arg[1] : 0;

	if (!p || p == MARSHAL_NOWHERE || !n)
		return;
	was->polled = xzalloc(n * sizeof(*was->polled));
	for (i = 0; i < n; i++) {
		was->polled[i] = p[i].fd;
		if (p[i].fd >= 0 && !is_owned(g, p[i].fd))
			p[i].fd = INT_MAX;
	}
}

bool guard_before(struct guard *g, struct target_call *c, struct guarded *was)
{
	const struct marshal_row *row = &marshal_table[c->id];
	bool ok = true;
	int i;

	*was = (struct guarded){ 0 };
	pthread_mutex_lock(&g->lock);
	for (i = 0; i < 6; i++)
		if (row->arg[i].kind == MARSHAL_FD)
			ok &= is_owned(g, (int)c->arg[i]);
	if (ok && c->id == CALL_close)
		give_up(g, (int)c->arg[0]);
	if (ok && c->id == CALL_poll)
		replace_polled(g, c, was);
	pthread_mutex_unlock(&g->lock);
	if (!ok) {
		c->result = -1;
		c->err = EBADF;
	}
	return ok;
}

/* Enters a descriptor; one whose number is the agent's own kind is closed again. */
static bool enter(struct guard *g, int fd)
{
	if (fd >= AGENT_MAX_FDS) {
		close(fd);
		return false;
	}
	pthread_mutex_lock(&g->lock);
	g->owned[fd] = true;
	pthread_mutex_unlock(&g->lock);
	return true;
}

static void too_many(struct target_call *c)
{
	c->result = -1;
	c->err = EMFILE;
}

static void enter_pipe(struct guard *g, struct target_call *c)
{
	int *end = (int *)c->arg[0];
	bool first = enter(g, end[0]), second = enter(g, end[1]);

	if (first && second)
		return;
	pthread_mutex_lock(&g->lock);
	if (first)
		g->owned[end[0]] = false;
	if (second)
		g->owned[end[1]] = false;
	pthread_mutex_unlock(&g->lock);
	if (first)
		close(end[0]);
	if (second)
		close(end[1]);
	too_many(c);
}

static bool duplicates(const struct target_call *c)
{
	return c->id == CALL_fcntl && (c->arg[1] == F_DUPFD || c->arg[1] == F_DUPFD_CLOEXEC);
}

void guard_after(struct guard *g, struct target_call *c, struct guarded *was)
{
	struct pollfd *p = (struct pollfd *)c->arg[0];
	intptr_t i;

	if (was->polled)
		for (i = 0; i < c->arg[1]; i++)
			p[i].fd = was->polled[i];
	free(was->polled);
	if (c->result < 0)
		return;
	if (c->id == CALL_pipe)
		enter_pipe(g, c);
	else if ((marshal_table[c->id].makes_fd || duplicates(c)) && !enter(g, (int)c->result))
		too_many(c);
}

/* ---- the end ---- */

bool guard_owns(struct guard *g, int fd)
{
	bool owned;

	pthread_mutex_lock(&g->lock);
	owned = is_owned(g, fd);
	pthread_mutex_unlock(&g->lock);
	return owned;
}

void guard_end(struct guard *g, struct sockdiag *diag)
{
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	size_t i, n;
	int fd;

	pthread_mutex_lock(&g->lock);
	for (fd = 0; fd < AGENT_MAX_FDS; fd++)
		if (g->owned[fd])
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	n = g->n_orphans < GUARD_ORPHANS ? g->n_orphans : GUARD_ORPHANS;
	for (i = 0; diag && i < n; i++)
		sockdiag_destroy_one(diag, &g->orphan[i].tuple, g->orphan[i].cookie);
	pthread_mutex_unlock(&g->lock);
}
