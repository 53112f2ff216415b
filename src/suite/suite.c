/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/suite_state.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

bool suite_verdict_is_bad(enum verdict v)
{
	return v == VERDICT_FAIL || v == VERDICT_BADSCRIPT || v == VERDICT_ENVIRONMENT;
}

void suite_count(struct suite *s, const struct suite_case *c, enum verdict v, nstime duration)
{
	s->totals->count[v]++;
	if (s->cfg->done)
		s->cfg->done(s->cfg->done_arg, c, v, duration);
}

void suite_emit(struct suite *s, unsigned id, const struct suite_case *c, enum result_kind kind,
		 enum verdict v, const char *message)
{
	struct result res = { .kind = kind, .verdict = v, .script = c->path, .variant = c->version,
			      .message = message };
	struct buf ids = { 0 };

	if (kind == RES_BEGIN) {
		res.text = c->about;
		res.requirements = word_list_text(&c->info.requirements, &ids);
	}
	if (c->diag.first && v == VERDICT_BADSCRIPT) {
		const struct source *src = c->diag.first->src;

		res.span = c->diag.first->span;
		if (src && (src->map || src->includer))
			res.place = diag_place(&c->diag, c->diag.first);
	}
	reporter_event(s->cfg->out, id, &res);
	buf_free(&ids);
}

/* A verdict without a run. */
void suite_settle(struct suite *s, const struct suite_turn *t, enum verdict v, const char *message)
{
	suite_emit(s, t->id, t->c, RES_BEGIN, VERDICT_NONE, NULL);
	suite_emit(s, t->id, t->c, RES_END, v, message);
	suite_count(s, t->c, v, 0);
}

void suite_free_slot(struct suite *s, struct case_process *p)
{
	process_clear(p);
	suite_case_sleep(p->c);
	suite_batch_give_back(s, p, p->at + 1);
	free(p->batch);
	p->batch = NULL;
	p->c = NULL;
	s->n_running--;
}

bool suite_foreign(const struct suite *s, const struct suite_case *c)
{
	return s->cfg->foreign || c->script->settings.so_filename;
}

/* Why a process said no verdict, and which one it gets. */
static enum verdict no_verdict(struct suite *s, const struct case_process *p, int status,
			       struct arena *a, const char **why)
{
	*why = NULL;
	if (s->totals->interrupted) {
		*why = arena_printf(a, "interrupted: %s", strsignal(s->totals->interrupted));
		return VERDICT_INCONCLUSIVE;
	}
	if (p->killed && s->over_time) {
		*why = "ended by the --deadline of the whole run";
		/* What has been judged before is not made doubtful by a repetition that had no time. */
		return p->round ? VERDICT_SKIP : VERDICT_INCONCLUSIVE;
	}
	if (suite_foreign(s, p->c))
		*why = p->killed ? "the stack hangs: the script's process had to be killed" :
			process_crash(status, a);
	if (*why)
		return VERDICT_FAIL;
	*why = p->killed ? "the script's process did not end in time and was killed" :
		process_death(status, a);
	return VERDICT_ENVIRONMENT;
}

/*
 * A case's process found that nothing can be run. While others run, they may
 * have what it lacked: fewer at a time. Else that is so for the rest, too.
 */
static void unable(struct suite *s)
{
	if (s->n_running > 1 && s->pace.limit >= s->n_running)
		s->pace.limit = s->n_running - 1;
	if (s->n_running == 1 && !s->able)
		s->totals->hopeless = true;
}

/* A stack that was killed as it was taken down had not come back: no verdict before holds. */
static void unsay(struct suite *s, struct case_process *p)
{
	if (!p->ended || !p->killed || s->over_time || s->totals->interrupted ||
	    !suite_foreign(s, p->c) || p->verdict == VERDICT_FAIL)
		return;
	p->held.len = p->end_at;
	p->ended = false;
}

void suite_conclude(struct suite *s, struct case_process *p, const char *why)
{
	process_release(p, s->cfg->out);
	if (why)
		suite_emit(s, p->id, p->c, RES_END, p->verdict, why);
	suite_count(s, p->c, p->verdict, p->duration);
	suite_free_slot(s, p);
}

