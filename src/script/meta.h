/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The `//@` lines of a script, understood: what it covers, what it needs,
 * where it is known to fail, how it is to be run.
 */
#ifndef DP_SCRIPT_META_H
#define DP_SCRIPT_META_H

#include "script/ast.h"

struct buf;

struct word_list {
	const char **word;
	int n;
};

/* //@ needs KEY, KEY=VALUE or KEY>=VALUE */
enum need_op { NEED_HAS, NEED_EQUAL, NEED_AT_LEAST };
struct need {
	const char *key, *value;
	enum need_op op;
	struct span span;
	STAILQ_ENTRY(need) next;
};

/* Among the ids of //@ expect-fail: the script fails for something that no id of it demands. */
#define DEVIATES_NOWHERE "-"

/* //@ expect-fail TARGET [ID...] "reason"; TARGET may be NAME<VERSION or NAME>=VERSION */
struct expect_fail {
	const char *target, *reason;
	const char *since, *until;	/* versions: from this one on, and before that one; NULL = all */
	/* Requirements of the script that it is a deviation from; empty = all of them. */
	struct word_list deviates;
	struct span span;
	STAILQ_ENTRY(expect_fail) next;
};

struct script_info {
	struct word_list requirements;	/* //@ requirement ID ID ... */
	struct word_list tags;		/* //@ tags slow ... */
	struct word_list versions;	/* //@ ip ipv4 ipv6: the variants to run; empty = the default */
	STAILQ_HEAD(, need) needs;
	STAILQ_HEAD(, expect_fail) expect_fails;
};

/*
 * Reads the metadata of a parsed script; words live in its arena. A key
 * that is not known is only warned of: to packetdrill the line is a comment.
 * Returns 0, or -1 after a diagnostic at a malformed line.
 */
int script_info_read(const struct script *s, struct script_info *info, struct diag_sink *d);
/* Adds a word, which stays the caller's; the list lives in the arena. */
void word_list_add(struct arena *a, struct word_list *l, const char *word);
bool word_list_has(const struct word_list *l, const char *word);
/* "6.18.44-rc1" as a number that compares; what follows the third number is not looked at. */
long version_number(const char *text);
/*
 * True if it is about the target of that name in that version ("6.18.44"; NULL:
 * not known, and what is about some versions only is not about it).
 */
bool expect_fail_is_about(const struct expect_fail *known, const char *name, const char *version);
/* Appends the words with blanks between. Returns the text of b, or NULL if there are no words. */
const char *word_list_text(const struct word_list *l, struct buf *b);

#endif
