/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting the processes of cases: whether, when, and what if it does not work. */
#include "config.h"

#include "suite/suite_state.h"
#include "base/arena.h"
#include "suite/needs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * To start or end a script is work that the kernel does in stretches of up to a
 * few milliseconds. It waits for a moment when no other script has anything to
 * do for this long, but a start not for ever.
 */
#define QUIET_SPAN (3 * NS_PER_MS)
#define START_PATIENCE (100 * NS_PER_MS)
#define HARM_PATIENCE NS_PER_SEC

static bool failed(const struct suite *s)
{
	enum verdict v;

	for (v = 0; v < VERDICT_COUNT; v++)
		if (s->totals->count[v] && suite_verdict_is_bad(v))
			return true;
	return false;
}

bool suite_is_over(const struct suite *s)
{
	return s->totals->interrupted || s->totals->hopeless || s->over_time ||
		(s->cfg->fail_fast && failed(s));
}

bool suite_quiet(const struct suite *s, nstime now)
{
	/* What is tried again has been disturbed once. */
	return !suite_retrying(s) && agenda_quiet(s->agenda, s->n_slots, now, QUIET_SPAN, false);
}

bool suite_put_off(struct suite *s)
{
	nstime now = clock_now(s->cfg->clock);

	if (s->n_running && now < s->start_after)
		return true;
	if (s->n_running && now < s->start_by && !suite_quiet(s, now))
		return true;
	if (s->n_running && now < s->start_by + HARM_PATIENCE &&
	    !agenda_quiet(s->agenda, s->n_slots, now, QUIET_SPAN, true))
		return true;
	s->start_after = now + s->cfg->spacing;
	s->start_by = s->start_after + START_PATIENCE;
	return false;
}

/* A pipe and a process for the case: 0, or -1 after a diagnostic. */
static int start(struct suite *s, struct case_process *p, struct agenda *agenda,
		 struct diag_sink *d)
{
	struct case_start how = { .c = p->c, .batch = p->batch, .n_batch = p->n_batch,
				  .id = p->id, .agenda = agenda,
				  .place = (int)(agenda - s->agenda),
				  .may_retry = p->try < s->cfg->tries };
	int fds[2];

	p->fd = p->pid = -1;
	p->began = clock_now(s->cfg->clock);
	agenda_clear(agenda);
	if (pipe2(fds, O_CLOEXEC))
		return diag_error(d, (struct span){ 0 }, "no pipe: %s", strerror(errno));
	how.out_fd = fds[1];
	p->pid = s->cfg->start(s->cfg->start_arg, &how, d);
	close(fds[1]);
	p->fd = fds[0];
	if (p->pid >= 0)
		return 0;
	process_clear(p);
	return -1;
}

bool suite_start_again(struct suite *s, struct case_process *p)
{
	struct case_process fresh = { .c = p->c, .batch = p->batch, .n_batch = p->n_batch,
				      .id = p->id, .try = p->try + 1, .round = p->round };
	struct arena *a = arena_new();
	struct diag_sink d;
	bool started;

	diag_init(&d, a);
	started = start(s, &fresh, &s->agenda[p - s->slot], &d) == 0;
	if (started) {
		process_clear(p);
		*p = fresh;
		/* Reports have had the first try's events; this one is instead of it. */
		if (s->cfg->live)
			suite_emit(s, p->id, p->c, RES_BEGIN, VERDICT_NONE, NULL);
	}
	arena_free(a);
	return started;
}

/* Why a case cannot be run here, or NULL. */
static const char *lacks(const struct suite *s, const struct suite_case *c)
{
	const char *why = c->unsupported;

	if (why || s->cfg->needs_checked_there)
		return why;
	why = needs_unmet(&c->info, suite_foreign(s, c), c->arena);
	return why ? why : needs_code_command(c->script, c->arena);
}

/*
 * The case just taken up cannot be started. What it lacks, descriptors or
 * processes, the ones under way have: its turn is when one of those has ended.
 * Without any, none can run here.
 */
static void not_started(struct suite *s, const struct suite_turn *t, const char *why)
{
	if (s->n_running) {
		suite_put_back(s, t);
		s->pace.limit = s->n_running;
	} else {
		suite_settle(s, t, VERDICT_ENVIRONMENT, why);
		s->totals->hopeless = true;
	}
	suite_case_sleep(t->c);
}

/* Those that leave may hold what a new one lacks. */
static int start_somehow(struct suite *s, struct case_process *p, struct agenda *agenda,
			 struct diag_sink *d)
{
	if (start(s, p, agenda, d) == 0)
		return 0;
	if (!s->leaving->n)
		return -1;
	leaving_hurry(s->leaving);
	return start(s, p, agenda, d);
}

/* Starts the case's process in a free slot. */
static void occupy(struct suite *s, const struct suite_turn *t)
{
	struct case_process fresh = { .c = t->c, .id = t->id, .try = 1, .round = s->round };
	struct case_process *p = s->slot;
	struct arena *a = arena_new();
	struct diag_sink d;

	diag_init(&d, a);
	while (p->c)
		p++;
	suite_batch_fill(s, &fresh, t);
	if (start_somehow(s, &fresh, &s->agenda[p - s->slot], &d)) {
		not_started(s, t, d.first ? d.first->msg : "the script's process cannot be started");
		suite_batch_give_back(s, &fresh, 1);
		free(fresh.batch);
	} else {
		*p = fresh;
		s->n_running++;
		s->any_ran = true;
		suite_emit(s, p->id, p->c, RES_BEGIN, VERDICT_NONE, NULL);
		/* If this process is killed, its reports say what was under way. */
		fflush(NULL);
	}
	arena_free(a);
}

bool suite_is_ready(struct suite *s, const struct suite_turn *t)
{
	const char *why;

	suite_case_wake(t->c);
	if (suite_case_is_bad(t->c)) {
		suite_settle(s, t, VERDICT_BADSCRIPT, t->c->diag.first->msg);
		return false;
	}
	why = lacks(s, t->c);
	if (!why)
		return true;
	suite_settle(s, t, VERDICT_SKIP, why);
	suite_case_sleep(t->c);
	return false;
}

void suite_take_up(struct suite *s, const struct suite_turn *t)
{
	if (suite_is_ready(s, t))
		occupy(s, t);
}
