/* SPDX-License-Identifier: BSD-2-Clause */
/* What drillpress keeps of a stack's descriptors, since it makes blocking calls by itself. */
#ifndef DP_TARGET_STACK_FD_H
#define DP_TARGET_STACK_FD_H

#include "target/stack_state.h"

/* Never NULL; of a number that is no descriptor, one that is not open. */
struct stack_fd *stack_fd_of(struct stack_target *s, int fd);
/* F_GETFL, F_SETFL, F_GETFD and F_SETFD, as fcntl(2): a result, -errno or DP_LACKS. */
long stack_fd_fcntl(struct stack_fd *f, int cmd, long arg);
/* SO_RCVTIMEO or SO_SNDTIMEO of it; NULL: the option is the stack's. */
nstime *stack_fd_timeout(struct stack_fd *f, int level, int name);
/* getsockopt() and setsockopt() of one of those: 0 or -errno. */
long stack_fd_get_timeout(const struct stack_fd *f, const nstime *timeout, void *value,
			  socklen_t *len);
long stack_fd_set_timeout(const struct stack_fd *f, nstime *timeout, const void *value,
			  socklen_t len);

#endif
