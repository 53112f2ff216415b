/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state oracle: which TCP state the connection under test is in and went
 * through, seen from outside (sock_diag on Linux), so that SYN-RECEIVED,
 * orphans and TIME-WAIT are seen too.
 */
#ifndef DP_ENGINE_ORACLE_H
#define DP_ENGINE_ORACLE_H

#include "engine/flow.h"
#include "seam/target.h"

#define ORACLE_MAX_STEPS 64

/* One change; middle is a state that must have lain between but could not be seen. */
struct oracle_step {
	enum tcp_state from, to, middle;
	bool gap;		/* the states between could not be known (conn_info.possible) */
	nstime at;
};

struct oracle {
	const struct flow *flow;	/* whose history this is */
	enum tcp_state state;		/* now, or the last one that the target could tell */
	bool blind;			/* it cannot tell now */
	bool untold;			/* nor could it at some time since the mark */
	struct conn_info info;		/* as last read */
	bool gap;			/* it was not known for a while since the last step */
	struct oracle_step step[ORACLE_MAX_STEPS];
	int n_steps;
	int mark;			/* steps before the last annotation */
	enum tcp_state mark_state;
	nstime next_look;		/* when a timer may change the state by itself */
	nstime due;			/* when the connection's timer was due that was last seen running */
};

void oracle_init(struct oracle *o);
/*
 * Reads the state of the flow; appends a step if it changed. Returns the new
 * step, or NULL if nothing changed.
 */
const struct oracle_step *oracle_look(struct oracle *o, struct target *t, const struct flow *f);
/*
 * True if an annotation can be neither confirmed nor refuted, because the
 * target does not tell the states it is about.
 */
bool oracle_untold(const struct oracle *o, const struct states_ast *want);
/*
 * Checks an annotation: `=> A` is the state now; `=> A -> B` are all the
 * states since the last annotation, in order. Returns NULL if it holds, else
 * what happened instead, in the arena; *unseen gets a state that was demanded
 * but could not be observed (or TCPS_UNKNOWN). Moves the mark.
 */
const char *oracle_check(struct oracle *o, const struct states_ast *want, struct arena *a,
			 enum tcp_state *unseen);
/*
 * Where the target infers states: `=> A` when A is one of several possible
 * ones, or `=> A -> B` when not all between was known and B is possible.
 * Returns which are possible, in the arena; such a demand is neither met nor
 * refuted. NULL: oracle_check() can tell.
 */
const char *oracle_unprovable(const struct oracle *o, const struct states_ast *want,
			      struct arena *a);
/* Appends "A -> B -> C". */
void oracle_history(const struct oracle *o, struct buf *out);

#endif
