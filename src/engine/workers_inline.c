/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jobs of a target in virtual time. It makes calls without blocking, so there
 * is no thread: the caller's waiting is what makes time, and so calls, go on.
 */
#include "config.h"

#include "engine/workers_inline.h"

void inline_submit(struct target *t, struct job *j)
{
	clock_wait_until(t->clock, j->start_at);
	j->started = clock_now(t->clock);
	t->ops->begin(t, j->call);
}

bool inline_done(struct job *j)
{
	if (j->call->done)
		j->ended = j->call->ended;
	return j->call->done;
}

bool inline_wait(struct target *t, struct job *j, nstime patience)
{
	t->ops->await(t, j->call, clock_now(t->clock) + patience);
	return inline_done(j);
}
