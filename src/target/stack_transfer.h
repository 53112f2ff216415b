/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that are sent and received in as many parts as a stack takes or has at a time. */
#ifndef DP_TARGET_STACK_TRANSFER_H
#define DP_TARGET_STACK_TRANSFER_H

#include "target/stack_state.h"

/*
 * As sendmsg() and recvmsg(): bytes, -errno or DP_LACKS; -EAGAIN if there is
 * more to wait for, also after some bytes, which p->progress counts. What it
 * is asked again with is the same message. With O_NONBLOCK or MSG_DONTWAIT
 * what can be done at once is all.
 */
long stack_send(struct stack_target *s, struct stack_pending *p, int fd, const struct msghdr *m,
		int flags);
long stack_receive(struct stack_target *s, struct stack_pending *p, int fd, struct msghdr *m,
		   int flags);

#endif
