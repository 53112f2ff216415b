/* SPDX-License-Identifier: BSD-2-Clause */
/* A system call made by a command of the user's, which makes the device do it. */
#ifndef DP_TARGET_BOX_HOOK_H
#define DP_TARGET_BOX_HOOK_H

#include "base/nstime.h"

struct arena;
struct target_call;

/*
 * Runs COMMAND NAME ARG..., with the arguments as the script has them, at most
 * `patience`. The first line it prints is the result: a number, or -1 and the
 * name of an errno; nothing: the call did what the script wants (c->assumed).
 * A command that fails, or prints something else, sets c->refused, which lives
 * in the arena.
 */
void box_hook_call(const char *command, nstime patience, struct target_call *c, struct arena *a);

#endif
