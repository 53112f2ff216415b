/* SPDX-License-Identifier: BSD-2-Clause */
/* Verdicts: how each looks, how many there were, and which have to be looked into. */
#include "config.h"

#include "report/tally.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/format.h"

static const struct verdict_style style_table[VERDICT_COUNT] = {
	[VERDICT_NONE] = { INK_MAGENTA, "without a verdict", .reason = true, .bad = true },
	[VERDICT_PASS] = { INK_GREEN, "passed", .reason = false },
	[VERDICT_FAIL] = { INK_RED, "failed", .block = true, .bad = true },
	[VERDICT_INCONCLUSIVE] = { INK_YELLOW, "inconclusive", .block = true, .bad = true },
	[VERDICT_SKIP] = { INK_YELLOW, "skipped", .reason = true },
	[VERDICT_BADSCRIPT] = { INK_MAGENTA, "not valid", .reason = true, .bad = true },
	[VERDICT_ENVIRONMENT] = { INK_MAGENTA, "not possible here", .reason = true, .bad = true },
	[VERDICT_XFAIL] = { INK_YELLOW, "failed as expected", .reason = true },
	[VERDICT_XPASS] = { INK_MAGENTA, "passed unexpectedly", .block = true, .bad = true },
};

/* The order in a sentence: what went well, what needs a look, what was left out. */
static const enum verdict order[] = {
	VERDICT_PASS, VERDICT_FAIL, VERDICT_XPASS, VERDICT_INCONCLUSIVE, VERDICT_BADSCRIPT,
	VERDICT_ENVIRONMENT, VERDICT_NONE, VERDICT_XFAIL, VERDICT_SKIP,
};

const struct verdict_style *verdict_style(enum verdict v)
{
	return &style_table[(unsigned)v < VERDICT_COUNT ? v : VERDICT_NONE];
}

void tally_init(struct tally *t)
{
	*t = (struct tally){ .arena = arena_new(), .last_bad = &t->bad };
}

void tally_fini(struct tally *t)
{
	arena_free(t->arena);
}

void tally_add(struct tally *t, const struct result *end, const char *place, const char *message)
{
	enum verdict v = (unsigned)end->verdict < VERDICT_COUNT ? end->verdict : VERDICT_NONE;
	struct tally_entry *e;

	t->runs++;
	t->count[v]++;
	t->duration = nstime_sum(t->duration, end->duration);
	if (end->lateness > t->lateness)
		t->lateness = end->lateness;
	if (!verdict_style(v)->bad)
		return;
	e = arena_new_of(t->arena, struct tally_entry);
	e->verdict = v;
	e->place = arena_strdup(t->arena, place);
	e->message = arena_strdup(t->arena, message);
	*t->last_bad = e;
	t->last_bad = &e->next;
}

void tally_print_bad(struct page *p, const struct tally *t)
{
	const struct tally_entry *e;

	page_gap(p);
	for (e = t->bad; e; e = e->next) {
		page_printf(p, "%s%-5s%s ", page_ink(p, verdict_style(e->verdict)->ink),
			    verdict_name(e->verdict), page_ink(p, INK_PLAIN));
		page_printf(p, "%s%s%s\n", e->place, *e->message ? ": " : "", e->message);
	}
}

static void add_counts(const struct page *p, const struct tally *t, struct buf *b)
{
	const char *sep = ":";
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct verdict_style *s = &style_table[order[i]];
		bool inked = s->bad;

		if (!t->count[order[i]])
			continue;
		buf_printf(b, "%s %s%u %s%s", sep, inked ? page_ink(p, s->ink) : "",
			   t->count[order[i]], s->counted, inked ? page_ink(p, INK_PLAIN) : "");
		sep = ",";
	}
}

void tally_print(struct page *p, const struct tally *t, int jobs)
{
	struct buf b = { 0 };

	if (!t->runs) {
		page_puts(p, "no script was run\n");
		return;
	}
	buf_printf(&b, "%u script%s", t->runs, t->runs == 1 ? "" : "s");
	add_counts(p, t, &b);
	/* Runs side by side add up to more than the time that went by. */
	if (t->wall || jobs <= 1) {
		buf_adds(&b, " in ");
		format_wall(&b, t->wall ? t->wall : t->duration);
	}
	if (t->lateness > 0) {
		buf_adds(&b, " (worst lateness ");
		format_duration(&b, t->lateness);
		buf_addc(&b, ')');
	}
	page_printf(p, "%s\n", buf_str(&b));
	buf_free(&b);
}
