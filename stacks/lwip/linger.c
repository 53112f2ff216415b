/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * close(), and SO_LINGER. lwIP lingers in a close() that blocks, and refuses to
 * on a non-blocking socket, so the wait is here: the FIN is queued at once, and
 * what is not acknowledged when the time is over is given up with a RST, as
 * lwIP's own blocking close() does.
 */
#include "adapter.h"

#include "lwip/api.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sockets.h"

#include <errno.h>

#define NS_PER_S 1000000000

static bool has_unacknowledged(const struct tcp_pcb *pcb)
{
	return pcb && (pcb->unsent || pcb->unacked);
}

/* Seconds that close() of it is to linger; 0: not at all. */
static int linger_time(const struct adapter_fd *fd)
{
	const struct netconn *conn = socket_netconn(fd);
	const struct tcp_pcb *pcb;

	if (!conn || NETCONNTYPE_GROUP(conn->type) != NETCONN_TCP || conn->linger <= 0)
		return 0;
	pcb = conn->pcb.tcp;
	if (!pcb || pcb->state == LISTEN || pcb->state == CLOSED || pcb->state == SYN_SENT)
		return 0;
	return has_unacknowledged(pcb) ? conn->linger : 0;
}

static int go_on_lingering(struct dp_stack *s, struct adapter_fd *fd)
{
	if (has_unacknowledged(conn_find(&fd->tuple)))
		return -EAGAIN;
	s->n_lingering--;
	fd->used = false;
	return 0;
}

int linger_close(struct dp_stack *s, int number)
{
	struct adapter_fd *fd = socket_fd(s, number);
	ssize_t err;
	int time;

	if (!fd)
		return -EBADF;
	if (fd->lwip < 0)
		return go_on_lingering(s, fd);
	time = linger_time(fd);
	if (time) {
		conn_remember(fd);
		socket_netconn(fd)->linger = -1;
	}
	err = socket_result(lwip_close(fd->lwip));
	if (err < 0)
		return (int)err;
	if (!time) {
		fd->used = false;
		return 0;
	}
	fd->lwip = -1;
	s->n_lingering++;
	fd->linger_until = s->host->now(s->host) + (int64_t)time * NS_PER_S;
	return go_on_lingering(s, fd);
}

static bool is_waiting(const struct adapter_fd *fd)
{
	return fd->used && fd->lwip < 0 && has_unacknowledged(conn_find(&fd->tuple));
}

int64_t linger_deadline(const struct dp_stack *s)
{
	int64_t first = DP_NEVER;
	int i;

	for (i = 0; s->n_lingering && i < ADAPTER_FDS; i++)
		if (is_waiting(&s->fds[i]) && s->fds[i].linger_until < first)
			first = s->fds[i].linger_until;
	return first;
}

void linger_run(struct dp_stack *s)
{
	int64_t now = s->host->now(s->host);
	int i;

	for (i = 0; s->n_lingering && i < ADAPTER_FDS; i++)
		if (is_waiting(&s->fds[i]) && s->fds[i].linger_until <= now)
			tcp_abort(conn_find(&s->fds[i].tuple));
}
