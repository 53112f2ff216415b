/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes to calls: an answer, for which the memory is there, and a request, for which it is made. */
#include "config.h"

#include "base/xmem.h"
#include "target/agent_marshal_inside.h"
#include "target/agent_pack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* The kernel may write a little more than the length says (some options, with a negative one). */
#define SLACK 4096

/* ---- reading an answer: the memory is there ---- */

struct reading {
	struct unpack *u;
	struct target_call *c;
	struct marshal_sizes *sizes;
	struct marshal_room *room;
};

static void read_iov_bytes(struct unpack *u, const struct iovec *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].iov_base)
			unpack_bytes(u, v[i].iov_base, v[i].iov_len);
}

/* The lengths that the kernel sets, and what they are of. */
static void read_msg_out(struct unpack *u, struct msghdr *h, const struct marshal_sizes *s)
{
	uint32_t name = unpack_u32(u);
	uint64_t control = unpack_u64(u);

	/* The kernel never says that it filled in more control messages than there was room for. */
	if (h->msg_control && control > s->control)
		u->bad = true;
	h->msg_namelen = name;
	h->msg_controllen = h->msg_control && !u->bad ? (size_t)control : 0;
	h->msg_flags = (int)unpack_u32(u);
	unpack_bytes(u, h->msg_name, s->name);
	unpack_bytes(u, h->msg_control, s->control);
	read_iov_bytes(u, h->msg_iov, s->entries);
}

static const char *read_reply_memory(void *arg, int i, const struct marshal_arg *m)
{
	struct reading *r = arg;

	if (!r->c->arg[i] || marshal_is_bad(r->c, i) || !comes_out(m->kind))
		return NULL;
	if (m->kind == MARSHAL_IOV_OUT)
		read_iov_bytes(r->u, P(r->c, i), r->sizes->arg[i]);
	else if (m->kind == MARSHAL_MSG_OUT)
		read_msg_out(r->u, P(r->c, i), r->sizes);
	else
		unpack_bytes(r->u, P(r->c, i), r->sizes->arg[i]);
	return NULL;
}

int marshal_read_reply(struct target_call *c, const struct marshal_sizes *sizes,
		       struct unpack *u)
{
	struct marshal_sizes copy = *sizes;
	struct reading r = { .u = u, .c = c, .sizes = &copy };

	c->result = (intptr_t)(int64_t)unpack_u64(u);
	c->err = (int)unpack_u32(u);
	marshal_for_each(c->id, read_reply_memory, &r);
	return unpack_done(u) ? 0 : -1;
}

/* ---- reading a request: the memory is made ---- */

struct room_block {
	struct room_block *next;
	max_align_t bytes[];
};

static void *room_new(struct marshal_room *room, size_t n)
{
	struct room_block *b;

	if (n > room->most || room->used > room->most - n)
		return NULL;
	room->used += n;
	b = xzalloc(sizeof(*b) + n);
	b->next = room->first;
	room->first = b;
	return b->bytes;
}

void marshal_room_free(struct marshal_room *r)
{
	struct room_block *b;

	while ((b = r->first)) {
		r->first = b->next;
		free(b);
	}
	r->used = 0;
}

void marshal_room_move(struct marshal_room *to, struct marshal_room *from)
{
	struct room_block **end = &to->first;

	while (*end)
		end = &(*end)->next;
	*end = from->first;
	to->used += from->used;
	*from = (struct marshal_room){ 0 };
}

static const char *read_iov(struct reading *r, struct iovec *v, size_t n, bool bytes)
{
	bool there;
	size_t i;

	for (i = 0; i < n && !r->u->bad; i++) {
		there = unpack_u8(r->u);
		v[i].iov_len = unpack_u32(r->u);
		v[i].iov_base = there ? room_new(r->room, v[i].iov_len) : NULL;
		if (there && !v[i].iov_base)
			return marshal_no_room;
		if (there && bytes)
			unpack_bytes(r->u, v[i].iov_base, v[i].iov_len);
	}
	return NULL;
}

