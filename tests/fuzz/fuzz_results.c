/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a file of JSON results: what is read can be told to every kind
 * of report, and what the JSON report then writes reads back as whole results
 * with the same totals. It can be explained, too. Of the report that is a folder,
 * the pages are made and not written.
 */
#include "config.h"

#include "fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "report/explain.h"
#include "report/html_index.h"
#include "report/html_run.h"
#include "report/json_read.h"
#include "report/per_run.h"
#include "report/report.h"
#include "report/report_table.h"

#include <stdlib.h>
#include <string.h>

struct pages {
	struct per_run base;	/* first */
	struct arena *arena;
	struct html_entry *entry;	/* the last one's */
};

/* Nothing of a text may be markup: what pages have of it is known. */
static void no_markup(const struct buf *page, int scripts)
{
	const char *at = buf_str(page);

	must(strlen(at) == page->len);
	for (; (at = strstr(at, "<script")); at++)
		scripts--;
	must(!scripts);
	must(!strstr(buf_str(page), "<img"));
}

static void make_page(struct per_run *p, struct run_log *run, const struct result *end)
{
	struct pages *pages = (struct pages *)p;
	struct buf b = { 0 };

	html_run(&b, run, end);
	html_run_links(&b, NULL, "next.html");
	no_markup(&b, 1);
	pages->entry = html_entry_new(pages->arena, run, end);
	pages->entry->page = "page.html";
	buf_free(&b);
}

static int end_pages(struct reporter *r)
{
	struct pages *pages = (struct pages *)r;
	struct html_totals t = { .options = &pages->base.options, .entry = &pages->entry };
	struct buf b = { 0 };

	per_run_end_orphans(&pages->base);
	t.n = pages->entry != NULL;
	html_index(&b, &t);
	no_markup(&b, 1);
	buf_free(&b);
	arena_free(pages->arena);
	free(pages);
	return 0;
}

static struct reporter *pages_new(const struct report_options *o)
{
	static const struct reporter_ops ops = { .event = per_run_event, .close = end_pages };
	struct pages *pages = xzalloc(sizeof(*pages));

	per_run_init(&pages->base, &ops, NULL, o, make_page);
	pages->arena = arena_new();
	return &pages->base.base;
}

/* Every event goes to all kinds of report. */
struct many {
	struct reporter base;	/* first */
	struct reporter *each[16];
};

static void tell_all(struct reporter *r, unsigned run, const struct result *e)
{
	struct many *m = (struct many *)r;
	size_t i;

	for (i = 0; i < report_table_count; i++)
		reporter_event(m->each[i], run, e);
}

static const struct reporter_ops tell_all_ops = { .event = tell_all };

static void ignore(struct reporter *r, unsigned run, const struct result *e)
{
}

static const struct reporter_ops ignore_ops = { .event = ignore };

static struct json_totals read_bytes(const void *data, size_t size, struct reporter *out)
{
	struct json_joined *j = json_joined_new(out, NULL);
	FILE *in = fmemopen((void *)(uintptr_t)data, size, "r");
	struct json_totals t;

	must(in);
	json_read(j, in, "fuzz");
	t = *json_joined_totals(j);
	fclose(in);
	json_joined_free(j);
	return t;
}

static void same_again(const char *json, size_t len, const struct json_totals *first)
{
	struct reporter nobody = { &ignore_ops };
	struct json_totals t = read_bytes(json, len, &nobody);

	must(!t.unfinished && !t.repeated);
	must(t.runs == first->runs);
	must(!memcmp(t.count, first->count, sizeof(t.count)));
}

/* As text and as SVG. The words choose some runs, or none. */
static void explain_bytes(const void *data, size_t size, bool svg, int n_words)
{
	char path[] = "a", version[] = "ipv4", *words[] = { path, version };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	const struct explain_options o = { .out = out, .svg = svg, .words = words,
					   .n_words = n_words };
	struct explain *e = explain_new(&o);

	must(out);
	read_bytes(data, size, explain_reporter(e));
	if (explain_choose(e, "fuzz", out) == 0)
		read_bytes(data, size, explain_reporter(e));
	explain_close(e, out);
	fclose(out);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct report_options options = { .jobs = 2, .verbose = true };
	struct many m = { .base = { &tell_all_ops } };
	FILE *out[16];
	char *text[16];
	size_t len[16], i;
	struct json_totals t;

	if (!size)
		return 0;
	must(report_table_count <= 16);
	for (i = 0; i < report_table_count; i++) {
		out[i] = open_memstream(&text[i], &len[i]);
		must(out[i]);
		m.each[i] = report_table[i].open ? report_table[i].open(out[i], &options) :
						  pages_new(&options);
	}
	t = read_bytes(data, size, &m.base);
	for (i = 0; i < report_table_count; i++) {
		must(m.each[i]->ops->close(m.each[i]) == 0);
		fclose(out[i]);
		if (!strcmp(report_table[i].name, "json"))
			same_again(text[i], len[i], &t);
		free(text[i]);
	}
	explain_bytes(data, size, false, 0);
	explain_bytes(data, size, true, 0);
	explain_bytes(data, size, false, 2);
	return 0;
}
