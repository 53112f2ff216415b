/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls as bytes: every row there and back, and what is wrong with requests that no tester makes. */
#include "config.h"

#include "base/buf.h"
#include "target/agent_marshal.h"
#include "target/agent_pack.h"
#include "target/agent_proto.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <cmocka.h>

#define BYTES 24
#define MEM(p) (intptr_t)(p)

/* Memory of a call of any row, filled with a pattern. */
struct memory {
	char arg[6][512];
	socklen_t len;
	char part[2][BYTES], name[16], control[32];
	struct iovec iov[2];
	struct msghdr msg;
};

static void fill(void *p, size_t n, char first)
{
	size_t i;

	for (i = 0; i < n; i++)
		((char *)p)[i] = (char)(first + (char)i);
}

static void build_msg(struct memory *m)
{
	m->msg = (struct msghdr){ .msg_name = m->name, .msg_namelen = sizeof(m->name),
				  .msg_iov = m->iov, .msg_iovlen = 2, .msg_control = m->control,
				  .msg_controllen = sizeof(m->control), .msg_flags = 7 };
	fill(m->name, sizeof(m->name), 'n');
	fill(m->control, sizeof(m->control), 'c');
}

/* Counts are 24 bytes, or 2 entries where the row has more than bytes. */
static void build(enum call_id id, struct memory *m, struct target_call *c)
{
	const struct marshal_row *row = &marshal_table[id];
	int i;

	memset(m, 0, sizeof(*m));
	*c = (struct target_call){ .id = id };
	for (i = 0; i < 6; i++)
		c->arg[i] = row->arg[i].kind == MARSHAL_NONE ? 0 : 100 + i;
	for (i = 0; i < 2; i++) {
		m->iov[i] = (struct iovec){ m->part[i], BYTES - (size_t)i };
		fill(m->part[i], BYTES, (char)('p' + i));
	}
	m->len = BYTES;
	for (i = 0; i < 6; i++) {
		const struct marshal_arg *a = &row->arg[i];

		if (a->kind < MARSHAL_IN)
			continue;
		c->arg[i] = MEM(m->arg[i]);
		if (a->kind != MARSHAL_OUT)
			fill(m->arg[i], 40, (char)('0' + i));
		if (a->kind == MARSHAL_IOV_IN || a->kind == MARSHAL_IOV_OUT) {
			c->arg[i] = MEM(m->iov);
			c->arg[i + 1] = 2;
		} else if (a->kind == MARSHAL_MSG_IN || a->kind == MARSHAL_MSG_OUT) {
			build_msg(m);
			c->arg[i] = MEM(&m->msg);
		} else if (a->kind == MARSHAL_IOCTL) {
			c->arg[1] = FIONREAD;
		} else if (a->length == LENGTH_ARG) {
			c->arg[a->arg] = a->unit == 1 ? BYTES : 2;
		}
	}
	/* After the loop: what it filled with a pattern is a length. */
	for (i = 0; i < 6; i++)
		if (row->arg[i].kind >= MARSHAL_IN && row->arg[i].length == LENGTH_AT)
			c->arg[row->arg[i].arg] = MEM(&m->len);
}

/* The bytes of one argument that a row's kinds and the counts of build() make. */
static size_t bytes_of(const struct marshal_arg *a)
{
	return a->kind == MARSHAL_IOCTL ? sizeof(int) :
		a->length == LENGTH_FIXED ? a->unit : a->unit == 1 ? BYTES : 2u * a->unit;
}

static void same_iov(const struct iovec *got, const struct iovec *want, bool bytes)
{
	int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(got[i].iov_len, want[i].iov_len);
		if (bytes)
			assert_memory_equal(got[i].iov_base, want[i].iov_base, want[i].iov_len);
	}
}

