/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A black box on a wire as a target: whatever is at the other end of an
 * Ethernet interface (TAP, veth, NIC), without an agent. The tester has the
 * peer's addresses, which no kernel has. Calls are what an application is
 * known to do, or a command makes it do; states are inferred from packets.
 */
#ifndef DP_TARGET_BOX_H
#define DP_TARGET_BOX_H

struct arena;
struct diag_sink;
struct script;
struct script_info;
struct target;
struct target_config;

/* The functions of target_desc. open works in the calling thread's network namespace. */
int box_check(const char *where, struct diag_sink *d);
const char *box_called(const char *where, struct arena *a);
const char *box_refuses(const struct target_config *cfg, const struct script *s,
			const struct script_info *info, struct arena *a);
struct target *box_open(const struct target_config *cfg, struct diag_sink *d);

#endif
