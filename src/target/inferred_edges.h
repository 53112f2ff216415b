/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What segments tell of a TCP's state (RFC 9293 3.10), as edges between sets
 * of states: a set is a word with the bit 1 << state for each that is possible.
 */
#ifndef DP_TARGET_INFERRED_EDGES_H
#define DP_TARGET_INFERRED_EDGES_H

#include "wire/tcpstate.h"

#define STATE_BIT(s) (1u << (s))
#define STATE_BITS_ALL ((1u << TCPS_COUNT) - 2)

/* What a segment sent to a stack can bring about there. It may have come, or have been lost. */
enum told {
	TOLD_SYN = 1,		/* without ACK */
	TOLD_ACK_OF_SYN = 2,
	TOLD_ACK_OF_FIN = 4,
	TOLD_FIN = 8,
	TOLD_RST = 16,
	TOLD_SYN_ACK = 32,	/* that acknowledges the stack's SYN */
};

/* What a segment from the stack proves. */
enum said {
	SAID_SYN = 1,		/* without ACK */
	SAID_SYN_ACK = 2,
	SAID_ACK = 4,		/* any other segment with ACK and no RST */
	SAID_BEYOND = 8,	/* it carries data, or acknowledges more than the peer's SYN */
	SAID_FIN = 16,		/* for the first time */
	SAID_FIN_AGAIN = 32,
	SAID_ACK_OF_FIN = 64,
	SAID_NO_ACK_OF_FIN = 128,	/* the peer's FIN was sent and this does not acknowledge it */
	SAID_RST = 256,
};

/* All states that may follow, those before among them; told: TOLD_ bits of all so far. */
unsigned states_told(unsigned possible, unsigned told);
/*
 * The states in which the segment leaves the stack; 0 if a stack in none of
 * the possible ones sends it. said: SAID_ bits.
 */
unsigned states_said(unsigned possible, unsigned said);
/* The same, and CLOSED where a timer of the stack may have ended the connection meanwhile. */
unsigned states_after_silence(unsigned possible);

#endif