/* The case's process is gone: final, or try again. */
static void finish(struct suite *s, struct case_process *p, int status)
{
	struct arena *a = arena_new();
	bool full = s->n_running >= s->pace.limit;
	const char *why = NULL;

	unsay(s, p);
	if (WIFEXITED(status) && WEXITSTATUS(status) == s->cfg->hopeless_status)
		unable(s);
	else if (p->ended)
		pace_ended(&s->pace, p->lateness, p->id, s->next_id, full);
	if (!p->ended) {
		p->verdict = no_verdict(s, p, status, a, &why);
		p->duration = 0;
	}
	s->able |= p->verdict != VERDICT_ENVIRONMENT;
	if (!suite_retry_later(s, p))
		suite_conclude(s, p, why);
	arena_free(a);
}

/*
 * The case's pipe has closed. Its process has nothing more to say, and what
 * the kernel still takes down (network namespaces take tens of milliseconds)
 * need not be waited for. How it ended matters only if it said no verdict.
 */
static void reap(struct suite *s, struct case_process *p)
{
	int status = 0;

	agenda_clear(&s->agenda[p - s->slot]);
	if (p->ended && p->verdict != VERDICT_ENVIRONMENT)
		leaving_add(s->leaving, p->pid, clock_now(s->cfg->clock));
	else
		status = process_wait(p);
	finish(s, p, status);
}

static void read_process(struct suite *s, struct case_process *p)
{
	bool goes_on = process_read(p, s->cfg->out, s->cfg->live);

	while (goes_on && process_case_over(p)) {
		if (s->cfg->fail_fast && suite_verdict_is_bad(p->verdict)) {
			/* What would follow is not wanted any more. */
			suite_batch_give_back(s, p, p->at + 1);
			kill(p->pid, SIGTERM);
			goes_on = false;
		} else {
			suite_batch_next(s, p);
			goes_on = process_digest(p, s->cfg->out, s->cfg->live);
		}
	}
	if (!goes_on)
		reap(s, p);
}

/* Looks after those who leave; returns when to look again. */
static nstime tend(struct suite *s)
{
	nstime now = clock_now(s->cfg->clock);
	nstime next = leaving_tend(s->leaving, now, suite_quiet(s, now));

	return next == NSTIME_NEVER ? next : next - now;
}

/* What to wait for: the signals, then one for each running case. Returns how many. */
static int list_events(struct suite *s)
{
	int i, n = 0;

	s->poll[n++] = (struct pollfd){ .fd = s->signal_fd, .events = POLLIN };
	for (i = 0; i < s->n_slots; i++)
		if (s->slot[i].c)
			s->poll[n++] = (struct pollfd){ .fd = s->slot[i].fd, .events = POLLIN };
	return n;
}

/* One round: waits for events, ends and signals, but for `most` at the longest. */
static void wait_events(struct suite *s, nstime most)
{
	const struct pollfd *p = s->poll;
	nstime wait = suite_watch(s), tended = tend(s);
	int i, n = list_events(s), ms = -1;

	wait = tended < wait ? tended : wait;
	wait = most < wait ? most : wait;
	/* Rounded up: a wait that ends early would only be begun again. */
	if (wait != NSTIME_NEVER)
		ms = wait < 1000 * NS_PER_SEC ? (int)(wait / NS_PER_MS) + 1 : 1000 * 1000;
	if (poll(s->poll, (nfds_t)n, ms) <= 0)
		return;
	if (p++->revents)
		suite_on_signal(s);
	for (i = 0; i < s->n_slots; i++)
		if (s->slot[i].c && p++->revents)
			read_process(s, &s->slot[i]);
}

void suite_put_back(struct suite *s, const struct suite_turn *t)
{
	s->back[s->n_back++] = *t;
}

bool suite_next_of_round(struct suite *s, struct suite_turn *t)
{
	if (s->n_back) {
		*t = s->back[0];
		memmove(s->back, s->back + 1, (size_t)--s->n_back * sizeof(*s->back));
		return true;
	}
	if (s->next == s->n_cases)
		return false;
	*t = (struct suite_turn){ s->cases[s->next++], s->next_id++ };
	return true;
}

