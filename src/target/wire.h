/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The medium between the stack and the tester, internal to this folder: what
 * is put in at the far end reaches the stack by its device `tun0`, and what
 * the stack sends there is captured.
 */
#ifndef DP_TARGET_WIRE_H
#define DP_TARGET_WIRE_H

#include "target/capture.h"

struct arena;
struct diag_sink;
struct nl;
struct settings;
struct target_frame;
struct wire;

/*
 * The kernel finishes devices and addresses behind one's back: in 100 us as a
 * rule, in seconds when many are made at once. Sleeps one of at most this many
 * steps (10 s) of waiting for it.
 */
#define SETTLE_STEPS 10000
void wire_settle(int step);

/* The name scripts know the stack's device by. */
#define WIRE_DEVICE "tun0"

struct wire_ops {
	/* As inject of target_ops. */
	int (*inject)(struct wire *w, const struct target_frame *f, struct arena *a,
		      const char **why);
	/* Called once for every frame taken from the capture; may be NULL. */
	void (*taken)(struct wire *w);
	/* Releases everything but the device itself, and w. */
	void (*close)(struct wire *w);
};

/* Backends embed this as their first member. */
struct wire {
	const struct wire_ops *ops;
	struct capture *capture;
	int index;		/* of WIRE_DEVICE */
};

/* libpcap's and libnet's descriptors shall not leak into the commands of a script. */
void wire_close_on_exec(void);

/* The longest packet that the stack may send: with segmentation offload, any. */
int wire_longest(const struct settings *s);

/*
 * Make the device in the calling thread's network namespace (nl's too), bring
 * it up with the MTU and the offloads of the settings, and start the capture.
 * NULL after a diagnostic.
 */
struct wire *wire_veth_open(const struct settings *s, struct nl *nl, struct diag_sink *d);
/* lasting: the device stays until its namespace goes, else until the process ends. */
struct wire *wire_tun_open(const struct settings *s, bool lasting, struct nl *nl,
			   struct diag_sink *d);

#endif
