/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which connection each descriptor of a script is, learnt from its calls:
 * packetdrill's interface cannot be asked.
 */
#ifndef DP_TARGET_PD_FDS_H
#define DP_TARGET_PD_FDS_H

#include "seam/target.h"

struct pd_fds;

struct pd_fds *pd_fds_new(void);
void pd_fds_free(struct pd_fds *f);
/* A call has returned. Safe from several threads. */
void pd_fds_learn(struct pd_fds *f, const struct target_call *c);
/* The descriptor of a connection, or of a listener (remote port 0); -1 if none is known. */
int pd_fds_find(struct pd_fds *f, const struct tuple *t);

#endif
