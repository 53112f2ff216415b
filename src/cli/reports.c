/* SPDX-License-Identifier: BSD-2-Clause */
/* The reports that --report asks for. */
#include "config.h"

#include "cli/reports.h"
#include "base/arena.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "report/report.h"
#include "report/report_set.h"
#include "suite/suite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

static void screen_size(struct report_options *r)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_col)
		return;
	r->width = w.ws_col;
	r->height = w.ws_row;
}

/* In the options' arena; "" if the kernel does not say. */
static const char *this_machine(const struct options *o)
{
	struct utsname u;

	if (uname(&u))
		return "";
	return arena_printf(o->arena, "%s %s %s %s", u.sysname, u.release, u.version, u.machine);
}

struct report_set *reports_open(const struct options *o, int total, int jobs, nstime began,
				const char *machine, nstime (*left)(void *arg), void *left_arg)
{
	struct report_options r = { .total = total, .jobs = jobs, .began = began,
				    .machine = machine ? machine : this_machine(o),
				    .shard = o->shard.k, .shards = o->shard.n, .verbose = o->verbose,
				    .colour = options_colour(o, STDOUT_FILENO),
				    .tty = isatty(STDOUT_FILENO) != 0,
				    .left = left, .left_arg = left_arg };
	struct report_set *set = report_set_new();
	int i, err = 0;

	screen_size(&r);
	for (i = 0; i < o->n_reports && !err; i++)
		err = report_set_add(set, o->reports[i]);
	if (!err)
		err = report_set_open(set, &r);
	if (!err)
		return set;
	report_set_free(set);
	return NULL;
}

int reports_close(struct report_set *set, const struct suite_totals *t, nstime wall,
		  const char *where, const struct comparison *c, int code)
{
	struct report_end end = { .wall = wall, .comparison = c };
	char words[160];
	int why;

	if (t->interrupted) {
		snprintf(words, sizeof(words), "interrupted: %s", strsignal(t->interrupted));
		end.cut_short = words;
	} else if (t->hopeless) {
		snprintf(words, sizeof(words), "no script can run %s%.80s; the rest was not tried",
			 where ? "on " : "here", where ? where : "");
		end.cut_short = words;
	} else if (t->not_run) {
		end.cut_short = "the rest was not run after a failure";
	}
	if (report_set_close(set, &end) && (!code || code == EXIT_INCONCLUSIVE))
		code = EXIT_ENVIRONMENT;
	why = errno;
	report_set_free(set);
	errno = why;
	return code;
}
