/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls as bytes. A request is the call's number, six arguments of 64
 * bits (of a pointer: MARSHAL_NULL, _MEMORY or _BAD), and then the memory behind
 * the pointers; how long that is follows from the arguments, so that there is
 * nothing in a request that could disagree with them. An answer is the result,
 * errno, and the memory that the call may have written. One table, of
 * agent_marshal_table.c, says for both sides what an argument is.
 */
#ifndef DP_TARGET_AGENT_MARSHAL_H
#define DP_TARGET_AGENT_MARSHAL_H

#include "seam/target.h"

struct buf;
struct unpack;

enum { MARSHAL_NULL, MARSHAL_MEMORY, MARSHAL_BAD };

/* What a bad pointer is in the agent's call: no object is there, and the kernel finds so, too. */
#define MARSHAL_NOWHERE ((void *)1)

enum marshal_kind {
	MARSHAL_NONE,
	MARSHAL_NUMBER,
	MARSHAL_FD,
	MARSHAL_IN,		/* memory that the call reads */
	MARSHAL_OUT,		/* memory that it writes: zeros before */
	MARSHAL_BOTH,
	MARSHAL_IOV_IN, MARSHAL_IOV_OUT,	/* struct iovec, as many as the next argument says */
	MARSHAL_MSG_IN, MARSHAL_MSG_OUT,	/* struct msghdr */
	MARSHAL_IOCTL,		/* what the request before it says */
};

/* How long memory is. */
enum marshal_length {
	LENGTH_FIXED,		/* unit bytes */
	LENGTH_ARG,		/* unit times another argument */
	LENGTH_AT,		/* what a socklen_t says that another argument points to */
};

struct marshal_arg {
	enum marshal_kind kind;
	enum marshal_length length;
	uint8_t arg;		/* that other argument */
	uint16_t unit;
	uint16_t most;		/* bytes the kernel looks at, whatever the length says; 0 = all */
};

struct marshal_row {
	const char *lacks;	/* why the call cannot be made elsewhere; NULL = it can */
	bool makes_fd;		/* its result is a new descriptor */
	uint8_t flags;		/* where the MSG_* flags of one that sends are; 0 = nowhere */
	struct marshal_arg arg[6];
};

extern const struct marshal_row marshal_table[CALL_COUNT];

/* Bytes of an ioctl(2) request's argument, both in and out; -1: not one for a tester to make. */
int marshal_ioctl_bytes(intptr_t request);

/*
 * The memory behind the pointers of a call, as it was before the call: lengths
 * that the kernel changes are no use afterwards.
 */
struct marshal_sizes {
	size_t arg[6];		/* bytes; of IOV_*, entries */
	size_t name, control, entries;	/* of MSG_*; bytes, bytes, entries */
	size_t total;
};

/* ---- the tester ---- */

/*
 * Appends the request to *out and remembers the sizes for its answer. NULL, or
 * what the agent lacks (as target_call.lacks): then nothing was appended that
 * is of use.
 */
const char *marshal_request(const struct target_call *c, struct marshal_sizes *sizes,
			    struct buf *out);
/*
 * Fills in result, err and the caller's memory from an answer. 0, or -1 if that
 * is no answer to this call (memory may have been written, never past its end).
 */
int marshal_read_reply(struct target_call *c, const struct marshal_sizes *sizes,
		       struct unpack *u);

/* ---- the agent ---- */

/* Memory of a call, freed as a whole. All zeros to begin with, but most. */
struct marshal_room {
	struct room_block *first;
	size_t used, most;	/* bytes */
};

void marshal_room_free(struct marshal_room *r);
/* Adds all of one to another, and leaves it empty. */
void marshal_room_move(struct marshal_room *to, struct marshal_room *from);

/*
 * Reads a request; all memory of the call lies in the room. 0, or -1 if that is
 * no request. *lacks is set, and the call must not be made, if it is one that is
 * not for an agent, or there is no room.
 */
int marshal_read_request(struct unpack *u, struct marshal_room *room, struct target_call *c,
			 struct marshal_sizes *sizes, const char **lacks);
/* Appends the answer. */
void marshal_reply(const struct target_call *c, const struct marshal_sizes *sizes,
		   struct buf *out);

#endif
