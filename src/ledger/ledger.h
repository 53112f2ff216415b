/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ledger: the requirements of a catalogue, the scripts that cover them, and
 * what came of these on each of several targets. First the scripts are added,
 * then results, source by source; ledger_judge() makes the standings.
 */
#ifndef DP_LEDGER_LEDGER_H
#define DP_LEDGER_LEDGER_H

#include "ledger/catalogue.h"
#include "ledger/standing.h"
#include "seam/reporter.h"

struct word_list;

/* One run of a script that covers the requirement. */
struct ledger_run {
	const char *script, *variant;	/* variant "" = it has none */
	const char *message;		/* "" = nothing to say */
	enum verdict verdict;
	bool elsewhere;	/* XFAIL, and the deviation is from other requirements */
	struct ledger_run *next;
};

/* A requirement on a target. */
struct ledger_cell {
	enum standing standing;
	struct ledger_run *runs;	/* all of them, as they were told */
	unsigned n;
	const char *why;	/* of the standing, from the runs that made it; "" = nothing to say */
};

struct ledger_script {
	const char *path;
	struct ledger_script *next;
};

struct ledger_row {
	const struct requirement *requirement;
	struct ledger_script *scripts;		/* that were added, each once */
	unsigned n_scripts;
	struct ledger_cell *cell;		/* one for each column */
};

/* An id that results have and the catalogue has not. */
struct ledger_stranger {
	const char *id, *script;	/* the first that has it */
	struct ledger_stranger *next;
};

struct ledger_count {
	unsigned of[STANDING_COUNT], all;
};

struct ledger {
	struct arena *arena;
	const struct catalogue *catalogue;
	struct ledger_row *row;		/* as in the catalogue */
	size_t n;
	const char **column;		/* names of the targets */
	unsigned n_columns;
	bool has_results;	/* without, the one column says what is tested at all */
	struct ledger_stranger *strangers;
};

/* An empty ledger; the catalogue must stay. Never NULL; ledger_free(). */
struct ledger *ledger_new(const struct catalogue *c);
void ledger_free(struct ledger *l);
/*
 * A script covers these requirements; to name it again is no harm. 0, or -1 if
 * the catalogue lacks one of them, which is left out.
 */
int ledger_add_script(struct ledger *l, const char *path, const struct word_list *ids);
/*
 * A reporter for the results of one source, the ledger's, good until the next is
 * asked for. Its targets go by label; if it has several, the label and their own
 * names. Without a label (NULL) they go by their own names, and are then the same
 * as targets of that name of other sources; what says none goes by fallback.
 */
struct reporter *ledger_source(struct ledger *l, const char *label, const char *fallback);
/* All is told: makes columns and cells. Once. */
void ledger_judge(struct ledger *l);
/* How many rows of this group (NULL = all) and strength (STRENGTH_COUNT = all) stand how. */
struct ledger_count ledger_count(const struct ledger *l, unsigned column, const char *group,
				 enum strength s);
/* True if the catalogue's measurement says something else: not if either says nothing. */
bool ledger_disagrees(const struct ledger_row *r, unsigned column);

#endif
