/* SPDX-License-Identifier: BSD-2-Clause */
/* One run of one script against one target: script in, result events out. */
#ifndef DP_ENGINE_RUN_H
#define DP_ENGINE_RUN_H

#include "script/ast.h"
#include "script/meta.h"
#include "seam/agenda.h"
#include "seam/reporter.h"
#include "seam/stall.h"
#include "seam/target.h"

/* How far a run is. */
struct run_place {
	const struct event *event;	/* that is under way; NULL before and after all of them */
	nstime zero;			/* time zero, on the target's clock */
};

struct run_config {
	const struct script *script;	/* parsed and checked */
	const struct script_info *info;
	const char *target_name;	/* what //@ expect-fail calls the target */
	const char *target_version;	/* for that, too: "6.18.44"; NULL if it is not known */
	struct reporter *out;
	unsigned id;			/* passed to the reporter */
	bool commands_aloud;		/* commands print where the process prints */
	bool evidence;			/* results carry packets' bytes, failures their environment */
	bool environment;		/* failures carry their environment */
	bool evidence_of_pass;		/* with evidence, passes carry their environment too */
	bool may_retry;			/* INCONCLUSIVE is not the last word */
	struct agenda *agenda;		/* is told what comes next; may be NULL */
	struct run_place *at;		/* is kept up to date, for who tells of a crash; may be NULL */
	const struct stall_log *stalls;	/* of the machine, on the target's clock; may be NULL */
};

/*
 * Runs the events of a script on an open target and reports every one.
 * Emits RES_EVENT, RES_PACKET, RES_STATE, RES_NOTE and finally RES_END, whose
 * verdict is returned. The target is still open afterwards.
 */
enum verdict run_script(const struct run_config *cfg, struct target *t);
/* Emits RES_END for a run that never started: the target, say, cannot be opened. */
void run_end(const struct run_config *cfg, enum verdict v, const char *message, const char *hint);

#endif
