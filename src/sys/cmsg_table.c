/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One row per message whose payload is a struct, or whose name a failure
 * should show. All others carry integers or bytes.
 */
#include "config.h"

#include "sys/cmsg.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/* Newer than the oldest headers we build with: numbers of linux/tcp.h and asm-generic/socket.h. */
#ifndef TCP_CM_INQ
#define TCP_CM_INQ 36
#endif
#ifndef SCM_TIMESTAMPING_OPT_STATS
#define SCM_TIMESTAMPING_OPT_STATS 54
#endif
#ifndef SCM_TIMESTAMPING_PKTINFO
#define SCM_TIMESTAMPING_PKTINFO 58
#endif

#define ROW(level, type, kind) { #level, #type, level, type, &kind }

static const struct cmsg_row table[] = {
	ROW(SOL_IP, IP_RECVERR, cmsg_recverr),
	ROW(SOL_IPV6, IPV6_RECVERR, cmsg_recverr),
	ROW(SOL_SOCKET, SCM_TIMESTAMPING, cmsg_stamps),
	ROW(SOL_SOCKET, SCM_TIMESTAMPING_OPT_STATS, cmsg_stats),
	ROW(SOL_SOCKET, SCM_TIMESTAMPING_PKTINFO, cmsg_bytes),
	ROW(SOL_SOCKET, SCM_RIGHTS, cmsg_bytes),
	ROW(SOL_TCP, TCP_CM_INQ, cmsg_bytes),
	ROW(SOL_IP, IP_PKTINFO, cmsg_bytes),
	ROW(SOL_IP, IP_TTL, cmsg_bytes),
	ROW(SOL_IP, IP_TOS, cmsg_bytes),
	ROW(SOL_IP, IP_ORIGDSTADDR, cmsg_bytes),
	ROW(SOL_IPV6, IPV6_PKTINFO, cmsg_bytes),
	ROW(SOL_IPV6, IPV6_HOPLIMIT, cmsg_bytes),
	ROW(SOL_IPV6, IPV6_TCLASS, cmsg_bytes),
};

const struct cmsg_row *cmsg_find(int32_t level, int32_t type)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].level == level && table[i].type == type)
			return &table[i];
	return NULL;
}
