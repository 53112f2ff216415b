/* SPDX-License-Identifier: BSD-2-Clause */
/* The kinds of report. */
#include "config.h"

#include "report/report_table.h"
#include "base/buf.h"
#include "report/html.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/per_run.h"
#include "report/report.h"
#include "report/tap.h"
#include "report/text.h"

#include <string.h>

static struct reporter *text_open(FILE *out, const struct report_options *o)
{
	const struct text_options text = { .out = out, .colour = o->colour, .verbose = o->verbose,
					   .tty = o->tty, .jobs = o->jobs, .width = o->width,
					   .height = o->height, .left = o->left,
					   .left_arg = o->left_arg };
	struct reporter *r = report_text_new(&text);

	report_text_total(r, o->total);
	return r;
}

static void text_over(struct reporter *r, const struct report_end *end)
{
	report_text_wall(r, end->wall);
	report_text_comparison(r, end->comparison);
}

const struct report_kind report_table[] = {
	{ "text", "for people", .open = text_open, .over = text_over },
	{ "tap", "Test Anything Protocol, version 14", .open = report_tap_new,
	  .over = per_run_over },
	{ "ktap", "the kernel's KTAP, version 1", .open = report_ktap_new, .over = per_run_over },
	{ "junit", "JUnit XML, for CI servers", .open = report_junit_new, .over = per_run_over },
	{ "json", "JSON Lines: everything; drillpress merge reads it", .open = report_json_new,
	  .over = report_json_over, .environment = true },
	{ "html", "web pages, in the folder that --report html=DIR names",
	  .open_folder = report_html_new, .lost = report_html_lost, .over = per_run_over,
	  .environment = true },
};
const size_t report_table_count = sizeof(report_table) / sizeof(report_table[0]);

const struct report_kind *report_find(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < report_table_count; i++)
		if (strlen(report_table[i].name) == n && !memcmp(report_table[i].name, name, n))
			return &report_table[i];
	return NULL;
}

void report_table_help(struct buf *b)
{
	size_t i;

	buf_adds(b, "\nKinds of report (text on standard output unless another one is there):\n");
	for (i = 0; i < report_table_count; i++)
		buf_printf(b, "  %-29s %s\n", report_table[i].name, report_table[i].help);
}