static void same_request(const struct target_call *got, const struct target_call *want)
{
	const struct marshal_row *row = &marshal_table[want->id];
	const struct msghdr *g, *w;
	int i;

	assert_int_equal(got->id, want->id);
	for (i = 0; i < 6; i++) {
		const struct marshal_arg *a = &row->arg[i];

		switch (a->kind) {
		case MARSHAL_NONE:
		case MARSHAL_NUMBER:
		case MARSHAL_FD:
			assert_int_equal(got->arg[i], want->arg[i]);
			break;
		case MARSHAL_OUT:
			assert_non_null((void *)got->arg[i]);
			break;
		case MARSHAL_IOV_IN:
		case MARSHAL_IOV_OUT:
			same_iov((void *)got->arg[i], (void *)want->arg[i], a->kind == MARSHAL_IOV_IN);
			break;
		case MARSHAL_MSG_IN:
		case MARSHAL_MSG_OUT:
			g = (void *)got->arg[i];
			w = (void *)want->arg[i];
			assert_int_equal(g->msg_namelen, w->msg_namelen);
			assert_int_equal(g->msg_controllen, w->msg_controllen);
			assert_int_equal(g->msg_iovlen, w->msg_iovlen);
			assert_int_equal(g->msg_flags, w->msg_flags);
			assert_memory_equal(g->msg_name, w->msg_name, w->msg_namelen);
			assert_memory_equal(g->msg_control, w->msg_control, w->msg_controllen);
			same_iov(g->msg_iov, w->msg_iov, a->kind == MARSHAL_MSG_IN);
			break;
		default:
			assert_memory_equal((void *)got->arg[i], (void *)want->arg[i], bytes_of(a));
		}
	}
}

/* What a kernel would do: writes all it may. */
static void pretend(struct target_call *c)
{
	const struct marshal_row *row = &marshal_table[c->id];
	struct msghdr *h;
	struct iovec *v;
	int i;

	c->result = 5;
	c->err = 0;
	for (i = 0; i < 6; i++) {
		const struct marshal_arg *a = &row->arg[i];

		if (a->kind == MARSHAL_OUT || a->kind == MARSHAL_BOTH || a->kind == MARSHAL_IOCTL) {
			fill((void *)c->arg[i], bytes_of(a), (char)('A' + i));
		} else if (a->kind == MARSHAL_IOV_OUT) {
			v = (void *)c->arg[i];
			fill(v[0].iov_base, v[0].iov_len, 'V');
			fill(v[1].iov_base, v[1].iov_len, 'W');
		} else if (a->kind == MARSHAL_MSG_OUT) {
			h = (void *)c->arg[i];
			fill(h->msg_name, h->msg_namelen, 'N');
			h->msg_namelen = 11;
			h->msg_controllen = 13;
			h->msg_flags = MSG_TRUNC;
			fill(h->msg_iov[1].iov_base, h->msg_iov[1].iov_len, 'W');
		}
	}
}

static void same_answer(const struct target_call *got, const struct target_call *want)
{
	const struct marshal_row *row = &marshal_table[want->id];
	const struct msghdr *g, *w;
	int i;

	assert_int_equal(got->result, want->result);
	assert_int_equal(got->err, want->err);
	for (i = 0; i < 6; i++) {
		const struct marshal_arg *a = &row->arg[i];

		if (a->kind == MARSHAL_OUT || a->kind == MARSHAL_BOTH || a->kind == MARSHAL_IOCTL) {
			assert_memory_equal((void *)got->arg[i], (void *)want->arg[i], bytes_of(a));
		} else if (a->kind == MARSHAL_IOV_OUT) {
			same_iov((void *)got->arg[i], (void *)want->arg[i], true);
		} else if (a->kind == MARSHAL_MSG_OUT) {
			g = (void *)got->arg[i];
			w = (void *)want->arg[i];
			assert_int_equal(g->msg_namelen, 11);
			assert_int_equal(g->msg_controllen, 13);
			assert_int_equal(g->msg_flags, MSG_TRUNC);
			assert_memory_equal(g->msg_name, w->msg_name, 16);
			same_iov(g->msg_iov, w->msg_iov, true);
		}
	}
}

