/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Result events: all that a run says. The engine makes them, reporters read
 * them, and between processes they travel as bytes (engine/result_codec.h,
 * driven by one table of the fields below: a field added here needs a row
 * there). Strings may be NULL. Times are ns from the script's time zero.
 */
#ifndef DP_SEAM_RESULT_H
#define DP_SEAM_RESULT_H

#include "base/nstime.h"
#include "base/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
	VERDICT_NONE,		/* nothing judged (yet) */
	VERDICT_PASS,
	VERDICT_FAIL,		/* the stack deviates from the script */
	VERDICT_INCONCLUSIVE,	/* the tester was too late, or the machine stood still */
	VERDICT_SKIP,		/* a need is unmet; message says which */
	VERDICT_BADSCRIPT,	/* the script cannot be run */
	VERDICT_ENVIRONMENT,	/* the machine is not able */
	VERDICT_XFAIL,		/* failed as //@ expect-fail says */
	VERDICT_XPASS,		/* passed though //@ expect-fail says otherwise */
	VERDICT_COUNT,
};

enum result_kind {
	RES_BEGIN,	/* a script starts: name, variant, text = what it tests */
	RES_EVENT,	/* an event of the script was done or judged */
	RES_PACKET,	/* a packet seen that no event asked for (yet) */
	RES_STATE,	/* a change of state */
	RES_NOTE,	/* something a reader should know */
	RES_END,	/* the script is over: verdict, message, worst lateness */
};

enum event_kind { EVK_NONE, EVK_INBOUND, EVK_OUTBOUND, EVK_SILENCE, EVK_CALL, EVK_CALL_RETURN,
		  EVK_COMMAND, EVK_CODE, EVK_ASSERT };

/* One thing that differs. */
struct mismatch {
	const char *field, *want, *got;
	struct mismatch *next;
};

/* A packet as it was on the wire, from its IP header on. */
struct wire_frame {
	nstime stamp;		/* on the same clock as `actual` */
	const uint8_t *data;
	size_t len;		/* bytes kept */
	size_t wire_len;	/* bytes it had */
	const struct wire_frame *next;
};

struct result {
	enum result_kind kind;
	enum event_kind event;
	enum verdict verdict;
	const char *script;	/* path as given (BEGIN, END; else NULL) */
	const char *variant;	/* "ipv4", ... */
	struct span span;	/* of the event in the script; line 0 = none */
	struct span whole;	/* of the event that span is only a part of; else line 0 */
	nstime planned;		/* when the script wants it (its timeline, moved by lateness) */
	nstime planned_end;	/* end of a time range; else equal to planned */
	nstime actual;		/* when it happened */
	nstime lateness;	/* the tester's own; RES_END: the worst */
	nstime tolerance;	/* that applied to the time */
	nstime origin;		/* what a relative time counts from */
	nstime wall;		/* `actual` as time since 1970; 0 = unknown */
	bool relative;		/* the script gives the time relative to another event */
	bool off_time;		/* the time is (also) what differs */
	const char *text;	/* in script syntax: the packet as seen, the call, the command */
	const char *written;	/* a packet as the script has it */
	const char *live;	/* a packet as it was on the wire, in its own sequence numbers */
	const char *call;	/* name of the system call */
	const char *conn;	/* the connection's name in the script, without @; NULL = none */
	const char *iteration;	/* of an event in a repeat: "iteration 3 of 100" */
	const char *kept;	/* values the script had kept when it failed: "isn = 0x1234abcd, w = 10" */
	const char *want, *got;	/* the two packets or values in script syntax, when they differ */
	const char *printed;	/* RES_NOTE: what code printed */
	const char *message;	/* one line: what went wrong, or the note */
	const char *hint;	/* what may explain or mend it */
	const char *state_from, *state_to;	/* RES_STATE */
	bool unobservable;	/* RES_STATE: a state that lay between could not be seen */
	struct mismatch *mismatches;
	/*
	 * If evidence was asked for: the packet that the event is about; more
	 * than one where pieces came for a line, the same one again where it
	 * served two lines.
	 */
	const struct wire_frame *frames;
	nstime duration;	/* RES_END: wall time of the run */
	const char *environment;	/* RES_END, if asked for: what the stack ran on */
	const char *target;	/* RES_BEGIN: what it is run on, by the name the user knows */
	const char *requirements;	/* RES_BEGIN: ids of what the script covers, blanks between */
	const char *deviates;	/* RES_END, VERDICT_XFAIL: those the deviation is from; NULL = all */
};

#endif
