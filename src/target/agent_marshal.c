/* SPDX-License-Identifier: BSD-2-Clause */
/* Both ways of a call between two memories. */
#include "config.h"

#include "target/agent_marshal.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "target/agent_pack.h"
#include "target/agent_proto.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define ARGS 6
#define CONTROL_MOST 65536
/* The kernel may write a little more than the length says (some options, with a negative one). */
#define SLACK 4096
/* No object is there; the kernel finds so, too. */
#define NOWHERE ((void *)1)

static const char no_room[] = "room for so much data in one call";
static const char no_ioctl[] = "such ioctl(), or not with these arguments";

#define P(c, i) ((void *)(c)->arg[i])

static bool is_memory(enum marshal_kind k)
{
	return k == MARSHAL_IN || k == MARSHAL_OUT || k == MARSHAL_BOTH;
}

static bool is_pointer(enum marshal_kind k)
{
	return k >= MARSHAL_IN;
}

static bool goes_in(enum marshal_kind k)
{
	return k != MARSHAL_OUT && k != MARSHAL_IOV_OUT;
}

static bool comes_out(enum marshal_kind k)
{
	return k == MARSHAL_OUT || k == MARSHAL_BOTH || k == MARSHAL_IOV_OUT ||
	       k == MARSHAL_MSG_OUT || k == MARSHAL_IOCTL;
}

/* ---- sizes ---- */

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

/* The argument that says how much memory there is, or -1. */
static int count_arg(const struct marshal_arg *m, int i)
{
	if (m->kind == MARSHAL_IOV_IN || m->kind == MARSHAL_IOV_OUT)
		return i + 1;
	return is_memory(m->kind) && m->length == LENGTH_ARG ? m->arg : -1;
}

/* What an argument points to, as far as its memory and that of those it depends on is there. */
static const char *size_arg(const struct target_call *c, int i, struct marshal_sizes *s)
{
	const struct marshal_arg *m = &marshal_table[c->id].arg[i];
	int bytes, count = count_arg(m, i);
	const struct msghdr *h;

	s->arg[i] = 0;
	if (!c->arg[i] || c->arg[i] == (intptr_t)NOWHERE)
		return NULL;
	/* Where the call takes an int it would see another number than is seen here. */
	if (count >= 0 && (c->arg[count] < INT_MIN || c->arg[count] > INT_MAX))
		return no_room;
	switch (m->kind) {
	case MARSHAL_IOV_IN:
	case MARSHAL_IOV_OUT:
		s->arg[i] = c->arg[i + 1] > 0 ? (size_t)c->arg[i + 1] : 0;
		s->total += s->arg[i] > IOV_MAX ? 0 : s->arg[i] * sizeof(struct iovec);
		return s->arg[i] > IOV_MAX ? no_room : NULL;
	case MARSHAL_MSG_IN:
	case MARSHAL_MSG_OUT:
		h = P(c, i);
		s->name = h->msg_name && (int)h->msg_namelen > 0 ? h->msg_namelen : 0;
		if (s->name > sizeof(struct sockaddr_storage))
			s->name = sizeof(struct sockaddr_storage);
		s->control = h->msg_control ? h->msg_controllen : 0;
		s->entries = h->msg_iov ? h->msg_iovlen : 0;
		s->total += s->name + s->control;
		return s->entries > IOV_MAX || s->control > CONTROL_MOST ? no_room : NULL;
	case MARSHAL_IOCTL:
		bytes = marshal_ioctl_bytes(c->arg[i - 1]);
		s->arg[i] = bytes > 0 ? (size_t)bytes : 0;
		break;
	default:
		if (is_memory(m->kind))
			s->arg[i] = memory_size(c, m);
	}
	s->total += s->arg[i];
	return s->total > AGENT_MAX_CALL_BYTES ? no_room : NULL;
}

/*
 * The order of memory in a request: first what has a length of its own, which
 * includes the lengths of the rest. visit returns NULL, or why not to go on.
 */
typedef const char *visit_fn(void *arg, int i, const struct marshal_arg *m);

static const char *for_each_pointer(enum call_id id, visit_fn *visit, void *arg)
{
	const struct marshal_arg *m = marshal_table[id].arg;
	const char *lacks = NULL;
	int pass, i;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < ARGS && !lacks; i++)
			if (is_pointer(m[i].kind) &&
			    (is_memory(m[i].kind) && m[i].length == LENGTH_FIXED) == !pass)
				lacks = visit(arg, i, &m[i]);
	return lacks;
}

