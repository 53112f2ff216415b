/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/options.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/names.h"
#include "cli/cmd.h"
#include "report/report_table.h"
#include "script/settings.h"
#include "suite/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool on_verbose(struct options *o, const char *v)
{
	return o->verbose = true;
}

static bool on_slow(struct options *o, const char *v)
{
	return o->slow = true;
}

static bool on_help(struct options *o, const char *v)
{
	return o->help = true;
}

static bool on_jobs(struct options *o, const char *v)
{
	char *end;
	long n = strtol(v, &end, 10);

	o->jobs = (int)n;
	return *v && !*end && n >= 1 && n <= 256;
}

static bool add_word(struct options *o, struct word_list *l, const char *v)
{
	word_list_add(o->arena, l, v);
	return *v;
}

static bool on_filter(struct options *o, const char *v)
{
	return add_word(o, &o->filter.paths, v);
}

/* Who asks for slow scripts by their tag wants them. */
static bool on_tag(struct options *o, const char *v)
{
	o->slow |= !strcmp(v, "slow");
	return add_word(o, &o->filter.tags, v);
}

static bool on_not_tag(struct options *o, const char *v)
{
	return add_word(o, &o->filter.not_tags, v);
}

static bool on_requirement(struct options *o, const char *v)
{
	return add_word(o, &o->filter.requirements, v);
}

static bool on_last(struct options *o, const char *v)
{
	enum verdict i;

	if (!strcmp(v, "inconclusive")) {
		o->filter.last |= 1u << VERDICT_INCONCLUSIVE;
		return true;
	}
	for (i = 0; i < VERDICT_COUNT; i++)
		o->filter.last |= (unsigned)suite_verdict_is_bad(i) << i;
	return !strcmp(v, "failed");
}

static bool on_record(struct options *o, const char *v)
{
	o->record = v;
	return *v;
}

static bool on_no_record(struct options *o, const char *v)
{
	return o->no_record = true;
}

static bool on_durations(struct options *o, const char *v)
{
	o->durations = v;
	return *v;
}

static bool on_shard(struct options *o, const char *v)
{
	return shard_parse(&o->shard, v, o->arena, &o->why);
}

static bool on_repeat(struct options *o, const char *v)
{
	char *end;
	long n = strtol(v, &end, 10);

	o->repeat = (int)n;
	return *v && !*end && n >= 1 && n <= 1000000;
}

static bool on_until_fail(struct options *o, const char *v)
{
	return o->until_fail = true;
}

static bool on_fail_fast(struct options *o, const char *v)
{
	return o->fail_fast = true;
}

static bool on_deadline(struct options *o, const char *v)
{
	return nstime_parse(v, &o->deadline) && o->deadline > 0;
}

static bool on_target(struct options *o, const char *v)
{
	o->targets[o->n_targets++] = v;
	o->target_given = true;
	return true;
}

static bool on_compare_times(struct options *o, const char *v)
{
	return o->compare_times = true;
}

static bool on_dossier(struct options *o, const char *v)
{
	o->dossier = v;
	return *v != '\0';
}

static bool on_svg(struct options *o, const char *v)
{
	return o->svg = true;
}

static bool on_colour(struct options *o, const char *v)
{
	o->colour = v;
	return !strcmp(v, "auto") || !strcmp(v, "always") || !strcmp(v, "never");
}

static bool on_report(struct options *o, const char *v)
{
	o->reports[o->n_reports++] = v;
	return true;
}

static bool on_results(struct options *o, const char *v)
{
	o->results[o->n_results++] = v;
	return *v;
}

static bool on_require(struct options *o, const char *v)
{
	o->required[o->n_required++] = v;
	return *v;
}

static bool on_catalogue(struct options *o, const char *v)
{
	o->catalogue = v;
	return *v;
}

static bool on_verify(struct options *o, const char *v)
{
	o->verify = v;
	return *v;
}

static bool on_netns(struct options *o, const char *v)
{
	o->netns = v;
	return !strcmp(v, "auto") || !strcmp(v, "private") || !strcmp(v, "current");
}

static bool on_listen(struct options *o, const char *v)
{
	o->listen = v;
	return *v;
}

static bool on_secret(struct options *o, const char *v)
{
	o->secret = v;
	return *v;
}

