/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/guest_death.h"
#include "base/arena.h"
#include "target/uml.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* Of what the kernel said so many lines are told; of what is understood, only the last. */
#define LINES 24

/* Words of User-Mode Linux, which nothing else begins with. */
#define UML_FIRST_WORDS "Core dump limits"

#define NO_TRACING "a program may not trace another one here (ptrace), which is how User-Mode Linux " \
	"works: allow it (sysctl kernel.yama.ptrace_scope=1; in a container, " \
	"--cap-add=SYS_PTRACE or another seccomp profile)"

/* What the machine lacks or refuses shows in these words. The first that is found counts. */
static const struct {
	const char *words, *message;
	bool any_time;			/* also while scripts run */
	bool of_memory;			/* the folder of the guest's memory is told, too */
} lack_table[] = {
	{ "fork failed", GUEST_NO_PROCESSES, .any_time = false },
	{ "clone failed", GUEST_NO_PROCESSES, .any_time = true },
	{ "check_ptrace", NO_TRACING, .any_time = false },
	{ "start_ptraced_child", NO_TRACING, .any_time = false },
	{ "noexec", "programs cannot be run from the folder of the guest's memory: name another one in "
	  "TMPDIR", .of_memory = true },
	{ "setup_physmem", "no address space for the guest's memory: say memory= with less, or raise "
	  "ulimit -v", .of_memory = true },
	{ "mode signal 7", "there is no room left for the guest's memory: name a folder with more in "
	  "TMPDIR, or say memory= with less", .any_time = true, .of_memory = true },
};

#define LACKS (sizeof(lack_table) / sizeof(lack_table[0]))

static const char *lack(const struct guest_death *g, struct arena *a)
{
	size_t i;

	for (i = 0; i < LACKS; i++)
		if ((!g->began || lack_table[i].any_time) && strstr(g->console, lack_table[i].words))
			break;
	if (i == LACKS)
		return NULL;
	return lack_table[i].of_memory ?
		arena_printf(a, "%s (it is in %s)", lack_table[i].message, g->memory) :
		lack_table[i].message;
}

/* The line of the console that says it best, from what it is known by on; or NULL. */
static const char *line_with(const char *console, const char *what, struct arena *a)
{
	const char *at = strstr(console, what);

	return at ? arena_strndup(a, at, strcspn(at, "\r\n")) : NULL;
}

/* NULL: it has none. */
static const char *last_lines(const char *text, int lines)
{
	const char *end = text + strlen(text), *at;

	while (end > text && strchr(" \r\n", end[-1]))
		end--;
	for (at = end; at > text; at--)
		if (at[-1] == '\n' && --lines == 0)
			break;
	return end > text ? at : NULL;
}

static struct guest_epitaph not_possible(const char *message, const char *hint)
{
	return (struct guest_epitaph){ .verdict = VERDICT_ENVIRONMENT, .message = message, .hint = hint };
}

/* The kernel did not come as far as to run a script. */
static struct guest_epitaph still_born(const struct guest_death *g, struct arena *a)
{
	const char *panic = line_with(g->console, "Kernel panic", a), *why;

	why = g->hangs ? "a minute of processor time, and no script has begun" : panic ? panic :
		WIFSIGNALED(g->status) ? strsignal(WTERMSIG(g->status)) : "it ended before any script began";
	if (g->hangs || panic || strstr(g->console, UML_FIRST_WORDS))
		return not_possible(arena_printf(a, "%s did not start: %s", g->image, why),
				    last_lines(g->console, LINES));
	return not_possible(arena_printf(a, "%s did not start: it is no User-Mode Linux kernel that "
					 "drillpress kernel build would have made", g->image),
			    last_lines(g->console, LINES));
}

/* It ended during a script. */
static struct guest_epitaph dead(const struct guest_death *g, struct arena *a)
{
	const char *panic = line_with(g->console, "Kernel panic", a);
	struct guest_epitaph e = { .verdict = VERDICT_FAIL, .hint = last_lines(g->console, LINES) };

	if (!g->hangs && !panic && WIFSIGNALED(g->status) && WTERMSIG(g->status) == SIGKILL)
		return not_possible("somebody killed the guest (SIGKILL), or the machine ran out of memory",
				    e.hint);
	e.message = g->hangs ? "the kernel under test hangs, or a command of the script: a minute of "
		"processor time, and it is not over" : panic ? panic :
		"the kernel under test ended before the script did";
	return e;
}

struct guest_epitaph guest_death_tell(const struct guest_death *g, struct arena *a)
{
	const char *own = line_with(g->console, GUEST_GIVES_UP, a);
	const char *not_started = g->began ? NULL : line_with(g->console, UML_NOT_STARTED, a);
	const char *lacks = own || not_started ? NULL : lack(g, a);

	if (own)
		return not_possible(own, last_lines(g->console, LINES));
	if (not_started)
		return not_possible(not_started, NULL);
	if (lacks)
		return not_possible(lacks, last_lines(g->console, 1));
	return g->began ? dead(g, a) : still_born(g, a);
}
