/* SPDX-License-Identifier: BSD-2-Clause */
/* SCTP in calls: not a protocol this program tests. */
#ifndef DP_SYS_SCTP_H
#define DP_SYS_SCTP_H

#include "script/ast.h"

struct diag_sink;

/*
 * Refuses a script that opens SCTP sockets or uses SCTP's calls, options or
 * flags: -1 with the one diagnostic at the first such place, else 0.
 */
int sctp_refuse(const struct script *s, struct diag_sink *d);

#endif
