/* SPDX-License-Identifier: BSD-2-Clause */
/* Results as web pages. */
#include "config.h"

#include "report/html.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "report/dossier_folder.h"
#include "report/html_folder.h"
#include "report/html_index.h"
#include "report/html_run.h"
#include "report/per_run.h"
#include "report/run_log.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* How often a name was given to a page. */
struct used {
	const char *name;
	unsigned n;
};

struct html_report {
	struct per_run base;	/* first */
	struct html_folder folder;
	struct arena *arena;
	struct html_entry *first, **last;
	size_t n;
	void *used;		/* for tsearch(3) */
	int lost;		/* an errno */
};

static struct html_report *of(struct reporter *r)
{
	return (struct html_report *)r;
}

static void lose(struct html_report *h)
{
	if (!h->lost)
		h->lost = errno ? errno : EIO;
}

static int by_name(const void *x, const void *y)
{
	return strcmp(((const struct used *)x)->name, ((const struct used *)y)->name);
}

/* How often the name was used before. */
static unsigned use(struct html_report *h, const char *name)
{
	const struct used key = { .name = name };
	struct used **found = tfind(&key, &h->used, by_name), *fresh;

	if (found)
		return (*found)->n++;
	fresh = arena_new_of(h->arena, struct used);
	fresh->name = name;
	fresh->n = 1;
	if (!tsearch(fresh, &h->used, by_name))
		lose(h);
	return 0;
}

/*
 * The file of a run. Repetitions are told apart by what no other name has: a
 * '~' after the variant.
 */
static const char *page_name(struct html_report *h, const struct run_log *run)
{
	struct buf b = { 0 };
	const char *name;
	unsigned before;

	dossier_folder_name(&b, run->script, run->variant);
	name = arena_strdup(h->arena, buf_str(&b));
	buf_free(&b);
	before = use(h, name);
	if (before)
		return arena_printf(h->arena, "%s~%u.html", name, before + 1);
	return arena_printf(h->arena, "%s.html", name);
}

static void html_ended(struct per_run *p, struct run_log *run, const struct result *end)
{
	struct html_report *h = of(&p->base);
	struct html_entry *e = html_entry_new(h->arena, run, end);
	struct buf b = { 0 };

	e->page = page_name(h, run);
	html_run(&b, run, end);
	e->links_at = b.len;
	html_run_links(&b, NULL, NULL);
	if (html_folder_write(h->folder.run, e->page, &b) == 0) {
		*h->last = e;
		h->last = &e->next;
		h->n++;
	} else {
		lose(h);
	}
	buf_free(&b);
}

int report_html_lost(const struct reporter *r)
{
	return ((const struct html_report *)r)->lost;
}

/* The page is there and whole; now its neighbours are known. */
static int link_page(struct html_report *h, const struct html_entry *e, const char *before,
		     const char *after)
{
	struct buf b = { 0 };
	int rc = html_folder_read(h->folder.run, e->page, &b);

	if (!rc && b.len >= e->links_at) {
		b.len = e->links_at;
		html_run_links(&b, before, after);
		rc = html_folder_write(h->folder.run, e->page, &b);
	}
	buf_free(&b);
	return rc;
}

static const char *next_bad(const struct html_totals *t, size_t i)
{
	while (i < t->n && !html_entry_is_bad(t->entry[i]))
		i++;
	return i < t->n ? t->entry[i]->page : NULL;
}

static void link_failures(struct html_report *h, const struct html_totals *t)
{
	const char *before = NULL;
	size_t i;

	for (i = 0; i < t->n && !h->lost; i++) {
		if (!html_entry_is_bad(t->entry[i]))
			continue;
		if (link_page(h, t->entry[i], before, next_bad(t, i + 1)))
			lose(h);
		before = t->entry[i]->page;
	}
}

static struct html_entry *const *sorted(const struct html_report *h)
{
	struct html_entry **list = arena_alloc(h->arena, (h->n + 1) * sizeof(*list)), *e;
	size_t n = 0;

	for (e = h->first; e; e = e->next)
		list[n++] = e;
	qsort(list, n, sizeof(*list), html_entry_compare);
	return list;
}

static void write_index(struct html_report *h)
{
	struct html_totals t = { .options = &h->base.options, .wall = h->base.end.wall,
				 .entry = sorted(h), .n = h->n };
	struct buf b = { 0 };
	char words[80];

	link_failures(h, &t);
	t.missing = h->lost ? strerror(h->lost) : per_run_missing(&h->base, words, sizeof(words));
	html_index(&b, &t);
	if (html_folder_write(h->folder.top, "index.html", &b))
		lose(h);
	buf_free(&b);
}

static void keep(void *node)
{
	(void)node;	/* it lives in the arena */
}

static int html_close(struct reporter *r)
{
	struct html_report *h = of(r);
	int lost;

	if (!h->lost)
		per_run_end_orphans(&h->base);
	write_index(h);
	lost = h->lost;
	while (h->base.runs)
		run_log_drop(&h->base.runs);
	html_folder_close(&h->folder);
	tdestroy(h->used, keep);
	arena_free(h->arena);
	free(h);
	errno = lost;
	return lost ? -1 : 0;
}

static void write_first(struct html_report *h)
{
	struct buf b = { 0 };

	html_index_pending(&b, &h->base.options);
	if (html_folder_begin(&h->folder) || html_folder_write(h->folder.top, "index.html", &b))
		lose(h);
	buf_free(&b);
}

struct reporter *report_html_new(const char *path, const struct report_options *o,
				 const char **why)
{
	static const struct reporter_ops ops = { .event = per_run_event, .close = html_close };
	struct html_folder folder;
	struct html_report *h;

	if (html_folder_open(&folder, path, true, why))
		return NULL;
	h = xzalloc(sizeof(*h));
	per_run_init(&h->base, &ops, NULL, o, html_ended);
	h->folder = folder;
	h->arena = arena_new();
	h->last = &h->first;
	write_first(h);
	return &h->base.base;
}
