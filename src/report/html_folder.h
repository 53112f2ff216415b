/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The folder of an HTML report: index.html, its style, and a page for each run
 * in run/. Files that no drillpress has written are left alone.
 */
#ifndef DP_REPORT_HTML_FOLDER_H
#define DP_REPORT_HTML_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct html_folder {
	int top, run;	/* the folder and run/ in it, open; -1 = it is not wanted */
};

/* What every file of ours has in its first bytes. */
#define HTML_MARK "drillpress report"
/* Where the pages of runs are. */
#define HTML_RUNS "run"

/*
 * Makes the folder, those above it and, if runs, run/ in it. 0, or -1 with the reason, which lives
 * until the next call of strerror(), in *why.
 */
int html_folder_open(struct html_folder *f, const char *path, bool runs, const char **why);
/* Puts the style there. 0, or -1 with errno. */
int html_folder_style(const struct html_folder *f);
/* Removes the pages of an earlier report and puts the style there. 0, or -1 with errno. */
int html_folder_begin(const struct html_folder *f);
void html_folder_close(struct html_folder *f);
/*
 * Writes a file in place of the report's own of that name: a reader sees the
 * old one or the new one. dir is one of the two above. 0, or -1 with errno;
 * EEXIST when somebody else's is there.
 */
int html_folder_write(int dir, const char *name, const struct buf *text);
/* Appends the text of a file. 0, or -1 with errno. */
int html_folder_read(int dir, const char *name, struct buf *text);

#endif
