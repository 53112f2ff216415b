/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/inferred_edges.h"

#include <stddef.h>

#define B(s) STATE_BIT(TCPS_##s)
/* The peer's FIN was taken in; it was not. */
#define HAS_FIN (B(CLOSE_WAIT) | B(CLOSING) | B(LAST_ACK) | B(TIME_WAIT))
#define HAS_NO_FIN (B(SYN_SENT) | B(SYN_RECV) | B(ESTABLISHED) | B(FIN_WAIT1) | B(FIN_WAIT2))
/* RFC 9293 3.3.2: all but these are synchronized. */
#define SYNCHRONIZED (B(ESTABLISHED) | B(FIN_WAIT1) | B(FIN_WAIT2) | HAS_FIN)

static const struct {
	unsigned told;
	enum tcp_state from, to;
} told_edges[] = {
	{ TOLD_SYN, TCPS_LISTEN, TCPS_SYN_RECV },
	{ TOLD_SYN, TCPS_SYN_SENT, TCPS_SYN_RECV },
	{ TOLD_SYN, TCPS_TIME_WAIT, TCPS_SYN_RECV },	/* MAY-2 */
	{ TOLD_SYN_ACK, TCPS_SYN_SENT, TCPS_ESTABLISHED },
	{ TOLD_ACK_OF_SYN, TCPS_SYN_RECV, TCPS_ESTABLISHED },
	{ TOLD_FIN, TCPS_SYN_RECV, TCPS_CLOSE_WAIT },
	{ TOLD_FIN, TCPS_ESTABLISHED, TCPS_CLOSE_WAIT },
	{ TOLD_FIN, TCPS_FIN_WAIT1, TCPS_CLOSING },
	{ TOLD_FIN, TCPS_FIN_WAIT2, TCPS_TIME_WAIT },
	{ TOLD_ACK_OF_FIN, TCPS_FIN_WAIT1, TCPS_FIN_WAIT2 },
	{ TOLD_ACK_OF_FIN, TCPS_CLOSING, TCPS_TIME_WAIT },
	{ TOLD_ACK_OF_FIN, TCPS_LAST_ACK, TCPS_CLOSED },
	{ TOLD_RST, TCPS_SYN_RECV, TCPS_LISTEN },	/* of a passive OPEN: 3.10.7.4 */
	{ TOLD_RST, TCPS_SYN_RECV, TCPS_CLOSED },
	{ TOLD_RST, TCPS_SYN_SENT, TCPS_CLOSED },
	{ TOLD_RST, TCPS_ESTABLISHED, TCPS_CLOSED },
	{ TOLD_RST, TCPS_FIN_WAIT1, TCPS_CLOSED },
	{ TOLD_RST, TCPS_FIN_WAIT2, TCPS_CLOSED },
	{ TOLD_RST, TCPS_CLOSE_WAIT, TCPS_CLOSED },
	{ TOLD_RST, TCPS_CLOSING, TCPS_CLOSED },
	{ TOLD_RST, TCPS_LAST_ACK, TCPS_CLOSED },
	{ TOLD_RST, TCPS_TIME_WAIT, TCPS_CLOSED },
};

/* Each bit that is said leaves only these states. */
static const struct {
	unsigned said, states;
} said_in[] = {
	{ SAID_SYN, B(CLOSED) | B(LISTEN) | B(SYN_SENT) },
	{ SAID_SYN_ACK, B(SYN_RECV) },
	{ SAID_ACK, B(SYN_RECV) | SYNCHRONIZED },
	{ SAID_BEYOND, SYNCHRONIZED },
	{ SAID_FIN, B(SYN_RECV) | B(ESTABLISHED) | B(CLOSE_WAIT) },
	{ SAID_FIN_AGAIN, B(FIN_WAIT1) | B(CLOSING) | B(LAST_ACK) },
	{ SAID_ACK_OF_FIN, HAS_FIN },
	{ SAID_NO_ACK_OF_FIN, HAS_NO_FIN },
};

/*
 * And some change it: what is sent with the change is sent by the CLOSE or OPEN
 * call. A FIN that is still queued is in nobody's sight: these are states of
 * the wire.
 */
static const struct {
	unsigned said;
	enum tcp_state from, to;
} said_edges[] = {
	{ SAID_SYN, TCPS_CLOSED, TCPS_SYN_SENT },
	{ SAID_SYN, TCPS_LISTEN, TCPS_SYN_SENT },
	{ SAID_FIN, TCPS_SYN_RECV, TCPS_FIN_WAIT1 },
	{ SAID_FIN, TCPS_ESTABLISHED, TCPS_FIN_WAIT1 },
	{ SAID_FIN, TCPS_CLOSE_WAIT, TCPS_LAST_ACK },
};

unsigned states_told(unsigned possible, unsigned told)
{
	unsigned before;
	size_t i;

	do {
		before = possible;
		for (i = 0; i < sizeof(told_edges) / sizeof(told_edges[0]); i++)
			if (told & told_edges[i].told && possible & STATE_BIT(told_edges[i].from))
				possible |= STATE_BIT(told_edges[i].to);
	} while (possible != before);
	return possible;
}

static unsigned moved(unsigned possible, unsigned said)
{
	unsigned after = possible;
	size_t i;

	for (i = 0; i < sizeof(said_edges) / sizeof(said_edges[0]); i++) {
		if (!(said & said_edges[i].said) || !(possible & STATE_BIT(said_edges[i].from)))
			continue;
		after &= ~STATE_BIT(said_edges[i].from);
		after |= STATE_BIT(said_edges[i].to);
	}
	return after;
}

unsigned states_said(unsigned possible, unsigned said)
{
	size_t i;

	/* What is not acceptable before a connection is synchronized is answered so, and changes nothing. */
	if (said & SAID_RST)
		return (possible & (B(LISTEN) | B(SYN_RECV) | B(SYN_SENT))) | B(CLOSED);
	for (i = 0; i < sizeof(said_in) / sizeof(said_in[0]); i++)
		if (said & said_in[i].said)
			possible &= said_in[i].states;
	return moved(possible, said);
}

unsigned states_after_silence(unsigned possible)
{
	const unsigned timed = B(SYN_SENT) | B(SYN_RECV) | B(FIN_WAIT1) | B(FIN_WAIT2) | B(CLOSING) |
		B(LAST_ACK) | B(TIME_WAIT);

	return possible & timed ? possible | B(CLOSED) : possible;
}
