/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/run_case.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/environment.h"
#include "engine/command.h"
#include "engine/result_codec.h"
#include "engine/run.h"
#include "script/check.h"
#include "seam/target.h"
#include "target/sandbox.h"
#include "target/sched.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>

/* Bytes that may wait for the parent when packets are among them. */
#define EVIDENCE_PIPE (1 << 20)

/* What the script's process needs; it lives in the parent's memory, which the child has a copy of. */
struct child {
	struct reporter pipe;	/* first: the reporter is the child */
	const struct suite_case *c;
	const struct case_runner *how;
	const struct case_start *start;
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

/* Without a sandbox the script shares what drillpress was started in. */
static bool shares(const struct case_runner *how)
{
	return how->share_net || !how->target->sandboxed;
}

static const char *target_name(const struct child *child)
{
	const struct target_desc *t = child->how->target;

	return t->called ? t->called(child->how->where, child->c->arena) : "linux";
}

static void run_config(struct child *child, struct run_config *cfg)
{
	*cfg = (struct run_config){ .script = child->c->script, .info = &child->c->info,
				    .target_name = target_name(child), .out = &child->pipe, .id = child->start->id, .agenda = child->start->agenda,
				    .commands_aloud = child->how->commands_aloud,
				    .evidence = child->how->evidence };
}

/* Scripts name files relative to their own folder. */
static int enter_folder(const struct child *child)
{
	char *path = arena_strdup(child->c->arena, child->c->path);

	return child->how->stay || !strcmp(path, "-") ? 0 : chdir(dirname(path));
}

static int init_scripts(struct child *child, const struct run_config *cfg)
{
	const char *list = child->c->script->settings.init_scripts;
	char *text = arena_strdup(child->c->arena, list ? list : ""), *save = NULL, *one;
	struct command_outcome o;

	for (one = strtok_r(text, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
		o = command_run(one, child->c->script->settings.timeout, child->how->commands_aloud,
				child->c->arena);
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
				    .need_plain_oversize = script_injects_oversize(s),
				    .shared = child->how->share_net,
				    .where = child->how->where };
	struct run_config cfg;
	struct diag_sink d;
	struct target *t;
	enum verdict v;
	const char *refused;

	run_config(child, &cfg);
	/* A pipe that is full would stop the script. Where it cannot grow, that is rare. */
	if (cfg.evidence)
		fcntl(child->fd, F_SETPIPE_SZ, EVIDENCE_PIPE);
	diag_init(&d, child->c->arena);
	environment_set(&s->settings);
	refused = child->how->target->refuses ?
		child->how->target->refuses(&tc, s, &child->c->info, child->c->arena) : NULL;
	if (refused) {
		run_end(&cfg, VERDICT_SKIP, refused, NULL);
		return 0;
	}
	if (enter_folder(child)) {
		run_end(&cfg, VERDICT_ENVIRONMENT, "cannot enter the script's folder", strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	if (init_scripts(child, &cfg))
		return EXIT_ENVIRONMENT;
	t = child->how->target->open(&tc, &d);
	if (!t) {
		run_end(&cfg, VERDICT_ENVIRONMENT, d.first ? d.first->msg : "the target cannot be opened",
			d.first && d.first->next ? d.first->next->msg : NULL);
		return EXIT_ENVIRONMENT;
	}
	host_realtime();
	v = run_script(&cfg, t);
	host_ordinary();
	/*
	 * Closing captures and devices takes the kernel tens of milliseconds;
	 * the exit does it, and nobody waits: the pipe's end says it is over.
	 */
	if (!s->settings.no_cleanup)
		t->ops->reset(t);
	close(child->fd);
	/* In a namespace of its own it disturbs nobody until the suite finds it a time to go. */
	while (!shares(child->how) && v != VERDICT_ENVIRONMENT)
		pause();
	return v == VERDICT_FAIL ? EXIT_DEVIATION : 0;
}

static int child_failed(void *arg, const char *why)
{
	struct child *child = arg;
	struct run_config cfg;

	run_config(child, &cfg);
	run_end(&cfg, VERDICT_ENVIRONMENT, why, NULL);
	return CASE_HOPELESS;
}

pid_t case_start(void *arg, const struct case_start *start, struct diag_sink *d)
{
	struct child child = { .pipe = { &pipe_ops }, .c = start->c, .how = arg, .start = start,
			       .fd = start->out_fd };
	const struct settings *s = &start->c->script->settings;
	struct sandbox_config sc = { .main = child_main, .failed = child_failed, .arg = &child,
				     .keep = &start->out_fd, .n_keep = 1,
				     .share_net = shares(child.how),
				     .peers = s->no_cleanup || !child.how->target->sandboxed ? NULL :
					&s->remote_ip,
				     .peers_prefix = s->remote_prefix,
				     .idle_status = EXIT_ENVIRONMENT };

	return sandbox_fork(&sc, d);
}
