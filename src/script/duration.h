/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a script takes by its own timeline. */
#ifndef DP_SCRIPT_DURATION_H
#define DP_SCRIPT_DURATION_H

#include "script/ast.h"

/*
 * From time zero to the last time written in the script, in ns; what events
 * at an unknown time ("*") and commands take is not in it.
 */
nstime script_duration(const struct script *s);

#endif
