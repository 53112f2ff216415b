/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a run: begin, events in order, end. */
#include "config.h"

#include "engine/run.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/origin.h"
#include "engine/seen.h"
#include "engine/command.h"
#include "engine/evidence.h"
#include "engine/lacks.h"
#include "engine/events.h"
#include "engine/values.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What the script itself announces for this target, or NULL. */
static const struct expect_fail *announced(const struct run_config *cfg, enum verdict v)
{
	const struct expect_fail *known;

	if (v != VERDICT_FAIL && v != VERDICT_PASS)
		return NULL;
	STAILQ_FOREACH(known, &cfg->info->expect_fails, next)
		if (expect_fail_is_about(known, cfg->target_name, cfg->target_version))
			return known;
	return NULL;
}

/* A failure that is announced is expected, a pass then is not. */
static enum verdict as_expected(const struct run_config *cfg, enum verdict v)
{
	if (!announced(cfg, v))
		return v;
	return v == VERDICT_FAIL ? VERDICT_XFAIL : VERDICT_XPASS;
}

/* The last word; verdict and message before //@ expect-fail. */
static enum verdict end(const struct run_config *cfg, struct result *res)
{
	const struct expect_fail *known = announced(cfg, res->verdict);
	struct buf ids = { 0 };

	res->kind = RES_END;
	res->script = cfg->script->src->name;
	res->variant = ip_version_name(cfg->script->settings.ip_version);
	if (known) {
		res->message = known->reason;
		if (res->verdict == VERDICT_FAIL)
			res->deviates = word_list_text(&known->deviates, &ids);
	}
	res->verdict = as_expected(cfg, res->verdict);
	reporter_event(cfg->out, cfg->id, res);
	buf_free(&ids);
	return res->verdict;
}

void run_end(const struct run_config *cfg, enum verdict v, const char *message, const char *hint)
{
	struct result res = { .verdict = v, .message = message, .hint = hint };

	end(cfg, &res);
}

/* What failed only after the events (code, an unexpected pass) has the environment of the end. */
static enum verdict end_of_run(struct run *r, nstime began)
{
	struct result res = { .verdict = r->verdict == VERDICT_NONE ? VERDICT_PASS : r->verdict,
			      .message = r->message, .hint = r->hint, .lateness = r->time.worst };

	evidence_environment(r, as_expected(r->cfg, res.verdict));
	res.environment = r->environment;
	res.duration = clock_now(r->clock) - began;
	return end(r->cfg, &res);
}

