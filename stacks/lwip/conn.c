/* SPDX-License-Identifier: BSD-2-Clause */
/* States of connections, read from lwIP's own lists of them. */
#include "adapter.h"

#include "lwip/api.h"
#include "lwip/priv/tcp_priv.h"

#include <errno.h>
#include <string.h>

/* lwIP's states in the order of RFC 9293, which is not that of its names. */
static const enum dp_tcp_state states[] = {
	[CLOSED] = DP_TCP_CLOSED, [LISTEN] = DP_TCP_LISTEN, [SYN_SENT] = DP_TCP_SYN_SENT,
	[SYN_RCVD] = DP_TCP_SYN_RECEIVED, [ESTABLISHED] = DP_TCP_ESTABLISHED,
	[FIN_WAIT_1] = DP_TCP_FIN_WAIT_1, [FIN_WAIT_2] = DP_TCP_FIN_WAIT_2,
	[CLOSE_WAIT] = DP_TCP_CLOSE_WAIT, [CLOSING] = DP_TCP_CLOSING,
	[LAST_ACK] = DP_TCP_LAST_ACK, [TIME_WAIT] = DP_TCP_TIME_WAIT,
};

/* Slow ticks between zero window probes; lwIP's table is private to its tcp.c. */
static const uint8_t persist_ticks[] = { 3, 6, 12, 24, 48, 96, 120 };

static void timer_is(const struct dp_stack *s, struct dp_conn *conn, enum dp_timer kind,
		     int32_t ticks, uint32_t retransmits)
{
	conn->timer = kind;
	conn->timer_at = clock_slow_ticks(s, ticks < 1 ? 1 : (uint32_t)ticks);
	conn->retransmits = retransmits;
}

/* Slow ticks until more than `ms` have passed since the last segment came. */
static int32_t idle_ticks(const struct tcp_pcb *pcb, uint32_t ms)
{
	return (int32_t)(pcb->tmr + ms / TCP_SLOW_INTERVAL + 1 - tcp_ticks);
}

static void fill_timer(const struct dp_stack *s, const struct tcp_pcb *pcb, struct dp_conn *conn)
{
	if (pcb->state == TIME_WAIT) {
		timer_is(s, conn, DP_TIMER_TIME_WAIT, idle_ticks(pcb, 2 * TCP_MSL), 0);
	} else if (pcb->persist_backoff > 0) {
		unsigned step = LWIP_MIN(pcb->persist_backoff, sizeof(persist_ticks)) - 1;

		timer_is(s, conn, DP_TIMER_PROBE, persist_ticks[step] - pcb->persist_cnt,
			 pcb->persist_probe);
	} else if (pcb->rtime >= 0) {
		timer_is(s, conn, DP_TIMER_RETRANSMIT, pcb->rto - pcb->rtime, pcb->nrtx);
	} else if (pcb->state == FIN_WAIT_2 && (pcb->flags & TF_RXCLOSED)) {
		timer_is(s, conn, DP_TIMER_TIME_WAIT, idle_ticks(pcb, TCP_FIN_WAIT_TIMEOUT), 0);
	} else if (ip_get_option(pcb, SOF_KEEPALIVE) &&
		   (pcb->state == ESTABLISHED || pcb->state == CLOSE_WAIT)) {
		uint32_t probes = LWIP_MIN(pcb->keep_cnt_sent, pcb->keep_cnt);

		timer_is(s, conn, DP_TIMER_KEEPALIVE,
			 idle_ticks(pcb, pcb->keep_idle + probes * pcb->keep_intvl),
			 pcb->keep_cnt_sent);
	}
}

/* Of a drillpress with a shorter struct only that much is written. */
static void give(const struct dp_conn *from, struct dp_conn *to)
{
	uint32_t size = to->size;

	memcpy(to, from, size < sizeof(*from) ? size : sizeof(*from));
	to->size = size;
}

static struct dp_conn described(const struct dp_stack *s, const struct tcp_pcb *pcb)
{
	struct dp_conn conn = { .state = DP_TCP_CLOSED, .timer_at = DP_NEVER };

	if (!pcb)
		return conn;
	conn.state = states[pcb->state];
	/* A listener is a shorter struct, which has no timers. */
	if (pcb->state != LISTEN && pcb->state != CLOSED)
		fill_timer(s, pcb, &conn);
	return conn;
}

struct tcp_pcb *conn_find(const struct dp_tuple *tuple)
{
	struct tcp_pcb *lists[] = { tcp_active_pcbs, tcp_tw_pcbs }, *pcb;
	ip_addr_t local, remote;
	size_t i;

	address_to_lwip(&tuple->local, &local);
	address_to_lwip(&tuple->remote, &remote);
	for (i = 0; i < LWIP_ARRAYSIZE(lists); i++)
		for (pcb = lists[i]; pcb; pcb = pcb->next)
			if (pcb->local_port == tuple->local_port &&
			    pcb->remote_port == tuple->remote_port &&
			    ip_addr_cmp_zoneless(&pcb->local_ip, &local) &&
			    ip_addr_cmp_zoneless(&pcb->remote_ip, &remote))
				return pcb;
	return NULL;
}

static bool is_listened_to(const struct dp_tuple *tuple)
{
	const struct tcp_pcb_listen *l;
	ip_addr_t local;

	address_to_lwip(&tuple->local, &local);
	for (l = tcp_listen_pcbs.listen_pcbs; l; l = l->next) {
		if (l->local_port != tuple->local_port)
			continue;
		if (IP_IS_ANY_TYPE_VAL(l->local_ip) || ip_addr_cmp_zoneless(&l->local_ip, &local))
			return true;
		if (ip_addr_isany(&l->local_ip) && IP_ADDR_PCB_VERSION_MATCH_EXACT(l, &local))
			return true;
	}
	return false;
}

int conn_get(struct dp_stack *s, const struct dp_tuple *tuple, struct dp_conn *conn)
{
	const struct tcp_pcb *pcb = conn_find(tuple);
	struct dp_conn found = described(s, pcb);

	found.listening = !pcb && is_listened_to(tuple);
	give(&found, conn);
	return 0;
}

void conn_remember(struct adapter_fd *fd)
{
	const struct netconn *conn = socket_netconn(fd);
	const struct tcp_pcb *pcb;

	if (!conn || NETCONNTYPE_GROUP(conn->type) != NETCONN_TCP || !conn->pcb.tcp)
		return;
	pcb = conn->pcb.tcp;
	if (pcb->state == LISTEN || pcb->state == CLOSED)
		return;
	address_from_lwip(&pcb->local_ip, &fd->tuple.local);
	address_from_lwip(&pcb->remote_ip, &fd->tuple.remote);
	fd->tuple.local_port = pcb->local_port;
	fd->tuple.remote_port = pcb->remote_port;
	fd->has_tuple = true;
}

int conn_of_socket(struct dp_stack *s, int number, struct dp_conn *conn)
{
	struct adapter_fd *fd = socket_fd(s, number);
	const struct netconn *netconn;
	const struct tcp_pcb *pcb = NULL;
	struct dp_conn found;

	if (!fd)
		return -EBADF;
	netconn = socket_netconn(fd);
	if (netconn && NETCONNTYPE_GROUP(netconn->type) != NETCONN_TCP)
		return -EOPNOTSUPP;
	/* shutdown() of both directions parts lwIP's socket from its connection. */
	if (netconn && netconn->pcb.tcp)
		pcb = netconn->pcb.tcp;
	else if (fd->has_tuple)
		pcb = conn_find(&fd->tuple);
	found = described(s, pcb);
	give(&found, conn);
	return 0;
}
