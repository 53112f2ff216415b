/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "ledger/standing.h"

static const struct {
	const char *name;
	bool lacking;
} standing_table[STANDING_COUNT] = {
	[STANDING_FAILED] = { "failed", true },
	[STANDING_DEVIATES] = { "deviates", false },
	[STANDING_PROVEN] = { "proven", false },
	[STANDING_NOT_RUN] = { "not run", true },
	[STANDING_TESTED] = { "tested", false },
	[STANDING_UNOBSERVABLE] = { "unobservable", false },
	[STANDING_UNTESTED] = { "untested", true },
};

const char *standing_name(enum standing s)
{
	return standing_table[s].name;
}

bool standing_is_lacking(enum standing s)
{
	return standing_table[s].lacking;
}
