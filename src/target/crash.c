/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/crash.h"
#include "base/xmem.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#define FRAMES 32
#define STACK_BYTES (256 * 1024)
#define PATIENCE_SECONDS 2

/* Lies at the low end of the signal stack, which is where the handler finds it. */
struct watch {
	const struct watch *self;	/* the stack may be another's: sanitizers give threads one */
	void (*told)(void *arg, const char *what, const char *trace);
	void *arg;
	int status;
	unsigned seconds;
	const void *program;	/* where it is loaded */
};

static const void *loaded_at(void *at)
{
	Dl_info d;

	return dladdr(at, &d) ? d.dli_fbase : NULL;
}

/* "function+0x12 (file.so)" */
static void name_place(void *at, char *text, size_t size)
{
	const char *file;
	Dl_info d;

	if (!dladdr(at, &d) || !d.dli_fname) {
		snprintf(text, size, "%p", at);
		return;
	}
	file = strrchr(d.dli_fname, '/');
	file = file ? file + 1 : d.dli_fname;
	if (d.dli_sname)
		snprintf(text, size, "%s+0x%zx (%s)", d.dli_sname,
			 (size_t)((char *)at - (char *)d.dli_saddr), file);
	else
		snprintf(text, size, "%s+0x%zx", file, (size_t)((char *)at - (char *)d.dli_fbase));
}

/* How the program called the stack is nobody's business, unless it is all there is. */
static int without_callers(void *const *frame, int n, const void *program)
{
	int i;

	for (i = 0; i < n && loaded_at(frame[i]) != program; i++)
		;
	return i ? i : n;
}

static void name_frames(void *const *frame, int n, char *text, size_t size)
{
	size_t at = 0;
	int i;

	for (i = 0; i < n && at + 1 < size; i++) {
		name_place(frame[i], text + at, size - at - 1);
		at += strlen(text + at);
		text[at++] = '\n';
	}
	text[at ? at - 1 : 0] = '\0';
}

/* Where the signal came, NULL if that is not known here. */
static void *interrupted_at(const ucontext_t *u)
{
#if defined(__x86_64__)
	return (void *)(uintptr_t)u->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (void *)(uintptr_t)u->uc_mcontext.pc;
#else
	(void)u;
	return NULL;
#endif
}

/* The frames of the handler and of the kernel's way to it, where nothing tells how many. */
#define OWN_FRAMES 2

static int own_frames(void *const *frame, int n, const void *at)
{
	int i;

	for (i = 0; i < n; i++)
		if (frame[i] == at)
			return i;
	return n < OWN_FRAMES ? n : OWN_FRAMES;
}

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGVTALRM };

static void on_crash(int sig, siginfo_t *info, void *context)
{
	char where[256], what[400], trace[4096];
	void *frames[FRAMES], **frame;
	const struct watch *w;
	stack_t s;
	size_t i;
	int n, own;

	(void)info;
	sigaltstack(NULL, &s);
	w = s.ss_flags & SS_DISABLE ? NULL : s.ss_sp;
	/* Another one in here is the end: the parent tells what a process died of. */
	for (i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		signal(crashes[i], SIG_DFL);
	/* Another thread, which is not watched, ends the process as if there were no watch. */
	if (!w || w->self != w) {
		raise(sig);
		return;
	}
	alarm(PATIENCE_SECONDS);
	n = backtrace(frames, FRAMES);
	own = own_frames(frames, n, interrupted_at(context));
	frame = frames + own;
	n = without_callers(frame, n - own, w->program);
	name_place(n ? frame[0] : NULL, where, sizeof(where));
	if (sig == SIGVTALRM)
		snprintf(what, sizeof(what), "the stack does not come back: after %u s it is in %s",
			 w->seconds, where);
	else
		snprintf(what, sizeof(what), "the stack crashed: %s in %s", strsignal(sig), where);
	name_frames(frame, n, trace, sizeof(trace));
	w->told(w->arg, what, trace);
	_exit(w->status);
}

void crash_prepare(void)
{
	void *frame[1];

	/* The first call loads a library, which a crash is no time for. */
	backtrace(frame, 1);
}

void crash_watch(void (*told)(void *arg, const char *what, const char *trace), void *arg,
		 int status)
{
	struct sigaction sa = { .sa_sigaction = on_crash, .sa_flags = SA_ONSTACK | SA_SIGINFO };
	struct watch *w = xzalloc(STACK_BYTES);
	stack_t s = { .ss_sp = w, .ss_size = STACK_BYTES };
	size_t i;

	*w = (struct watch){ w, told, arg, status, 0, loaded_at((void *)(uintptr_t)crash_watch) };
	crash_prepare();
	if (sigaltstack(&s, NULL) < 0)
		return;
	for (i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &sa, NULL);
}

void crash_limit(unsigned seconds)
{
	struct itimerval most = { .it_value.tv_sec = (time_t)seconds };
	struct watch *w;
	stack_t s;

	if (sigaltstack(NULL, &s) < 0 || s.ss_flags & SS_DISABLE)
		return;
	w = s.ss_sp;
	if (w->self != w)
		return;
	w->seconds = seconds;
	setitimer(ITIMER_VIRTUAL, &most, NULL);
}
