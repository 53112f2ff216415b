/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cases that are tried again. What disturbed the first try was often the other
 * scripts, so each waits until all first tries are over. Then one has little
 * beside it the second time, and nothing at all after that.
 */
#include "config.h"

#include "suite/suite_state.h"
#include "base/xmem.h"

#include <stdlib.h>

/* Of as many as may run at a time, one in so many second tries: one on each processor, usually. */
#define SECOND_SHARE 16
/* Processes that leave disturb, but are not waited for longer than this. */
#define LEAVE_PATIENCE NS_PER_SEC

/* What was said so far of a case, by a process that is gone. */
struct retry {
	struct case_process said;
	STAILQ_ENTRY(retry) next;
};

bool suite_retrying(const struct suite *s)
{
	int i;

	for (i = 0; i < s->n_slots; i++)
		if (s->slot[i].c && s->slot[i].try > 1)
			return true;
	return false;
}

/* What a process ran before is over, and what it has left another one runs. */
static void keep_only_the_case(struct suite *s, struct case_process *p)
{
	suite_batch_give_back(s, p, p->at + 1);
	p->batch[0] = p->batch[p->at];
	p->n_batch = 1;
	p->at = 0;
}

/* Its process said something that may be otherwise another time. */
static bool is_doubtful(const struct suite *s, const struct case_process *p)
{
	if (!p->ended)
		return false;
	/* What a machine is not able to do, it may be when it has less to do. */
	return p->verdict == VERDICT_INCONCLUSIVE ||
		(p->verdict == VERDICT_ENVIRONMENT && s->n_running > 1);
}

bool suite_retry_later(struct suite *s, struct case_process *p)
{
	struct retry *w;

	if (!is_doubtful(s, p) || p->try >= s->cfg->tries || suite_is_over(s))
		return false;
	keep_only_the_case(s, p);
	/* With one at a time there is nothing to wait for, and live reports show one after the other. */
	if (s->n_slots == 1)
		return suite_start_again(s, p);
	w = xzalloc(sizeof(*w));
	w->said = *p;
	w->said.fd = -1;
	w->said.bytes = p->held = (struct buf){ 0 };
	p->batch = NULL;
	STAILQ_INSERT_TAIL(&s->retries, w, next);
	suite_free_slot(s, p);
	return true;
}

/* The first that waits, in a slot again as it was when its process ended; one is free. */
static struct case_process *recall(struct suite *s)
{
	struct retry *w = STAILQ_FIRST(&s->retries);
	struct case_process *p = s->slot;

	while (p->c)
		p++;
	STAILQ_REMOVE_HEAD(&s->retries, next);
	*p = w->said;
	free(w);
	s->n_running++;
	suite_case_wake(p->c);
	return p;
}

/* True while processes that have said all are not gone, for a while. */
static bool still_leaving(struct suite *s)
{
	nstime now = clock_now(s->cfg->clock);

	if (!s->retry_by)
		s->retry_by = now + LEAVE_PATIENCE;
	return s->leaving->n && now < s->retry_by;
}

/* True if the first that waits may be started beside what is under way. Second tries come first. */
static bool has_room(const struct suite *s)
{
	int i;

	if (!s->n_running)
		return true;
	if (STAILQ_FIRST(&s->retries)->said.try > 1 || s->n_running >= s->n_slots / SECOND_SHARE)
		return false;
	for (i = 0; i < s->n_slots; i++)
		if (s->slot[i].c && s->slot[i].try != 2)
			return false;
	return true;
}

/* Starts the first that waits; false: it cannot be, what it has said holds. */
static bool start_first(struct suite *s)
{
	struct case_process *p = recall(s);

	if (!suite_case_is_bad(p->c) && suite_start_again(s, p))
		return true;
	suite_conclude(s, p, NULL);
	return false;
}

bool suite_retry(struct suite *s)
{
	while (!STAILQ_EMPTY(&s->retries) && !suite_is_over(s) && has_room(s)) {
		if (!s->n_running && still_leaving(s))
			return true;
		s->retry_by = 0;
		if (!start_first(s))
			return true;
	}
	return false;
}

void suite_retry_give_up(struct suite *s)
{
	while (!STAILQ_EMPTY(&s->retries))
		suite_conclude(s, recall(s), NULL);
}
