/* SPDX-License-Identifier: BSD-2-Clause */
/* What packetdrill says of one event, in its words; further lines are ours. */
#ifndef DP_REPORT_PACKETDRILL_TEXT_H
#define DP_REPORT_PACKETDRILL_TEXT_H

struct buf;
struct result;
struct run_log;

/* Appends "PATH:LINE: ", or "PATH: " if it is about no line. */
void packetdrill_place(const struct run_log *run, const struct result *r, struct buf *out);
/*
 * Appends the lines for an event that failed, or that --non_fatal only warns
 * of: packetdrill's, and one of ours for each further difference.
 */
void packetdrill_event(const struct run_log *run, const struct result *r, struct buf *out);
/* Appends "timing error: expected ... but happened at ...", without a line end. */
void packetdrill_timing(const struct result *r, struct buf *out);

#endif
