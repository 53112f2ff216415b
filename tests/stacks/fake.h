/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack that is none: what its sockets have and take, and when, is written
 * down ahead by the test, which reaches it through fake_stack(). It sends
 * nothing by itself.
 */
#ifndef DP_TESTS_FAKE_H
#define DP_TESTS_FAKE_H

#include "drillpress/stack.h"

#include <stdbool.h>

enum { FAKE_FDS = 16, FAKE_EVENTS = 32 };

struct fake_socket {
	bool open, connecting, connected;
	int error;		/* what a connect() ends with */
	size_t readable, room;	/* bytes there are, bytes it takes */
	bool at_end;		/* after those nothing more will come */
	int waiting;		/* connections to accept */
	bool lingers;		/* close() is not over */
	bool outputs;		/* sends a packet in each call */
};

/* What happens at a time: the socket's amounts grow, its flags are set. */
struct fake_event {
	int64_t at;
	int fd;
	size_t readable, room;
	int waiting;
	bool connected, at_end, lingered;
	int error;
	bool done;
};

struct fake {
	const struct dp_host *host;
	struct fake_socket socket[FAKE_FDS];
	struct fake_event event[FAKE_EVENTS];
	unsigned n_inputs, n_closes;
	unsigned due_inputs;	/* packets that run() has yet to look at, one each time */
	bool stuck;		/* run() does nothing */
	const char *const *options;
	struct dp_stack_ops ops;
};

/* The module's one; the symbol to look for is "fake_stack". */
struct fake *fake_stack(void);

#endif
