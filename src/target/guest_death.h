/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a guest ended before it had said all: from how it ended and what was on its console. */
#ifndef DP_TARGET_GUEST_DEATH_H
#define DP_TARGET_GUEST_DEATH_H

#include "seam/result.h"

#include <stdbool.h>

struct arena;

/* What the first process of a guest says on its console when it gives up; why follows. */
#define GUEST_GIVES_UP "drillpress guest: "
#define GUEST_NO_PROCESSES "no more processes can be made here: fewer parallel jobs (-j), or a " \
	"higher limit of processes (ulimit -u)"

struct guest_death {
	const char *image;
	const char *console;	/* the last it said, from its start or from the first script on */
	const char *memory;	/* the folder where its memory was */
	bool began;		/* a script has begun */
	bool hangs;		/* it was ended, for that */
	int status;		/* its wait status; 0: it had to be ended */
};

/* What is told as the end of the script under way. */
struct guest_epitaph {
	enum verdict verdict;	/* FAIL: the kernel's doing; ENVIRONMENT: this machine's */
	const char *message;
	const char *hint;	/* its last words, or NULL */
};

/* Text lives in the arena, or in the console. */
struct guest_epitaph guest_death_tell(const struct guest_death *g, struct arena *a);

#endif
