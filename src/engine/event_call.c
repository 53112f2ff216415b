/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls: at once, or blocking while the script goes on. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/seen.h"
#include "engine/events.h"
#include "engine/flow_named.h"
#include "engine/values.h"

#include <netinet/in.h>

/* A call handed to a worker. */
struct blocked_call {
	const struct event *event;
	struct plan plan;
	struct sys_call *call;
	struct job job;
	struct blocked_call *next;
};

/* A call that is not written as blocking is expected back in this time; longer ones are watched. */
#define AT_ONCE (5 * NS_PER_MS)
/* How long a call may take to fall asleep or return. */
#define FALL_ASLEEP NS_PER_SEC
/* How often to look at what happens while a call blocks; and that where looks are dear. */
#define LOOK (20 * NS_PER_MS)
#define LOOK_DEAR (200 * NS_PER_MS)
/* How long calls still blocked at the end of the script are waited for. */
#define LAST_PATIENCE NS_PER_SEC

/* Before the call: a connecting socket's first packet must find its flow. */
static void flows_before(struct run *r, const struct sys_call *c)
{
	const struct msghdr *msg;

	switch (c->live.id) {
	case CALL_connect:
		if (c->ast->conn.name && flow_by_fd(&r->flows, c->script_fd))
			flow_name(&r->flows, flow_by_fd(&r->flows, c->script_fd), c->ast->conn.name);
		flow_connecting(&r->flows, c->script_fd,
				(const struct sockaddr_storage *)c->live.arg[1]);
		break;
	case CALL_sendto:
		if (c->live.arg[4])
			flow_connecting(&r->flows, c->script_fd,
					(const struct sockaddr_storage *)c->live.arg[4]);
		break;
	case CALL_sendmsg:
		msg = (const struct msghdr *)c->live.arg[1];
		if (msg->msg_name)
			flow_connecting(&r->flows, c->script_fd, msg->msg_name);
		break;
	default:
		break;
	}
}

/* After it. Returns what is wrong, or NULL. */
static const char *flows_after(struct run *r, const struct sys_call *c)
{
	int32_t live = (int32_t)c->live.result;

	if (live < 0)
		return NULL;
	switch (c->live.id) {
	case CALL_socket:
		flow_socket(&r->flows, c->live.arg[2] ? (int)c->live.arg[2] :
			    (c->live.arg[1] & 0xf) == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP,
			    c->want, live);
		if (c->ast->conn.name)
			flow_name(&r->flows, r->flows.sut, c->ast->conn.name);
		return NULL;
	case CALL_bind:
		flow_bound(&r->flows, c->script_fd,
			   (const struct sockaddr_storage *)c->live.arg[1]);
		return NULL;
	case CALL_listen:
		flow_listening(&r->flows, c->script_fd);
		return NULL;
	case CALL_accept:
	case CALL_accept4:
		return accept_done(r, c);
	case CALL_close:
		/* The record stays, so that what is left of the connection can still be scripted. */
		if (flow_by_fd(&r->flows, c->script_fd)) {
			flow_by_fd(&r->flows, c->script_fd)->live_fd = -1;
			flow_by_fd(&r->flows, c->script_fd)->script_fd = -1;
		}
		return NULL;
	default:
		return NULL;
	}
}