static bool on_once(struct options *o, const char *v)
{
	return o->once = true;
}

static bool on_allow_sysctl(struct options *o, const char *v)
{
	return o->allow_sysctl = true;
}

static bool on_allow_commands(struct options *o, const char *v)
{
	return o->allow_commands = true;
}

/* Options of the program itself; a script's settings are in script/settings.c. */
static const struct program_option {
	char letter;
	const char *name, *arg;
	const char *commands;	/* which commands take it, words, "" = all */
	bool (*set)(struct options *o, const char *value);
	const char *help;
} option_table[] = {
	{ 'v', "verbose", NULL, "run merge", on_verbose, "show every event as it happens, as a script" },
	{ 'v', "verbose", NULL, "ledger", on_verbose, "name every script and run" },
	{ 'j', "jobs", "N", "run", on_jobs, "scripts at a time (4 for each processor, fewer when late)" },
	{ 0, "slow", NULL, "run", on_slow, "in folders, also run scripts tagged slow" },
	{ 0, "filter", "PATTERN", "run", on_filter, "only scripts whose path has this in it or is like this glob" },
	{ 0, "tag", "TAG", "run", on_tag, "only scripts with this tag" },
	{ 0, "not-tag", "TAG", "run", on_not_tag, "only scripts without this tag" },
	{ 0, "requirement", "ID", "run", on_requirement, "only scripts for requirements that begin so" },
	{ 0, "last", "HOW", "run", on_last, "only scripts that were failed or inconclusive the last time" },
	{ 0, "repeat", "N", "run", on_repeat, "run everything N times" },
	{ 0, "until-fail", NULL, "run", on_until_fail, "again and again until one fails" },
	{ 0, "fail-fast", NULL, "run", on_fail_fast, "start no more scripts once one failed" },
	{ 0, "deadline", "SEC", "run", on_deadline, "end the whole run after this time" },
	{ 0, "shard", "K/N", "run", on_shard, "only this share of the scripts; auto: as the CI engine says" },
	{ 0, "durations", "FILE", "run", on_durations, "take past durations and verdicts from this record" },
	{ 0, "record", "FILE", "run", on_record, "remember verdicts and durations in this file" },
	{ 0, "no-record", NULL, "run", on_no_record, "remember nothing, and know nothing of earlier runs" },
	{ 't', "target", "NAME", "run", on_target,
	  "what to test: host (this machine's kernel), stack:FILE, wire:IFACE; several are compared" },
	{ 0, "compare-times", NULL, "run", on_compare_times,
	  "with several targets: also where their times differ by more than the tolerance" },
	{ 0, "dossier", "DIR", "run", on_dossier,
	  "keep a folder in DIR with all about each failure: capture, ladder, environment" },
	{ 0, "svg", NULL, "explain", on_svg, "draw it as SVG" },
	{ 0, "report", "KIND[=FILE]", "run merge", on_report,
	  "a report, on standard output or in a file; may be given several times" },
	{ 0, "results", "FILE[=LABEL]", "ledger", on_results,
	  "what came of it: JSON results (run --report json=FILE), of a target to be called LABEL" },
	{ 0, "require", "WHAT", "ledger", on_require,
	  "exit with 1 unless these hold: RFC9293, RFC9293:MUST, or an id; may be given several times" },
	{ 0, "verify", "COLUMN", "ledger", on_verify,
	  "exit with 1 where this column and what was measured on Linux say different things" },
	{ 0, "catalogue", "FILE", "ledger", on_catalogue, "requirements other than the library's" },
	{ 0, "report", "KIND[=FILE]", "ledger", on_report,
	  "text, json, or html=DIR; may be given several times" },
	{ 0, "netns", "WHICH", "packetdrill", on_netns,
	  "network namespace: current, private, or auto: current unless it is the machine's" },
	{ 0, "secret", "FILE", "agent", on_secret, "what testers must know; readable for nobody else" },
	{ 0, "listen", "ADDR:PORT", "agent", on_listen, "where testers come to (127.0.0.1:0; port 0: any)" },
	{ 0, "once", NULL, "agent", on_once, "end when a tester has left" },
	{ 0, "allow-sysctl", NULL, "agent", on_allow_sysctl,
	  "set sysctls below net. for testers, and set them back" },
	{ 0, "allow-commands", NULL, "agent", on_allow_commands,
	  "run shell commands for testers: whoever has the secret can do anything here" },
	{ 0, "color", "WHEN", "", on_colour, "auto, always or never (auto)" },
	{ 'h', "help", NULL, "", on_help, "this text" },
};

