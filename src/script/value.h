/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values: what a script keeps of packets and calls (`keep NAME = FIELD`) and
 * where it uses it again, `$NAME` and `$(EXPRESSION)`. An expression's kind is
 * known when it is parsed; what the kinds make of each other is below.
 */
#ifndef DP_SCRIPT_VALUE_H
#define DP_SCRIPT_VALUE_H

#include "base/source.h"
#include "wire/spec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct arena;
struct buf;
struct diag_sink;
struct settings;

enum value_kind {
	VALUE_NUMBER,	/* a real number */
	/*
	 * A number on the wire of 32 bits, a sequence number or a timestamp: adding
	 * to it is modulo 2^32 (RFC 9293 3.4), and the difference of two is signed.
	 * Multiplied or divided it counts as the plain number it is.
	 */
	VALUE_SEQ,
	VALUE_TIME,	/* nanoseconds; a plain number beside it counts as seconds */
};

/* What can be kept. */
enum keep_field {
	KEEP_TIME,
	/* of a packet */
	KEEP_SEQ, KEEP_ACK, KEEP_LEN, KEEP_WIN, KEEP_URG, KEEP_TSVAL, KEEP_TSECR, KEEP_MSS,
	KEEP_WSCALE, KEEP_TTL, KEEP_TOS, KEEP_IPID, KEEP_FLOWLABEL, KEEP_SPORT, KEEP_DPORT,
	/* of a call */
	KEEP_RESULT, KEEP_VALUE, KEEP_ERRNO,
};

struct keep_desc {
	const char *name;
	enum keep_field field;
	enum value_kind kind;
	bool packet, call;	/* has it */
	const char *lacking;	/* why a packet or call may lack it, for messages; NULL: it cannot */
};

/* Ends with a NULL name. */
extern const struct keep_desc keep_table[];

/* NAME = FIELD */
struct keep_ast {
	const char *name;
	const struct keep_desc *desc;
	struct span name_span, span;
	STAILQ_ENTRY(keep_ast) next;
};

STAILQ_HEAD(keep_list, keep_ast);

enum value_op {
	VALUE_LITERAL, VALUE_NAME, VALUE_NEGATE, VALUE_ADD, VALUE_SUB, VALUE_MUL, VALUE_DIV,
	VALUE_MOD, VALUE_CALL,
};

struct value_function;

struct value_expr {
	enum value_op op;
	enum value_kind kind;	/* of what it comes to */
	bool many;		/* all that were kept, one after the other: a name inside a function */
	struct span span;
	const char *text;	/* a literal as written, a name */
	double number;		/* of a literal */
	const struct value_function *function;
	struct value_expr *left, *right;	/* right: of two operands; left also: an argument */
};

/* An expression at its place in a packet, a call or an assertion. */
struct value_use {
	struct spec_value shown;	/* "$isn", "$(isn + 1)"; first, so that specs can hold it */
	const struct value_expr *expr;
	struct span span;
	int64_t max;			/* the largest number that can stand there; 0 = not known */
	const char *what;		/* what stands there, for messages; NULL with max 0 */
};

/* A name that was kept before a place in the script. */
struct value_name {
	const char *name;
	enum value_kind kind;
	struct span span;		/* where it was kept first */
	struct value_name *next;
};

/*
 * Reads `$NAME` or `$(EXPRESSION)`, which stands at `at`. names are those kept
 * before; a symbol of the settings that is a number counts as that number.
 * NULL after a diagnostic: syntax, unknown names and functions, kinds that do
 * not go together.
 */
struct value_expr *value_parse(const char *text, struct span at, const struct value_name *names,
			       const struct settings *settings, struct arena *a,
			       struct diag_sink *d);
/* A number as written with decimals, as an expression. In the arena. */
struct value_expr *value_literal(const char *text, double number, struct span at, struct arena *a);
/* Appends it in canonical form: `$isn`, `$(isn + 1)`. */
void value_print(const struct value_expr *e, struct buf *out);
/* " keep a = seq, b = win" as written. */
void keep_print(const struct keep_list *l, struct buf *out);
/* "sequence number", "time", "number" */
const char *value_kind_name(enum value_kind k);

/* The functions of expressions. */
enum value_reduce {
	REDUCE_COUNT, REDUCE_MIN, REDUCE_MAX, REDUCE_MEAN, REDUCE_STDDEV, REDUCE_MEDIAN,
	REDUCE_DISTINCT, REDUCE_RANGE,
	REDUCE_DIFF,		/* to one less than there were: differences of successive ones */
};

struct value_function {
	const char *name;
	enum value_reduce reduce;
	size_t least;		/* values it needs */
};

/* Ends with a NULL name. */
extern const struct value_function value_function_table[];

#endif
