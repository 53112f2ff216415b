/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several reports of one run: each event goes to all of them. One that cannot
 * be written any more is left out with a word on standard error; the others go
 * on.
 */
#ifndef DP_REPORT_REPORT_SET_H
#define DP_REPORT_REPORT_SET_H

#include <stdbool.h>

struct report_end;
struct report_options;
struct report_set;
struct reporter;

struct report_set *report_set_new(void);
void report_set_free(struct report_set *s);
/*
 * Adds what the user wrote: KIND, or KIND=FILE ("-" is standard output, as is
 * no file), or KIND=DIR for one that is a folder. The text must outlive the
 * set. 0, or -1 after a message.
 */
int report_set_add(struct report_set *s, const char *spec);
/*
 * Opens all files and reports; what was not asked for otherwise is the text on
 * standard output. colour, tty and size are those of standard output; files
 * get none. 0, or -1 after a message when a file cannot be opened.
 */
int report_set_open(struct report_set *s, const struct report_options *o);
/* The reporter that passes events on; the set's. report_set_close() ends it. */
struct reporter *report_set_reporter(struct report_set *s);
/* True if one of them has a use for what the stack of a failure ran on. */
bool report_set_wants_environment(const struct report_set *s);
/* True if standard output has the text, so that more lines for people may follow. */
bool report_set_text_on_stdout(const struct report_set *s);
/* True if one of them is the text. */
bool report_set_has_text(const struct report_set *s);
/*
 * Ends all reports and closes the files. 0, or -1 if one of them lost
 * something: that was said, but for standard output's, whose stream keeps its
 * error for whoever flushes it last; errno is the reason of that, or 0.
 */
int report_set_close(struct report_set *s, const struct report_end *end);

#endif
