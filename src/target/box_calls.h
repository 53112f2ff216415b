/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system calls of a script that an application on a device is known to
 * make by itself: which, under which conditions, is a table.
 */
#ifndef DP_TARGET_BOX_CALLS_H
#define DP_TARGET_BOX_CALLS_H

#include "script/ast.h"
#include "target/box_options.h"

struct arena;

/* What happened before a line, as far as the lines before it say. */
struct box_story {
	const struct settings *settings;
	enum box_app app;
	nstime now;			/* of the line */
	nstime injected_at;		/* of the last packet into the device */
	int listener, connection;	/* descriptors; -1: none */
	uint32_t received, taken, owed;	/* payload injected; read; read and not yet written back */
	bool fin, over;			/* the peer's FIN was injected; no packet line follows */
};

/*
 * Why the application does not do what the line says, in the arena or static;
 * NULL if it does. Then the story goes on.
 */
const char *box_call_refused(struct box_story *s, const struct event *e, struct arena *a);

#endif
