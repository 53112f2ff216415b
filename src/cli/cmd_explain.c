/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress explain: the ladder of a script, which is not run, or of a run that was recorded. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/explain_results.h"
#include "cli/options.h"
#include "report/ladder.h"
#include "report/ladder_rows.h"
#include "report/ladder_script.h"
#include "report/ladder_svg.h"
#include "report/page.h"
#include "suite/discover.h"
#include "sys/sys.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 100

static int page_width(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_col)
		return DEFAULT_WIDTH;
	return w.ws_col < PAGE_MIN_WIDTH ? PAGE_MIN_WIDTH : w.ws_col;
}

static void print_text(const struct suite_case *c, const struct rows *rows, const struct options *o)
{
	struct page page = { .out = stdout, .width = page_width(),
			     .colour = options_colour(o, STDOUT_FILENO) };
	const struct option_ast *one;

	page_printf(&page, "%s%s (%s)%s\n", page_ink(&page, INK_BOLD), c->path, c->version,
		    page_ink(&page, INK_PLAIN));
	STAILQ_FOREACH(one, &c->script->options, next)
		page_printf(&page, "  --%s%s%s\n", one->name, one->value ? "=" : "",
			    one->value ? one->value : "");
	page_gap(&page);
	if (!rows->n)
		page_puts(&page, "  no events\n");
	ladder_draw(&page, rows);
}

static void print_svg(const struct suite_case *c, const struct rows *rows)
{
	struct buf b = { 0 };

	ladder_svg(&b, rows, arena_printf(c->arena, "%s (%s)", c->path, c->version),
		   arena_printf(c->arena, "%u packets and calls between the stack under test (left) "
				"and drillpress (right), as the script has them; it was not run.",
				rows->total));
	fputs(buf_str(&b), stdout);
	buf_free(&b);
}

static void explain_case(const struct suite_case *c, const struct options *o)
{
	struct rows rows;

	ladder_script(&rows, c->script, c->arena);
	if (o->svg)
		print_svg(c, &rows);
	else
		print_text(c, &rows, o);
}

/* A script that is meant for several IP versions looks the same in all. */
static bool is_another_version(const struct suite_case *before, const struct suite_case *c)
{
	return before && !strcmp(before->path, c->path);
}

static int explain_list(const struct suite_list *list, const struct options *o)
{
	const struct suite_case *before = NULL;
	struct suite_case *c;
	int code = 0, drawn = 0;

	for (c = list->first; c; before = c, c = c->next) {
		if (is_another_version(before, c))
			continue;
		if (o->svg && drawn) {
			fprintf(stderr, "drillpress: --svg draws one script; this was the first\n");
			return EXIT_USAGE;
		}
		diag_print_all(stderr, &c->diag, options_colour(o, STDERR_FILENO));
		if (suite_case_is_bad(c)) {
			code = EXIT_USAGE;
			continue;
		}
		if (drawn++)
			putchar('\n');
		suite_case_wake(c);
		explain_case(c, o);
		suite_case_sleep(c);
	}
	return code;
}

static int explain_paths(const struct options *o)
{
	const struct discover_options how = { .overrides = &o->overrides, .slow = true,
					      .ip_version = o->ip_version, .check = sys_check,
					      .unsupported = sys_unsupported };
	struct suite_list list;
	int i, err = 0, code;

	suite_list_init(&list);
	for (i = 0; i < o->n_paths; i++)
		err |= discover(o->paths[i], &how, &list);
	code = explain_list(&list, o);
	suite_list_free(&list);
	return err ? EXIT_USAGE : code;
}

/* By what the first path is; the others must not be of another kind. */
static int explain_any(struct options *o)
{
	const char *what;
	enum explained kind;
	int i;

	for (i = 0; i < o->n_paths; i++) {
		kind = explained_kind(o->paths[i], &what);
		if (kind == EXPLAINED_RESULTS && i == 0)
			return explain_results(o, page_width());
		if (kind == EXPLAINED_SCRIPT)
			continue;
		if (kind == EXPLAINED_RESULTS)
			what = "JSON results or a dossier, which have to come first and alone";
		fprintf(stderr, "drillpress: %s is %s; explain reads scripts, JSON results "
			"(run --report json=FILE) and dossiers (run --dossier DIR)\n", o->paths[i], what);
		return EXIT_USAGE;
	}
	return explain_paths(o);
}

static int explain_main(const struct command *self, int argc, char **argv)
{
	return options_command(self, argc, argv, explain_any);
}

const struct command cmd_explain = {
	.name = "explain",
	.args = "SCRIPT... | RESULT [SCRIPT]... [VERSION]...",
	.summary = "draw the ladder of scripts without running them, or of runs",
	.main = explain_main,
	.details = "Nothing is executed, whatever the script says.\n\n"
		   "RESULT is a file of JSON results (run --report json=FILE, merge) or a dossier\n"
		   "(run --dossier DIR), in which SCRIPT and VERSION (ipv4 ..., or a target of several)\n"
		   "choose runs; without them those that failed are drawn, or all if none did and\n"
		   "they are few.\n",
};
