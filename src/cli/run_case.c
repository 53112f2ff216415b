/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/run_case.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/origin.h"
#include "base/write_all.h"
#include "cli/cmd.h"
#include "cli/environment.h"
#include "engine/command.h"
#include "engine/result_codec.h"
#include "engine/run.h"
#include "script/check.h"
#include "seam/target.h"
#include "target/clock_real.h"
#include "target/crash.h"
#include "target/pdstack.h"
#include "target/sandbox.h"
#include "target/sched.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Bytes that may wait for the parent when packets are among them. */
#define EVIDENCE_PIPE (1 << 20)
/* Bytes of results that a run in virtual time keeps until it is over. */
#define HELD_MOST (32 << 10)

/* What the script's process needs; it lives in the parent's memory, which the child has a copy of. */
struct child {
	struct reporter pipe;	/* first: the reporter is the child */
	const struct suite_case *c;
	const struct case_runner *how;
	const struct case_start *start;
	int fd;
	nstime began;		/* host time */
	struct target *target;	/* once it is open */
	bool skipped;		/* it was not opened: the script wants what it lacks */
	struct run_place at;
	struct buf held, end;	/* in virtual time: events not yet sent, and the end of the run */
};

/* Sends what is in there, and empties it. */
static void send_away(const struct child *child, struct buf *b)
{
	/* Where nobody reads any more, the suite is over. */
	(void)write_all(child->fd, buf_str(b), b->len);
	buf_free(b);
}

/* The end of a run on a stack in this process: forgetting everything may yet crash it. */
static void hold_end(struct child *child, const struct result *e, bool exact)
{
	struct result end = *e;

	/* How long it took is told in this machine's time. */
	if (exact)
		end.duration = clock_now(clock_real()) - child->began;
	child->end.len = 0;
	result_encode(&end, &child->end);
}

/*
 * In virtual time nobody can watch a script, and to wake the parent takes longer
 * than most of what happens: events are sent together.
 */
static void pipe_event(struct reporter *r, unsigned run, const struct result *e)
{
	struct child *child = (struct child *)r;
	bool exact = child->target && child->target->exact;

	(void)run;
	if (e->kind == RES_END && child->how->target->in_process) {
		hold_end(child, e, exact);
		return;
	}
	result_encode(e, &child->held);
	if (!exact || child->held.len >= HELD_MOST)
		send_away(child, &child->held);
}

