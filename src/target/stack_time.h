/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual time of a stack target: it moves only to the next timer of the
 * stack, the end of a call that waits, or the time that is waited for.
 */
#ifndef DP_TARGET_STACK_TIME_H
#define DP_TARGET_STACK_TIME_H

#include "target/stack_state.h"

/* Gives the target its clock. */
void stack_time_init(struct stack_target *s);
/*
 * To be called after whatever was done to the stack. Does what is due now:
 * timers of the stack, and calls that can go on. Broken if it never ends.
 */
void stack_settle(struct stack_target *s);
/*
 * Lets time pass up to `until`, but stops as soon as enough() says so, which
 * is asked whenever something has happened. May be NULL.
 */
void stack_pass(struct stack_target *s, nstime until, bool (*enough)(struct stack_target *s, void *arg),
		void *arg);

#endif
