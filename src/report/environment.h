/* SPDX-License-Identifier: BSD-2-Clause */
/* What a failing script ran on, compared with what it ran on when it last passed. */
#ifndef DP_REPORT_ENVIRONMENT_H
#define DP_REPORT_ENVIRONMENT_H

#include "base/nstime.h"

struct buf;

/*
 * Appends a line: "since it last passed (DATE): kernel 6.1 -> 6.12; net.ipv4.tcp_sack
 * 1 -> 0" with the separator before each difference but, when it is "; ", the
 * first; or that there is none; or, when before is NULL, that no pass is
 * recorded. before and now are the texts of result.environment; passed is the
 * time of before, since 1970.
 */
void environment_change(struct buf *out, const char *before, nstime passed, const char *now,
			const char *separator);

#endif
