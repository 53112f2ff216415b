/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls of a script, made of the non-blocking ones that a stack has. */
#ifndef DP_TARGET_STACK_CALL_H
#define DP_TARGET_STACK_CALL_H

#include "target/stack_state.h"

/* Begins a call; done at once or kept until stack_calls_go_on() has finished it. */
void stack_call_begin(struct stack_target *s, struct target_call *c);
bool stack_has_call(const struct stack_target *s, enum call_id id);
/* Tries those again that wait. */
void stack_calls_go_on(struct stack_target *s);
/* When the first of them gives up; NSTIME_NEVER. */
nstime stack_call_timeout(struct stack_target *s);
/* Forgets them all. */
void stack_calls_free(struct stack_target *s);

#endif
