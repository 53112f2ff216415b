/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of socket options, as scripts write them: [N], "bytes",
 * inet6_addr("..."), a struct by its members, a GRE header, a stack of MPLS
 * labels, or `...`.
 */
#ifndef DP_SYS_OPT_VALUE_H
#define DP_SYS_OPT_VALUE_H

#include "sys/sys.h"

#include <sys/socket.h>

enum opt_use { OPT_SET, OPT_GET };

struct opt_value {
	void *bytes;		/* what is set, or wanted: len bytes; NULL if there is nothing of the kind */
	socklen_t len;
	socklen_t natural;	/* the length `...` stands for */
};

/* Translates a written value. 0, or -1 after a diagnostic. */
int opt_value(struct sys_ctx *x, const struct expr *e, enum opt_use use, struct opt_value *v);
/* The same for a struct by its members, {a=1, b=...}; opt_struct.c. */
int opt_struct(struct sys_ctx *x, const struct expr *e, enum opt_use use, struct opt_value *v);
/* Appends what of the members named in e is different in the len bytes that came back. */
void opt_struct_verify(struct sys_ctx *x, const struct expr *e, const void *got, size_t len,
		       struct mismatch ***tail);
/* A literal of a packet header: {flags [key present], key 5}, {(label 1, tc 0, ttl 64)}. */
bool opt_is_header(const struct expr *e);
int opt_header(struct sys_ctx *x, const struct expr *e, struct opt_value *v);

#endif
