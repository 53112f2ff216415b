/* SPDX-License-Identifier: BSD-2-Clause */
/* A script's system calls, made through packetdrill's interface. */
#ifndef DP_TARGET_PD_CALL_H
#define DP_TARGET_PD_CALL_H

#include "seam/target.h"

struct pd_interface;

/* False if the interface has no such call, or the stack has left it out. */
bool pd_has_call(const struct pd_interface *ifc, enum call_id id);
/*
 * Makes a call that is there and fills in result and err, as the stack left
 * errno. Several threads may do so at once, if the stack can stand it.
 */
void pd_call(const struct pd_interface *ifc, struct target_call *c);

#endif
