/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script tests, in its own words. */
#ifndef DP_SCRIPT_ABOUT_H
#define DP_SCRIPT_ABOUT_H

struct arena;
struct source;

/*
 * The first sentence or paragraph of the comment a script begins with, on one
 * line, in the arena; NULL if it begins with none. Licences and `//@` lines
 * are passed over. Works on scripts that do not parse, too.
 */
const char *script_about(const struct source *src, struct arena *a);

#endif
