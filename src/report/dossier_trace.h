/* SPDX-License-Identifier: BSD-2-Clause */
/* The packets of a run as a capture whose frames say what the script thought of them. */
#ifndef DP_REPORT_DOSSIER_TRACE_H
#define DP_REPORT_DOSSIER_TRACE_H

struct buf;
struct result;
struct run_log;

/*
 * Appends a pcapng of the run's frames in the order of their times. script is
 * its text, NULL if it is not known. A packet that never came has no frame:
 * its comment stands with the frame before it, or with the interface.
 */
void dossier_trace(struct buf *out, const struct run_log *run, const struct result *end,
		   const char *script);

#endif
