/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control messages (cmsg(3)): [{cmsg_level=L, cmsg_type=T, cmsg_data=D}, ...].
 * What D looks like depends on the level and type: a row of cmsg_table.c says.
 */
#ifndef DP_SYS_CMSG_H
#define DP_SYS_CMSG_H

#include "sys/sys.h"

#include <stddef.h>

/* A control message as the script writes it. */
struct cmsg_want {
	int index;			/* in its list, from 0 */
	const struct expr *data;	/* cmsg_data */
	int32_t level, type;
	bool any_level, any_type;	/* written as ... */
	const struct cmsg_kind *kind;
	int32_t width;			/* payload bytes that cmsg_len leaves, -1 without it */
	uint8_t *bytes;			/* the payload; of a received one, what is wanted */
	size_t len;			/* of the payload */
	bool open;			/* {..., ...}: the message may be longer, up to room */
	size_t room;			/* what receiving it takes */
};

/* A form of payload. What verify is given may be shorter or longer than wanted. */
struct cmsg_kind {
	/* Fills bytes and len from data; open and room if so. 0, or -1 after a diagnostic. */
	int (*encode)(struct sys_ctx *x, struct cmsg_want *w);
	void (*verify)(struct sys_ctx *x, const struct cmsg_want *w, const uint8_t *got, size_t len,
		       struct mismatch ***tail);
};

extern const struct cmsg_kind cmsg_recverr, cmsg_stamps, cmsg_stats, cmsg_bytes;

/* A kind of message: names, numbers, its payload. */
struct cmsg_row {
	const char *level_name, *type_name;
	int32_t level, type;
	const struct cmsg_kind *kind;
};

/* The row of a message, or NULL. */
const struct cmsg_row *cmsg_find(int32_t level, int32_t type);
/* "cmsg 1 ee_errno", in the arena. */
const char *cmsg_field(struct sys_ctx *x, const struct cmsg_want *w, const char *field);

/* A whole list. */
struct cmsg_set {
	struct cmsg_want *want;
	int n;
	void *control;			/* messages to send, or room for those expected */
	size_t len;			/* of control: padded but for the last message */
	size_t space, sum;		/* the same with all padding, and with none */
};

/* Reads a msg_control list; send says whether it goes out. 0, or -1 after a diagnostic. */
int cmsg_set_eval(struct sys_ctx *x, const struct expr *list, bool send, struct cmsg_set *s);
/* Compares the messages in `control` (len bytes were filled in) with the list, pairwise. */
void cmsg_set_verify(struct sys_ctx *x, const struct cmsg_set *s, const void *control, size_t len,
		     struct mismatch ***tail);

#endif
