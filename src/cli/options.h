/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of a command: its own options, script settings, paths. */
#ifndef DP_CLI_OPTIONS_H
#define DP_CLI_OPTIONS_H

#include "script/parse.h"
#include "suite/filter.h"
#include "suite/shard.h"

#include <stdbool.h>
#include <stdio.h>

struct command;

struct options {
	struct arena *arena;
	struct override_list overrides;	/* script settings given on the command line */
	const char *ip_version;		/* --ip_version, also in overrides */
	bool verbose, slow, help, svg;
	int jobs;			/* 0 = not said */
	struct suite_filter filter;
	struct shard shard;
	const char *record;		/* file; NULL = the user's own */
	bool no_record;
	const char *durations;		/* a record from elsewhere, or NULL */
	int repeat;			/* 0 = not said */
	bool until_fail, fail_fast;
	nstime deadline;		/* of the whole run; 0 = none */
	const char *why;		/* what is wrong with a value, if it is more than its form */
	const char **targets;		/* --target, as written; at least one */
	int n_targets;
	bool target_given;		/* else the one target is the default */
	bool compare_times;
	const char *dossier;		/* a folder, or NULL */
	const char *colour;		/* "auto", "always", "never" */
	const char *netns;		/* "auto", "private", "current" */
	const char *listen, *secret;	/* of the agent: where, and a file or NULL */
	bool once, allow_sysctl, allow_commands;
	const char *program;		/* argv[0] */
	const char **reports;		/* --report, as written */
	int n_reports;
	const char **results;		/* of the ledger: --results, as written */
	int n_results;
	const char **required;		/* --require, as written */
	int n_required;
	const char *catalogue, *verify;	/* a file, a column of the ledger; or NULL */
	char **paths;
	int n_paths;
};

/*
 * Reads argv[1..]. 0, or -1 after a message on standard error that says what
 * is wrong and how to get help.
 */
int options_parse(struct options *o, const struct command *cmd, int argc, char **argv);
void options_free(struct options *o);
/* Prints the help of a command. */
void options_help(FILE *f, const struct command *cmd);
/*
 * The main function of a command that has options: reads them, and prints the
 * help or does what the body does, whose exit code it returns.
 */
int options_command(const struct command *cmd, int argc, char **argv,
		    int (*body)(struct options *o));
/* Should output to this stream be coloured? */
bool options_colour(const struct options *o, int fd);

#endif
