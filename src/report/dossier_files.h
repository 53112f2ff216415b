/* SPDX-License-Identifier: BSD-2-Clause */
/* What a dossier holds: a table of files, each written from what a run has said. */
#ifndef DP_REPORT_DOSSIER_FILES_H
#define DP_REPORT_DOSSIER_FILES_H

#include "base/nstime.h"

#include <stddef.h>

struct buf;
struct result;
struct run_log;

struct dossier_case {
	const struct run_log *run;
	const struct result *end;
	const char *script;	/* its text; NULL if it is not known */
	size_t script_len;
	const char *passed_on;	/* its environment when it last passed; NULL if that is not known */
	nstime passed_at;	/* when, since 1970 */
};

struct dossier_file {
	const char *name;
	/* Appends the file's content; nothing: there is no such file. */
	void (*write)(struct buf *out, const struct dossier_case *c);
};

/* The run as JSON results (report/json.h), and the script's text. */
#define DOSSIER_RESULT "result.json"
#define DOSSIER_SCRIPT "script.pkt"

extern const struct dossier_file dossier_file_table[];
extern const size_t dossier_file_count;

#endif