static const char *live_text(struct run *r, const struct sys_call *c)
{
	struct buf b = { 0 };
	const char *text;

	sys_text(&r->sys, c, &b);
	text = arena_strdup(r->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static const char *ast_text(struct run *r, const struct syscall_ast *ast)
{
	struct buf b = { 0 };
	const char *text;

	call_print(ast, &b);
	text = arena_strdup(r->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

/* The end time of T...END, which is the stack's doing. Returns what is wrong with it, or NULL. */
static const char *return_time(struct run *r, const struct blocked_call *b, nstime *tolerance)
{
	nstime end = b->plan.end, off, slack = timeline_wait_slack(&r->time, end - b->job.started);
	nstime share = (nstime)((double)(end - b->job.started) * r->time.percent / 100);
	char text[NSTIME_TEXT];

	*tolerance = share > r->time.tolerance ? share : r->time.tolerance;
	off = b->job.ended - end;
	/* Calls that a timer ends are as coarse as the kernel's tick, like packets. */
	if (off >= -*tolerance && off <= *tolerance + slack)
		return NULL;
	if (off > 0)
		*tolerance += slack;
	/* What the worker waited for a processor is the tester's, not the stack's. */
	timeline_noticed_late(&r->time, b->job.starved);
	return arena_printf(r->arena, "%s() returned %s too %s", b->call->ast->name,
			    nstime_words(off < 0 ? -off : off, text), off < 0 ? "early" : "late");
}

/* What the stack's stamps in control messages are compared with. */
static void place_stamps(struct run *r)
{
	struct sys_stamps *s = &r->sys.stamps;

	s->zero[0] = r->time.start + r->wall_offset;
	s->zero[1] = r->time.start + clock_wall_offset(r->clock);
	s->early = r->time.drift_low;
	s->late = r->time.drift_high;
	s->tick = timeline_tick_slack(&r->time);
}

/* Said once: where the device makes one call by itself, it makes more. */
static void note_assumed(struct run *r, const struct blocked_call *b)
{
	if (b->call->live.assumed && !r->assumed)
		run_note(r, b->event->span, "%s() and other calls are assumed: the device makes them by "
			 "itself, and only its packets show that", b->call->ast->name);
	r->assumed |= b->call->live.assumed;
}

/* Judges a call that has returned; emits its event. */
static int judge(struct run *r, struct blocked_call *b, enum event_kind kind)
{
	struct result res = run_result(r, b->event, kind, &b->plan);
	struct mismatch *m;
	const char *wrong;

	if (b->call->live.lacks)
		return run_stop(r, b->event, VERDICT_SKIP,
				arena_printf(r->arena, "%s has no %s: %s", r->target->name,
					     b->call->live.lacks, ast_text(r, b->call->ast)), NULL);
	if (b->call->live.refused)
		return run_stop(r, b->event, VERDICT_ENVIRONMENT,
				arena_strdup(r->arena, b->call->live.refused), NULL);
	note_assumed(r, b);
	place_stamps(r);
	m = sys_verify(&r->sys, b->call);
	wrong = flows_after(r, b->call);
	res.actual = b->job.started;
	if (kind == EVK_CALL_RETURN) {
		res.actual = b->job.ended;
		res.planned = res.planned_end = b->plan.end;
		if (!m && !wrong)
			res.off_time = (wrong = return_time(r, b, &res.tolerance)) != NULL;
	}
	res.text = live_text(r, b->call);
	res.mismatches = m;
	if (!m && !wrong) {
		if (values_keep_call(r, b->event, b->call, b->job.ended, &res))
			return run_fail(r, &res);
		run_emit(r, &res);
		return 0;
	}
	res.want = ast_text(r, b->call->ast);
	res.got = res.text;
	res.message = wrong ? wrong : arena_printf(r->arena, "%s(): %s is %s, expected %s",
						   b->call->ast->name, m->field, m->got, m->want);
	if (r->set->non_fatal & NON_FATAL_SYSCALL) {
		res.message = arena_printf(r->arena, "warning: %s", res.message);
		if (values_keep_call(r, b->event, b->call, b->job.ended, &res))
			return run_fail(r, &res);
		run_emit(r, &res);
		return 0;
	}
	return res.off_time ? run_fail_time(r, &res) : run_fail(r, &res);
}

static void forget(struct run *r, const struct blocked_call *b)
{
	struct blocked_call **at;

	for (at = &r->blocked; *at; at = &(*at)->next) {
		if (*at == b) {
			*at = b->next;
			return;
		}
	}
}

static int still_blocked(struct run *r, struct blocked_call *b, const char *message)
{
	struct result res = run_result(r, b->event, EVK_CALL, &b->plan);

	res.planned = res.planned_end = b->plan.end != NSTIME_NEVER ? b->plan.end : b->plan.due;
	res.actual = clock_now(r->clock);
	res.want = ast_text(r, b->call->ast);
	res.got = "the call has not returned";
	res.text = res.got;
	res.message = message;
	return run_fail_time(r, &res);
}

int calls_finish(struct run *r, bool at_end)
{
	struct blocked_call *b, *next;

	for (b = r->blocked; b; b = next) {
		next = b->next;
		/* One that an event has just woken must not be overtaken by what follows. */
		workers_wait_asleep(r->workers, &b->job, FALL_ASLEEP);
		if (!workers_done(r->workers, &b->job)) {
			if (!at_end)
				continue;
			if (!workers_wait(r->workers, &b->job, LAST_PATIENCE))
				return still_blocked(r, b, "exiting while a blocking system call is in "
						     "progress");
		}
		forget(r, b);
		if (judge(r, b, EVK_CALL_RETURN))
			return -1;
	}
	return 0;
}

/*
 * Waits for a call that is not written as blocking. One that blocks all the
 * same is let be until the script's time is used up, and what happens
 * meanwhile is shown.
 */
static int wait_returned(struct run *r, struct blocked_call *b)
{
	if (workers_wait(r->workers, &b->job, AT_ONCE + (b->plan.due > clock_now(r->clock) ?
							  b->plan.due - clock_now(r->clock) : 0)))
		return 0;
	do {
		seen_pump(r, 0);
		if (run_look(r, b->event))
			return -1;
		if (run_overdue(r))
			return still_blocked(r, b, "the call did not return before the script's --timeout");
	} while (!workers_wait(r->workers, &b->job, r->target->dear ? LOOK_DEAR : LOOK));
	return 0;
}

static int call_at_once(struct run *r, struct blocked_call *b)
{
	const struct event *e = b->event;

	if (wait_returned(r, b))
		return -1;
	/* A call may send much at once; the capture's ring is not for keeping it. */
	seen_pump(r, 0);
	b->plan.end = NSTIME_NEVER;
	timeline_acted(&r->time, e, &b->plan, b->job.started, b->job.ended);
	if (judge(r, b, EVK_CALL))
		return -1;
	return run_observe(r, e);
}

static int call_blocking(struct run *r, struct blocked_call *b)
{
	const struct event *e = b->event;
	struct result res;

	b->next = r->blocked;
	r->blocked = b;
	if (run_wait_until(r, e, b->plan.due))
		return -1;
	workers_wait_asleep(r->workers, &b->job, FALL_ASLEEP);
	/* The call's own start is the origin of what follows. */
	timeline_acted(&r->time, e, &b->plan, b->job.started, b->job.started);
	if (!workers_done(r->workers, &b->job)) {
		res = run_result(r, e, EVK_CALL, &b->plan);
		res.actual = b->job.started;
		res.text = ast_text(r, b->call->ast);
		res.message = "blocks";
		run_emit(r, &res);
	}
	if (calls_finish(r, false))
		return -1;
	return run_observe(r, e);
}

int event_call(struct run *r, const struct event *e)
{
	struct blocked_call *b = arena_new_of(r->arena, struct blocked_call);

	b->event = e;
	b->plan = timeline_plan(&r->time, e);
	/* Long waits are the engine's, so that states are seen; the last stretch is the worker's. */
	if (run_wait_until(r, e, b->plan.due - NS_PER_MS))
		return -1;
	b->call = sys_prepare(&r->sys, e->call);
	if (!b->call)
		return run_stop_diag(r, e, VERDICT_BADSCRIPT);
	b->call->live.written = e->call;
	b->call->live.want = b->call->want;
	flows_before(r, b->call);
	b->job.call = &b->call->live;
	b->job.start_at = b->plan.due;
	if (workers_submit(r->workers, &b->job))
		return run_stop(r, e, VERDICT_ENVIRONMENT, "no thread can be made for a system call",
				"check the limit on processes: ulimit -u");
	return e->when.has_end ? call_blocking(r, b) : call_at_once(r, b);
}
