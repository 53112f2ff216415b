/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * drillpress packetdrill, also what drillpress does when it is called
 * packetdrill: that program's command line, output and exit codes, so that
 * what starts packetdrill needs no change.
 */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/run_case.h"
#include "report/packetdrill.h"
#include "suite/leaving.h"
#include "suite/suite.h"
#include "sys/sys.h"
#include "target/clock_real.h"
#include "target/netns.h"
#include "target/sysctl.h"
#include "target/target_table.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Everything that is not a pass. */
#define FAILED 1

/*
 * Runners start packetdrill in a namespace they made for it, and may have set
 * sysctls there or watch it with tcpdump: that one is used. Nobody made the
 * machine's own, so a script does not get it.
 */
static bool share_net(const struct options *o, const struct settings *s)
{
	/* Its stack is no kernel's, so there is nothing to share. */
	if (s->so_filename)
		return false;
	if (!strcmp(o->netns, "auto"))
		return geteuid() == 0 && netns_is_given();
	return !strcmp(o->netns, "current");
}

/*
 * Packetdrill's wire is a TUN, and what depends on transmissions being done is
 * written for it. A veth of our own serves where users may not have one.
 */
static enum wire_choice wire(const struct settings *s)
{
	bool has_tun = access("/dev/net/tun", R_OK | W_OK) == 0;

	return s->wire == WIRE_AUTO && has_tun ? WIRE_TUN : s->wire;
}

/* To packetdrill, metadata is a comment: one run, and a failure is a failure. */
static struct suite_case *load(const char *path, const struct options *o)
{
	struct discover_options how = { .overrides = &o->overrides, .check = sys_check,
					.unsupported = sys_unsupported };
	struct suite_case *c = suite_case_load(path, &how);

	STAILQ_INIT(&c->info.expect_fails);
	if (c->script)
		c->script->settings.wire = wire(&c->script->settings);
	return c;
}

static int run_case(struct suite_case *c, const struct options *o, const struct target_desc *target,
		    struct leaving *leaving)
{
	const struct settings *s = &c->script->settings;
	struct packetdrill_options how = { .out = stdout, .err = stderr, .verbose = s->verbose,
					   .debug = s->debug };
	struct case_runner runner = { .target = target, .share_net = share_net(o, s), .stay = true,
				      .commands_aloud = true };
	struct suite_config cfg = { .jobs = 1, .tries = CASE_TRIES, .start = case_start,
				    .start_arg = &runner, .hopeless_status = CASE_HOPELESS,
				    .leaving = leaving, .clock = clock_real(),
				    .out = report_packetdrill_new(&how) };
	/* By this process, which outlives a script that is interrupted or killed; the case sleeps. */
	struct arena *arena = arena_new();
	struct sysctl_value *saved = runner.share_net ? sysctl_save(s, arena) : NULL;
	struct suite_totals totals;
	int failed = suite_run(&cfg, &c, 1, &totals);

	sysctl_restore(saved);
	arena_free(arena);
	cfg.out->ops->close(cfg.out);
	return failed || totals.interrupted || totals.count[VERDICT_PASS] != 1 ? FAILED : 0;
}

static int run_one(const char *path, const struct options *o, const struct target_desc *target,
		   struct leaving *leaving)
{
	struct suite_case *c = load(path, o);
	int code = 0;

	if (!c->script) {
		report_packetdrill_errors(stderr, path, &c->diag);
		code = FAILED;
	} else if (!c->script->settings.dry_run) {
		code = run_case(c, o, target, leaving);
	}
	suite_case_free(c);
	return code;
}

static int packetdrill_main(const struct command *self, int argc, char **argv)
{
	const char *where;
	const struct target_desc *target = target_find("host", &where);
	struct leaving leaving = { 0 };
	struct options o;
	int i, code = 0;

	if (options_parse(&o, self, argc, argv)) {
		options_help(stderr, self);
		code = FAILED;
	} else if (o.help) {
		options_help(stdout, self);
	} else {
		for (i = 0; i < o.n_paths && !code; i++)
			code = run_one(o.paths[i], &o, target, &leaving);
	}
	leaving_end(&leaving);
	options_free(&o);
	return code;
}

const struct command cmd_packetdrill = {
	.name = "packetdrill",
	.args = "FILE...",
	.summary = "run scripts with packetdrill's options, output and exit codes",
	.main = packetdrill_main,
	.as_packetdrill = true,
	.details = "Exit codes: 0 all scripts passed, 1 anything else; the first failure is the end.\n",
};
