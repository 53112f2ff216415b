/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of options, between settings.c, which applies it, and option_table.c. */
#ifndef DP_SCRIPT_OPTION_TABLE_H
#define DP_SCRIPT_OPTION_TABLE_H

#include "script/settings.h"

#include <stddef.h>

enum option_kind {
	OPT_FLAG, OPT_INT, OPT_U16, OPT_SECONDS, OPT_USECS, OPT_PERCENT, OPT_STRING, OPT_BOOL,
	OPT_CUSTOM,
	OPT_REFUSED,	/* known, but not done: help says what to do instead */
};

struct option_desc {
	const char *name;
	enum option_kind kind;
	size_t at;		/* of the field in struct settings */
	int64_t min, max;
	const char *(*set)(struct settings *s, const char *value, struct span at);
	const char *arg, *help;
};

/* All options; the last row has no name. */
extern const struct option_desc option_table[];
/* "'VALUE' is not WHAT", in the arena of the settings. */
const char *option_bad(struct settings *s, const char *what, const char *value);
/* A decimal number from end to end. */
bool option_parse_int(const char *s, int64_t *v);

#endif
