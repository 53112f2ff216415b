/* SPDX-License-Identifier: BSD-2-Clause */
/* What writing and reading of calls share: sizes, and the order of memory. */
#include "config.h"

#include "target/agent_marshal_inside.h"
#include "target/agent_proto.h"

#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define CONTROL_MOST 65536

const char marshal_no_room[] = "room for so much data in one call";
const char marshal_no_ioctl[] = "such ioctl(), or not with these arguments";

/* A length as the call has it; below zero there is nothing. */
static int64_t written_length(const struct target_call *c, const struct marshal_arg *m)
{
	socklen_t len;

	switch (m->length) {
	case LENGTH_FIXED:
		return m->unit;
	case LENGTH_ARG:
		return (int64_t)(int)c->arg[m->arg] * m->unit;
	case LENGTH_AT:
		if (!P(c, m->arg) || P(c, m->arg) == NOWHERE)
			return 0;
		memcpy(&len, P(c, m->arg), sizeof(len));
		return (int)len;
	}
	return 0;
}

static size_t memory_size(const struct target_call *c, const struct marshal_arg *m)
{
	int64_t n = written_length(c, m);

	if (n <= 0)
		return 0;
	return m->most && n > m->most ? m->most : (size_t)n;
}

int marshal_count_arg(const struct marshal_arg *m, int i)
{
	if (is_iov(m->kind))
		return i + 1;
	return is_memory(m->kind) && m->length == LENGTH_ARG ? m->arg : -1;
}

const char *marshal_size(const struct target_call *c, int i, struct marshal_sizes *s)
{
	const struct marshal_arg *m = &marshal_table[c->id].arg[i];
	int bytes, count = marshal_count_arg(m, i);
	const struct msghdr *h;

	s->arg[i] = 0;
	if (!c->arg[i] || c->arg[i] == (intptr_t)NOWHERE)
		return NULL;
	/* Where the call takes an int it would see another number than is seen here. */
	if (count >= 0 && (c->arg[count] < INT_MIN || c->arg[count] > INT_MAX))
		return marshal_no_room;
	switch (m->kind) {
	case MARSHAL_IOV_IN:
	case MARSHAL_IOV_OUT:
		s->arg[i] = c->arg[i + 1] > 0 ? (size_t)c->arg[i + 1] : 0;
		s->total += s->arg[i] > IOV_MAX ? 0 : s->arg[i] * sizeof(struct iovec);
		return s->arg[i] > IOV_MAX ? marshal_no_room : NULL;
	case MARSHAL_MSG_IN:
	case MARSHAL_MSG_OUT:
		h = P(c, i);
		s->name = h->msg_name && (int)h->msg_namelen > 0 ? h->msg_namelen : 0;
		if (s->name > sizeof(struct sockaddr_storage))
			s->name = sizeof(struct sockaddr_storage);
		s->control = h->msg_control ? h->msg_controllen : 0;
		s->entries = h->msg_iov ? h->msg_iovlen : 0;
		s->total += s->name + s->control;
		return s->entries > IOV_MAX || s->control > CONTROL_MOST ? marshal_no_room : NULL;
	case MARSHAL_IOCTL:
		bytes = marshal_ioctl_bytes(c->arg[i - 1]);
		s->arg[i] = bytes > 0 ? (size_t)bytes : 0;
		break;
	default:
		if (is_memory(m->kind))
			s->arg[i] = memory_size(c, m);
	}
	s->total += s->arg[i];
	return s->total > AGENT_MAX_CALL_BYTES ? marshal_no_room : NULL;
}

bool marshal_is_bad(const struct target_call *c, int i)
{
	int count = marshal_count_arg(&marshal_table[c->id].arg[i], i);

	if (c->arg[i] && count >= 0 && c->arg[count] < 0)
		return true;
	if (sizeof(intptr_t) > sizeof(int))
		return c->arg[i] >= INT_MIN && c->arg[i] <= INT_MAX;
	return c->arg[i] > -4096 && c->arg[i] < 4096;
}

const char *marshal_for_each(enum call_id id, marshal_visit *visit, void *arg)
{
	const struct marshal_arg *m = marshal_table[id].arg;
	const char *lacks = NULL;
	int pass, i;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < MARSHAL_ARGS && !lacks; i++)
			if (is_pointer(m[i].kind) &&
			    (is_memory(m[i].kind) && m[i].length == LENGTH_FIXED) == !pass)
				lacks = visit(arg, i, &m[i]);
	return lacks;
}