/* One way, and what the agent makes of it. */
struct trip {
	struct buf bytes;
	struct unpack u;
	struct marshal_sizes here, there;
	struct marshal_room room;
	struct target_call call;
	const char *lacks;
	int rc;
};

static void go(struct trip *t, size_t len)
{
	t->u = (struct unpack){ .at = (const uint8_t *)t->bytes.s, .left = len };
	t->room = (struct marshal_room){ .most = AGENT_MAX_CALL_BYTES };
	t->rc = marshal_read_request(&t->u, &t->room, &t->call, &t->there, &t->lacks);
}

static void begin(struct trip *t, const struct target_call *c)
{
	*t = (struct trip){ 0 };
	assert_null(marshal_request(c, &t->here, &t->bytes));
	go(t, t->bytes.len);
}

static void end(struct trip *t)
{
	marshal_room_free(&t->room);
	buf_free(&t->bytes);
}

static void there_and_back(enum call_id id)
{
	struct target_call c;
	struct memory m;
	struct trip t;

	build(id, &m, &c);
	begin(&t, &c);
	assert_int_equal(t.rc, 0);
	assert_null(t.lacks);
	same_request(&t.call, &c);
	pretend(&t.call);
	buf_clear(&t.bytes);
	marshal_reply(&t.call, &t.there, &t.bytes);
	t.u = (struct unpack){ .at = (const uint8_t *)t.bytes.s, .left = t.bytes.len };
	assert_int_equal(marshal_read_reply(&c, &t.here, &t.u), 0);
	same_answer(&c, &t.call);
	end(&t);
}

static void every_row(void **state)
{
	enum call_id id;

	for (id = 0; id < CALL_COUNT; id++) {
		/* A row that nobody wrote is all zeros: then what it has no argument for is lost. */
		assert_true(marshal_table[id].lacks || marshal_table[id].arg[0].kind != MARSHAL_NONE);
		if (!marshal_table[id].lacks)
			there_and_back(id);
	}
}

/* Half a request is none, wherever it was cut. */
static void every_cut(void **state)
{
	struct target_call c;
	enum call_id id;
	struct memory m;
	struct trip t;
	size_t whole, n;

	for (id = 0; id < CALL_COUNT; id++) {
		if (marshal_table[id].lacks)
			continue;
		build(id, &m, &c);
		begin(&t, &c);
		whole = t.bytes.len;
		for (n = 0; n < whole; n++) {
			marshal_room_free(&t.room);
			go(&t, n);
			assert_int_equal(t.rc, -1);
		}
		marshal_room_free(&t.room);
		buf_addc(&t.bytes, 'x');
		go(&t, whole + 1);
		assert_int_equal(t.rc, -1);
		end(&t);
	}
}

static void lacking_calls(void **state)
{
	struct target_call c = { .id = CALL_open, .arg = { MEM("/"), 0 } };
	struct marshal_sizes s;
	struct trip t = { 0 };
	int i;

	assert_non_null(marshal_request(&c, &s, &t.bytes));
	pack_u8(&t.bytes, CALL_sendfile);
	for (i = 0; i < 6; i++)
		pack_u64(&t.bytes, 0);
	go(&t, t.bytes.len);
	assert_int_equal(t.rc, 0);
	assert_non_null(t.lacks);
	end(&t);
	c = (struct target_call){ .id = CALL_ioctl, .arg = { 3, 0x12345, 0 } };
	assert_non_null(marshal_request(&c, &s, &t.bytes));
	end(&t);
}

static void null_pointers(void **state)
{
	struct target_call c = { .id = CALL_accept, .arg = { 3 } };
	struct trip t;

	begin(&t, &c);
	assert_int_equal(t.rc, 0);
	assert_int_equal(t.call.arg[1], 0);
	assert_int_equal(t.call.arg[2], 0);
	end(&t);
}

