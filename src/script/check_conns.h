/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script must satisfy that names connections, or expects what may come in several ways. */
#ifndef DP_SCRIPT_CHECK_CONNS_H
#define DP_SCRIPT_CHECK_CONNS_H

#include "script/ast.h"

struct diag_sink;

/*
 * Checks that names are given where they can be and before they are used, and
 * what may be optional or in a group. Nothing is said of a script that is not
 * whole: where a line was not understood, a name may be missing for that
 * reason. 0, or -1 after diagnostics.
 */
int check_conns(const struct script *s, bool whole, struct diag_sink *d);

#endif
