/* SPDX-License-Identifier: BSD-2-Clause */
/* What reports share that say something once a run is over. */
#include "config.h"

#include "report/per_run.h"
#include "report/run_log.h"

void per_run_init(struct per_run *p, const struct reporter_ops *ops, FILE *out,
		  const struct report_options *o,
		  void (*ended)(struct per_run *p, struct run_log *run, const struct result *end))
{
	*p = (struct per_run){ .base = { ops }, .out = out, .options = *o, .ended = ended };
}

static void end_run(struct per_run *p, struct run_log **at, const struct result *end)
{
	unsigned v = (unsigned)end->verdict;

	p->done++;
	p->count[v < VERDICT_COUNT ? v : VERDICT_NONE]++;
	p->ended(p, *at, end);
	run_log_drop(at);
}

void per_run_event(struct reporter *r, unsigned id, const struct result *e)
{
	struct per_run *p = (struct per_run *)r;
	struct run_log **at = run_log_open(&p->runs, id, e);
	const struct result *kept = run_log_add(*at, e);

	if (e->kind == RES_END)
		end_run(p, at, kept);
}

void per_run_over(struct reporter *r, const struct report_end *end)
{
	((struct per_run *)r)->end = *end;
}

void per_run_end_orphans(struct per_run *p)
{
	while (p->runs)
		end_run(p, &p->runs, run_log_add_orphan_end(p->runs));
}

const char *per_run_missing(const struct per_run *p, char *words, size_t size)
{
	if (p->end.cut_short)
		return p->end.cut_short;
	if (p->options.total <= 0 || p->done >= (unsigned)p->options.total)
		return NULL;
	snprintf(words, size, "only %u of %d scripts were run", p->done, p->options.total);
	return words;
}

int per_run_flush(struct per_run *p)
{
	return fflush(p->out) || ferror(p->out) ? -1 : 0;
}
