/* SPDX-License-Identifier: BSD-2-Clause */
/* Times, durations and foreign text as a reader wants them. */
#ifndef DP_REPORT_FORMAT_H
#define DP_REPORT_FORMAT_H

#include "base/nstime.h"

#include <stddef.h>

struct arena;
struct buf;
struct result;

/*
 * Sums that stop at the ends of the range: an event from a crashed child may
 * hold any number.
 */
nstime nstime_sum(nstime a, nstime b);
nstime nstime_diff(nstime a, nstime b);

/* Appends seconds with this many decimals (0 to 9), rounded: "0.100023". */
void format_seconds(struct buf *b, nstime t, int decimals);
/* Appends the size of a duration in the unit that suits it: "20 ns", "0.21 ms", "1.5 s". */
void format_duration(struct buf *b, nstime d);
/* The same for time between packets, where a tenth of a second is fine enough: "4.0 s". */
void format_interval(struct buf *b, nstime d);
/* Appends how long something took: "0.41 s", "12.3 s". */
void format_wall(struct buf *b, nstime d);

/* Terminal columns of n bytes of UTF-8. */
size_t format_columns(const char *s, size_t n);
/*
 * How many bytes of a text go on a line of `room` columns. Best broken after a
 * comma, so that an option keeps its value; else at a blank; else anywhere.
 */
size_t format_break(const char *text, size_t room);
/*
 * Appends text as UTF-8 that XML and pcapng can hold: of what is none, each
 * byte becomes U+FFFD, and carriage returns go. s is NUL-terminated also when
 * len is less than its length.
 */
void format_utf8(struct buf *b, const char *s, size_t len);
/* Appends text for XML, in an element or an attribute. */
void format_xml(struct buf *b, const char *s);
/*
 * The text on one line and harmless to a terminal: line ends and tabs become
 * blanks, other control characters \xHH. In the arena, or s itself when there
 * was nothing to do; NULL gives "".
 */
const char *format_one_line(struct arena *a, const char *s);

/* A text with the name of the event's connection before it, if it has one: "@a TEXT". */
const char *format_conn(struct arena *a, const struct result *r, const char *text);
/*
 * The packet, call or command of an event on one line, with "< " or "> " for
 * packets. What is given as text: usually r->text, or one of want and got.
 */
const char *format_event(struct arena *a, const struct result *r, const char *text);
/* The same for want and got: the value of a call stands without the call. */
const char *format_value(struct arena *a, const struct result *r, const char *text);

#endif
