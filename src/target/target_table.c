/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of targets: a new one is a row here and the file that opens it. */
#include "config.h"

#include "target/target_table.h"

#include "seam/target.h"
#include "target/host.h"

#include <string.h>

static const struct target_desc target_table[] = {
	{ .name = "host", .help = "the kernel drillpress runs on", .open = host_open },
};

#define TARGETS (sizeof(target_table) / sizeof(target_table[0]))

const struct target_desc *target_find(const char *name)
{
	unsigned i;

	for (i = 0; i < TARGETS; i++)
		if (strcmp(target_table[i].name, name) == 0)
			return &target_table[i];
	return NULL;
}

const struct target_desc *target_at(unsigned n)
{
	return n < TARGETS ? &target_table[n] : NULL;
}
