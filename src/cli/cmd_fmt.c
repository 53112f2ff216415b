/* SPDX-License-Identifier: BSD-2-Clause */
/* drillpress fmt: scripts in canonical form. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "script/ast.h"
#include "script/template.h"

#include <stdio.h>
#include <unistd.h>

static int fmt_one(const char *path, const struct options *o)
{
	struct arena *a = arena_new();
	struct script *s = NULL;
	struct buf text = { 0 };
	struct diag_sink d;
	const char *file, *which;
	struct source *src;

	diag_init(&d, a);
	template_path(path, a, &file, &which);
	src = source_load(file, a, &d);
	/* A case that is named is what is wanted of it. */
	if (src && which)
		src = template_expand(src, which, a, &d);
	else if (src && template_is(src))
		diag_error(&d, (struct span){ 0 }, "%s: has #include, #define or a table of cases: fmt "
			   "would print one reading of it and drop the rest", path);
	if (src && !d.errors)
		s = script_parse(src, &o->overrides, a, &d);
	diag_print_all(stderr, &d, options_colour(o, STDERR_FILENO));
	if (s && s->conditional) {
		fprintf(stderr, "%s: error: has #ifdef: fmt would print one reading of it and drop the "
			"rest\n", path);
		s = NULL;
	}
	if (s) {
		script_print(s, &text);
		fputs(buf_str(&text), stdout);
	}
	buf_free(&text);
	arena_free(a);
	return s ? 0 : EXIT_USAGE;
}

static int fmt_main(const struct command *self, int argc, char **argv)
{
	struct options o;
	int i, code = 0;

	if (options_parse(&o, self, argc, argv)) {
		code = EXIT_USAGE;
	} else if (o.help) {
		options_help(stdout, self);
	} else {
		for (i = 0; i < o.n_paths; i++)
			if (fmt_one(o.paths[i], &o))
				code = EXIT_USAGE;
	}
	options_free(&o);
	return code;
}

const struct command cmd_fmt = {
	.name = "fmt",
	.args = "FILE...",
	.summary = "print scripts in canonical form",
	.main = fmt_main,
	.details = "Comments are not kept: the output is what the parser understood.\n",
};
