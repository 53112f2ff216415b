/* SPDX-License-Identifier: BSD-2-Clause */
/* Every kind of target, for the command line. */
#ifndef DP_TARGET_TARGET_TABLE_H
#define DP_TARGET_TARGET_TABLE_H

struct target_desc;

/* The target of that NAME or NAME:WHERE, or NULL. */
const struct target_desc *target_find(const char *name);
/* The WHERE of NAME:WHERE, or NULL. */
const char *target_where(const char *name);
/* The n-th target, for --help; NULL past the last. */
const struct target_desc *target_at(unsigned n);

#endif
