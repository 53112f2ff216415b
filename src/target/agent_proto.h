/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a tester and its agent say to each other over TCP; doc/agent.md is the
 * whole description. A message is a frame:
 *
 *   length (32 bits, of what follows) | type (8) | body | code (256, see below)
 *
 * The tester greets with HELLO, the agent with its own; each then proves with
 * PROOF that it has the secret, the tester first. Both are HMAC-SHA-256 under
 * the secret over the two greetings, nonces and all. From then on every frame
 * ends with a code, made with a key of this connection and direction, over the
 * frame's number and all of it: nobody in between can change, add, repeat or
 * reorder any. It is not secret what they say.
 */
#ifndef DP_TARGET_AGENT_PROTO_H
#define DP_TARGET_AGENT_PROTO_H

#include "base/nstime.h"
#include "wire/hmac.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rises with every change of frames, bodies, or the arguments of a call. */
#define AGENT_VERSION 1

/* The most that a length may say: once the peer is known, and before. */
#define AGENT_MAX_FRAME (1024 * 1024)
#define AGENT_MAX_GREETING 512
/* Of one session: calls open at once, descriptors, memory of a call and of all of them. */
#define AGENT_MAX_CALLS 64
#define AGENT_MAX_FDS 1024
#define AGENT_MAX_CALL_BYTES (16 * 1024 * 1024)
#define AGENT_MAX_BYTES (64 * 1024 * 1024)

/* From the connection to the tester's proof; from a frame's first byte to its last. */
#define AGENT_GREETING_TIME (5 * NS_PER_SEC)
#define AGENT_FRAME_TIME (10 * NS_PER_SEC)
/* Without a word for so long a peer is dead; ALIVE is sent this often. */
#define AGENT_SILENCE (5 * NS_PER_SEC)
#define AGENT_HEARTBEAT NS_PER_SEC

enum agent_frame_type {
	AGENT_HELLO = 1,
	AGENT_PROOF,		/* the code */
	AGENT_REFUSED,		/* a text: why; the connection is over */
	AGENT_ALIVE,		/* nothing; the agent sends it back */
	AGENT_END,		/* nothing: the tester is done */
	/* Requests begin with a number of 32 bits, and their answers with the same one. */
	AGENT_CALL,		/* agent_marshal.h */
	AGENT_RETURN,
	AGENT_ASLEEP,		/* no answer yet: that call blocks */
	AGENT_LACKS,		/* in place of an answer, a text: the agent does not have that */
	AGENT_CONN,		/* agent_state.h */
	AGENT_FD_STATE,
	AGENT_STATE,		/* the answer to these two */
	AGENT_DETAILS,
	AGENT_DETAILS_ARE,
	AGENT_ENVIRONMENT,	/* nothing */
	AGENT_ENVIRONMENT_IS,	/* a text */
	AGENT_SYSCTL,		/* two texts: name, value */
	AGENT_SYSCTL_DONE,	/* a text: what went wrong, or "" */
	AGENT_COMMAND,		/* patience (64 bits, ns), a text */
	AGENT_COMMAND_DONE,	/* 1 if no shell could be had (8 bits), texts: output, failure or "" */
	AGENT_FRAME_TYPES
};

enum agent_side { AGENT_TESTER, AGENT_AGENT, AGENT_SIDES };

#define AGENT_NONCE 32
#define AGENT_MACHINE 16

/* A greeting: magic, version, what the program was compiled for, a number used once. */
struct agent_hello {
	uint16_t version;
	uint8_t word_bytes;
	uint8_t order;		/* 1 little-endian, 2 big-endian */
	char machine[AGENT_MACHINE + 1];
	uint8_t nonce[AGENT_NONCE];
};

#define AGENT_HELLO_SIZE (16 + 2 + 1 + 1 + AGENT_MACHINE + AGENT_NONCE)

/* This program's greeting, with a fresh nonce. 0, or -1 without random numbers. */
int agent_hello_new(struct agent_hello *h);
void agent_hello_put(const struct agent_hello *h, uint8_t body[AGENT_HELLO_SIZE]);
/* NULL, or why this is no greeting. */
const char *agent_hello_get(const uint8_t *body, size_t len, struct agent_hello *h);

#define AGENT_WHY 256
/* NULL, or, in why, in which way the other side is another than this one. */
const char *agent_hello_differs(const struct agent_hello *mine, const struct agent_hello *other,
				char why[AGENT_WHY]);

#define AGENT_SECRET_MIN 16
#define AGENT_SECRET_MAX 1024

struct agent_secret {
	uint8_t bytes[AGENT_SECRET_MAX];
	size_t len;
};

/*
 * Reads the secret from a regular file that is the user's or root's and that
 * nobody else can read; a line's end at its end does not count. 0, or -1 with
 * why filled in.
 */
int agent_secret_read(const char *path, struct agent_secret *s, char why[AGENT_WHY]);

/* What a secret and two greetings make: by the side that proves, or sends. */
struct agent_keys {
	uint8_t proof[AGENT_SIDES][HMAC_SHA256_SIZE];
	uint8_t seal[AGENT_SIDES][HMAC_SHA256_SIZE];
};

void agent_keys_make(const struct agent_secret *s, const uint8_t tester[AGENT_HELLO_SIZE],
		     const uint8_t agent[AGENT_HELLO_SIZE], struct agent_keys *k);

#endif
