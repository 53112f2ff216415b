/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is under test: open it, make its system calls, send it packets, see
 * what it sends, ask for a connection's state, close it. The engine knows
 * targets only through this page.
 */
#ifndef DP_SEAM_TARGET_H
#define DP_SEAM_TARGET_H

#include "base/nstime.h"
#include "seam/clock.h"
#include "wire/addr.h"
#include "wire/tcpstate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct command_outcome;
struct diag_sink;
struct script;
struct script_info;
struct settings;
struct syscall_ast;

/*
 * System calls a target can be asked for; arguments as in the man page of the
 * call. cap_set(set, capability, 1 or 0) is the exception: it raises or lowers
 * a capability(7) in the effective set (set is 0) of all calls that follow.
 */
#define TARGET_CALLS(X) \
	X(socket) X(bind) X(listen) X(accept) X(connect) X(read) X(readv) X(recv) X(recvfrom) \
	X(recvmsg) X(write) X(writev) X(send) X(sendto) X(sendmsg) X(fcntl) X(ioctl) X(close) \
	X(shutdown) X(getsockopt) X(setsockopt) X(poll) X(pipe) X(splice) X(sendfile) X(open) \
	X(epoll_create) X(epoll_ctl) X(epoll_wait) X(accept4) X(epoll_create1) X(cap_set)

enum call_id {
#define X(name) CALL_##name,
	TARGET_CALLS(X)
#undef X
	CALL_COUNT
};

struct target_call {
	enum call_id id;
	intptr_t arg[6];	/* integers, or pointers into memory of this process */
	intptr_t result;	/* -1 on error */
	int err;		/* errno when result is -1 */
	const char *lacks;	/* what of it the target does not have at all, for a SKIP; else NULL */
	/* Of a call that begin() made: */
	bool done;
	nstime ended;		/* clock time */
	/* For targets that do not make the call themselves: as written, and the result wanted. */
	const struct syscall_ast *written;
	intptr_t want;
	bool assumed;		/* nobody made it: the device is taken to do that by itself */
	const char *refused;	/* why it could not even be tried (static, or lasting as t does) */
};

/* A packet to put on the wire towards the stack, from its IP header on. */
struct target_frame {
	const uint8_t *data;
	size_t len;
	uint16_t gso_size;	/* 0, or the segment size of a packet made by GRO */
};

/* A packet the stack sent. */
struct target_packet {
	uint8_t *data;		/* in the arena given; from the IP header on */
	size_t len;		/* bytes kept */
	size_t wire_len;	/* bytes it had */
	nstime stamp;		/* the target's own time stamp, on the clock of the seam */
	nstime doubt;		/* how far off that may be, because the target got no processor */
	bool csum_offloaded;
};

enum conn_timer { CONN_TIMER_NONE, CONN_TIMER_RETRANSMIT, CONN_TIMER_KEEPALIVE,
		  CONN_TIMER_TIMEWAIT, CONN_TIMER_PROBE };

struct conn_info {
	enum tcp_state state;	/* TCPS_CLOSED when there is no such connection */
	/*
	 * Where states are inferred: a bit (1 << state) for each that what was
	 * seen allows; state is TCPS_UNKNOWN unless that is one. 0: state is known.
	 */
	unsigned possible;
	bool listener_only;	/* no such connection, but a listener would take its SYN */
	uint64_t cookie;	/* the connection's identity; 0 if the target has none */
	enum conn_timer timer;
	nstime timer_left;	/* until that timer expires */
	unsigned retransmits;	/* of the segment in question (or probes) */
};

/* What Linux tells about a connection: its structs as they are, whatever their length; 0 = untold. */
struct conn_details {
	struct conn_bytes {
		const uint8_t *data;
		size_t len;
	} info, cc, meminfo;	/* struct tcp_info, union tcp_cc_info, SK_MEMINFO_* */
	const char *cc_name;	/* NULL = untold */
};

struct target_config {
	const struct settings *settings;
	bool need_plain_oversize;	/* the script injects packets above the MTU */
	bool shared;			/* others live where the stack under test does: leave them alone */
	bool virtual_time;		/* this machine's clock is virtual: it stands still while one computes */
	const char *where; /* what follows the target's name and a colon on the command line, or NULL */
	/* Set by an open() that fails because the target lacks what the script wants: a SKIP. */
	const char **lacks;
};

struct target;

