/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The adapter of lwIP in virtual time: what is due happens exactly when
 * deadline() and conn() say, and nothing happens before.
 */
#include "config.h"

#include "stack_calls.h"
#include "stack_cases.h"

#include <time.h>

static struct peer it;

static struct peer *start(const char *module, bool v6)
{
	CHECK(peer_start(&it, module, NULL, 1) == NULL);
	it.v6 = v6;
	return &it;
}

/* Retransmissions happen exactly when deadline() and conn() say. */
static void retransmissions(const char *module)
{
	struct peer *p = start(module, false);
	int64_t sent = p->now, due;
	struct dp_conn conn;
	struct segment s;
	uint32_t first, i;
	int fd;

	peer_accepted(p, &fd);
	CHECK_EQUAL(peer_write(p, fd, "x"), 1);
	first = EXPECT(p, ACK | PSH).seq;
	for (i = 0; i < 12; i++) {
		conn = peer_conn(p);
		CHECK_EQUAL(conn.timer, DP_TIMER_RETRANSMIT);
		CHECK_EQUAL(conn.retransmits, i);
		due = conn.timer_at;
		peer_wait(p, due - 1);
		EXPECT_SILENCE(p);
		peer_wait(p, due);
		s = EXPECT(p, ACK | PSH);
		CHECK_EQUAL(s.seq, first);
		printf("# retransmission %u after %.3f s\n", i + 1,
		       (double)(s.at - sent) / (double)SECOND);
		sent = s.at;
	}
	peer_wait(p, p->now + SECOND);
	EXPECT_STATE(p, DP_TCP_CLOSED);
	CHECK_EQUAL(peer_error(p, fd), ECONNABORTED);
	CHECK_EQUAL(p->ops->deadline(p->stack), DP_NEVER);
}

static void syn_retransmissions(const char *module)
{
	struct peer *p = start(module, false);
	int fd = peer_connecting(p), n = 0;
	struct segment s;

	peer_wait(p, p->now + 600 * SECOND);
	while (peer_next(p, &s))
		n += s.flags == SYN;
	CHECK_EQUAL(n, 6);
	CHECK_EQUAL(peer_error(p, fd), ECONNABORTED);
}

static double wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void keepalive(const char *module)
{
	struct peer *p = start(module, false);
	double begin = wall_ms();
	int64_t opened, due;
	int fd, on = 1;
	uint32_t i;

	peer_accepted(p, &fd);
	opened = p->now;
	CHECK_EQUAL(p->ops->setsockopt(p->stack, fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)), 0);
	for (i = 0; i < 9; i++) {
		CHECK_EQUAL(peer_conn(p).timer, DP_TIMER_KEEPALIVE);
		CHECK_EQUAL(peer_conn(p).retransmits, i);
		due = peer_conn(p).timer_at;
		peer_wait(p, due - 1);
		EXPECT_SILENCE(p);
		peer_wait(p, due);
		EXPECT(p, ACK);
	}
	CHECK(p->now > opened + 7800 * SECOND - SECOND);
	peer_wait(p, peer_conn(p).timer_at);
	EXPECT(p, RST | ACK);
	EXPECT_STATE(p, DP_TCP_CLOSED);
	CHECK_EQUAL(peer_error(p, fd), ECONNABORTED);
	printf("# %.0f s with keepalives took %.1f ms\n",
	       (double)(p->now - opened) / (double)SECOND, wall_ms() - begin);
}

static void zero_window(const char *module)
{
	struct peer *p = start(module, false);
	int64_t due;
	int fd, i;

	peer_accepted(p, &fd);
	/* Of segments with the same numbers lwIP takes no smaller window, so this has others. */
	peer_send(p, ACK | PSH, "d");
	peer_wait(p, p->now + SECOND);
	EXPECT(p, ACK);
	peer_window(p, ACK, NULL, 0);
	CHECK_EQUAL(peer_write(p, fd, "xyz"), 3);
	EXPECT_SILENCE(p);
	for (i = 0; i < 3; i++) {
		CHECK_EQUAL(peer_conn(p).timer, DP_TIMER_PROBE);
		due = peer_conn(p).timer_at;
		peer_wait(p, due - 1);
		EXPECT_SILENCE(p);
		peer_wait(p, due);
		CHECK_EQUAL(EXPECT(p, ACK).len, 1);
	}
	p->ack--;
	peer_send(p, ACK, NULL);
	CHECK(p->n_kept > p->n_read);
}

