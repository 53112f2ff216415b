/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script wants and the target cannot do: known before anything happens. */
#ifndef DP_ENGINE_LACKS_H
#define DP_ENGINE_LACKS_H

#include "script/ast.h"
#include "seam/target.h"

/*
 * The first thing in the script that the target lacks, in words, in the arena,
 * and where; NULL if it lacks nothing that can be told ahead.
 */
const char *script_lacks(const struct script *s, struct target *t, struct arena *a,
			 struct span *at);

#endif
