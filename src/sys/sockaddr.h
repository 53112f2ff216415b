/* SPDX-License-Identifier: BSD-2-Clause */
/* Socket addresses written out: {sa_family=AF_INET, sin_port=htons(N), sin_addr=inet_addr("..")}. */
#ifndef DP_SYS_SOCKADDR_H
#define DP_SYS_SOCKADDR_H

#include "script/ast.h"

#include <sys/socket.h>

struct buf;
struct diag_sink;

/* True if the expression is meant to be an address: a struct with an sa_family. */
bool sockaddr_is_literal(const struct expr *e);
/*
 * Its bytes and length. AF_INET and AF_INET6; members may also be called
 * sin6_port and sin6_addr, and the address inet6_addr("..."). 0, or -1 after a
 * diagnostic.
 */
int sockaddr_eval(const struct expr *e, struct sockaddr_storage *ss, socklen_t *len,
		  struct diag_sink *d);
/* True if family, port and address agree. */
bool sockaddr_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b);
/* Appends the address as a script writes it; "no address" for len 0. */
void sockaddr_print(const struct sockaddr_storage *ss, socklen_t len, struct buf *out);

#endif
