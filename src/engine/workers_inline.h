/* SPDX-License-Identifier: BSD-2-Clause */
/* What workers.h does where the target makes calls without blocking (begin() of its ops). */
#ifndef DP_ENGINE_WORKERS_INLINE_H
#define DP_ENGINE_WORKERS_INLINE_H

#include "engine/workers.h"

/* Begins the call when it is due. */
void inline_submit(struct target *t, struct job *j);
/* True once the call is done; then job.ended is valid. */
bool inline_done(struct job *j);
/* Lets that much time pass at most until it is. */
bool inline_wait(struct target *t, struct job *j, nstime patience);

#endif
