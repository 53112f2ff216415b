/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress merge: JSON results of several runs (shards, machines) become one. */
#include "config.h"

#include "base/arena.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/reports.h"
#include "report/json_read.h"
#include "report/report_set.h"
#include "suite/suite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void ignore(struct reporter *r, unsigned run, const struct result *e)
{
}

/* Reads all inputs; *j gets what they add up to. 0, or -1 after a message if one cannot be read. */
static int read_all(const struct options *o, struct json_joined *j)
{
	FILE *in;
	int i;

	for (i = 0; i < o->n_paths; i++) {
		in = fopen(o->paths[i], "re");
		/* Each is read twice, the first time to count. */
		if (!in || fseek(in, 0, SEEK_END) || fseek(in, 0, SEEK_SET)) {
			fprintf(stderr, "drillpress: %s: %s\n", o->paths[i], strerror(errno));
			if (in)
				fclose(in);
			return -1;
		}
		json_read(j, in, o->paths[i]);
		fclose(in);
	}
	json_joined_end(j);
	return 0;
}

/*
 * How many runs there will be, so that a report can say its plan first; -1
 * after a message. *machines, in the options' arena, is where they ran.
 */
static int count_runs(const struct options *o, const char **machines)
{
	static const struct reporter_ops ops = { .event = ignore };
	struct reporter nobody = { &ops };
	struct json_joined *j = json_joined_new(&nobody, NULL);
	int n = read_all(o, j) ? -1 : (int)json_joined_totals(j)->runs;

	*machines = arena_strdup(o->arena, json_joined_machines(j));
	json_joined_free(j);
	return n;
}

static struct suite_totals as_suite(const struct json_totals *t)
{
	struct suite_totals s = { 0 };
	int v;

	for (v = 0; v < VERDICT_COUNT; v++)
		s.count[v] = (int)t->count[v];
	return s;
}

static int merge(struct options *o)
{
	const char *machines;
	int code, total = count_runs(o, &machines);
	struct report_set *set;
	struct json_joined *j;
	const struct json_totals *t;
	struct suite_totals s;

	if (total < 0)
		return EXIT_USAGE;
	/* Runs of several machines are side by side, and their times do not add up. */
	set = reports_open(o, total, 2, 0, machines, NULL, NULL);
	if (!set)
		return EXIT_USAGE;
	j = json_joined_new(report_set_reporter(set), stderr);
	code = read_all(o, j) ? EXIT_ENVIRONMENT : 0;
	t = json_joined_totals(j);
	s = as_suite(t);
	if (suite_exit_code(&s))
		code = suite_exit_code(&s);
	if ((t->unfinished || t->repeated || t->misdealt) && (!code || code == EXIT_INCONCLUSIVE))
		code = EXIT_ENVIRONMENT;
	code = reports_close(set, &s, t->wall, NULL, NULL, code);
	json_joined_free(j);
	return code;
}

static int merge_main(const struct command *self, int argc, char **argv)
{
	return options_command(self, argc, argv, merge);
}

const struct command cmd_merge = {
	.name = "merge",
	.args = "RESULTS...",
	.summary = "join JSON results of several runs into one report",
	.main = merge_main,
	.runs = true,
	.wants = "file of results (run --report json=FILE)",
};
