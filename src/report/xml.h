/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text inside XML 1.0. A library's writer would leave the two hard parts to us
 * (characters XML cannot say, bytes that are not UTF-8) and do only the rest.
 */
#ifndef DP_REPORT_XML_H
#define DP_REPORT_XML_H

struct buf;

/*
 * Appends text so that it can stand between tags or in double quotes: & < > "
 * as entities; in an attribute tabs and line ends too (a reader would make
 * blanks of them). Characters that XML has no way to say are dropped.
 */
void xml_text(struct buf *b, const char *s);
void xml_attribute(struct buf *b, const char *s);

#endif
