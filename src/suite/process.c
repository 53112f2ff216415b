/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/process.h"
#include "base/arena.h"
#include "engine/result_codec.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long one that has closed its pipe may take to end, in ms; it takes tens. */
#define END_NAPS 3000

/*
 * A stack that lives in the process may crash as it is taken down, after the
 * verdict. A failure that was found before says more; another verdict no longer
 * holds. False: the result is to be let be.
 */
static bool replaces_end(struct case_process *p)
{
	if (!p->ended)
		p->end_at = p->held.len;
	else if (p->verdict == VERDICT_FAIL)
		return false;
	p->held.len = p->end_at;
	return true;
}

static void pass_on(struct case_process *p, const struct result *e, struct reporter *out, bool live)
{
	if (e->kind == RES_END && !replaces_end(p))
		return;
	if (e->kind == RES_END) {
		p->ended = true;
		p->verdict = e->verdict;
		p->lateness = e->lateness;
		p->duration = e->duration;
	}
	/* RES_BEGIN was sent when the case was started. */
	if (e->kind == RES_BEGIN)
		return;
	if (live && e->kind != RES_END)
		reporter_event(out, p->id, e);
	else
		result_encode(e, &p->held);
}

/* The case under way is over, and not the last. */
static bool goes_on(const struct case_process *p)
{
	return p->ended && p->at + 1 < p->n_batch;
}

bool process_case_over(const struct case_process *p)
{
	return goes_on(p) && p->bytes.len > 0;
}

/* Decodes what has arrived. -1 on garbage. */
static int digest(struct case_process *p, struct reporter *out, bool live)
{
	struct arena *a = arena_new();
	size_t at = 0, used;
	struct result e;
	int n = 0;

	while (!(goes_on(p) && at < p->bytes.len) &&
	       (n = result_decode((const uint8_t *)buf_str(&p->bytes) + at, p->bytes.len - at, &used,
				  a, &e)) == 1) {
		at += used;
		pass_on(p, &e, out, live);
	}
	if (at) {
		memmove(p->bytes.s, p->bytes.s + at, p->bytes.len - at);
		p->bytes.len -= at;
	}
	arena_free(a);
	return n;
}

bool process_digest(struct case_process *p, struct reporter *out, bool live)
{
	if (digest(p, out, live) >= 0)
		return true;
	kill(p->pid, SIGTERM);
	return false;
}

bool process_read(struct case_process *p, struct reporter *out, bool live)
{
	char chunk[65536];
	ssize_t n = read(p->fd, chunk, sizeof(chunk));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	buf_add(&p->bytes, chunk, (size_t)n);
	return process_digest(p, out, live);
}

void process_release(struct case_process *p, struct reporter *out)
{
	struct arena *a = arena_new();
	size_t at = 0, used;
	struct result e;

	while (result_decode((const uint8_t *)buf_str(&p->held) + at, p->held.len - at, &used, a,
			     &e) == 1) {
		at += used;
		reporter_event(out, p->id, &e);
	}
	arena_free(a);
}

void process_clear(struct case_process *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	buf_free(&p->bytes);
	buf_free(&p->held);
	p->ended = false;
	p->killed = 0;
}

int process_wait(struct case_process *p)
{
	const struct timespec nap = nstime_to_timespec(NS_PER_MS);
	int status = 0, naps;
	pid_t got;

	for (naps = 0; (got = waitpid(p->pid, &status, WNOHANG)) == 0 && naps < END_NAPS; naps++)
		nanosleep(&nap, NULL);
	if (got)
		return status;
	p->killed = SIGKILL;
	kill(p->pid, SIGKILL);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

const char *process_death(int status, struct arena *a)
{
	/* The sandbox's init passes a signal on as 128 + its number. */
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) :
		WEXITSTATUS(status) > 128 ? WEXITSTATUS(status) - 128 : 0;

	if (sig)
		return arena_printf(a, "the script's process died of signal %d (%s)", sig, strsignal(sig));
	return arena_printf(a, "the script's process ended without a verdict (status %d)",
			    WEXITSTATUS(status));
}

const char *process_crash(int status, struct arena *a)
{
	/* The last one ends a watch for crashes that could not tell of one any more. */
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM };
	size_t i;

	/* Sanitizers do so when they find something. */
	if (WIFEXITED(status))
		return arena_printf(a, "the stack ended the script's process (status %d)",
				    WEXITSTATUS(status));
	for (i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		if (WIFSIGNALED(status) && WTERMSIG(status) == crashes[i])
			return arena_printf(a, "the stack crashed: %s", strsignal(crashes[i]));
	return NULL;
}
