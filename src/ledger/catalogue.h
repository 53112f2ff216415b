/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The requirements a TCP is held against: scripts/requirements.tsv, which
 * doc/ledger.md describes, or somebody's own file of that form.
 */
#ifndef DP_LEDGER_CATALOGUE_H
#define DP_LEDGER_CATALOGUE_H

#include "base/diag.h"
#include "base/source.h"

#include <stdbool.h>
#include <stddef.h>

/* How much a requirement wants, NOT or not; RECOMMENDED is SHOULD (RFC 2119). */
enum strength { STRENGTH_MUST, STRENGTH_SHOULD, STRENGTH_MAY, STRENGTH_OTHER, STRENGTH_COUNT };

/* Can it be tested from outside the stack? */
enum testable { TESTABLE_YES, TESTABLE_PARTLY, TESTABLE_NO };

/* What was measured by hand on a kernel of Linux, apart from any script. */
enum measured { MEASURED_UNKNOWN, MEASURED_CONFORMS, MEASURED_DEVIATES };

struct requirement {
	const char *id;		/* as scripts have it: "RFC9293:MUST-13" */
	const char *group;	/* of the id, up to the colon; CATALOGUE_CLAIMS without one */
	const char *name;	/* the rest of the id */
	const char *section;	/* of the RFC; "" = it has none */
	const char *level;	/* "MUST NOT" */
	enum strength strength;
	enum testable testable;
	char priority;		/* A to D */
	enum measured measured;
	const char *text;	/* what it wants, one line */
	const char *note;	/* why it is hard to test, how Linux deviates, ...; "" = nothing */
};

/* Ids without a colon are no RFC's: claims of articles. */
#define CATALOGUE_CLAIMS "claims"

struct catalogue {
	const char *name;	/* of the file */
	const struct requirement *row;
	size_t n;
};

/*
 * Reads a catalogue; all of it lives in the arena, and so must src, whose the
 * sink's diagnostics then are. 0, or -1 after one for each line that is not as it
 * should be.
 */
int catalogue_read(struct catalogue *c, const struct source *src, struct arena *a,
		   struct diag_sink *d);
/* NULL if there is none of that id. */
const struct requirement *catalogue_find(const struct catalogue *c, const char *id);
/* "MUST", "SHOULD", "MAY", "other" */
const char *strength_name(enum strength s);
/* As the file has them. */
const char *testable_name(enum testable t);
const char *measured_name(enum measured m);

#endif