#define N_OPTIONS (sizeof(option_table) / sizeof(option_table[0]))

static bool belongs(const struct program_option *p, const struct command *cmd)
{
	size_t n = strlen(cmd->name);
	const char *at = p->commands;

	if (!*at)
		return true;
	for (; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == n && !strncmp(at, cmd->name, n))
			return true;
	return false;
}

static const struct program_option *find(const struct command *cmd, char letter, const char *name)
{
	size_t i;

	for (i = 0; i < N_OPTIONS; i++)
		if (belongs(&option_table[i], cmd) &&
		    (letter ? option_table[i].letter == letter : !strcmp(option_table[i].name, name)))
			return &option_table[i];
	return NULL;
}

static int usage(const struct options *o, const struct command *cmd, const char *fmt,
		 const char *what)
{
	fprintf(stderr, "%s: ", cmd->as_packetdrill ? o->program : "drillpress");
	fprintf(stderr, fmt, what);
	if (cmd->as_packetdrill) {
		fputc('\n', stderr);	/* the help follows */
		return -1;
	}
	fprintf(stderr, "; see drillpress %s --help\n", cmd->name);
	return -1;
}

static void add_override(struct options *o, const char *name, const char *value)
{
	struct override *v = arena_new_of(o->arena, struct override);

	v->name = name;
	v->value = value;
	STAILQ_INSERT_TAIL(&o->overrides, v, next);
	if (!strcmp(name, "ip_version"))
		o->ip_version = value;
}

/* Checks a setting against a scratch copy, so that mistakes are reported once, not per script. */
static int add_setting(struct options *o, const struct command *cmd, const char *name,
		       const char *value)
{
	struct settings scratch;
	const char *why = NULL;

	settings_init(&scratch, o->arena);
	switch (settings_set(&scratch, name, value, (struct span){ 0 }, &why)) {
	case SETTING_OK:
		add_override(o, name, value);
		return 0;
	case SETTING_UNKNOWN:
		if (why)
			fprintf(stderr, "%s: did you mean --%s?\n",
				cmd->as_packetdrill ? o->program : "drillpress", why);
		return usage(o, cmd, "unknown option --%s", name);
	default:
		fprintf(stderr, "%s: bad --%s: %s\n",
			cmd->as_packetdrill ? "Command Line" : "drillpress", name, why);
		return -1;
	}
}

static int set_value(struct options *o, const struct command *cmd, const struct program_option *p,
		     const char *value)
{
	o->why = NULL;
	if (p->set(o, value))
		return 0;
	if (!o->why)
		return usage(o, cmd, "bad value for --%s", arena_printf(o->arena, "%s: '%s'",
									p->name, value ? value : ""));
	fprintf(stderr, "drillpress: bad --%s: %s\n", p->name, o->why);
	return -1;
}

static int long_option(struct options *o, const struct command *cmd, int *i, int argc, char **argv)
{
	const char *text = argv[*i] + 2, *eq = strchr(text, '='), *value = eq ? eq + 1 : NULL;
	const char *name = eq ? arena_strndup(o->arena, text, (size_t)(eq - text)) : text;
	const struct program_option *p = find(cmd, 0, name);
	bool wants = p ? p->arg != NULL : !cmd->wants && settings_wants_value(name);

	if (wants && !value) {
		if (*i + 1 >= argc)
			return usage(o, cmd, "option --%s wants a value", name);
		value = argv[++*i];
	}
	if (!p && cmd->wants)
		return usage(o, cmd, "unknown option --%s", name);
	if (!p)
		return add_setting(o, cmd, name, value);
	if (!p->arg && value)
		return usage(o, cmd, "option --%s takes no value", name);
	return set_value(o, cmd, p, value);
}

