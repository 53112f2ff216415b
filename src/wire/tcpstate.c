/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP states and their edges: RFC 9293 3.3.2 (figure 5 and its notes) and 3.10. */
#include "config.h"

#include "wire/tcpstate.h"
#include "base/names.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *const state_names[TCPS_COUNT] = {
	[TCPS_UNKNOWN] = "UNKNOWN",
	[TCPS_ESTABLISHED] = "ESTABLISHED",
	[TCPS_SYN_SENT] = "SYN-SENT",
	[TCPS_SYN_RECV] = "SYN-RECEIVED",
	[TCPS_FIN_WAIT1] = "FIN-WAIT-1",
	[TCPS_FIN_WAIT2] = "FIN-WAIT-2",
	[TCPS_TIME_WAIT] = "TIME-WAIT",
	[TCPS_CLOSED] = "CLOSED",
	[TCPS_CLOSE_WAIT] = "CLOSE-WAIT",
	[TCPS_LAST_ACK] = "LAST-ACK",
	[TCPS_LISTEN] = "LISTEN",
	[TCPS_CLOSING] = "CLOSING",
};

/* Every spelling there is, in capitals and without separators. */
static const struct name_value spellings[] = {
	{ "ESTABLISHED", TCPS_ESTABLISHED },
	{ "ESTAB", TCPS_ESTABLISHED },
	{ "SYNSENT", TCPS_SYN_SENT },
	{ "SYNRECEIVED", TCPS_SYN_RECV },
	{ "SYNRECV", TCPS_SYN_RECV },
	{ "SYNRCVD", TCPS_SYN_RECV },
	{ "FINWAIT1", TCPS_FIN_WAIT1 },
	{ "FINWAIT2", TCPS_FIN_WAIT2 },
	{ "TIMEWAIT", TCPS_TIME_WAIT },
	{ "CLOSED", TCPS_CLOSED },
	{ "CLOSE", TCPS_CLOSED },
	{ "CLOSEWAIT", TCPS_CLOSE_WAIT },
	{ "LASTACK", TCPS_LAST_ACK },
	{ "LISTEN", TCPS_LISTEN },
	{ "CLOSING", TCPS_CLOSING },
	{ NULL, 0 }
};

/* middle is 0 for an edge of the RFC itself. */
struct edge {
	enum tcp_state from, to, middle;
};

/*
 * Not listed: any state but CLOSED -> CLOSED (CLOSE and ABORT calls, RST, user
 * timeout, last ACK, 2MSL), which is always direct.
 */
static const struct edge edges[] = {
	{ TCPS_CLOSED, TCPS_LISTEN, 0 },		/* passive OPEN */
	{ TCPS_CLOSED, TCPS_SYN_SENT, 0 },		/* active OPEN */
	{ TCPS_LISTEN, TCPS_SYN_RECV, 0 },		/* SYN */
	{ TCPS_LISTEN, TCPS_SYN_SENT, 0 },		/* SEND or active OPEN */
	{ TCPS_SYN_SENT, TCPS_ESTABLISHED, 0 },		/* SYN,ACK */
	{ TCPS_SYN_SENT, TCPS_SYN_RECV, 0 },		/* SYN: simultaneous open */
	{ TCPS_SYN_RECV, TCPS_ESTABLISHED, 0 },		/* ACK of SYN */
	{ TCPS_SYN_RECV, TCPS_FIN_WAIT1, 0 },		/* CLOSE */
	{ TCPS_SYN_RECV, TCPS_LISTEN, 0 },		/* RST or SYN after a passive OPEN */
	{ TCPS_ESTABLISHED, TCPS_FIN_WAIT1, 0 },	/* CLOSE */
	{ TCPS_ESTABLISHED, TCPS_CLOSE_WAIT, 0 },	/* FIN */
	{ TCPS_FIN_WAIT1, TCPS_FIN_WAIT2, 0 },		/* ACK of FIN */
	{ TCPS_FIN_WAIT1, TCPS_CLOSING, 0 },		/* FIN */
	{ TCPS_FIN_WAIT1, TCPS_TIME_WAIT, 0 },		/* FIN with ACK of FIN: note 2 */
	{ TCPS_FIN_WAIT2, TCPS_TIME_WAIT, 0 },		/* FIN */
	{ TCPS_CLOSING, TCPS_TIME_WAIT, 0 },		/* ACK of FIN */
	{ TCPS_CLOSE_WAIT, TCPS_LAST_ACK, 0 },		/* CLOSE */
	{ TCPS_TIME_WAIT, TCPS_SYN_RECV, 0 },		/* SYN reopens: MAY-2 */
	{ TCPS_TIME_WAIT, TCPS_LISTEN, 0 },		/* the same, SYN still to come */

	/* connect() that waits for the SYN,ACK is one call. */
	{ TCPS_CLOSED, TCPS_ESTABLISHED, TCPS_SYN_SENT },
	/* With SYN cookies (RFC 4987 3.6) it is the ACK that makes the connection. */
	{ TCPS_LISTEN, TCPS_ESTABLISHED, TCPS_SYN_RECV },
	/* SYN,FIN,ACK: 3.10.7.3 goes on to the FIN step. */
	{ TCPS_SYN_SENT, TCPS_CLOSE_WAIT, TCPS_ESTABLISHED },
	/* FIN,ACK that also acknowledges the SYN. */
	{ TCPS_SYN_RECV, TCPS_CLOSE_WAIT, TCPS_ESTABLISHED },
	/* connect() on a tuple that may be reused early (RFC 6191). */
	{ TCPS_TIME_WAIT, TCPS_SYN_SENT, TCPS_CLOSED },
};

static bool is_state(enum tcp_state s)
{
	return (int)s > TCPS_UNKNOWN && (int)s < TCPS_COUNT;
}

const char *tcp_state_name(enum tcp_state s)
{
	return state_names[is_state(s) ? s : TCPS_UNKNOWN];
}

const char *tcp_state_list(void)
{
	return "CLOSED, LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, "
	       "CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT";
}

enum tcp_state tcp_state_parse(const char *name)
{
	char plain[sizeof("ESTABLISHED")];
	size_t n = 0;
	int64_t v;

	if (!strncasecmp(name, "tcp", 3) && (name[3] == '_' || name[3] == '-'))
		name += 4;
	for (; *name; name++) {
		if (*name == '-' || *name == '_')
			continue;
		if (n == sizeof(plain) - 1)
			return TCPS_UNKNOWN;
		plain[n++] = (char)toupper((unsigned char)*name);
	}
	plain[n] = 0;
	return names_find(spellings, plain, &v) ? (enum tcp_state)v : TCPS_UNKNOWN;
}

enum tcp_edge tcp_edge_between(enum tcp_state from, enum tcp_state to, enum tcp_state *middle)
{
	size_t i;

	*middle = TCPS_UNKNOWN;
	if (!is_state(from) || !is_state(to) || from == to || to == TCPS_CLOSED)
		return EDGE_DIRECT;
	for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		if (edges[i].from != from || edges[i].to != to)
			continue;
		*middle = edges[i].middle;
		return edges[i].middle ? EDGE_THROUGH : EDGE_DIRECT;
	}
	return EDGE_ILLEGAL;
}
