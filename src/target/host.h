/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel drillpress runs on, as a target. Its stack is tested in the
 * network namespace of the calling process, see target/sandbox.h.
 */
#ifndef DP_TARGET_HOST_H
#define DP_TARGET_HOST_H

struct diag_sink;
struct target;
struct target_config;

/*
 * The open of target_desc. Refuses to work in a namespace that is in use (one
 * whose lo is up). Threads that make calls are created after it. Every descriptor
 * above 2 becomes close-on-exec.
 */
struct target *host_open(const struct target_config *cfg, struct diag_sink *d);

#endif
