/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts in a guest kernel: what a suite starts for a batch of them. */
#ifndef DP_CLI_RUN_GUEST_H
#define DP_CLI_RUN_GUEST_H

#include "cli/run_case.h"

/* How many scripts one guest runs, one after the other. */
#define GUEST_BATCH 32

/*
 * As start of struct suite_config; arg is the runner. The process starts the
 * guest, hands on what it says of each script, and says itself what became of
 * it when the guest does not live to say so.
 */
pid_t guest_start(void *arg, const struct case_start *start, struct diag_sink *d);

#endif
