/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a script: templates, scanner, parser, metadata, checks and printer.
 * Of a table of cases the last one is taken. What was accepted is printed in a form that is accepted too and printed the same.
 */
#include "config.h"

#include "fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "script/ast.h"
#include "script/check.h"
#include "script/meta.h"
#include "script/parse.h"
#include "script/template.h"

#include <string.h>

static struct script *parse(const char *text, size_t len, struct arena *a, struct diag_sink *d)
{
	struct word_list cases = { 0 };
	struct source *src;

	diag_init(d, a);
	src = source_from_text("fuzz", text, len, a, d);
	if (src && template_cases(src, &cases, a, d) == 0)
		src = template_expand(src, cases.n ? cases.word[cases.n - 1] : NULL, a, d);
	return src && !d->errors ? script_parse(src, NULL, a, d) : NULL;
}

/* Messages are made of the same bytes: their excerpts have to cope with them. */
static void print_messages(const struct diag_sink *d)
{
	FILE *f = fopen("/dev/null", "w");

	must(f);
	diag_print_all(f, d, true);
	fclose(f);
}

/* A symbol's value may be anything, also what no script can hold; it is not expanded again. */
static bool prints_as_written(const struct script *s)
{
	return STAILQ_EMPTY(&s->settings.defines);
}

static void round_trip(const struct script *s, struct arena *a)
{
	struct buf once = { 0 }, twice = { 0 };
	struct script *again;
	struct diag_sink d;

	script_print(s, &once);
	if (prints_as_written(s)) {
		again = parse(buf_str(&once), once.len, a, &d);
		if (!again)
			diag_print_all(stderr, &d, false);
		must(again);
		script_print(again, &twice);
		if (strcmp(buf_str(&once), buf_str(&twice)))
			fprintf(stderr, "--- first\n%s--- second\n%s", buf_str(&once), buf_str(&twice));
		must(!strcmp(buf_str(&once), buf_str(&twice)));
	}
	buf_free(&once);
	buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct script_info info;
	struct diag_sink d;
	struct script *s = parse((const char *)data, size, a, &d);

	must(!s == (d.errors > 0));
	if (s) {
		round_trip(s, a);
		script_info_read(s, &info, &d);
		settings_finish(&s->settings, &d);
		script_check(s, &d);
	}
	print_messages(&d);
	arena_free(a);
	return 0;
}
