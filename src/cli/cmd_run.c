/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress run: scripts against a target, each in a sandbox of its own. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "engine/command.h"
#include "engine/result_codec.h"
#include "engine/run.h"
#include "report/text.h"
#include "script/check.h"
#include "seam/target.h"
#include "suite/suite.h"
#include "sys/sys.h"
#include "target/clock_real.h"
#include "target/sandbox.h"
#include "target/sched.h"
#include "target/target_table.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The child found that no script can run on this machine. */
#define STATUS_HOPELESS 99
#define JOBS_MAX 256
/* How often a script is tried that the tester was too late to judge. */
#define TRIES 3

/* What the script's process needs; it lives in the parent's memory, which the child has a copy of. */
struct child {
	struct reporter pipe;	/* first: the reporter is the child */
	const struct suite_case *c;
	const struct target_desc *target;
	unsigned id;
	int fd;
};

static void pipe_event(struct reporter *r, unsigned run, const struct result *e)
{
	struct child *child = (struct child *)r;
	struct buf b = { 0 };
	size_t at = 0;
	ssize_t n;

	(void)run;
	result_encode(e, &b);
	while (at < b.len) {
		n = write(child->fd, b.s + at, b.len - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		at += (size_t)n;
	}
	buf_free(&b);
}

static const struct reporter_ops pipe_ops = { .event = pipe_event };

static void run_config(struct child *child, struct run_config *cfg)
{
	*cfg = (struct run_config){ .script = child->c->script, .info = &child->c->info,
				    .target_name = "linux", .out = &child->pipe, .id = child->id };
}

/* Scripts name files relative to their own folder, and the tool's pid in file names. */
static int enter_folder(const struct suite_case *c)
{
	char *path = arena_strdup(c->arena, c->path);
	char pid[24];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("PACKETDRILL_PID", pid, 1);
	return strcmp(c->path, "-") ? chdir(dirname(path)) : 0;
}

static int init_scripts(struct child *child, const struct run_config *cfg)
{
	const char *list = child->c->script->settings.init_scripts;
	char *text = arena_strdup(child->c->arena, list ? list : ""), *save = NULL, *one;
	struct command_outcome o;

	for (one = strtok_r(text, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
		o = command_run(one, child->c->script->settings.timeout, child->c->arena);
		if (!o.failed)
			continue;
		run_end(cfg, VERDICT_ENVIRONMENT,
			arena_printf(child->c->arena, "error executing init script '%s': %s", one, o.failed),
			*o.output ? o.output : NULL);
		return -1;
	}
	return 0;
}

static int child_main(void *arg)
{
	struct child *child = arg;
	const struct script *s = child->c->script;
	struct target_config tc = { .settings = &s->settings,
				    .need_plain_oversize = script_injects_oversize(s) };
	struct run_config cfg;
	struct diag_sink d;
	struct target *t;
	enum verdict v;

	run_config(child, &cfg);
	diag_init(&d, child->c->arena);
	if (enter_folder(child->c)) {
		run_end(&cfg, VERDICT_ENVIRONMENT, "cannot enter the script's folder", strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	if (init_scripts(child, &cfg))
		return EXIT_ENVIRONMENT;
	t = child->target->open(&tc, &d);
	if (!t) {
		run_end(&cfg, VERDICT_ENVIRONMENT, d.first ? d.first->msg : "the target cannot be opened",
			d.first && d.first->next ? d.first->next->msg : NULL);
		return EXIT_ENVIRONMENT;
	}
	host_realtime();
	v = run_script(&cfg, t);
	/*
	 * Closing captures and devices takes the kernel tens of milliseconds;
	 * the exit does it, and nobody waits: the pipe's end says it is over.
	 */
	t->ops->reset(t);
	close(child->fd);
	return v == VERDICT_FAIL ? EXIT_DEVIATION : 0;
}

static int child_failed(void *arg, const char *why)
{
	struct child *child = arg;
	struct run_config cfg;

	run_config(child, &cfg);
	run_end(&cfg, VERDICT_ENVIRONMENT, why, NULL);
	return STATUS_HOPELESS;
}

static pid_t start_case(void *arg, const struct suite_case *c, unsigned id, int out_fd,
			struct diag_sink *d)
{
	struct child child = { .pipe = { &pipe_ops }, .c = c, .target = arg, .id = id, .fd = out_fd };
	struct sandbox_config sc = { .main = child_main, .failed = child_failed, .arg = &child,
				     .keep = &out_fd, .n_keep = 1 };

	return sandbox_fork(&sc, d);
}

static int screen_size(struct text_options *t)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_col)
		return -1;
	t->width = w.ws_col;
	t->height = w.ws_row;
	return 0;
}

static int default_jobs(const struct options *o, const struct suite_list *list)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int jobs = o->jobs ? o->jobs : (int)(cpus > 0 ? cpus * 4 : 4);

	/* Each takes a few descriptors of this process; many processors do not make them cheaper. */
	if (jobs > JOBS_MAX)
		jobs = JOBS_MAX;

	return jobs < list->n ? jobs : list->n ? list->n : 1;
}

static int run_list(const struct options *o, const struct suite_list *list,
		    const struct target_desc *target)
{
	struct suite_config cfg = { .tries = TRIES, .start = start_case, .start_arg = (void *)target,
				    .hopeless_status = STATUS_HOPELESS };
	struct text_options text = { .out = stdout, .verbose = o->verbose,
				     .tty = isatty(STDOUT_FILENO) != 0,
				     .colour = options_colour(o, STDOUT_FILENO) };
	nstime began = clock_now(clock_real());
	struct suite_totals totals;
	int code;

	cfg.jobs = text.jobs = default_jobs(o, list);
	cfg.live = cfg.jobs == 1;
	screen_size(&text);
	cfg.out = report_text_new(&text);
	report_text_total(cfg.out, list->n);
	code = suite_run(&cfg, list, &totals) ? EXIT_ENVIRONMENT : suite_exit_code(&totals);
	report_text_wall(cfg.out, clock_now(clock_real()) - began);
	/* The stream keeps the error of a report that could not be written; main() says so. */
	cfg.out->ops->close(cfg.out);
	if (list->slow_left_out)
		printf("%d slow script%s not run; --slow runs %s\n", list->slow_left_out,
		       list->slow_left_out == 1 ? "" : "s", list->slow_left_out == 1 ? "it" : "them");
	if (totals.hopeless)
		fprintf(stderr, "drillpress: no script can run here; the rest was not tried\n");
	return code;
}

static int run_paths(const struct options *o, const struct target_desc *target)
{
	struct discover_options how = { .overrides = &o->overrides, .ip_version = o->ip_version,
					.slow = o->slow, .check = sys_check,
					.unsupported = sys_unsupported };
	const struct suite_case *c;
	struct suite_list list;
	int i, err = 0, code;

	suite_list_init(&list);
	for (i = 0; i < o->n_paths; i++)
		err |= discover(o->paths[i], &how, &list);
	for (c = list.first; c; c = c->next)
		/* A single error is in the report, at its script. */
		if (c->diag.errors != 1 || c->diag.warnings)
			diag_print_all(stderr, &c->diag, options_colour(o, STDERR_FILENO));
	fflush(stderr);
	code = list.n || list.slow_left_out ? run_list(o, &list, target) : EXIT_USAGE;
	suite_list_free(&list);
	return err && !code ? EXIT_USAGE : code;
}

static int run_main(const struct command *self, int argc, char **argv)
{
	const struct target_desc *target;
	struct options o;
	int code = EXIT_USAGE;

	if (options_parse(&o, self, argc, argv) == 0) {
		target = target_find(o.target);
		if (o.help) {
			options_help(self);
			code = 0;
		} else if (!target) {
			fprintf(stderr, "drillpress: unknown target '%s'; there is: host\n", o.target);
		} else {
			code = run_paths(&o, target);
		}
	}
	options_free(&o);
	return code;
}

const struct command cmd_run = {
	.name = "run",
	.args = "PATH...",
	.summary = "run scripts, or all scripts (*.pkt) of folders",
	.main = run_main,
};
