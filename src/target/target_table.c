/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of targets: a new one is a row here and the file that opens it. */
#include "config.h"

#include "target/target_table.h"

#include "seam/target.h"
#include "target/box.h"
#include "target/host.h"

#include <string.h>

static const struct target_desc target_table[] = {
	{ .name = "host", .help = "the kernel drillpress runs on", .sandboxed = true,
	  .open = host_open },
	{ .name = "wire", .help = "what is at the other end of an Ethernet interface: "
	  "wire:IFACE[,KEY=VALUE]...", .check = box_check, .called = box_called,
	  .refuses = box_refuses, .open = box_open },
};

#define TARGETS (sizeof(target_table) / sizeof(target_table[0]))

const struct target_desc *target_find(const char *name)
{
	size_t len = strcspn(name, ":");
	unsigned i;

	for (i = 0; i < TARGETS; i++)
		if (strlen(target_table[i].name) == len &&
		    strncmp(target_table[i].name, name, len) == 0)
			return &target_table[i];
	return NULL;
}

const char *target_where(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL ? colon + 1 : NULL;
}

const struct target_desc *target_at(unsigned n)
{
	return n < TARGETS ? &target_table[n] : NULL;
}
