/* SPDX-License-Identifier: BSD-2-Clause */
/* How a requirement stands on a target. */
#ifndef DP_LEDGER_STANDING_H
#define DP_LEDGER_STANDING_H

#include <stdbool.h>

/* Of several that apply the one that is listed first. */
enum standing {
	STANDING_FAILED,	/* a script failed */
	STANDING_DEVIATES,	/* a script failed as its //@ expect-fail says, and none otherwise */
	STANDING_PROVEN,	/* a script passed, and none failed */
	STANDING_NOT_RUN,	/* there is a script, and none of its runs could judge */
	STANDING_TESTED,	/* there is a script, and no results were given */
	STANDING_UNOBSERVABLE,	/* no script, and none can be written */
	STANDING_UNTESTED,	/* no script */
	STANDING_COUNT,
};

/* "not run" */
const char *standing_name(enum standing s);
/* True if it is no answer to one who demands the requirement. */
bool standing_is_lacking(enum standing s);

#endif