/* ioctl(fd, FIONBIO, 1): no pointer, and never taken for one. */
static void number_for_a_pointer(void **state)
{
	struct target_call c = { .id = CALL_ioctl, .arg = { 3, FIONBIO, 1 } };
	struct trip t;

	begin(&t, &c);
	assert_int_equal(t.rc, 0);
	assert_int_equal(t.call.arg[2], 1);	/* where nothing is */
	assert_int_equal(t.room.used, 0);
	end(&t);
}

/* A request of a read() whose count is anything: as no tester writes it. */
static void count_of(struct trip *t, uint64_t count)
{
	*t = (struct trip){ 0 };
	pack_u8(&t->bytes, CALL_read);
	pack_u64(&t->bytes, 3);
	pack_u64(&t->bytes, MARSHAL_MEMORY);
	pack_u64(&t->bytes, count);
	pack_u64(&t->bytes, 0);
	pack_u64(&t->bytes, 0);
	pack_u64(&t->bytes, 0);
	go(t, t->bytes.len);
}

static void absurd_counts(void **state)
{
	struct trip t;

	/* What the call would take for more than there is room for is not made, or points nowhere. */
	count_of(&t, AGENT_MAX_CALL_BYTES + 1);
	assert_non_null(t.lacks);
	end(&t);
	count_of(&t, UINT64_C(1) << 32 | 16);
	assert_non_null(t.lacks);
	end(&t);
	count_of(&t, (uint64_t)-(INT64_C(1) << 32) + 16);
	assert_non_null(t.lacks);
	end(&t);
	count_of(&t, (uint64_t)-1);
	assert_int_equal(t.rc, 0);
	assert_null(t.lacks);
	assert_int_equal(t.call.arg[1], 1);
	end(&t);
}

static void absurd_address_length(void **state)
{
	char addr[256] = "address";
	struct target_call c = { .id = CALL_bind, .arg = { 3, MEM(addr), 200 } };
	struct trip t;

	begin(&t, &c);
	assert_int_equal(t.rc, 0);
	assert_int_equal(t.call.arg[2], 200);
	assert_memory_equal((void *)t.call.arg[1], addr, sizeof(struct sockaddr_storage));
	end(&t);
	c.arg[2] = -1;
	begin(&t, &c);
	assert_int_equal(t.rc, 0);
	assert_int_equal(t.call.arg[2], -1);
	end(&t);
}

/* Zeros cost nothing: scripts send megabytes of them. */
static void many_zeros(void **state)
{
	char *bytes = test_calloc(1, 4 * 1024 * 1024);
	struct target_call c = { .id = CALL_write, .arg = { 3, MEM(bytes), 4 * 1024 * 1024 } };
	struct marshal_sizes s;
	struct trip t;

	begin(&t, &c);
	assert_int_equal(t.rc, 0);
	assert_true(t.bytes.len < 100);
	assert_memory_equal((void *)t.call.arg[1], bytes, 4 * 1024 * 1024);
	end(&t);
	bytes[4 * 1024 * 1024 - 1] = 'x';
	assert_non_null(marshal_request(&c, &s, &t.bytes));
	end(&t);
	test_free(bytes);
}

/* More than there was room for is no answer, and is not written. */
static void answer_too_long(void **state)
{
	char bytes[8] = "", mark[8] = "mark";
	struct target_call c = { .id = CALL_read, .arg = { 3, MEM(bytes), sizeof(bytes) } };
	struct marshal_sizes s;
	struct buf b = { 0 };
	struct unpack u;

	assert_null(marshal_request(&c, &s, &b));
	buf_clear(&b);
	pack_u64(&b, 9);
	pack_u32(&b, 0);
	pack_bytes(&b, "123456789", 9);
	u = (struct unpack){ .at = (const uint8_t *)b.s, .left = b.len };
	assert_int_equal(marshal_read_reply(&c, &s, &u), -1);
	assert_string_equal(mark, "mark");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(lacking_calls),
		cmocka_unit_test(null_pointers),
		cmocka_unit_test(number_for_a_pointer),
		cmocka_unit_test(absurd_counts),
		cmocka_unit_test(absurd_address_length),
		cmocka_unit_test(many_zeros),
		cmocka_unit_test(answer_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
