/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress ledger: which requirements are shown to hold, by which script, on which target. */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/ledger_report.h"
#include "cli/library.h"
#include "cli/options.h"
#include "ledger/choice.h"
#include "report/json_read.h"
#include "report/ledger.h"
#include "suite/discover.h"
#include "sys/sys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct job {
	const struct options *o;
	struct diag_sink diag;		/* of the catalogue */
	struct catalogue catalogue;
	struct ledger *ledger;
	const char *folder;		/* of the catalogue */
	bool bad;			/* scripts have errors, or ids of nowhere */
	bool incomplete;		/* results lack something */
};

/* ---- what is read ---- */

static int read_catalogue(struct job *j)
{
	struct arena *a = j->o->arena;
	const char *path = j->o->catalogue, *slash;
	const struct source *src;
	int err;

	if (!path)
		path = arena_printf(a, "%s/" LIBRARY_CATALOGUE, library_folder(a));
	slash = strrchr(path, '/');
	j->folder = slash ? arena_strndup(a, path, (size_t)(slash - path)) : ".";
	diag_init(&j->diag, a);
	src = source_load(path, a, &j->diag);
	err = src ? catalogue_read(&j->catalogue, src, a, &j->diag) : -1;
	diag_print_all(stderr, &j->diag, options_colour(j->o, STDERR_FILENO));
	return err;
}

/* Says where a script has ids that the catalogue has not. */
static void say_unknown(const struct job *j, struct suite_case *c)
{
	const struct word_list *ids;
	const struct meta *m;
	int i;

	suite_case_wake(c);
	ids = &c->info.requirements;
	for (i = 0; c->script && i < ids->n; i++) {
		if (catalogue_find(&j->catalogue, ids->word[i]))
			continue;
		STAILQ_FOREACH(m, &c->script->metas, next)
			if (!strcmp(m->key, "requirement") && strstr(m->rest, ids->word[i]))
				break;
		diag_error(&c->diag, m ? m->span : (struct span){ 0 }, "'%s' is not in %s",
			   ids->word[i], j->catalogue.name);
	}
	suite_case_sleep(c);
}

/* What is wrong with a script is said once, however many IP versions it has. */
static void add_scripts(struct job *j, const struct suite_list *list)
{
	const char *said = "";
	struct suite_case *c;

	for (c = list->first; c; c = c->next) {
		bool known = ledger_add_script(j->ledger, c->path, &c->info.requirements) == 0;

		if (!strcmp(said, c->path))
			continue;
		if (!known)
			say_unknown(j, c);
		if (c->diag.first)
			said = c->path;
		j->bad |= suite_case_is_bad(c);
		diag_print_all(stderr, &c->diag, options_colour(j->o, STDERR_FILENO));
	}
}

static int read_scripts(struct job *j)
{
	const struct discover_options how = { .overrides = &j->o->overrides, .slow = true,
					      .check = sys_check, .unsupported = sys_unsupported };
	struct suite_list list;
	int i, err = 0;

	suite_list_init(&list);
	for (i = 0; i < j->o->n_paths; i++)
		err |= discover(j->o->paths[i], &how, &list);
	if (!j->o->n_paths)
		err = discover(j->folder, &how, &list);
	add_scripts(j, &list);
	suite_list_free(&list);
	return err;
}

/* FILE or FILE=LABEL. A file may have a "=" in its name, too. */
static const char *split_label(const struct job *j, const char *spec, const char **label)
{
	const char *eq = strrchr(spec, '=');

	*label = NULL;
	if (!eq || access(spec, F_OK) == 0)
		return spec;
	*label = eq[1] ? eq + 1 : NULL;
	return arena_strndup(j->o->arena, spec, (size_t)(eq - spec));
}

/* What results go by that do not say on what they were had: the file's name without its end. */
static const char *base_name(const struct job *j, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	return arena_strndup(j->o->arena, name, dot > name ? (size_t)(dot - name) : strlen(name));
}

static int read_results(struct job *j, const char *spec)
{
	const char *label, *path = split_label(j, spec, &label);
	FILE *in = fopen(path, "re");
	struct json_joined *joined;

	if (!in) {
		fprintf(stderr, "drillpress: %s: %s\n", path, strerror(errno));
		return -1;
	}
	joined = json_joined_new(ledger_source(j->ledger, label, base_name(j, path)), stderr);
	json_read(joined, in, path);
	j->incomplete |= json_joined_totals(joined)->unfinished > 0;
	json_joined_free(joined);
	fclose(in);
	return 0;
}

static int read_all(struct job *j)
{
	const struct ledger_stranger *s;
	int i, err = read_scripts(j);

	for (i = 0; i < j->o->n_results; i++)
		err |= read_results(j, j->o->results[i]);
	for (s = j->ledger->strangers; s; s = s->next) {
		fprintf(stderr, "drillpress: '%s', which %s covers in these results, is not in %s\n",
			s->id, s->script, j->catalogue.name);
		j->bad = true;
	}
	return err;
}

