/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results as web pages that need no server and no network: an index, and a
 * page for each run, which is there as soon as the run is over.
 */
#ifndef DP_REPORT_HTML_H
#define DP_REPORT_HTML_H

struct report_options;
struct reporter;

/*
 * The open_folder of struct report_kind; its over is per_run_over(). The pages
 * of an earlier report go. The index is written at once, saying that there is
 * none yet, and by close(), which also links each failure to its neighbours.
 */
struct reporter *report_html_new(const char *path, const struct report_options *o,
				 const char **why);
/* The lost of struct report_kind. */
int report_html_lost(const struct reporter *r);

#endif
