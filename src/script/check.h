/* SPDX-License-Identifier: BSD-2-Clause */
/* What a parsed script must satisfy before it is run; all violations are reported. */
#ifndef DP_SCRIPT_CHECK_H
#define DP_SCRIPT_CHECK_H

#include "script/ast.h"

struct diag_sink;

/*
 * Checks times and their order, what may stand where, and that every packet
 * can be built for the script's IP version. 0, or -1 after diagnostics.
 */
int script_check(const struct script *s, struct diag_sink *d);
/*
 * Refuses a script that uses SCTP, in packets or calls: at is where. Always -1,
 * with the one diagnostic such a script gets.
 */
int script_refuse_sctp(struct diag_sink *d, struct span at);
/* True if an injected packet is larger than the MTU (a veth pair refuses those). */
bool script_injects_oversize(const struct script *s);
/* All times that are written in the script, added up: by them it takes no longer. */
nstime script_written_time(const struct script *s);

#endif
