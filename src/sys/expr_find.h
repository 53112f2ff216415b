/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking for an expression anywhere in a call. */
#ifndef DP_SYS_EXPR_FIND_H
#define DP_SYS_EXPR_FIND_H

#include "script/ast.h"

/* The first expression among a call's arguments, at any depth, that is wanted; or NULL. */
const struct expr *call_find_expr(const struct syscall_ast *c, bool (*wanted)(const struct expr *e));

#endif
