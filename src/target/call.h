/* SPDX-License-Identifier: BSD-2-Clause */
/* A script's system calls, made on the kernel drillpress runs on. */
#ifndef DP_TARGET_CALL_H
#define DP_TARGET_CALL_H

struct caps;
struct target_call;

/*
 * Makes the call and fills in result and err. Several threads may do so at
 * once; caps is what they share.
 */
void call_host(struct caps *caps, struct target_call *c);

#endif
