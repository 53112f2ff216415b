/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls to bytes: requests and answers. */
#include "config.h"

#include "base/buf.h"
#include "target/agent_marshal_inside.h"
#include "target/agent_pack.h"
#include "target/agent_proto.h"

#include <sys/socket.h>
#include <sys/uio.h>

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
				return marshal_no_room;
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
	const char *lacks = marshal_size(w->c, i, w->sizes);

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

static uint64_t argument_on_wire(const struct target_call *c, int i, const struct marshal_arg *m)
{
	if (!is_pointer(m->kind))
		return (uint64_t)(int64_t)c->arg[i];
	return !c->arg[i] ? MARSHAL_NULL : marshal_is_bad(c, i) ? MARSHAL_BAD : MARSHAL_MEMORY;
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
		return marshal_no_ioctl;
	pack_u8(out, (uint8_t)c->id);
	for (i = 0; i < MARSHAL_ARGS; i++) {
		pack_u64(out, argument_on_wire(c, i, &row->arg[i]));
		if (is_pointer(row->arg[i].kind) && marshal_is_bad(c, i))
			known.arg[i] = 0;
	}
	lacks = marshal_for_each(c->id, write_request_memory, &w);
	/* A call's number and the code must fit beside it. */
	return lacks ? lacks : out->len > AGENT_MAX_FRAME - 64 ? marshal_no_room : NULL;
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
	marshal_for_each(c->id, write_reply_memory, &w);
}