const char *run_spec_text(struct run *r, const struct pkt_spec *s)
{
	struct buf b = { 0 };
	const char *text;

	spec_print(s, &b);
	text = arena_strdup(r->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static const char *pkt_text(struct run *r, const struct pkt *p, bool verbose_ip)
{
	struct buf b = { 0 };
	const char *text;

	pkt_print(p, verbose_ip, &b);
	text = arena_strdup(r->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

const char *run_pkt_text(struct run *r, const struct pkt *p)
{
	return pkt_text(r, p, true);
}

const char *run_pkt_brief(struct run *r, const struct pkt *p)
{
	return pkt_text(r, p, false);
}

/* What the event is about, as the script has it. */
static void name_event(struct run *r, struct result *res, const struct event *e)
{
	if (e->kind == EVENT_SYSCALL)
		res->call = e->call->name;
	if (e->kind == EVENT_PACKET)
		res->written = run_spec_text(r, e->pkt);
	if (event_conn(e))
		res->conn = event_conn(e)->name;
}

struct result run_result(struct run *r, const struct event *e, enum event_kind kind,
			 const struct plan *p)
{
	struct result res = { .kind = RES_EVENT, .event = kind, .span = e->span };

	/* The first event makes time zero. */
	res.planned = p->first ? r->time.start : p->due;
	res.planned_end = p->first ? r->time.start : p->until;
	res.tolerance = p->any ? NSTIME_NEVER : kind == EVK_OUTBOUND ? p->late_tolerance : p->tolerance;
	res.actual = p->due;
	res.origin = p->from;
	res.relative = e->when.kind == WHEN_REL || e->when.kind == WHEN_REL_RANGE;
	res.iteration = iteration_text(e->loop, r->arena);
	name_event(r, &res, e);
	return res;
}

void run_emit(struct run *r, struct result *res)
{
	res->frames = evidence_of_script(r, res->frames);
	res->planned -= r->time.start;
	res->planned_end -= r->time.start;
	res->wall = clock_wall_offset(r->clock);
	if (res->wall)
		res->wall += res->actual;
	res->origin -= r->time.start;
	res->actual -= r->time.start;
	if (r->script->src->map)
		res->place = origin_place(r->script->src, res->span, r->arena);
	reporter_event(r->cfg->out, r->cfg->id, res);
}

void run_note(struct run *r, struct span at, const char *fmt, ...)
{
	struct result res = { .kind = RES_NOTE, .span = at };
	va_list ap;

	va_start(ap, fmt);
	res.message = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	res.planned = res.planned_end = res.actual = clock_now(r->clock);
	run_emit(r, &res);
}

struct mismatch *run_mismatches(struct run *r, const struct pkt_diff_list *l)
{
	struct mismatch *first = NULL, **tail = &first;
	const struct pkt_diff *d;

	for (d = l->first; d; d = d->next) {
		struct mismatch *m = arena_new_of(r->arena, struct mismatch);

		m->field = d->field;
		m->want = d->want;
		m->got = d->got;
		*tail = m;
		tail = &m->next;
	}
	return first;
}

int run_stop(struct run *r, const struct event *e, enum verdict v, const char *message,
	     const char *hint)
{
	struct result res = { .kind = RES_EVENT, .verdict = v, .message = message, .hint = hint };

	if (e) {
		res.span = e->span;
		res.iteration = iteration_text(e->loop, r->arena);
		name_event(r, &res, e);
	}
	res.planned = res.planned_end = res.actual = clock_now(r->clock);
	r->verdict = v;
	r->message = message;
	r->hint = hint;
	run_emit(r, &res);
	return -1;
}

int run_stop_diag(struct run *r, const struct event *e, enum verdict v)
{
	const struct diag *d = r->diag.first;
	struct event at = *e;

	while (d && d->next)
		d = d->next;
	if (d && d->span.line)
		at.span = d->span;
	return run_stop(r, &at, v, d ? d->msg : "unknown error", NULL);
}

static int run_broken(struct run *r, const struct event *e)
{
	struct result res = { .kind = RES_EVENT, .span = e ? e->span : (struct span){ 0 },
			      .message = r->target->broken };

	res.planned = res.planned_end = res.actual = clock_now(r->clock);
	return run_fail(r, &res);
}

bool run_overdue(const struct run *r)
{
	return clock_now(r->clock) >= r->deadline;
}

/* Where a timer may end the connection's state by itself, that is looked for. */
static nstime next_look(const struct run *r, nstime now, nstime t)
{
	nstime left = run_timer_left(r);

	if (r->target->dear)
		return run_next_look(r, 0);
	if (left == NSTIME_NEVER)
		return t;
	left = left < NS_PER_SEC ? left : NS_PER_SEC;
	return now + (left > 5 * NS_PER_MS ? left : 5 * NS_PER_MS);
}

int run_wait_until(struct run *r, const struct event *e, nstime t)
{
	nstime now = clock_now(r->clock), needed = t;
	bool overdue = t > r->deadline;

	if (overdue)
		t = r->deadline;
	/* Long waits are broken up where a timer may change the connection's state by itself. */
	while (now < t - 10 * NS_PER_MS) {
		nstime look = next_look(r, now, t);

		if (look > t - 5 * NS_PER_MS)
			break;
		clock_wait_until(r->clock, look);
		if (run_observe(r, NULL))
			return -1;
		now = clock_now(r->clock);
	}
	clock_wait_until(r->clock, t);
	if (r->target->broken)
		return run_broken(r, e);
	return overdue ? run_fail_overdue(r, e, needed) : 0;
}

static bool expects_packet(const struct event *e)
{
	return e->kind == EVENT_GROUP || (e->kind == EVENT_PACKET && e->pkt->dir == PKT_OUT);
}

/* What did not come within this long after it was due is not waited for so keenly. */
#define PAST_DUE (20 * NS_PER_MS)
/*
 * Commands often configure the network, for which the kernel has one lock. It is
 * held for long where namespaces come and go, so none should, in good time before.
 */
#define COMMAND_LEAD (100 * NS_PER_MS)

/* When the next command is due, if it is soon after the event that is due then; else NEVER. */
static nstime next_command(const struct event *e, nstime due)
{
	nstime by = due + COMMAND_LEAD;

	for (; e && due < by; e = STAILQ_NEXT(e, next)) {
		if (e->kind == EVENT_COMMAND)
			return due;
		if (STAILQ_NEXT(e, next) && STAILQ_NEXT(e, next)->when.kind == WHEN_REL)
			due += STAILQ_NEXT(e, next)->when.t;
	}
	return NSTIME_NEVER;
}

/* What passes by itself (a silence, "any time") is nobody's business. */
static void announce(struct run *r, const struct event *e)
{
	const struct plan p = timeline_plan(&r->time, e);
	bool silence = e->kind == EVENT_PACKET && e->pkt->kind == SPEC_NOTHING;
	nstime command = next_command(e, p.due);

	/* Before the first event there is nothing that could go wrong by a command's being slow. */
	if (command != NSTIME_NEVER && !r->time.first)
		agenda_set(r->cfg->agenda, command - COMMAND_LEAD, command + COMMAND_LEAD, true);
	else if (p.any || silence)
		agenda_clear(r->cfg->agenda);
	else
		agenda_set(r->cfg->agenda, p.due, p.due + PAST_DUE, false);
}

static int one_event(struct run *r, const struct event *e)
{
	announce(r, e);
	e = values_put(r, e);
	if (!e)
		return -1;
	switch (e->kind) {
	case EVENT_PACKET:
		if (e->pkt->dir == PKT_IN)
			return event_inject(r, e);
		if (e->pkt->kind == SPEC_NOTHING)
			return event_silence(r, e);
		return e->pkt->optional ? event_optional(r, e) : event_expect(r, e);
	case EVENT_GROUP:
		return event_group(r, e);
	case EVENT_SYSCALL:
		return event_call(r, e);
	case EVENT_COMMAND:
		return event_command(r, e);
	case EVENT_CODE:
		return event_code(r, e);
	case EVENT_ASSERT:
		return event_assert(r, e);
	}
	return 0;
}

static void under_way(struct run *r, const struct event *e)
{
	if (r->cfg->at)
		*r->cfg->at = (struct run_place){ e, r->time.start };
}

static void all_events(struct run *r)
{
	const struct event *e, *last = NULL;

	STAILQ_FOREACH(e, &r->script->events, next)
		if (expects_packet(e))
			last = e;
	r->any_outbound_left = last != NULL;
	STAILQ_FOREACH(e, &r->script->events, next) {
		under_way(r, e);
		if (one_event(r, e))
			return;
		if (r->target->broken) {
			run_broken(r, e);
			return;
		}
		if (run_overdue(r)) {
			run_fail_overdue(r, e, clock_now(r->clock));
			return;
		}
		if (e == last)
			r->any_outbound_left = false;
	}
	calls_finish(r, true);
}

static int setup_command(struct run *r, const struct text_ast *t, const char *what)
{
	struct command_outcome o = command_run(t->text, r->set->timeout, r->cfg->commands_aloud,
						r->arena);
	struct result res = { .kind = RES_EVENT, .event = EVK_COMMAND, .span = t->span };

	if (*o.output)
		res.hint = arena_printf(r->arena, "it printed: %s", o.output);
	res.planned = res.planned_end = res.actual = r->time.start;
	res.text = arena_printf(r->arena, "`%s`", t->text);
	if (!o.failed) {
		run_emit(r, &res);
		/* Often a complaint that its exit status does not show, and the reason for what follows. */
		if (*o.output)
			run_note(r, t->span, "the %s command printed: %s", what, o.output);
		return 0;
	}
	res.verdict = VERDICT_ENVIRONMENT;
	res.message = arena_printf(r->arena, "error executing %s command: %s", what, o.failed);
	/* A cleanup that fails does not undo what was found before. */
	if (r->verdict == VERDICT_NONE) {
		r->verdict = res.verdict;
		r->message = res.message;
		r->hint = res.hint;
	}
	run_emit(r, &res);
	return -1;
}

static void start_time(struct run *r, nstime zero)
{
	timeline_init(&r->time, r->set, zero, clock_timer_step(r->clock));
	r->time.exact = r->target->exact;
}

static void run_init(struct run *r, const struct run_config *cfg, struct target *t)
{
	*r = (struct run){ .cfg = cfg, .script = cfg->script, .set = &cfg->script->settings,
			   .target = t, .clock = t->clock, .arena = arena_new() };
	diag_init(&r->diag, r->arena);
	r->diag.src = cfg->script->src;
	STAILQ_INIT(&r->seen);
	STAILQ_INIT(&r->code);
	values_init(&r->values, r->arena);
	flow_init(&r->flows, r->set, r->arena);
	mptcp_init(&r->mptcp, r->set, r->arena);
	oracle_init(&r->oracle);
	r->workers = workers_new(t);
	r->sys = (struct sys_ctx){ .settings = r->set, .arena = r->arena, .diag = &r->diag };
	r->deadline = NSTIME_NEVER;
	start_time(r, clock_now(r->clock));
}

/* A script that asks for addresses of its own may well fail with others. */
static void note_overridden(struct run *r)
{
	const struct option_ast *o;

	STAILQ_FOREACH(o, &r->script->options, next)
		if (o->overridden)
			run_note(r, o->span, "--%s=%s was given, which wins over the script's %s",
				 o->name, o->overridden, o->value);
}

/* What a target cannot do at all makes it neither right nor wrong. */
static int skip_lacking(struct run *r)
{
	struct event at = { .kind = EVENT_COMMAND };
	const char *what = script_lacks(r->script, r->target, r->arena, &at.span);

	return what ? run_stop(r, &at, VERDICT_SKIP, what, NULL) : 0;
}

static enum verdict finish(struct run *r, nstime began)
{
	enum verdict v = end_of_run(r, began);

	/* A worker stuck in a call still uses its buffers; the process is about to end. */
	if (workers_free(r->workers) == 0)
		arena_free(r->arena);
	return v;
}

enum verdict run_script(const struct run_config *cfg, struct target *t)
{
	struct run r;
	nstime began = clock_now(t->clock);

	run_init(&r, cfg, t);
	signal(SIGPIPE, SIG_IGN);
	note_overridden(&r);
	if (skip_lacking(&r))
		return finish(&r, began);
	if (!cfg->script->init || !setup_command(&r, cfg->script->init, "init")) {
		start_time(&r, clock_good_start(r.clock));
		r.wall_offset = clock_wall_offset(r.clock);
		r.deadline = r.time.start + r.set->timeout;
		all_events(&r);
		under_way(&r, NULL);
		agenda_clear(cfg->agenda);
		seen_report_rest(&r);
		evidence_environment(&r, r.verdict);
	}
	if (cfg->script->cleanup)
		setup_command(&r, cfg->script->cleanup, "cleanup");
	code_run(&r);
	return finish(&r, began);
}
