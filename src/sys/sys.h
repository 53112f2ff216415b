/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls of a script: from the written call to live arguments, and from
 * the live outcome to a verdict. One generic path; what differs between calls
 * is a row of call_table.c, what differs between arguments a codec (args.h).
 * Nothing here makes a call: the engine passes `live` to the target.
 */
#ifndef DP_SYS_SYS_H
#define DP_SYS_SYS_H

#include "script/ast.h"
#include "seam/result.h"
#include "seam/target.h"
#include "sys/fdmap.h"

struct buf;
struct diag_sink;

#define SYS_MAX_ARGS 6

struct call_desc;

/* The call of that name, or CALL_COUNT. */
enum call_id sys_call_id(const char *name);

/*
 * How the stack's wall-clock stamps relate to the times a script writes: a
 * stamp of script time t may lie from early to late after zero + t, because
 * the run itself was early or late by that much. Set before sys_verify().
 */
struct sys_stamps {
	nstime zero[2];		/* wall time of the script's zero, by either of two readings */
	nstime early, late;	/* <= 0, >= 0 */
	nstime tick;		/* how far off a duration counted in coarse timer ticks may be */
};

struct sys_ctx {
	const struct settings *settings;
	struct arena *arena;		/* of the run: descriptors, mismatches */
	struct diag_sink *diag;
	struct fdmap fds;
	struct sys_stamps stamps;
	bool check_only;		/* no descriptors exist, no memory is wanted */
};

/* One call on its way. */
struct sys_call {
	const struct call_desc *desc;
	const struct syscall_ast *ast;
	const struct expr *arg[SYS_MAX_ARGS];
	void *state[SYS_MAX_ARGS];	/* what a codec keeps between encode and verify */
	struct target_call live;
	int32_t want;			/* expected result */
	bool any_result;		/* written as ... or ? */
	bool any_errno;
	int64_t want_errno;
	int script_fd;			/* of the first argument when it is a descriptor, else -1 */
};

/*
 * Translates a written call. NULL after a diagnostic at the argument: unknown
 * call, wrong number or type of arguments, unknown symbol or descriptor.
 */
struct sys_call *sys_prepare(struct sys_ctx *x, const struct syscall_ast *ast);
/*
 * Compares what came back with what was written, in order: result and errno,
 * then each out-parameter. All differences are listed (NULL = as written).
 * Updates the descriptor map.
 */
struct mismatch *sys_verify(struct sys_ctx *x, struct sys_call *c);
/*
 * The first number that the call wrote into an argument [N] or [...]; false if
 * there is none.
 */
bool sys_number_out(const struct sys_call *c, int64_t *v);
/* The call's result as the script has it: a descriptor by the script's number. */
int64_t sys_script_result(const struct sys_ctx *x, const struct sys_call *c);
/* Appends the call as written but with the live result: what a log shows. */
void sys_text(const struct sys_ctx *x, const struct sys_call *c, struct buf *out);
/* Checks every call and assertion of a script without running it; all errors are recorded. 0 or -1. */
int sys_check(const struct script *s, struct diag_sink *d);
/*
 * What a valid script asks for that cannot be done here: it is of another
 * system, or this version parses it and no more. In the script's arena; NULL if
 * all can be done. Such a script is skipped.
 */
const char *sys_unsupported(const struct script *s);

#endif