static void linger(const char *module)
{
	struct peer *p = start(module, false);
	struct linger three = { .l_onoff = 1, .l_linger = 3 }, got = { 0 };
	socklen_t len = sizeof(got);
	int64_t begin;
	int fd, listener = peer_accepted(p, &fd);

	CHECK_EQUAL(p->ops->setsockopt(p->stack, fd, SOL_SOCKET, SO_LINGER, &three, len), 0);
	CHECK_EQUAL(p->ops->getsockopt(p->stack, fd, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	CHECK(got.l_onoff == 1 && got.l_linger == 3);
	CHECK_EQUAL(peer_write(p, fd, "x"), 1);
	EXPECT(p, ACK | PSH);
	begin = p->now;
	CHECK_EQUAL(p->ops->close(p->stack, fd), -EAGAIN);
	EXPECT(p, FIN | ACK);
	CHECK_EQUAL(p->ops->ready(p->stack, fd), -EBADF);
	CHECK_EQUAL(peer_conn(p).state, DP_TCP_FIN_WAIT_1);
	CHECK_EQUAL(peer_conn_of(p, fd).state, DP_TCP_FIN_WAIT_1);
	peer_wait(p, begin + 3 * SECOND - 1);
	while (peer_packet(p))
		;
	CHECK_EQUAL(p->ops->close(p->stack, fd), -EAGAIN);
	peer_wait(p, begin + 3 * SECOND);
	EXPECT(p, RST | ACK);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);

	/* All acknowledged in time: no reset. */
	p->peer_port++;
	peer_send(p, SYN, NULL);
	EXPECT(p, SYN | ACK);
	peer_send(p, ACK, NULL);
	fd = p->ops->accept(p->stack, listener, NULL, NULL);
	CHECK_EQUAL(p->ops->setsockopt(p->stack, fd, SOL_SOCKET, SO_LINGER, &three, len), 0);
	CHECK_EQUAL(peer_write(p, fd, "x"), 1);
	EXPECT(p, ACK | PSH);
	CHECK_EQUAL(p->ops->close(p->stack, fd), -EAGAIN);
	EXPECT(p, FIN | ACK);
	peer_send(p, ACK, NULL);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_2);
}

/* A datagram in two fragments, of which the second may never come. */
static void fragment(struct peer *p, uint8_t id, bool last)
{
	uint8_t packet[PEER_PACKET] = { 0 };

	peer_ip(p, packet, IPPROTO_UDP, 16);
	packet[5] = id;
	packet[6] = last ? 0 : 0x20;
	packet[7] = last ? 2 : 0;
	put_be16(packet + 10, 0);
	put_be16(packet + 10, csum_finish(csum_add(0, packet, 20)));
	if (!last) {
		put_be16(packet + 20, p->peer_port);
		put_be16(packet + 22, p->stack_port);
		put_be16(packet + 24, 32);
	}
	p->ops->input(p->stack, packet, 36);
}

static void fragments(const char *module)
{
	struct peer *p = start(module, false);
	int fd = peer_bound(p, SOCK_DGRAM), begin;
	char text[64];

	CHECK_EQUAL(p->ops->deadline(p->stack), DP_NEVER);
	fragment(p, 1, false);
	begin = (int)(p->now / SECOND);
	CHECK(p->ops->deadline(p->stack) != DP_NEVER);
	fragment(p, 1, true);
	CHECK_EQUAL(peer_read(p, fd, text, sizeof(text)), 24);
	fragment(p, 2, false);
	while (p->ops->deadline(p->stack) != DP_NEVER)
		peer_wait(p, p->ops->deadline(p->stack));
	CHECK((int)(p->now / SECOND) - begin < 120);
	/* The first fragment is forgotten. */
	fragment(p, 2, true);
	CHECK_EQUAL(peer_read(p, fd, text, sizeof(text)), -EAGAIN);
}

int main(void)
{
	struct stack_case cases[] = {
		{ "retransmissions", retransmissions, 0, NULL },
		{ "syn_retransmissions", syn_retransmissions, 0, NULL },
		{ "keepalive", keepalive, 0, NULL }, { "zero_window", zero_window, 0, NULL },
		{ "linger", linger, 0, NULL }, { "fragments", fragments, 0, NULL },
	};

	return stack_cases_run("stacks/lwip/drillpress-lwip.so", cases,
			       sizeof(cases) / sizeof(*cases));
}
