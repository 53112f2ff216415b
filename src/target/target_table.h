/* SPDX-License-Identifier: BSD-2-Clause */
/* Every kind of target, for the command line. */
#ifndef DP_TARGET_TARGET_TABLE_H
#define DP_TARGET_TARGET_TABLE_H

struct target_desc;

/*
 * The target of "NAME" or "NAME:WHERE", as its row has it, or NULL; *where
 * points into name, and is NULL without the colon.
 */
const struct target_desc *target_find(const char *name, const char **where);
/* The n-th target, for --help; NULL past the last. */
const struct target_desc *target_at(unsigned n);

#endif
