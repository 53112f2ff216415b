/* SPDX-License-Identifier: BSD-2-Clause */
/* A stack in a shared object (include/drillpress/stack.h) behind the target seam, in virtual time. */
#ifndef DP_TARGET_STACK_H
#define DP_TARGET_STACK_H

struct diag_sink;
struct target;
struct target_config;

/* As check of struct target_desc: whether that can be understood, not whether the file is there. */
int stack_check(const char *where, struct diag_sink *d);
/* As open of struct target_desc; cfg->where is "FILE[,KEY=VALUE...]". */
struct target *stack_open(const struct target_config *cfg, struct diag_sink *d);

#endif
