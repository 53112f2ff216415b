/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/suite.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "suite/needs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* A case under way. */
struct running {
	const struct suite_case *c;
	unsigned id;
	pid_t pid;
	int fd;			/* its events; -1 once closed */
	int try;
	struct buf bytes;	/* not decoded yet */
	struct buf held;	/* whole events kept until the verdict is final */
	bool ended;		/* RES_END came */
	enum verdict verdict;
};

struct suite {
	const struct suite_config *cfg;
	struct suite_totals *totals;
	struct running *slot;
	struct pollfd *poll;	/* one per slot, and the signals */
	int n_running;
	pid_t *leaving;		/* processes that have said all and are being torn down by the kernel */
	int n_leaving;
	unsigned next_id;
	int signal_fd;
	sigset_t old_mask;
};

static void count(struct suite *s, enum verdict v)
{
	s->totals->count[v]++;
}

static void emit(struct suite *s, unsigned id, const struct suite_case *c, enum result_kind kind,
		 enum verdict v, const char *message)
{
	struct result res = { .kind = kind, .verdict = v, .script = c->path, .variant = c->version,
			      .message = message };

	if (c->diag.first && v == VERDICT_BADSCRIPT)
		res.span = c->diag.first->span;
	reporter_event(s->cfg->out, id, &res);
}

/* A verdict without a run. */
static void settle(struct suite *s, const struct suite_case *c, enum verdict v, const char *message)
{
	unsigned id = s->next_id++;

	emit(s, id, c, RES_BEGIN, VERDICT_NONE, NULL);
	emit(s, id, c, RES_END, v, message);
	count(s, v);
}

static void pass_on(struct suite *s, struct running *r, const struct result *e)
{
	if (e->kind == RES_END) {
		r->ended = true;
		r->verdict = e->verdict;
	}
	/* RES_BEGIN was sent when the case was started. */
	if (e->kind == RES_BEGIN)
		return;
	if (s->cfg->live && e->kind != RES_END)
		reporter_event(s->cfg->out, r->id, e);
	else
		result_encode(e, &r->held);
}

/* Decodes what has arrived. -1 on garbage. */
static int digest(struct suite *s, struct running *r)
{
	struct arena *a = arena_new();
	size_t at = 0, used;
	struct result e;
	int n;

	while ((n = result_decode((const uint8_t *)buf_str(&r->bytes) + at, r->bytes.len - at, &used,
				  a, &e)) == 1) {
		at += used;
		pass_on(s, r, &e);
	}
	if (at) {
		memmove(r->bytes.s, r->bytes.s + at, r->bytes.len - at);
		r->bytes.len -= at;
	}
	arena_free(a);
	return n;
}

static void release(struct suite *s, struct running *r)
{
	struct arena *a = arena_new();
	size_t at = 0, used;
	struct result e;

	while (result_decode((const uint8_t *)buf_str(&r->held) + at, r->held.len - at, &used, a,
			     &e) == 1) {
		at += used;
		reporter_event(s->cfg->out, r->id, &e);
	}
	arena_free(a);
}

static const char *death(int status, struct arena *a)
{
	/* The sandbox's init passes a signal on as 128 + its number. */
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) :
		WEXITSTATUS(status) > 128 ? WEXITSTATUS(status) - 128 : 0;

	if (sig)
		return arena_printf(a, "the script's process died: %s", strsignal(sig));
	return arena_printf(a, "the script's process ended without a verdict (status %d)",
			    WEXITSTATUS(status));
}

static int start(struct suite *s, struct running *r);

static void free_slot(struct suite *s, struct running *r)
{
	if (r->fd >= 0)
		close(r->fd);
	buf_free(&r->bytes);
	buf_free(&r->held);
	r->pid = 0;
	s->n_running--;
}

/* The case's process is gone: final, or try again. */
static void finish(struct suite *s, struct running *r, int status)
{
	struct arena *a = arena_new();

	if (!r->ended && s->totals->interrupted) {
		release(s, r);
		emit(s, r->id, r->c, RES_END, VERDICT_INCONCLUSIVE,
		     arena_printf(a, "interrupted: %s", strsignal(s->totals->interrupted)));
		r->verdict = VERDICT_INCONCLUSIVE;
	} else if (!r->ended) {
		release(s, r);
		emit(s, r->id, r->c, RES_END, VERDICT_ENVIRONMENT, death(status, a));
		r->verdict = VERDICT_ENVIRONMENT;
	} else if (r->verdict == VERDICT_INCONCLUSIVE && r->try < s->cfg->tries &&
		   !s->totals->interrupted) {
		close(r->fd);
		buf_free(&r->bytes);
		buf_free(&r->held);
		r->try++;
		arena_free(a);
		if (start(s, r) == 0)
			return;
		free_slot(s, r);
		return;
	} else {
		release(s, r);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == s->cfg->hopeless_status)
		s->totals->hopeless = true;
	count(s, r->verdict);
	free_slot(s, r);
	arena_free(a);
}

