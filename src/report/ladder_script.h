/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a ladder that nobody has climbed: a script as it is written. */
#ifndef DP_REPORT_LADDER_SCRIPT_H
#define DP_REPORT_LADDER_SCRIPT_H

struct arena;
struct rows;
struct script;

/*
 * A row for each event of the script, its init and cleanup commands, and the
 * states it demands, with times as written. Everything lives in the arena.
 */
void ladder_script(struct rows *rows, const struct script *s, struct arena *a);

#endif
