/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/dossier.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "report/dossier_files.h"
#include "report/dossier_folder.h"
#include "report/run_log.h"
#include "seam/reporter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct dossier_report {
	struct reporter base;	/* first */
	struct dossier_options o;
	struct run_log *runs;	/* those under way */
	unsigned written, lost;
};

static struct dossier_report *of(struct reporter *r)
{
	return (struct dossier_report *)r;
}

static bool is_kept(enum verdict v)
{
	return v == VERDICT_FAIL || v == VERDICT_XPASS || v == VERDICT_INCONCLUSIVE;
}

static void write_dossier(struct dossier_report *d, const struct run_log *run,
			  const struct result *end)
{
	struct dossier_case c = { .run = run, .end = end };
	struct buf name = { 0 };

	if (d->o.last_pass)
		c.passed_on = d->o.last_pass(d->o.arg, run->script, run->variant, run->arena,
					     &c.passed_at);
	if (d->o.script)
		c.script = d->o.script(d->o.arg, run->script, &c.script_len);
	dossier_folder_name(&name, run->script, run->variant);
	if (dossier_folder_write(d->o.dir, name.s, &c) == 0)
		d->written++;
	else if (!d->lost++)
		fprintf(d->o.err, "drillpress: the dossier %s/%s could not be written: %s\n",
			d->o.dir, name.s, strerror(errno));
	buf_free(&name);
}

/* What a pass ran on is for the next failure's dossier, and no part of other reports. */
static void tell_next(const struct dossier_report *d, unsigned id, const struct result *e)
{
	struct result plain = *e;

	if (e->kind == RES_END && e->verdict == VERDICT_PASS)
		plain.environment = NULL;
	if (d->o.next)
		reporter_event(d->o.next, id, &plain);
}

static void dossier_event(struct reporter *r, unsigned id, const struct result *e)
{
	struct dossier_report *d = of(r);
	struct run_log **at = &d->runs, *run;
	const struct result *kept;

	tell_next(d, id, e);
	while (*at && (*at)->id != id)
		at = &(*at)->next;
	/* A second start under the same number is another attempt; the first does not count. */
	if (*at && e->kind == RES_BEGIN) {
		run = *at;
		*at = run->next;
		run_log_free(run);
		for (at = &d->runs; *at;)
			at = &(*at)->next;
	}
	if (!*at)
		*at = run_log_new(id);
	run = *at;
	kept = run_log_add(run, e);
	if (e->kind != RES_END)
		return;
	if (is_kept(e->verdict))
		write_dossier(d, run, kept);
	else if (e->verdict == VERDICT_PASS && e->environment && d->o.passed)
		d->o.passed(d->o.arg, run->script, run->variant, e->environment);
	*at = run->next;
	run_log_free(run);
}

static int dossier_close(struct reporter *r)
{
	struct dossier_report *d = of(r);
	int lost = d->lost ? -1 : 0;
	struct run_log *run;

	while ((run = d->runs)) {
		d->runs = run->next;
		run_log_free(run);
	}
	if (d->lost > 1)
		fprintf(d->o.err, "drillpress: %u dossiers could not be written\n", d->lost);
	free(d);
	return lost;
}

unsigned report_dossier_count(const struct reporter *r)
{
	return ((const struct dossier_report *)r)->written;
}

struct reporter *report_dossier_new(const struct dossier_options *o)
{
	static const struct reporter_ops ops = { .event = dossier_event, .close = dossier_close };
	struct dossier_report *d = xzalloc(sizeof(*d));

	d->base.ops = &ops;
	d->o = *o;
	return &d->base;
}
