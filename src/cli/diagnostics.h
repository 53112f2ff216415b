/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with scripts, before any is run. */
#ifndef DP_CLI_DIAGNOSTICS_H
#define DP_CLI_DIAGNOSTICS_H

#include <stdbool.h>

struct options;
struct suite_list;

/*
 * Prints all diagnostics of all cases on standard error; those that all cases
 * of a table have at the same place only once, with the number of the others.
 * reported: but not of a case whose only one is an error, which a report tells.
 */
void diagnostics_print(const struct suite_list *l, const struct options *o, bool reported);

#endif
