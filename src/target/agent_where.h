/* SPDX-License-Identifier: BSD-2-Clause */
/* "ADDR:PORT" and "[ADDR]:PORT", as agents listen and testers connect. */
#ifndef DP_TARGET_AGENT_WHERE_H
#define DP_TARGET_AGENT_WHERE_H

#include <sys/socket.h>

#define WHERE_TEXT 64

/* NULL and the address, or what is wrong. Names are not looked up: ADDR is a number. */
const char *where_parse(const char *text, struct sockaddr_storage *ss, socklen_t *len);
/* The reverse. */
void where_text(const struct sockaddr_storage *ss, char text[WHERE_TEXT]);

#endif