static const char *read_msg(struct reading *r, int i, bool bytes)
{
	struct msghdr *h = room_new(r->room, sizeof(*h));
	unsigned there = unpack_u8(r->u);
	const char *lacks;

	if (!h)
		return marshal_no_room;
	r->c->arg[i] = (intptr_t)h;
	h->msg_iovlen = (size_t)unpack_u64(r->u);
	h->msg_namelen = unpack_u32(r->u);
	h->msg_controllen = (size_t)unpack_u64(r->u);
	h->msg_flags = (int)unpack_u32(r->u);
	/* Only for the sizes: the memory comes when they are known to be bearable. */
	h->msg_name = there & 1 ? h : NULL;
	h->msg_iov = there & 2 ? (struct iovec *)NOWHERE : NULL;
	h->msg_control = there & 4 ? h : NULL;
	lacks = marshal_size(r->c, i, r->sizes);
	if (lacks)
		return lacks;
	/* The kernel looks at a length of 0 to 128, or at none. */
	h->msg_name = there & 1 ? room_new(r->room, sizeof(struct sockaddr_storage)) : NULL;
	h->msg_iov = there & 2 ? room_new(r->room, r->sizes->entries * sizeof(struct iovec)) : NULL;
	h->msg_control = there & 4 ? room_new(r->room, r->sizes->control) : NULL;
	if ((there & 1 && !h->msg_name) || (there & 2 && !h->msg_iov) || (there & 4 && !h->msg_control))
		return marshal_no_room;
	unpack_bytes(r->u, h->msg_name, r->sizes->name);
	unpack_bytes(r->u, h->msg_control, r->sizes->control);
	return read_iov(r, h->msg_iov, r->sizes->entries, bytes);
}

static const char *read_request_memory(void *arg, int i, const struct marshal_arg *m)
{
	struct reading *r = arg;
	const char *lacks;
	size_t spare = m->length == LENGTH_AT ? SLACK : m->most, n;
	int count = marshal_count_arg(m, i);

	if (P(r->c, i) == NULL || P(r->c, i) == NOWHERE)
		return NULL;
	if (is_msg(m->kind))
		return read_msg(r, i, m->kind == MARSHAL_MSG_IN);
	/* Until it is there, the argument says MARSHAL_MEMORY. */
	lacks = marshal_size(r->c, i, r->sizes);
	if (lacks)
		return lacks;
	/* No tester calls that memory. */
	if (count >= 0 && r->c->arg[count] < 0) {
		r->c->arg[i] = (intptr_t)NOWHERE;
		return NULL;
	}
	n = r->sizes->arg[i];
	if (is_iov(m->kind))
		n *= sizeof(struct iovec);
	r->c->arg[i] = (intptr_t)room_new(r->room, n + spare);
	if (!r->c->arg[i])
		return marshal_no_room;
	if (is_iov(m->kind))
		return read_iov(r, P(r->c, i), r->sizes->arg[i], goes_in(m->kind));
	if (goes_in(m->kind))
		unpack_bytes(r->u, P(r->c, i), n);
	return NULL;
}

static void read_argument(struct reading *r, int i)
{
	const struct marshal_arg *m = &marshal_table[r->c->id].arg[i];
	uint64_t v = unpack_u64(r->u);

	if (!is_pointer(m->kind)) {
		r->c->arg[i] = (intptr_t)(int64_t)v;
		return;
	}
	if (v > MARSHAL_BAD)
		r->u->bad = true;
	/* Memory is anything that is neither until its turn comes. */
	r->c->arg[i] = v == MARSHAL_NULL ? 0 : v == MARSHAL_BAD ? (intptr_t)NOWHERE : -1;
}

int marshal_read_request(struct unpack *u, struct marshal_room *room, struct target_call *c,
			 struct marshal_sizes *sizes, const char **lacks)
{
	struct reading r = { .u = u, .c = c, .sizes = sizes, .room = room };
	uint8_t id = unpack_u8(u);
	int i;

	*c = (struct target_call){ 0 };
	*sizes = (struct marshal_sizes){ 0 };
	*lacks = NULL;
	if (u->bad || id >= CALL_COUNT)
		return -1;
	c->id = id;
	*lacks = marshal_table[id].lacks;
	for (i = 0; i < MARSHAL_ARGS; i++)
		read_argument(&r, i);
	if (id == CALL_ioctl && marshal_ioctl_bytes(c->arg[1]) < 0)
		*lacks = marshal_no_ioctl;
	if (u->bad || *lacks)
		return u->bad ? -1 : 0;
	*lacks = marshal_for_each(id, read_request_memory, &r);
	return *lacks || unpack_done(u) ? 0 : -1;
}
