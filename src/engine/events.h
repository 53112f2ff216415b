/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a run, shared by the files of the engine and nobody else. */
#ifndef DP_ENGINE_EVENTS_H
#define DP_ENGINE_EVENTS_H

#include "base/diag.h"
#include "engine/code_program.h"
#include "engine/flow.h"
#include "engine/mptcp.h"
#include "engine/oracle.h"
#include "engine/run.h"
#include "engine/timeline.h"
#include "engine/workers.h"
#include "script/value_eval.h"
#include "sys/sys.h"

#include <sys/queue.h>

/* A packet the stack sent, waiting for an event that expects it. */
struct seen {
	struct pkt *pkt;
	struct flow *flow;	/* whose it is: not that of a later connection */
	bool quoted;		/* an ICMP message about a packet injected into it */
	const struct wire_frame *frame;	/* as captured, if evidence is kept; pkt may be a part of it */
	STAILQ_ENTRY(seen) next;
};

struct run {
	const struct run_config *cfg;
	const struct script *script;
	const struct settings *set;
	struct target *target;
	struct clock *clock;
	struct arena *arena;
	struct diag_sink diag;
	struct timeline time;
	nstime wall_offset;	/* of the stack's stamps, when the script began */
	struct flow_set flows;
	struct mptcp mptcp;
	struct oracle oracle;	/* of the connection under test; flow.watch is that of others */
	struct workers *workers;
	struct sys_ctx sys;
	struct blocked_call *blocked;	/* calls that have not returned */
	STAILQ_HEAD(, seen) seen;
	struct values values;	/* what was kept so far */
	struct code_list code;		/* blocks sampled so far */
	nstime slow_command;		/* what the longest one after the first event took */
	nstime held_up;			/* of that it waited for the kernel or a processor */
	bool assumed;			/* a call was, see struct target_call */
	bool any_outbound_left;		/* does an event to come expect a packet? */
	const char *capture_broken;	/* why no more packets can be seen */
	nstime deadline;		/* of the whole script */
	enum verdict verdict;		/* VERDICT_NONE until something failed */
	const char *message, *hint;	/* why */
	const char *environment;	/* what the stack ran on when it failed */
};

/* Each does one event; 0 = go on, -1 = the run is over (run_fail was called). */
int event_inject(struct run *r, const struct event *e);
int event_expect(struct run *r, const struct event *e);
int event_silence(struct run *r, const struct event *e);
int event_call(struct run *r, const struct event *e);
int event_command(struct run *r, const struct event *e);
int event_code(struct run *r, const struct event *e);
int event_assert(struct run *r, const struct event *e);
int event_optional(struct run *r, const struct event *e);
int event_group(struct run *r, const struct event *e);

/*
 * Gives an accepted descriptor to its connection: the one that the call names,
 * else the one it returned. Returns what is wrong, or NULL.
 */
const char *accept_done(struct run *r, const struct sys_call *c);

/* Samples the socket of a connection, for `what` (of messages). 0, or -1: the run is over. */
int sample_flow(struct run *r, const struct event *e, const struct flow *f, const char *what,
		struct tcp_sample *s);
/* The script is over: runs its code blocks if it went well, and judges them. */
void code_run(struct run *r);

/* Verifies calls that have returned meanwhile; at_end: waits a little for the others, then fails. */
int calls_finish(struct run *r, bool at_end);

/* An empty result for an event, times filled in from its plan. */
struct result run_result(struct run *r, const struct event *e, enum event_kind kind,
			 const struct plan *p);
/* Emits it. Times in the result are clock time and are made relative to the script's zero here. */
void run_emit(struct run *r, struct result *res);
void run_note(struct run *r, struct span at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * Ends the run with a deviation: FAIL, or INCONCLUSIVE if the tester was too
 * late to judge. res must carry the message; it is emitted. Returns -1.
 */
int run_fail(struct run *r, struct result *res);
/*
 * The same for what is wrong only in its time, as the result's times and
 * tolerance say: INCONCLUSIVE also if the machine stood still long enough to
 * explain it.
 */
int run_fail_time(struct run *r, struct result *res);
/* The same for times that were compared, the worst being off by so much. */
int run_fail_times(struct run *r, struct result *res, nstime off);
/* The same because the script's --timeout is over, and the event is not before `needed`. */
int run_fail_overdue(struct run *r, const struct event *e, nstime needed);
/* Ends the run because the script or the environment is at fault. Returns -1. */
int run_stop(struct run *r, const struct event *e, enum verdict v, const char *message,
	     const char *hint);
/* The same with the diagnostics collected so far as message. */
int run_stop_diag(struct run *r, const struct event *e, enum verdict v);
/*
 * Waits for the time of an event while looking after what can change meanwhile
 * (states, calls). -1: the run is over, also because its --timeout is.
 */
int run_wait_until(struct run *r, const struct event *e, nstime t);
/* True once the script has used up its --timeout. */
bool run_overdue(const struct run *r);
/*
 * When a wait is to look at the states again: `usual` from now or, where looks
 * are dear, once a timer of a connection is due (NSTIME_NEVER: none runs).
 */
nstime run_next_look(const struct run *r, nstime usual);
/*
 * Looks at the states of the connection under test and of those with a name; a
 * change is reported with the event, if any.
 */
int run_look(struct run *r, const struct event *e);
/* The state of a connection as last seen; TCPS_UNKNOWN if nobody has looked at it. */
enum tcp_state run_state_of(const struct run *r, const struct flow *f);
/* How long from now until a timer may change a state by itself, or NSTIME_NEVER. */
nstime run_timer_left(const struct run *r);
/* The same once the event is done: also checks its annotation and calls that have returned. */
int run_observe(struct run *r, const struct event *e);
/* A packet of the script, as written; in the run's arena. */
const char *run_spec_text(struct run *r, const struct pkt_spec *s);
/* A captured packet in script syntax, with or without what its IP header says. */
const char *run_pkt_text(struct run *r, const struct pkt *p);
const char *run_pkt_brief(struct run *r, const struct pkt *p);
/* Mismatch list from packet differences. */
struct mismatch *run_mismatches(struct run *r, const struct pkt_diff_list *l);

#endif