static int start(struct suite *s, struct running *r)
{
	struct arena *a = arena_new();
	struct diag_sink d;
	int fds[2], err = -1;

	diag_init(&d, a);
	r->ended = false;
	r->fd = -1;
	r->pid = -1;
	if (pipe2(fds, O_CLOEXEC)) {
		diag_error(&d, (struct span){ 0 }, "no pipe: %s", strerror(errno));
	} else {
		r->pid = s->cfg->start(s->cfg->start_arg, r->c, r->id, fds[1], &d);
		close(fds[1]);
		r->fd = fds[0];
		err = r->pid < 0 ? -1 : 0;
	}
	if (err) {
		emit(s, r->id, r->c, RES_END, VERDICT_ENVIRONMENT,
		     d.first ? d.first->msg : "the script's process cannot be started");
		count(s, VERDICT_ENVIRONMENT);
		s->totals->hopeless = true;
	}
	arena_free(a);
	return err;
}

/* Takes a case up: settles it at once, or starts its process in a free slot. */
static void take_up(struct suite *s, const struct suite_case *c)
{
	const char *why = c->unsupported;
	struct running *r = s->slot;

	if (!c->script) {
		settle(s, c, VERDICT_BADSCRIPT, c->diag.first ? c->diag.first->msg : "it has errors");
		return;
	}
	if (!why)
		why = needs_unmet(&c->info, c->arena);
	if (!why)
		why = needs_code_command(c->script, c->arena);
	if (why) {
		settle(s, c, VERDICT_SKIP, why);
		return;
	}
	while (r->pid)
		r++;
	*r = (struct running){ .c = c, .id = s->next_id++, .try = 1 };
	emit(s, r->id, c, RES_BEGIN, VERDICT_NONE, NULL);
	s->n_running++;
	if (start(s, r))
		free_slot(s, r);
}

/* Collects those of the leaving that are gone. */
static void collect(struct suite *s)
{
	int i;

	for (i = 0; i < s->n_leaving; i++)
		if (waitpid(s->leaving[i], NULL, WNOHANG) != 0)
			s->leaving[i--] = s->leaving[--s->n_leaving];
}

/*
 * The case's pipe has closed. Its process has nothing more to say, and what
 * the kernel still takes down (network namespaces take tens of milliseconds)
 * need not be waited for. How it ended matters only if it said no verdict.
 */
static void reap(struct suite *s, struct running *r)
{
	int status = 0;

	collect(s);
	if (r->ended && r->verdict != VERDICT_ENVIRONMENT) {
		s->leaving = xrealloc(s->leaving, (size_t)(s->n_leaving + 1) * sizeof(*s->leaving));
		s->leaving[s->n_leaving++] = r->pid;
	} else {
		while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	finish(s, r, status);
}

/* SIGTERM lets a sandbox take its connections down; who asks twice is in a hurry. */
static void kill_all(struct suite *s, int sig)
{
	int i;

	for (i = 0; i < s->cfg->jobs; i++)
		if (s->slot[i].pid > 0)
			kill(s->slot[i].pid, sig);
}

/* One round: waits for events, ends and signals. */
static void wait_events(struct suite *s)
{
	struct pollfd *p = s->poll;
	struct signalfd_siginfo si;
	char chunk[65536];
	ssize_t n;
	int i;

	for (i = 0; i < s->cfg->jobs; i++)
		p[i] = (struct pollfd){ .fd = s->slot[i].pid > 0 ? s->slot[i].fd : -1, .events = POLLIN };
	p[i] = (struct pollfd){ .fd = s->signal_fd, .events = POLLIN };
	if (poll(p, (nfds_t)s->cfg->jobs + 1, -1) < 0)
		return;
	if (p[i].revents && read(s->signal_fd, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		kill_all(s, s->totals->interrupted ? SIGKILL : SIGTERM);
		s->totals->interrupted = (int)si.ssi_signo;
	}
	for (i = 0; i < s->cfg->jobs; i++) {
		struct running *r = &s->slot[i];

		if (p[i].fd < 0 || !p[i].revents)
			continue;
		n = read(r->fd, chunk, sizeof(chunk));
		if (n > 0)
			buf_add(&r->bytes, chunk, (size_t)n);
		if (n <= 0 || digest(s, r) < 0) {
			if (n > 0)
				kill(r->pid, SIGTERM);
			reap(s, r);
		}
	}
}

static int watch_signals(struct suite *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, &s->old_mask))
		return -1;
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signal_fd < 0 ? -1 : 0;
}

int suite_run(const struct suite_config *cfg, const struct suite_list *list,
	      struct suite_totals *totals)
{
	struct suite s = { .cfg = cfg, .totals = totals };
	const struct suite_case *c = list->first;

	*totals = (struct suite_totals){ 0 };
	if (watch_signals(&s)) {
		fprintf(stderr, "drillpress: cannot watch signals: %s\n", strerror(errno));
		return -1;
	}
	s.slot = xzalloc((size_t)cfg->jobs * sizeof(*s.slot));
	s.poll = xzalloc(((size_t)cfg->jobs + 1) * sizeof(*s.poll));
	while (c || s.n_running) {
		while (c && s.n_running < cfg->jobs && !totals->interrupted && !totals->hopeless) {
			take_up(&s, c);
			c = c->next;
		}
		if (totals->interrupted || totals->hopeless)
			c = NULL;
		if (s.n_running)
			wait_events(&s);
	}
	free(s.slot);
	free(s.poll);
	collect(&s);
	free(s.leaving);
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
