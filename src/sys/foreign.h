/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What scripts written for other systems use and Linux does not have. Such a
 * script is valid, but only that system can run it.
 */
#ifndef DP_SYS_FOREIGN_H
#define DP_SYS_FOREIGN_H

#include "script/ast.h"

/* The system a symbol belongs to ("FreeBSD"), or NULL if no other system's is known. */
const char *foreign_symbol(const char *name);
/* The system with a socket option that takes a struct with this member, or NULL. */
const char *foreign_member(const char *name);
/* True for a call in a form that Linux does not have: sendfile() with headers. */
bool foreign_call(const struct syscall_ast *c);
/* Why Linux cannot run the script, in its arena; NULL if nothing in it is foreign. */
const char *foreign_reason(const struct script *s);

#endif
