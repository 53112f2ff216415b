/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script says it needs, held against this machine. */
#ifndef DP_SUITE_NEEDS_H
#define DP_SUITE_NEEDS_H

#include "script/meta.h"

/* Why the script cannot be run here, in the arena; NULL if all needs are met. */
const char *needs_unmet(const struct script_info *info, struct arena *a);

#endif
