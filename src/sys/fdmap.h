/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors: the script's numbers and the live ones. */
#ifndef DP_SYS_FDMAP_H
#define DP_SYS_FDMAP_H

#include <stdbool.h>

struct arena;

struct fd_entry {
	int script, live;
	int protocol;		/* of a socket as opened: IPPROTO_MPTCP; 0 = by its type */
	bool closed;
	struct fd_entry *next;
};

struct fdmap {
	struct fd_entry *first;
};

/* The open entry with this script number, or NULL. */
struct fd_entry *fdmap_find(const struct fdmap *m, int script);
/* The open entry with this live number, or NULL. */
struct fd_entry *fdmap_find_live(const struct fdmap *m, int live);
/* Adds a pair; false if the script number is in use. */
bool fdmap_add(struct fdmap *m, struct arena *a, int script, int live);

#endif
