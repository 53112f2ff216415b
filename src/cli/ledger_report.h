/* SPDX-License-Identifier: BSD-2-Clause */
/* What --report of the ledger asks for. */
#ifndef DP_CLI_LEDGER_REPORT_H
#define DP_CLI_LEDGER_REPORT_H

struct ledger_view;
struct options;

/* 0, or -1 after a message when one of them is none. Nothing is opened. */
int ledger_reports_check(const struct options *o);
/* Writes all of them, or the text if none was asked for. 0, or -1 after a message for each lost. */
int ledger_reports_write(const struct options *o, const struct ledger_view *v);

#endif
