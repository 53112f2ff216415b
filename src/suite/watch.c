/* SPDX-License-Identifier: BSD-2-Clause */
/* What ends processes before they end: signals to the suite, a script that hangs, the deadline. */
#include "config.h"

#include "suite/suite_state.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

/*
 * A script ends itself at its --timeout. One that is still there after twice
 * that and this much has stopped working; it is asked to end, then made to.
 */
#define WATCHDOG_EXTRA (10 * NS_PER_SEC)
#define WATCHDOG_INSIST (5 * NS_PER_SEC)

/* SIGTERM lets a sandbox take its connections down; who asks twice is in a hurry. */
static void kill_all(struct suite *s, int sig)
{
	int i;

	for (i = 0; i < s->n_slots; i++)
		if (s->slot[i].c)
			kill(s->slot[i].pid, sig);
}

/* When this process has to be killed, or killed for good. */
static nstime patience(const struct suite *s, const struct case_process *p)
{
	nstime t = p->began + 2 * p->c->script->settings.timeout + WATCHDOG_EXTRA;

	if (s->cfg->deadline && s->cfg->deadline < t)
		t = s->cfg->deadline;
	return p->killed ? t + WATCHDOG_INSIST : t;
}

nstime suite_watch(struct suite *s)
{
	nstime now = clock_now(s->cfg->clock), next = NSTIME_NEVER, t;
	struct case_process *p;

	if (s->cfg->deadline && now >= s->cfg->deadline)
		s->over_time = true;
	for (p = s->slot; p < s->slot + s->n_slots; p++) {
		if (!p->c || p->killed == SIGKILL)
			continue;
		if (now >= patience(s, p)) {
			p->killed = p->killed ? SIGKILL : SIGTERM;
			kill(p->pid, p->killed);
		}
		t = patience(s, p);
		next = t < next ? t : next;
	}
	return next == NSTIME_NEVER ? next : next - now;
}

void suite_on_signal(struct suite *s)
{
	struct signalfd_siginfo si;

	if (read(s->signal_fd, &si, sizeof(si)) != (ssize_t)sizeof(si))
		return;
	kill_all(s, s->totals->interrupted ? SIGKILL : SIGTERM);
	s->totals->interrupted = (int)si.ssi_signo;
}

int suite_watch_signals(struct suite *s)
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