static void send_held(struct child *child)
{
	send_away(child, &child->held);
	send_away(child, &child->end);
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

/* NULL unless the stack is this machine's kernel, or that of the guest that this is. */
static const char *target_version(const struct child *child)
{
	struct utsname u;

	return child->how->target->sandboxed && uname(&u) == 0 ?
		arena_strdup(child->c->arena, u.release) : NULL;
}

static void run_config(struct child *child, struct run_config *cfg)
{
	*cfg = (struct run_config){ .script = child->c->script, .info = &child->c->info,
				    .target_name = target_name(child),
				    .target_version = target_version(child), .out = &child->pipe,
				    .id = child->start->id, .at = &child->at,
				    .agenda = child->start->agenda,
				    .stalls = child->how->stalls,
				    .may_retry = child->start->may_retry && !child->how->commands_aloud,
				    .commands_aloud = child->how->commands_aloud,
				    .evidence = child->how->evidence,
				    .environment = child->how->environment,
				    .evidence_of_pass = child->how->evidence_of_pass };
}

/* Scripts name files relative to their own folder. */
static int enter_folder(const struct child *child)
{
	char *path = arena_strdup(child->c->arena, child->c->file);

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

/*
 * Where the time is virtual, nothing need be tolerated that the script does not
 * ask for, and the usual limit is for what goes on beyond its written times.
 */
static void make_exact(const struct script *script, const struct target *t, struct settings *s)
{
	if (!settings_given(s, "tolerance_usecs") || s->tolerance < t->grain)
		s->tolerance = t->grain;
	if (!settings_given(s, "tolerance_percent"))
		s->tolerance_percent = 0;
	if (!settings_given(s, "timeout"))
		s->timeout += script_written_time(script);
}

static void crashed(void *arg, const char *what, const char *trace)
{
	struct child *child = arg;
	struct result res = { .kind = RES_EVENT, .verdict = VERDICT_FAIL, .hint = trace };
	struct run_config cfg;

	run_config(child, &cfg);
	/* Whatever a script announces of a stack, it is not that it crashes. */
	cfg.target_name = "";
	res.message = what;
	if (child->at.event) {
		res.span = child->at.event->span;
		if (child->c->script->src->map)
			res.place = origin_place(child->c->script->src, res.span, child->c->arena);
		res.actual = clock_now(child->target->clock) - child->at.zero;
		res.planned = res.planned_end = res.actual;
		reporter_event(cfg.out, cfg.id, &res);
	}
	run_end(&cfg, VERDICT_FAIL, what, trace);
	send_held(child);
}

static struct target_config target_config(const struct child *child)
{
	const struct script *s = child->c->script;

	return (struct target_config){ .settings = &s->settings, .where = child->how->where,
				       .need_plain_oversize = script_injects_oversize(s),
				       .shared = child->how->share_net,
				       .virtual_time = child->how->virtual_time };
}

/* True, after the end of the run was told, if the target cannot do what the script asks for. */
static bool refused(struct child *child, const struct run_config *cfg)
{
	const struct target_desc *t = child->how->target;
	const struct target_config tc = target_config(child);
	const char *why = t->refuses ? t->refuses(&tc, child->c->script, &child->c->info,
						  child->c->arena) : NULL;

	if (why)
		run_end(cfg, VERDICT_SKIP, why, NULL);
	return why != NULL;
}

/* NULL after the end of the run was told. */
static struct target *open_target(struct child *child, const struct run_config *cfg)
{
	struct target_config tc = target_config(child);
	const char *lacks = NULL;
	struct diag_sink d;
	struct target *t;

	diag_init(&d, child->c->arena);
	tc.lacks = &lacks;
	t = child->how->target->open(&tc, &d);
	if (t || lacks) {
		child->skipped = !t;
		if (child->skipped)
			run_end(cfg, VERDICT_SKIP, lacks, NULL);
		return t;
	}
	run_end(cfg, VERDICT_ENVIRONMENT, d.first ? d.first->msg : "the target cannot be opened",
		d.first && d.first->next ? d.first->next->msg : NULL);
	return NULL;
}

/* Runs the script on an open target, to the end of its events. */
static enum verdict run_on(struct child *child, struct run_config *cfg)
{
	struct target *t = child->target;
	enum verdict v;

	if (t->name)
		cfg->target_name = t->name;
	if (t->exact) {
		make_exact(child->c->script, t, &child->c->script->settings);
	} else {
		crash_limit(0);
		host_realtime();
	}
	v = run_script(cfg, t);
	host_ordinary();
	/*
	 * Closing captures and devices takes the kernel tens of milliseconds;
	 * the exit does it, and nobody waits: the pipe's end says it is over.
	 */
	if (!child->c->script->settings.no_cleanup)
		t->ops->reset(t);
	send_held(child);
	close(child->fd);
	return v;
}

/* In a cage: as root of namespaces of its own, which the folder and the commands are for, too. */
static int caged_main(void *arg)
{
	struct child *child = arg;
	struct run_config cfg;
	enum verdict v;

	run_config(child, &cfg);
	/* A pipe that is full would stop the script. Where it cannot grow, that is rare. */
	if (cfg.evidence)
		fcntl(child->fd, F_SETPIPE_SZ, EVIDENCE_PIPE);
	environment_set(&child->c->script->settings);
	if (refused(child, &cfg))
		return 0;
	if (enter_folder(child)) {
		run_end(&cfg, VERDICT_ENVIRONMENT, "cannot enter the script's folder", strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	if (init_scripts(child, &cfg))
		return EXIT_ENVIRONMENT;
	child->target = open_target(child, &cfg);
	if (!child->target)
		return EXIT_ENVIRONMENT;
	v = run_on(child, &cfg);
	/* In a namespace of its own it disturbs nobody until the suite finds it a time to go. */
	while (!shares(child->how) && v != VERDICT_ENVIRONMENT)
		pause();
	return v == VERDICT_FAIL ? EXIT_DEVIATION : 0;
}

/* Seconds of a processor's time that a stack may take; no script in virtual time comes near it. */
#define STACK_MOST 60

/* The stack under test is not this machine's: nothing of the script is done to this machine. */
static int foreign_main(void *arg)
{
	struct child *child = arg;
	struct settings *set = &child->c->script->settings;
	nstime most = set->timeout / NS_PER_SEC + 1;
	struct run_config cfg;

	run_config(child, &cfg);
	crash_watch(crashed, child, EXIT_DEVIATION);
	crash_limit(most < STACK_MOST ? (unsigned)most : STACK_MOST);
	if (set->init_scripts) {
		child->skipped = true;
		run_end(&cfg, VERDICT_SKIP, "--init_scripts are for this machine, not for another stack",
			NULL);
	} else {
		child->target = open_target(child, &cfg);
	}
	if (child->target)
		return run_on(child, &cfg) == VERDICT_FAIL ? EXIT_DEVIATION : 0;
	send_held(child);
	/* A stack that cannot be had is not there for the next script either. */
	return child->skipped ? 0 : CASE_HOPELESS;
}

static int child_failed(void *arg, const char *why)
{
	struct child *child = arg;
	struct run_config cfg;

	run_config(child, &cfg);
	run_end(&cfg, VERDICT_ENVIRONMENT, why, NULL);
	send_held(child);
	return CASE_HOPELESS;
}

static bool runs_commands(const struct script *s)
{
	const struct event *e;

	STAILQ_FOREACH(e, &s->events, next)
		if (e->kind == EVENT_COMMAND || e->kind == EVENT_CODE)
			return true;
	return s->init || s->cleanup || s->settings.init_scripts;
}

/* --so_filename, on the command line or in the script, says what is tested. */
static struct case_runner runner_for(const struct settings *s, const struct case_runner *given)
{
	struct case_runner how = *given;

	if (s->so_filename) {
		how.target = &pdstack_target;
		how.where = s->so_filename;
		how.share_net = false;
	}
	return how;
}

pid_t case_start(void *arg, const struct case_start *start, struct diag_sink *d)
{
	const struct settings *s = &start->c->script->settings;
	const struct case_runner how = runner_for(s, arg);
	struct child child = { .pipe = { &pipe_ops }, .c = start->c, .how = &how, .start = start,
			       .fd = start->out_fd, .began = clock_now(clock_real()) };
	bool caged = !how.target->in_process;
	struct sandbox_config sc = { .main = caged ? caged_main : foreign_main,
				     .failed = child_failed, .arg = &child,
				     .keep = &start->out_fd, .n_keep = 1,
				     .own_network = caged,
				     .own_mounts = caged && runs_commands(start->c->script),
				     .share_net = shares(child.how),
				     .peers = s->no_cleanup || !child.how->target->sandboxed ? NULL :
					&s->remote_ip,
				     .peers_prefix = s->remote_prefix,
				     .idle_status = EXIT_ENVIRONMENT };

	/* What a script leaves behind in a guest goes with the guest. */
	if (caged && !how.virtual_time)
		return sandbox_fork(&sc, d);
	if (!caged)
		crash_prepare();
	return plain_fork(&sc, d);
}
