/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script says it needs, held against this machine. */
#ifndef DP_SUITE_NEEDS_H
#define DP_SUITE_NEEDS_H

#include "script/ast.h"
#include "script/meta.h"

/*
 * Why a script with code blocks cannot run them, in the arena: its code
 * command is not there. NULL if it is, or if that cannot be told.
 */
const char *needs_code_command(const struct script *s, struct arena *a);
/*
 * Why the script cannot be run here, in the arena; NULL if all needs are met.
 * foreign: the stack under test is not this machine's kernel.
 */
const char *needs_unmet(const struct script_info *info, bool foreign, struct arena *a);

#endif