/* ---- what is demanded ---- */

static int check_required(const struct job *j)
{
	int i;

	for (i = 0; i < j->o->n_required; i++)
		if (!choice_is_known(j->o->required[i], &j->catalogue)) {
			fprintf(stderr, "drillpress: --require %s: no such requirement in %s\n",
				j->o->required[i], j->catalogue.name);
			return -1;
		}
	return 0;
}

/* "proven (on host): why", as far as there is something to say. */
static void say_cell(const struct job *j, const struct ledger_row *row, unsigned k)
{
	const struct ledger_cell *c = &row->cell[k];

	fprintf(stderr, "  %s: %s", row->requirement->id, standing_name(c->standing));
	if (j->ledger->has_results)
		fprintf(stderr, " on %s", j->ledger->column[k]);
	fprintf(stderr, ": %s\n", *c->why ? c->why : row->requirement->text);
}

/* True if something is lacking, after a line for each. */
static bool is_lacking(const struct job *j, const char *words)
{
	const struct ledger *l = j->ledger;
	bool any = false;
	unsigned k;
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct ledger_row *row = &l->row[i];

		for (k = 0; k < l->n_columns; k++) {
			if (!choice_has(words, row->requirement) ||
			    !standing_is_lacking(row->cell[k].standing))
				continue;
			if (!any)
				fprintf(stderr, "drillpress: --require %s is not met:\n", words);
			any = true;
			say_cell(j, row, k);
		}
	}
	return any;
}

static int column_of(const struct ledger *l, const char *name, unsigned *k)
{
	for (*k = 0; *k < l->n_columns; (*k)++)
		if (!strcmp(l->column[*k], name))
			return 0;
	fprintf(stderr, "drillpress: --verify %s: the ledger has no such column; it has", name);
	for (*k = 0; *k < l->n_columns; (*k)++)
		fprintf(stderr, "%s %s", *k ? "," : "", l->column[*k]);
	fputc('\n', stderr);
	return -1;
}

/* True if the column and the measurements disagree, after a line for each. */
static bool is_refuted(const struct job *j, unsigned k)
{
	const struct ledger *l = j->ledger;
	bool any = false;
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct ledger_row *row = &l->row[i];

		if (!ledger_disagrees(row, k))
			continue;
		if (!any)
			fprintf(stderr, "drillpress: --verify %s: %s says something else:\n",
				l->column[k], j->catalogue.name);
		any = true;
		fprintf(stderr, "  %s: %s there%s%s;\n  ", row->requirement->id,
			measured_name(row->requirement->measured),
			*row->requirement->note ? ", " : "", row->requirement->note);
		say_cell(j, row, k);
	}
	return any;
}

/* ---- the whole ---- */

static int judge(struct job *j)
{
	const struct ledger_view view = { .ledger = j->ledger, .required = j->o->required,
					  .n_required = j->o->n_required,
					  .verified = j->o->verify, .verbose = j->o->verbose };
	int i, code = j->incomplete ? EXIT_ENVIRONMENT : 0;
	unsigned column = 0;
	bool lacking = false;

	ledger_judge(j->ledger);
	if (j->o->verify && column_of(j->ledger, j->o->verify, &column))
		return EXIT_USAGE;
	if (ledger_reports_write(j->o, &view))
		code = EXIT_ENVIRONMENT;
	for (i = 0; i < j->o->n_required; i++)
		lacking |= is_lacking(j, j->o->required[i]);
	if (j->o->verify)
		lacking |= is_refuted(j, column);
	if (j->bad)
		return EXIT_USAGE;
	return lacking ? EXIT_DEVIATION : code;
}

static int ledger_of(struct options *o)
{
	struct job j = { .o = o };
	int code;

	if (ledger_reports_check(o) || read_catalogue(&j) || check_required(&j))
		return EXIT_USAGE;
	j.ledger = ledger_new(&j.catalogue);
	code = read_all(&j) ? EXIT_USAGE : judge(&j);
	ledger_free(j.ledger);
	return code;
}

static int ledger_main(const struct command *self, int argc, char **argv)
{
	return options_command(self, argc, argv, ledger_of);
}

const struct command cmd_ledger = {
	.name = "ledger",
	.args = "[PATH]...",
	.summary = "say which requirements are shown to hold, by which scripts",
	.main = ledger_main,
	.wants = "script or folder",
	.has_paths = true,
	.details = "Nothing is run. PATH is a script or a folder of them; without any the scripts beside\n"
		   "the catalogue are meant, which is the library's own unless --catalogue names one.\n",
};
