/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what an agent, or its tester, is sent. The first byte chooses: as
 * they are, from a stranger; as frames that are sealed, since no fuzzer finds a
 * code; as a request, with memory that is then used to its end and an answer
 * that the tester reads; as an answer; as states.
 */
#include "config.h"

#include "fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "target/agent_channel.h"
#include "target/agent_guard.h"
#include "target/agent_marshal.h"
#include "target/agent_pack.h"
#include "target/agent_state.h"
#include "wire/bytes.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* In pieces, as a network may. */
static void feed(struct agent_channel *c, const uint8_t *data, size_t size)
{
	struct agent_hello h;
	struct agent_frame f;
	const char *why = NULL;
	size_t step = size ? data[0] % 7 + 1 : 1, n;
	int rc = 0;

	while (size && rc >= 0) {
		n = step < size ? step : size;
		channel_feed(c, data, n);
		data += n;
		size -= n;
		step *= 2;
		while ((rc = channel_take(c, &f, &why)) > 0)
			if (f.type == AGENT_HELLO)
				agent_hello_get(f.body, f.len, &h);
		must(rc == 0 || why);
	}
}

static void stranger(const uint8_t *data, size_t size)
{
	struct agent_channel c;

	channel_init(&c, -1, AGENT_AGENT);
	feed(&c, data, size);
	channel_free(&c);
}

/* Each byte is the length of a frame; now and then one is not as it was sealed. */
static void sealed(const uint8_t *data, size_t size)
{
	static const struct agent_keys keys = { .seal = { { 1 }, { 2 } } };
	struct agent_channel c;
	uint8_t code[HMAC_SHA256_SIZE], number[8] = { 0 };
	struct hmac_part part[2] = { { number, sizeof(number) } };
	struct buf all = { 0 };
	uint64_t n_sent = 0;
	size_t n, from;

	channel_init(&c, -1, AGENT_AGENT);
	channel_seal(&c, &keys);
	while (size) {
		n = *data % 64 + 1;
		size--;
		data++;
		n = n < size ? n : size;
		from = all.len;
		pack_u32(&all, (uint32_t)(n + HMAC_SHA256_SIZE));
		buf_add(&all, data, n);
		put_be32(number + 4, (uint32_t)n_sent++);
		part[1] = (struct hmac_part){ all.s + from, all.len - from };
		hmac_sha256(keys.seal[AGENT_TESTER], HMAC_SHA256_SIZE, part, 2, code);
		buf_add(&all, code, sizeof(code));
		data += n;
		size -= n;
	}
	if (all.len)
		feed(&c, (const uint8_t *)all.s, all.len);
	buf_free(&all);
	channel_free(&c);
}

/* Reads and writes every byte, so that AddressSanitizer sees where they lie. */
static void use(void *p, size_t n)
{
	volatile uint8_t *bytes = p;
	size_t i;

	for (i = 0; i < n; i++)
		bytes[i] ^= 0x55;
}

static void use_iov(const struct iovec *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].iov_base)
			use(v[i].iov_base, v[i].iov_len);
}

/* As much as the kernel would: counts are its own arguments'. */
static void use_all(const struct target_call *c)
{
	const struct marshal_row *row = &marshal_table[c->id];
	const struct marshal_arg *a;
	struct msghdr *h;
	int i;

	for (i = 0; i < 6; i++) {
		a = &row->arg[i];
		if (a->kind < MARSHAL_IN || !c->arg[i] || c->arg[i] == (intptr_t)MARSHAL_NOWHERE)
			continue;
		if (a->kind == MARSHAL_IOV_IN || a->kind == MARSHAL_IOV_OUT) {
			must(c->arg[i + 1] >= 0);
			use_iov((struct iovec *)c->arg[i], (size_t)c->arg[i + 1]);
		} else if (a->kind == MARSHAL_MSG_IN || a->kind == MARSHAL_MSG_OUT) {
			h = (struct msghdr *)c->arg[i];
			if (h->msg_name)
				use(h->msg_name, sizeof(struct sockaddr_storage));
			if (h->msg_control)
				use(h->msg_control, h->msg_controllen);
			if (h->msg_iov)
				use_iov(h->msg_iov, h->msg_iovlen);
		} else if (a->kind == MARSHAL_IOCTL) {
			use((void *)c->arg[i], (size_t)marshal_ioctl_bytes(c->arg[1]));
		} else if (a->length == LENGTH_ARG) {
			must(c->arg[a->arg] >= 0);
			use((void *)c->arg[i], a->most ? a->most : (size_t)c->arg[a->arg] * a->unit);
		}
	}
}

static void answer(const struct target_call *c, const struct marshal_sizes *sizes, struct buf *out)
{
	buf_clear(out);
	marshal_reply(c, sizes, out);
}

/* The request's memory serves as the tester's: what it is told back must fit it. */
static void request(const uint8_t *data, size_t size, const uint8_t *told, size_t n_told)
{
	struct marshal_room room = { .most = 1 << 20 };
	struct unpack u = { .at = data, .left = size }, back;
	struct marshal_sizes sizes;
	const char *lacks;
	struct target_call c;
	struct guarded was;
	struct buf b = { 0 };
	struct guard g;
	int rc = marshal_read_request(&u, &room, &c, &sizes, &lacks);

	if (rc == 0 && !lacks && !guard_refuses(&c)) {
		use_all(&c);
		answer(&c, &sizes, &b);
		back = (struct unpack){ .at = (const uint8_t *)b.s, .left = b.len };
		must(marshal_read_reply(&c, &sizes, &back) == 0);
		back = (struct unpack){ .at = told, .left = n_told };
		marshal_read_reply(&c, &sizes, &back);
		guard_init(&g);
		c.result = -1;
		if (guard_before(&g, &c, &was))
			guard_after(&g, &c, &was);
	}
	buf_free(&b);
	marshal_room_free(&room);
}

static void states(const uint8_t *data, size_t size)
{
	struct unpack u = { .at = data, .left = size };
	struct arena *a = arena_new();
	struct conn_details d;
	struct conn_info info;
	struct tuple t;

	state_get_tuple(&u, &t);
	state_get(&u, &info);
	must(info.state < TCPS_COUNT || info.state == TCPS_UNKNOWN);
	state_get_details(&u, a, &d);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half;

	if (size < 2)
		return 0;
	switch (data[0] % 4) {
	case 0:
		stranger(data + 1, size - 1);
		break;
	case 1:
		sealed(data + 1, size - 1);
		break;
	case 2:
		half = data[1];
		data += 2;
		size -= 2;
		half = half < size ? half : size;
		request(data, size - half, data + size - half, half);
		break;
	default:
		states(data + 1, size - 1);
	}
	return 0;
}