struct target_ops {
	const char *name;
	/*
	 * Makes one system call on the stack. May block as the call does, so
	 * the engine calls it from worker threads, several at once.
	 */
	void (*call)(struct target *t, struct target_call *c);
	/* False for a call that this target lacks; may be NULL: it has all. */
	bool (*has_call)(struct target *t, enum call_id id);
	/*
	 * In virtual time, in place of call(): makes a call without blocking.
	 * One that is not done at once is gone on with whenever the clock moves
	 * or a packet arrives, until it is; *c stays valid until then or until
	 * close(). NULL: there is only call().
	 */
	void (*begin)(struct target *t, struct target_call *c);
	/*
	 * True once nothing can overtake a call that another thread makes
	 * there: it sleeps, or is over. NULL: it does when that thread does.
	 */
	bool (*settled)(struct target *t, const struct target_call *c);
	/*
	 * Runs a shell command where the stack is: 0; 1 if it may not and *why
	 * says what is lacking; -1 if that does not work, and *why. NULL: where
	 * drillpress is.
	 */
	int (*command)(struct target *t, const char *text, nstime patience, struct arena *a,
		       struct command_outcome *o, const char **why);
	/* Lets time pass until that call is done, or the clock reaches `until`. */
	void (*await)(struct target *t, struct target_call *c, nstime until);
	/* Sends a packet to the stack. 0, or -1 with *why (static or in the arena) set. */
	int (*inject)(struct target *t, const struct target_frame *f, struct arena *a,
		      const char **why);
	/*
	 * The next packet the stack sent, oldest first: 1 = *p is filled, 0 =
	 * none until the clock reached `until`, -1 = the capture is broken
	 * (*why). until <= now means: only what is already there.
	 */
	int (*next_packet)(struct target *t, nstime until, struct arena *a,
			   struct target_packet *p, const char **why);
	/* State of a connection, with or without a descriptor. 0, or -1 if it cannot tell. */
	int (*conn)(struct target *t, const struct tuple *tuple, struct conn_info *info);
	/* State of the TCP socket behind a descriptor (TCP_INFO). 0 or -1. */
	int (*fd_state)(struct target *t, int fd, struct conn_info *info);
	/*
	 * Details of a connection without a descriptor, in the arena. 0, or -1
	 * if there is no such connection or none are told. May be NULL: this
	 * target never tells.
	 */
	int (*details)(struct target *t, const struct tuple *tuple, struct arena *a,
		       struct conn_details *d);
	/*
	 * What the stack runs on, as lines of text in the arena: versions,
	 * settings, whatever may explain why a script fails here and passes
	 * elsewhere. May be NULL: this target never tells.
	 */
	const char *(*environment)(struct target *t, struct arena *a);
	/* Packets lost by the capture so far. */
	unsigned (*lost)(struct target *t);
	/* Frees a port number nobody else will use for the peer's end; 0 on failure. */
	uint16_t (*peer_port)(struct target *t);
	/* Ends every connection, so that none outlives the target. Nothing is judged afterwards. */
	void (*reset)(struct target *t);
	/* reset(), then ends everything open() made. t is freed. */
	void (*close)(struct target *t);
};

/* Concrete targets embed this as their first member. */
struct target {
	const struct target_ops *ops;
	struct clock *clock;	/* owned by the target */
	const char *name;	/* what //@ expect-fail calls it */
	bool exact;		/* virtual time: nothing is late, and nothing need be tolerated */
	bool foreign;		/* commands and sysctls of this machine do nothing to it */
	const char *broken;	/* set once the stack has stopped working: how; the script has failed */
	nstime settle;		/* how long the state may take that an event brings about, where it is inferred */
	nstime grain;		/* exact: what the tester's own doing may take of the virtual time */
	bool dear;		/* each look at a state costs much: only when conn() says that a timer is due */
};

/* One kind of target, as the command line knows it. */
struct target_desc {
	const char *name, *arg, *help;	/* arg: what follows "name:", NULL = nothing does */
	bool sandboxed;		/* each script has a network namespace of its own; else all are in one place */
	bool in_process;	/* the stack lives in the script's process: nothing is done to this machine */
	bool exact;		/* virtual time as a rule: its scripts disturb each other in nothing */
	bool one_at_a_time;	/* there is only one of it for all scripts */
	bool guest;		/* a kernel that drillpress runs in: it is started for many scripts, not opened for one */
	/*
	 * Checks what follows the name and a colon on the command line; 0 or -1
	 * after a diagnostic. NULL: open() does.
	 */
	int (*check)(const char *where, struct diag_sink *d);
	/*
	 * What //@ expect-fail calls the target that `where` names, in the
	 * arena, unless struct target says otherwise. NULL: linux.
	 */
	const char *(*called)(const char *where, struct arena *a);
	/*
	 * What a valid script asks for that this target cannot do, with its
	 * line, in the arena; NULL if all can be done. Such a script is skipped
	 * before the target is opened. May be NULL.
	 */
	const char *(*refuses)(const struct target_config *cfg, const struct script *s,
			       const struct script_info *info, struct arena *a);
	/*
	 * Makes the target ready for time zero. NULL after a diagnostic that
	 * says what is missing and what to do. Runs in the script's own child
	 * process, which owns everything it makes.
	 */
	struct target *(*open)(const struct target_config *cfg, struct diag_sink *d);
};

#endif
