/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the wire target share, and nobody else. */
#ifndef DP_TARGET_BOX_INSIDE_H
#define DP_TARGET_BOX_INSIDE_H

#include "seam/target.h"
#include "target/box_options.h"
#include "target/inferred.h"
#include "target/neigh_owner.h"
#include "target/port_map.h"
#include "target/wire.h"

#include <pthread.h>
#include <sys/queue.h>

#define PEER_PORT_MIN 32768
#define PEER_PORT_MAX 60999

/* A packet of the device, taken from the capture before the engine asked for it. */
struct waiting {
	nstime stamp;
	size_t len, wire_len;
	bool csum_offloaded;
	STAILQ_ENTRY(waiting) next;
	uint8_t data[];
};

struct box {
	struct target target;
	struct arena *arena;		/* for the options, and why calls were refused */
	struct box_options opt;
	struct ether *ether;
	struct neigh_owner *owner;
	struct capture *capture;
	struct inferred *inferred;
	STAILQ_HEAD(, waiting) waiting;
	struct port_map ports;
	struct ip_addr device;		/* the script's local end */
	uint16_t bind_port, connect_port, next_port;
	nstime timeout;
	bool offload;			/* checksums may be left to a device that is no wire */
	pthread_mutex_t lock;		/* calls: the next descriptor, the arena */
	int next_fd;
};

/* All that is done to an open target; close also takes one that was opened half. */
extern const struct target_ops box_ops;

#endif
