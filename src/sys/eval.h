/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of expressions: numbers, symbols, flags joined by |. */
#ifndef DP_SYS_EVAL_H
#define DP_SYS_EVAL_H

#include "script/ast.h"

struct diag_sink;

/* A number of any form. 0, or -1 after a diagnostic (unknown symbol, wrong type). */
int eval_int(const struct expr *e, int64_t *v, struct diag_sink *d);
/* The same, which must fit 32 bits, signed or unsigned. */
int eval_s32(const struct expr *e, int32_t *v, struct diag_sink *d);
/* True for a number 0 or the symbol NULL. */
bool eval_is_null(const struct expr *e);
/* packetdrill's name of an expression's type, for "Bad type" messages. */
const char *expr_type_name(const struct expr *e);
/* Records "Bad type; actual: X expected: Y"; returns -1. */
int eval_bad_type(const struct expr *e, const char *expected, struct diag_sink *d);
/* The address in inet_addr("..."): the text of its only argument. NULL if it is anything else. */
const char *eval_address_text(const struct expr *e);
/* The field of a {a=..., b=...} struct by name, or NULL. */
const struct expr *eval_field(const struct expr *e, const char *name);
/*
 * Fails unless every item of a struct is a field named in the table (which
 * ends with NULL), each at most once. 0, or -1 after a diagnostic.
 */
int eval_members(const struct expr *e, const char *const table[], struct diag_sink *d);

#endif
