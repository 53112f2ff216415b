/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results the way packetdrill prints them: nothing for a script that passes,
 * its error texts on standard error for one that does not, and with -v its
 * lines about packets and calls on standard output. Harnesses search both.
 */
#ifndef DP_REPORT_PACKETDRILL_H
#define DP_REPORT_PACKETDRILL_H

#include "seam/reporter.h"

#include <stdbool.h>
#include <stdio.h>

struct diag_sink;

struct packetdrill_options {
	FILE *out, *err;
	bool verbose;	/* packets and calls */
	bool debug;	/* also states, notes and packets nobody asked for */
};

/* For runs one after the other. Its close() frees it; output that was lost shows in the streams. */
struct reporter *report_packetdrill_new(const struct packetdrill_options *o);
/* The errors of a script that could not be parsed, or is wrong; path as the user gave it. */
void report_packetdrill_errors(FILE *err, const char *path, const struct diag_sink *d);

#endif