static int short_option(struct options *o, const struct command *cmd, int *i, int argc, char **argv)
{
	const char *c = argv[*i] + 1, *value;
	const struct program_option *p;

	for (; *c; c++) {
		p = find(cmd, *c, NULL);
		if (!p && *c == 'v' && cmd->as_packetdrill) {
			add_setting(o, cmd, "verbose", NULL);
			continue;
		}
		if (!p && (*c != 'D' || cmd->wants))
			return usage(o, cmd, "unknown option %s", argv[*i]);
		if (p && !p->arg) {
			p->set(o, NULL);
			continue;
		}
		value = c[1] ? c + 1 : *i + 1 < argc ? argv[++*i] : NULL;
		if (!value)
			return usage(o, cmd, "option %s wants a value", argv[*i]);
		if (!p)
			return add_setting(o, cmd, "define", value);
		return set_value(o, cmd, p, value);
	}
	return 0;
}

int options_parse(struct options *o, const struct command *cmd, int argc, char **argv)
{
	bool only_paths = false;
	int i, err = 0;

	*o = (struct options){ .arena = arena_new(), .colour = "auto", .netns = "auto",
			       .listen = "127.0.0.1:0", .program = argv[0] };
	STAILQ_INIT(&o->overrides);
	o->targets = arena_alloc(o->arena, ((size_t)argc + 1) * sizeof(*o->targets));
	o->reports = arena_alloc(o->arena, (size_t)argc * sizeof(*o->reports));
	o->results = arena_alloc(o->arena, (size_t)argc * sizeof(*o->results));
	o->required = arena_alloc(o->arena, (size_t)argc * sizeof(*o->required));
	o->paths = arena_alloc(o->arena, (size_t)argc * sizeof(*o->paths));
	for (i = 1; i < argc && !err; i++) {
		if (!only_paths && !strcmp(argv[i], "--"))
			only_paths = true;
		else if (!only_paths && !strncmp(argv[i], "--", 2))
			err = long_option(o, cmd, &i, argc, argv);
		else if (!only_paths && argv[i][0] == '-' && argv[i][1])
			err = short_option(o, cmd, &i, argc, argv);
		else
			o->paths[o->n_paths++] = argv[i];
	}
	if (!o->n_targets)
		o->targets[o->n_targets++] = "host";
	if (!err && o->n_paths && cmd->wants && !*cmd->wants)
		err = usage(o, cmd, "unexpected word '%s'", o->paths[0]);
	else if (!err && !o->n_paths && !o->help && !cmd->has_paths &&
		 !(cmd->wants && !*cmd->wants))
		err = usage(o, cmd, arena_printf(o->arena, "%%s wants at least one %s",
						 cmd->wants ? cmd->wants : "script or folder"),
			    cmd->name);
	return err;
}

void options_free(struct options *o)
{
	arena_free(o->arena);
}

static void script_settings_help(struct buf *b)
{
	buf_adds(b, "\nSettings of scripts, here for all of them (they win over a script's own):\n");
	buf_adds(b, "  -D NAME=VALUE                 the same as --define\n");
	settings_help(b);
}

void options_help(FILE *f, const struct command *cmd)
{
	struct buf b = { 0 };
	size_t i;

	buf_printf(&b, "usage: %s%s [OPTION]... %s\n%s\n\n",
		   cmd->as_packetdrill ? "" : "drillpress ", cmd->name, cmd->args,
		   cmd->summary);
	for (i = 0; i < N_OPTIONS; i++) {
		const struct program_option *p = &option_table[i];
		size_t from = b.len;

		if (!belongs(p, cmd))
			continue;
		buf_adds(&b, "  ");
		if (p->letter)
			buf_printf(&b, "-%c, ", p->letter);
		buf_printf(&b, "--%s%s%s", p->name, p->arg ? "=" : "", p->arg ? p->arg : "");
		buf_pad(&b, ' ', 30 - (int)(b.len - from));
		buf_printf(&b, " %s\n", p->help);
	}
	if (cmd->runs)
		report_table_help(&b);
	if (!cmd->wants)
		script_settings_help(&b);
	if (cmd->details)
		buf_printf(&b, "\n%s", cmd->details);
	fputs(buf_str(&b), f);
	buf_free(&b);
}

bool options_colour(const struct options *o, int fd)
{
	if (!strcmp(o->colour, "auto"))
		return isatty(fd) && !getenv("NO_COLOR");
	return !strcmp(o->colour, "always");
}