/* The next case to take up; false: all done, or it is time to stop. */
static bool next_case(struct suite *s, struct suite_turn *t)
{
	if (suite_is_over(s))
		return false;
	if (s->next == s->n_cases && !s->n_back && s->any_ran && !suite_retrying(s) &&
	    STAILQ_EMPTY(&s->retries) &&
	    (s->cfg->repeat == REPEAT_FOREVER || s->round + 1 < s->cfg->repeat)) {
		s->next = 0;
		s->round++;
		s->any_ran = false;
	}
	return suite_next_of_round(s, t);
}

/* What was never run, when the suite ends early. */
static void leave_rest(struct suite *s)
{
	struct suite_turn t;

	if (s->round || s->totals->interrupted || s->totals->hopeless)
		return;
	if (!s->over_time)
		s->totals->not_run = s->n_cases - s->next + s->n_back;
	while (s->over_time && suite_next_of_round(s, &t))
		suite_settle(s, &t, VERDICT_INCONCLUSIVE,
		       "not run: the --deadline of the whole run had come");
}

static void run_all(struct suite *s)
{
	struct suite_turn t;
	bool wait;

	s->over_time = s->cfg->deadline && clock_now(s->cfg->clock) >= s->cfg->deadline;
	for (;;) {
		while (!(wait = s->n_running < s->pace.limit && suite_put_off(s)) &&
		       s->n_running < s->pace.limit && next_case(s, &t))
			suite_take_up(s, &t);
		wait |= suite_retry(s);
		if (!s->n_running && !wait)
			break;
		wait_events(s, wait ? SUITE_START_RETRY : NSTIME_NEVER);
	}
	suite_retry_give_up(s);
	leave_rest(s);
}

/* -1: no memory. */
static int share_agenda(struct suite *s)
{
	size_t size = (size_t)s->n_slots * sizeof(*s->agenda);
	int i;

	s->agenda = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->agenda == MAP_FAILED)
		return -1;
	for (i = 0; i < s->n_slots; i++)
		agenda_clear(&s->agenda[i]);
	return 0;
}

int suite_run(const struct suite_config *cfg, struct suite_case *const *cases, int n,
	      struct suite_totals *totals)
{
	struct leaving own = { 0 };
	struct suite s = { .cfg = cfg, .totals = totals, .cases = cases, .n_cases = n,
			   .round = cfg->round, .leaving = cfg->leaving ? cfg->leaving : &own };

	STAILQ_INIT(&s.retries);
	*totals = (struct suite_totals){ 0 };
	if (suite_watch_signals(&s)) {
		fprintf(stderr, "drillpress: cannot watch signals: %s\n", strerror(errno));
		return -1;
	}
	pace_init(&s.pace, cfg->jobs, cfg->jobs_least ? cfg->jobs_least : cfg->jobs,
		  cfg->jobs_most ? cfg->jobs_most : cfg->jobs);
	s.n_slots = s.pace.most;
	if (share_agenda(&s)) {
		fprintf(stderr, "drillpress: no memory to share: %s\n", strerror(errno));
		close(s.signal_fd);
		sigprocmask(SIG_SETMASK, &s.old_mask, NULL);
		return -1;
	}
	s.slot = xzalloc((size_t)s.n_slots * sizeof(*s.slot));
	s.poll = xzalloc(((size_t)s.n_slots + 1) * sizeof(*s.poll));
	s.back = xzalloc(((size_t)n + 1) * sizeof(*s.back));
	run_all(&s);
	free(s.slot);
	free(s.poll);
	free(s.back);
	leaving_end(&own);
	munmap(s.agenda, (size_t)s.n_slots * sizeof(*s.agenda));
	close(s.signal_fd);
	sigprocmask(SIG_SETMASK, &s.old_mask, NULL);
	return 0;
}

int suite_exit_code(const struct suite_totals *t)
{
	if (t->interrupted)
		return 128 + t->interrupted;
	if (t->count[VERDICT_FAIL])
		return 1;
	if (t->count[VERDICT_BADSCRIPT])
		return 2;
	if (t->count[VERDICT_ENVIRONMENT] || t->hopeless)
		return 3;
	return t->count[VERDICT_INCONCLUSIVE] ? 4 : 0;
}
