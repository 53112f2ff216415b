/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TCP connection states (RFC 9293 3.3.2) and the edges between them. Values
 * are Linux's (include/net/tcp_states.h), so a tcp_info or sock_diag state is
 * one of these as it stands.
 */
#ifndef DP_WIRE_TCPSTATE_H
#define DP_WIRE_TCPSTATE_H

#include <stdbool.h>

enum tcp_state {
	TCPS_UNKNOWN = 0,
	TCPS_ESTABLISHED = 1, TCPS_SYN_SENT, TCPS_SYN_RECV, TCPS_FIN_WAIT1, TCPS_FIN_WAIT2,
	TCPS_TIME_WAIT, TCPS_CLOSED, TCPS_CLOSE_WAIT, TCPS_LAST_ACK, TCPS_LISTEN, TCPS_CLOSING,
	TCPS_COUNT,
};

/* RFC 9293's name: "SYN-RECEIVED", "FIN-WAIT-1", "CLOSED" ... */
const char *tcp_state_name(enum tcp_state s);
/*
 * Any usual spelling, in any case, with - or _: RFC 9293's, the kernel's
 * (SYN_RECV, CLOSE, FIN_WAIT1), with or without a TCP_ in front.
 * TCPS_UNKNOWN if it is none.
 */
enum tcp_state tcp_state_parse(const char *name);
/* All RFC names, for messages: "CLOSED, LISTEN, ...". */
const char *tcp_state_list(void);

/*
 * How one observed change of state can come about. DIRECT: an edge of RFC
 * 9293 (figure 5 and 3.10). THROUGH: one segment or call can cause two edges
 * in a row (SYN-RECEIVED + FIN,ACK -> CLOSE-WAIT), so the middle state is
 * real but a look from outside may miss it; *middle names it. ILLEGAL: no
 * conforming stack does this. No change, or one from or to TCPS_UNKNOWN, says
 * nothing against a stack and counts as DIRECT.
 */
enum tcp_edge { EDGE_DIRECT, EDGE_THROUGH, EDGE_ILLEGAL };
enum tcp_edge tcp_edge_between(enum tcp_state from, enum tcp_state to, enum tcp_state *middle);

#endif
