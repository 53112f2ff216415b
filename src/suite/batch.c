/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that run several cases, one after the other. */
#include "config.h"

#include "suite/suite_state.h"
#include "base/xmem.h"

#include <stdio.h>

void suite_batch_fill(struct suite *s, struct case_process *p, const struct suite_turn *t)
{
	int most = s->cfg->batch > 0 ? s->cfg->batch : 1;
	struct suite_turn next;

	p->batch = xzalloc((size_t)most * sizeof(*p->batch));
	p->batch[p->n_batch++] = *t;
	while (p->n_batch < most && suite_next_of_round(s, &next))
		if (suite_is_ready(s, &next))
			p->batch[p->n_batch++] = next;
}

void suite_batch_give_back(struct suite *s, struct case_process *p, int from)
{
	int i;

	for (i = from; i < p->n_batch; i++) {
		suite_put_back(s, &p->batch[i]);
		suite_case_sleep(p->batch[i].c);
	}
	if (from < p->n_batch)
		p->n_batch = from;
}

void suite_batch_next(struct suite *s, struct case_process *p)
{
	process_release(p, s->cfg->out);
	s->able |= p->verdict != VERDICT_ENVIRONMENT;
	suite_count(s, p->c, p->verdict, p->duration);
	suite_case_sleep(p->c);
	p->at++;
	p->c = p->batch[p->at].c;
	p->id = p->batch[p->at].id;
	p->began = clock_now(s->cfg->clock);
	p->ended = false;
	p->lateness = 0;
	buf_clear(&p->held);
	suite_emit(s, p->id, p->c, RES_BEGIN, VERDICT_NONE, NULL);
	fflush(NULL);
}