/* ---- writing memory: a request's or an answer's ---- */

struct writing {
	const struct target_call *c;
	struct marshal_sizes *sizes;
	struct buf *out;
	size_t total;		/* of iovec entries */
};

/* The lengths, so that the other side has entries of the same; then the bytes, if they go. */
static const char *write_iov(struct writing *w, const struct iovec *v, size_t n, bool lengths,
			     bool bytes)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (lengths) {
			w->sizes->total += v[i].iov_len < AGENT_MAX_BYTES ? v[i].iov_len : AGENT_MAX_BYTES;
			if (w->sizes->total > AGENT_MAX_CALL_BYTES)
				return no_room;
			pack_u8(w->out, v[i].iov_base != NULL);
			pack_u32(w->out, (uint32_t)v[i].iov_len);
		}
		if (bytes && v[i].iov_base)
			pack_bytes(w->out, v[i].iov_base, v[i].iov_len);
	}
	return NULL;
}

static const char *write_msg(struct writing *w, const struct msghdr *h, bool request, bool bytes)
{
	if (request) {
		pack_u8(w->out, (h->msg_name != NULL) | (h->msg_iov != NULL) << 1 |
			(h->msg_control != NULL) << 2);
		pack_u64(w->out, h->msg_iovlen);
	}
	pack_u32(w->out, h->msg_namelen);
	pack_u64(w->out, h->msg_controllen);
	pack_u32(w->out, (uint32_t)h->msg_flags);
	pack_bytes(w->out, h->msg_name, w->sizes->name);
	pack_bytes(w->out, h->msg_control, w->sizes->control);
	return write_iov(w, h->msg_iov, w->sizes->entries, request, bytes);
}

static const char *write_request_memory(void *arg, int i, const struct marshal_arg *m)
{
	struct writing *w = arg;
	const char *lacks = size_arg(w->c, i, w->sizes);

	if (lacks || !w->c->arg[i])
		return lacks;
	switch (m->kind) {
	case MARSHAL_IOV_IN:
	case MARSHAL_IOV_OUT:
		return write_iov(w, P(w->c, i), w->sizes->arg[i], true, goes_in(m->kind));
	case MARSHAL_MSG_IN:
	case MARSHAL_MSG_OUT:
		return write_msg(w, P(w->c, i), true, m->kind == MARSHAL_MSG_IN);
	default:
		if (goes_in(m->kind))
			pack_bytes(w->out, P(w->c, i), w->sizes->arg[i]);
		return NULL;
	}
}

/* Numbers are numbers where a pointer belongs: ioctl(fd, FIONBIO, 1). */
static bool is_number(const struct target_call *c, int i)
{
	if (sizeof(intptr_t) > sizeof(int))
		return c->arg[i] >= INT_MIN && c->arg[i] <= INT_MAX;
	return c->arg[i] > -4096 && c->arg[i] < 4096;
}

static uint64_t argument_on_wire(const struct target_call *c, int i, const struct marshal_arg *m)
{
	if (!is_pointer(m->kind))
		return (uint64_t)(int64_t)c->arg[i];
	return !c->arg[i] ? MARSHAL_NULL : is_number(c, i) ? MARSHAL_BAD : MARSHAL_MEMORY;
}

const char *marshal_request(const struct target_call *c, struct marshal_sizes *sizes,
			    struct buf *out)
{
	const struct marshal_row *row = &marshal_table[c->id];
	struct target_call known = *c;
	struct writing w = { .c = &known, .sizes = sizes, .out = out };
	const char *lacks;
	int i;

	*sizes = (struct marshal_sizes){ 0 };
	if (row->lacks)
		return row->lacks;
	if (c->id == CALL_ioctl && marshal_ioctl_bytes(c->arg[1]) < 0)
		return no_ioctl;
	pack_u8(out, (uint8_t)c->id);
	for (i = 0; i < ARGS; i++) {
		pack_u64(out, argument_on_wire(c, i, &row->arg[i]));
		if (is_pointer(row->arg[i].kind) && is_number(c, i))
			known.arg[i] = 0;
	}
	lacks = for_each_pointer(c->id, write_request_memory, &w);
	/* A call's number and the code must fit beside it. */
	return lacks ? lacks : out->len > AGENT_MAX_FRAME - 64 ? no_room : NULL;
}

