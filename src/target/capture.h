/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames seen on a device, by libpcap. */
#ifndef DP_TARGET_CAPTURE_H
#define DP_TARGET_CAPTURE_H

#include "base/nstime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;
struct clock;
struct diag_sink;

enum capture_direction { CAPTURE_RECEIVED, CAPTURE_SENT };

/*
 * Starts capturing the frames of one direction. They are kept whole up to IP
 * packets of `longest` bytes, and cut beyond. NULL after a diagnostic.
 */
struct capture *capture_open(const char *device, enum capture_direction dir, int longest,
			     struct diag_sink *d);
void capture_close(struct capture *c);

/* One frame; the bytes stay valid until the next call. */
struct captured {
	const uint8_t *data;	/* from the IP header on; NULL if the frame is not IP */
	size_t len, wire_len;
	nstime stamp;		/* monotonic */
};

/*
 * Takes the oldest frame: 1, 0 if there is none until the clock reaches
 * `until`, or -1 with *why (owned by the capture).
 */
int capture_next(struct capture *c, struct clock *clock, nstime until, struct captured *f,
		 const char **why);
/*
 * Takes what is there into memory of its own, where there is room for all;
 * to be called when frames may have come that nobody asks for yet.
 */
void capture_drain(struct capture *c);
/* Frames that found no room, so far. */
unsigned capture_lost(struct capture *c);

#endif
