/* SPDX-License-Identifier: BSD-2-Clause */
/* `assert` events: conditions on what the kernel tells about a socket. */
#ifndef DP_SYS_ASSERTION_H
#define DP_SYS_ASSERTION_H

#include "script/ast.h"
#include "sys/sys.h"
#include "sys/tcp_sample.h"

/* True if it is (also) about a socket: values alone are compared without one. */
bool assertion_wants_sample(const struct assert_ast *a);
/* Checks fields, values and types of an assertion without running it. 0, or -1 with all errors recorded. */
int assertion_check(const struct assert_ast *a, struct diag_sink *d);
/*
 * Compares a sample with the conditions about fields: all that differ, in order (NULL =
 * none), in the run's arena. *unknown is the first field in them that the
 * kernel did not tell, or NULL.
 */
struct mismatch *assertion_compare(struct sys_ctx *x, const struct assert_ast *a,
				   const struct tcp_sample *s, const char **unknown);
/*
 * Why a field is not in a sample, in the arena: an older kernel, or another
 * congestion control.
 */
const char *tcp_field_missing(const struct tcp_sample *s, const char *field, struct arena *a);

#endif
