/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames over a TCP connection, see agent_proto.h: bounded, timed and, once there are keys, sealed. */
#ifndef DP_TARGET_AGENT_CHANNEL_H
#define DP_TARGET_AGENT_CHANNEL_H

#include "base/buf.h"
#include "target/agent_proto.h"

#include <pthread.h>

struct agent_frame {
	enum agent_frame_type type;
	const uint8_t *body;	/* in the channel, until the next frame is asked for */
	size_t len;
};

struct agent_channel {
	int fd;			/* the channel's to close */
	enum agent_side side;	/* this one */
	bool sealed;
	struct agent_keys keys;
	uint64_t n_sent, n_received;	/* sealed frames */
	pthread_mutex_t sending;
	struct buf in;
	size_t taken;		/* bytes at the start of in that were a frame before */
	nstime frame_began;	/* when the first byte of an incomplete frame came; 0 = there is none */
	nstime last_heard;
};

/* Takes a connected stream socket, which becomes non-blocking. */
void channel_init(struct agent_channel *c, int fd, enum agent_side side);
/* Closes the socket and forgets the keys. Nobody may be sending. */
void channel_free(struct agent_channel *c);
/* From here on frames are sealed, both ways. */
void channel_seal(struct agent_channel *c, const struct agent_keys *k);

/*
 * Sends a frame; any thread may. body may be NULL. 0, or -1 when the peer is
 * gone, has not taken it for AGENT_SILENCE, or it is longer than a frame may be.
 */
int channel_send(struct agent_channel *c, enum agent_frame_type type, const struct buf *body);
/* The same for a text. */
int channel_send_text(struct agent_channel *c, enum agent_frame_type type, const char *text);

/* Appends bytes that were received, from anywhere. */
void channel_feed(struct agent_channel *c, const void *bytes, size_t n);
/* The next whole frame of what was fed: 1, 0 = not there yet, -1 = no such frame may be (*why). */
int channel_take(struct agent_channel *c, struct agent_frame *f, const char **why);
/*
 * The next frame from the socket: 1, 0 = none until then, -1 = there will be
 * none: the peer is gone, too slow, or sends what it must not (*why, static).
 * wake, unless -1, is another descriptor: 0 as soon as it is readable.
 */
int channel_receive(struct agent_channel *c, int wake, nstime until, struct agent_frame *f,
		    const char **why);

/* Tells the peer why it is refused and waits for a moment until it has heard. */
void channel_refuse(struct agent_channel *c, const char *why);

#endif
