/* SPDX-License-Identifier: BSD-2-Clause */
/* Conditions of assertions about values that the script kept: `$(t2 - t1) 0.9~1.1`. */
#ifndef DP_SYS_VALUE_CONDITION_H
#define DP_SYS_VALUE_CONDITION_H

#include "script/value_eval.h"
#include "sys/sys.h"

/* Checks what the formula (c->left) is compared with. 0, or -1 after a diagnostic. */
int value_condition_check(const struct condition *c, struct diag_sink *d);
/*
 * Appends those of an assertion's conditions about values that do not hold,
 * each with what the names in it stand for. *off, if not NULL, gets how far
 * the worst of those about times is from holding, in ns; it is left alone if
 * there is none. 0, or -1 with *why and *at if one comes to nothing.
 */
int value_conditions_compare(struct sys_ctx *x, const struct assert_ast *a,
			     const struct values *v, struct mismatch ***tail, int64_t *off,
			     const char **why, struct span *at);

#endif