static const char *write_reply_memory(void *arg, int i, const struct marshal_arg *m)
{
	struct writing *w = arg;

	if (!w->c->arg[i] || P(w->c, i) == NOWHERE || !comes_out(m->kind))
		return NULL;
	if (m->kind == MARSHAL_IOV_OUT)
		return write_iov(w, P(w->c, i), w->sizes->arg[i], false, true);
	if (m->kind == MARSHAL_MSG_OUT)
		return write_msg(w, P(w->c, i), false, true);
	pack_bytes(w->out, P(w->c, i), w->sizes->arg[i]);
	return NULL;
}

void marshal_reply(const struct target_call *c, const struct marshal_sizes *sizes,
		   struct buf *out)
{
	struct marshal_sizes copy = *sizes;
	struct writing w = { .c = c, .sizes = &copy, .out = out };

	pack_u64(out, (uint64_t)(int64_t)c->result);
	pack_u32(out, (uint32_t)c->err);
	for_each_pointer(c->id, write_reply_memory, &w);
}

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

	if (!r->c->arg[i] || is_number(r->c, i) || !comes_out(m->kind))
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
	for_each_pointer(c->id, read_reply_memory, &r);
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
			return no_room;
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
		return no_room;
	r->c->arg[i] = (intptr_t)h;
	h->msg_iovlen = (size_t)unpack_u64(r->u);
	h->msg_namelen = unpack_u32(r->u);
	h->msg_controllen = (size_t)unpack_u64(r->u);
	h->msg_flags = (int)unpack_u32(r->u);
	/* Only for the sizes: the memory comes when they are known to be bearable. */
	h->msg_name = there & 1 ? h : NULL;
	h->msg_iov = there & 2 ? (struct iovec *)NOWHERE : NULL;
	h->msg_control = there & 4 ? h : NULL;
	lacks = size_arg(r->c, i, r->sizes);
	if (lacks)
		return lacks;
	/* The kernel looks at a length of 0 to 128, or at none. */
	h->msg_name = there & 1 ? room_new(r->room, sizeof(struct sockaddr_storage)) : NULL;
	h->msg_iov = there & 2 ? room_new(r->room, r->sizes->entries * sizeof(struct iovec)) : NULL;
	h->msg_control = there & 4 ? room_new(r->room, r->sizes->control) : NULL;
	if ((there & 1 && !h->msg_name) || (there & 2 && !h->msg_iov) || (there & 4 && !h->msg_control))
		return no_room;
	unpack_bytes(r->u, h->msg_name, r->sizes->name);
	unpack_bytes(r->u, h->msg_control, r->sizes->control);
	return read_iov(r, h->msg_iov, r->sizes->entries, bytes);
}

/* Memory without bytes, as it is written. */
static const char *skip_nothing(struct unpack *u)
{
	unpack_bytes(u, NULL, 0);
	return NULL;
}

static const char *read_request_memory(void *arg, int i, const struct marshal_arg *m)
{
	struct reading *r = arg;
	const char *lacks;
	size_t spare = m->length == LENGTH_AT ? SLACK : m->most, n;
	int count = count_arg(m, i);

	if (P(r->c, i) == NULL || P(r->c, i) == NOWHERE)
		return NULL;
	if (m->kind == MARSHAL_MSG_IN || m->kind == MARSHAL_MSG_OUT)
		return read_msg(r, i, m->kind == MARSHAL_MSG_IN);
	/* Until it is there, the argument says MARSHAL_MEMORY. */
	lacks = size_arg(r->c, i, r->sizes);
	if (lacks)
		return lacks;
	/* Some calls would take a negative number for the largest there is. */
	if (count >= 0 && r->c->arg[count] < 0) {
		r->c->arg[i] = (intptr_t)NOWHERE;
		return goes_in(m->kind) && is_memory(m->kind) ? skip_nothing(r->u) : NULL;
	}
	n = r->sizes->arg[i];
	if (m->kind == MARSHAL_IOV_IN || m->kind == MARSHAL_IOV_OUT)
		n *= sizeof(struct iovec);
	r->c->arg[i] = (intptr_t)room_new(r->room, n + spare);
	if (!r->c->arg[i])
		return no_room;
	if (m->kind == MARSHAL_IOV_IN || m->kind == MARSHAL_IOV_OUT)
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
	for (i = 0; i < ARGS; i++)
		read_argument(&r, i);
	if (id == CALL_ioctl && marshal_ioctl_bytes(c->arg[1]) < 0)
		*lacks = no_ioctl;
	if (u->bad || *lacks)
		return u->bad ? -1 : 0;
	*lacks = for_each_pointer(id, read_request_memory, &r);
	return *lacks || unpack_done(u) ? 0 : -1;
}
