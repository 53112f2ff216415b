/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A script as typed events, each node with its place in the text. Built by
 * the grammar, printed back by ast_print.c, checked by check.c; everything
 * lives in the script's arena.
 */
#ifndef DP_SCRIPT_AST_H
#define DP_SCRIPT_AST_H

#include "base/nstime.h"
#include "base/source.h"
#include "script/repeat.h"
#include "script/settings.h"
#include "script/value.h"
#include "wire/spec.h"
#include "wire/tcpstate.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct buf;

/* When an event is due. */
enum when_kind {
	WHEN_ABS,	/* T */
	WHEN_REL,	/* +T */
	WHEN_ANY,	/* * */
	WHEN_ABS_RANGE,	/* T~U */
	WHEN_REL_RANGE,	/* +T~+U */
};

struct when {
	enum when_kind kind;
	nstime t, t2;		/* t2: end of a range */
	bool has_end;		/* T...END: a blocking call, or a silence */
	nstime end;		/* from the same origin as t */
	struct span span;
};

enum expr_kind {
	EXPR_ELLIPSIS,
	EXPR_INT,	/* num; hex says how it was written */
	EXPR_WORD,	/* text: a symbol */
	EXPR_STRING,	/* text, len: bytes with escapes decoded */
	EXPR_LIST,	/* [a, b] in items */
	EXPR_STRUCT,	/* {a, b=c, d 5} in items */
	EXPR_GROUP,	/* (a 1, b 2) inside a struct, in items */
	EXPR_CALL,	/* text(items): inet_addr("..."), htons(5) */
	EXPR_OR,	/* items joined by | */
	EXPR_FIELD,	/* text[(items)] = value */
	EXPR_ENTRY,	/* text num, as in {label 5} */
	EXPR_VALUE,	/* use: $NAME, $(EXPRESSION), or 0.5 where such a thing is compared */
};

struct expr {
	enum expr_kind kind;
	struct span span;
	const char *text;
	size_t len;
	int64_t num;
	bool hex;
	struct expr_list *items;
	struct expr *value;
	const struct value_use *use;
	STAILQ_ENTRY(expr) next;
};

STAILQ_HEAD(expr_list, expr);

struct syscall_ast {
	const char *name;
	struct span name_span;
	struct expr_list *args;
	struct expr *result;
	const char *err;		/* errno name or NULL */
	struct span err_span;
	const char *note;		/* text between ( and ), or NULL */
	struct spec_conn conn;		/* @NAME behind the result */
};

/* `text` or %{ text }% */
struct text_ast {
	const char *text;
	struct span span;
};

/* => A -> B */
struct state_want {
	enum tcp_state state;
	const char *written;
	struct span span;
	STAILQ_ENTRY(state_want) next;
};

struct states_ast {
	struct span span;
	struct spec_conn conn;		/* => @NAME STATE */
	struct states_ast *more;	/* of another connection: => @a A => @b B */
	int n;
	STAILQ_HEAD(, state_want) states;
};

/* How a condition compares; "&" wants all bits of the value set. */
enum condition_op {
	CONDITION_EQ, CONDITION_NE, CONDITION_LT, CONDITION_LE, CONDITION_GT, CONDITION_GE,
	CONDITION_BITS,
	CONDITION_RANGE,	/* value~high, both included */
};

/* tcpi_snd_cwnd <= 10 */
struct condition {
	const char *field;		/* of left: as it is written */
	const struct value_use *left;	/* what is compared instead of a field, or NULL */
	struct span field_span, span;
	enum condition_op op;
	struct expr *value, *high;	/* high: of a range, else NULL */
	STAILQ_ENTRY(condition) next;
};

/* assert(fd) condition, condition */
struct assert_ast {
	struct expr *fd;		/* NULL = a connection: */
	struct spec_conn conn;		/* the one named, or the one under test */
	struct span span;
	STAILQ_HEAD(, condition) conditions;
};

/* any order { > PACKET ... }: an event of kind EVENT_PACKET for each, with the group's time. */
struct group_ast {
	STAILQ_HEAD(, event) events;
	int n;
};

enum event_ast_kind { EVENT_PACKET, EVENT_SYSCALL, EVENT_COMMAND, EVENT_CODE, EVENT_ASSERT,
		      EVENT_GROUP };

struct event {
	enum event_ast_kind kind;
	struct span span;
	struct when when;
	union {
		struct pkt_spec *pkt;
		struct syscall_ast *call;
		struct text_ast *text;
		struct assert_ast *assertion;
		struct group_ast *group;
	};
	struct keep_list *keep;		/* NULL if nothing of it is kept */
	struct states_ast *states;	/* NULL without annotation */
	bool uses_values;		/* $NAME stands in it: see script/value_bind.h */
	const struct iteration *loop;	/* of the repeats it stands in, innermost first; or NULL */
	bool faulty;			/* an error was reported in it: no use to look for more */
	STAILQ_ENTRY(event) next;
};

/* --name=value at the top of a script, as written. */
struct option_ast {
	const char *name, *value;	/* value NULL when none was written */
	const char *overridden;		/* the value the user's command line has instead, or NULL */
	struct span span;
	STAILQ_ENTRY(option_ast) next;
};

/* //@ key rest */
struct meta {
	const char *key, *rest;
	struct span span;
	STAILQ_ENTRY(meta) next;
};

struct script {
	struct arena *arena;
	const struct source *src;
	struct settings settings;	/* defaults, then the script's, then the user's overrides */
	STAILQ_HEAD(, option_ast) options;
	STAILQ_HEAD(meta_list, meta) metas;
	struct text_ast *init, *cleanup;
	bool conditional;		/* it has #ifdefs: what is here is one reading of the text */
	STAILQ_HEAD(, event) events;
	int n_events;			/* see repeat_weight() */
};

/* The connection an event names, or NULL: a packet's, a call's, an assertion's. */
const struct spec_conn *event_conn(const struct event *e);
/* The one that a state behind an event is of: its own name, else that of the event, else NULL. */
const struct spec_conn *states_conn(const struct event *e, const struct states_ast *s);

/* Appends the script in canonical form: parsing that gives the same script. */
void script_print(const struct script *s, struct buf *out);
/* Parts of it, also used by reports and messages. */
void when_print(const struct when *w, struct buf *out);
void expr_print(const struct expr *e, struct buf *out);
void call_print(const struct syscall_ast *c, struct buf *out);
void assert_print(const struct assert_ast *a, struct buf *out);
/* "> @a ", ">? ", "< ": what stands before a packet. */
void packet_head_print(const struct pkt_spec *s, struct buf *out);
/* "== 10", "100~120": a condition without its field. */
void condition_print_want(const struct condition *c, struct buf *out);

/* The comparison written "==", "!=" ...; text must be one. */
enum condition_op condition_op(const char *text);

/* Constructors for the grammar. */
struct expr *expr_new(struct arena *a, enum expr_kind kind, struct span at);
struct expr_list *expr_list_new(struct arena *a);
struct expr_list *expr_list_add(struct arena *a, struct expr_list *l, struct expr *e);
int expr_list_count(const struct expr_list *l);
/* The n-th item (from 0) or NULL. */
struct expr *expr_list_at(const struct expr_list *l, int n);

#endif
