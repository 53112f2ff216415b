/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of targets: a new one is a row here and the file that opens it. */
#include "config.h"

#include "target/target_table.h"

#include "seam/target.h"
#include "target/box.h"
#include "target/host.h"
#include "target/stack.h"
#include "target/stack_load.h"
#include "target/uml.h"

#include <string.h>

static const struct target_desc target_table[] = {
	{ .name = "host", .help = "the kernel drillpress runs on", .sandboxed = true,
	  .open = host_open },
	{ .name = "stack", .arg = "FILE[,KEY=VALUE...]", .exact = true, .in_process = true,
	  .help = "a stack in a shared object, in virtual time",
	  .check = stack_check, .open = stack_open },
	{ .name = "kernel", .arg = "IMAGE[,KEY=VALUE...]", .exact = true, .guest = true,
	  .help = "a Linux kernel, started as a program, in virtual time",
	  .check = uml_check },
	{ .name = "wire", .arg = "IFACE[,KEY=VALUE...]", .one_at_a_time = true,
	  .help = "what is at the other end of an Ethernet interface",
	  .check = box_check, .called = box_called, .refuses = box_refuses, .open = box_open },
};

#define TARGETS (sizeof(target_table) / sizeof(target_table[0]))

const struct target_desc *target_find(const char *name, const char **where)
{
	size_t len = strcspn(name, ":");
	unsigned i;

	*where = name[len] ? name + len + 1 : NULL;
	for (i = 0; i < TARGETS; i++)
		if (strncmp(target_table[i].name, name, len) == 0 && !target_table[i].name[len] &&
		    !target_table[i].arg == !*where)
			return &target_table[i];
	return NULL;
}

const struct target_desc *target_at(unsigned n)
{
	return n < TARGETS ? &target_table[n] : NULL;
}
