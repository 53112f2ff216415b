/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The adapter of lwIP: every state of a connection, through the interface of
 * stacks. What lwIP does otherwise than RFC 9293 or Linux is checked as it is:
 * the adapter must show it, not mend it.
 */
#include "config.h"

#include "stack_calls.h"
#include "stack_cases.h"

#include <sys/ioctl.h>

static struct peer it;

static struct peer *start(const char *module, bool v6)
{
	CHECK(peer_start(&it, module, NULL, 1) == NULL);
	it.v6 = v6;
	return &it;
}

/* Opened and closed by the peer: LISTEN to LAST-ACK. */
static void passive(struct peer *p)
{
	int listener = peer_bound(p, SOCK_STREAM), fd, unread = 0;
	struct segment s;
	char text[64];

	CHECK_EQUAL(p->ops->accept(p->stack, listener, NULL, NULL), -EINVAL);
	CHECK_EQUAL(p->ops->listen(p->stack, listener, 5), 0);
	CHECK_EQUAL(peer_conn_of(p, listener).state, DP_TCP_LISTEN);
	CHECK_EQUAL(p->ops->accept(p->stack, listener, NULL, NULL), -EAGAIN);
	CHECK_EQUAL(peer_conn(p).listening, 1);
	CHECK_EQUAL(p->ops->ready(p->stack, listener), 0);
	peer_send(p, SYN, NULL);
	CHECK_EQUAL(EXPECT(p, SYN | ACK).ack, 1001);
	EXPECT_STATE(p, DP_TCP_SYN_RECEIVED);
	CHECK_EQUAL(peer_conn(p).listening, 0);
	CHECK_EQUAL(peer_conn(p).timer, DP_TIMER_RETRANSMIT);
	peer_send(p, ACK, NULL);
	EXPECT_SILENCE(p);
	EXPECT_STATE(p, DP_TCP_ESTABLISHED);
	CHECK_EQUAL(peer_conn(p).timer, DP_TIMER_NONE);
	CHECK_EQUAL(p->ops->ready(p->stack, listener), POLLIN);
	fd = p->ops->accept(p->stack, listener, NULL, NULL);
	CHECK_EQUAL(fd, listener + 1);
	CHECK_EQUAL(p->ops->ready(p->stack, fd), POLLOUT);

	CHECK_EQUAL(peer_read(p, fd, text, sizeof(text)), -EAGAIN);
	peer_send(p, ACK | PSH, "hello");
	CHECK_EQUAL(p->ops->ready(p->stack, fd), POLLIN | POLLOUT);
	CHECK_EQUAL(p->ops->ioctl(p->stack, fd, FIONREAD, &unread), 0);
	CHECK_EQUAL(unread, 5);
	CHECK_EQUAL(peer_read(p, fd, text, 2), 2);
	CHECK_EQUAL(peer_read(p, fd, text, sizeof(text)), 3);
	CHECK(!strcmp(text, "llo"));
	CHECK_EQUAL(peer_write(p, fd, "world!"), 6);
	s = EXPECT(p, ACK | PSH);
	CHECK_EQUAL(s.ack, 1006);
	CHECK(s.len == 6 && !memcmp(s.data, "world!", 6));
	peer_send(p, ACK, NULL);

	peer_send(p, FIN | ACK, NULL);
	CHECK_EQUAL(EXPECT(p, ACK).ack, 1007);
	EXPECT_STATE(p, DP_TCP_CLOSE_WAIT);
	CHECK_EQUAL(p->ops->ready(p->stack, fd), POLLIN | POLLOUT | POLLRDHUP);
	CHECK_EQUAL(peer_read(p, fd, text, sizeof(text)), 0);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT(p, FIN | ACK);
	EXPECT_STATE(p, DP_TCP_LAST_ACK);
	peer_send(p, ACK, NULL);
	EXPECT_STATE(p, DP_TCP_CLOSED);
	CHECK_EQUAL(p->ops->close(p->stack, fd), -EBADF);
	CHECK_EQUAL(p->ops->close(p->stack, listener), 0);
	CHECK_EQUAL(peer_conn(p).listening, 0);
	EXPECT_SILENCE(p);
}

/* Opened and closed by the stack: SYN-SENT to TIME-WAIT. */
static void active(struct peer *p)
{
	int fd = peer_connected(p);
	struct dp_conn conn;
	int64_t over;

	CHECK_EQUAL(p->ops->shutdown(p->stack, fd, SHUT_WR), 0);
	EXPECT(p, FIN | ACK);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_1);
	peer_send(p, ACK, NULL);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_2);
	CHECK_EQUAL(peer_conn_of(p, fd).state, DP_TCP_FIN_WAIT_2);
	peer_send(p, FIN | ACK, NULL);
	EXPECT(p, ACK);
	conn = peer_conn(p);
	CHECK_EQUAL(conn.state, DP_TCP_TIME_WAIT);
	CHECK_EQUAL(conn.timer, DP_TIMER_TIME_WAIT);
	over = conn.timer_at;
	CHECK(over > p->now + 119 * SECOND && over < p->now + 122 * SECOND);
	CHECK_EQUAL(peer_conn_of(p, fd).state, DP_TCP_TIME_WAIT);
	peer_wait(p, over - 1);
	EXPECT_STATE(p, DP_TCP_TIME_WAIT);
	peer_wait(p, over);
	EXPECT_STATE(p, DP_TCP_CLOSED);
	EXPECT_SILENCE(p);
	CHECK_EQUAL(p->ops->deadline(p->stack), DP_NEVER);
}

static void passive4(const char *module)
{
	passive(start(module, false));
}

static void passive6(const char *module)
{
	passive(start(module, true));
}

static void active4(const char *module)
{
	active(start(module, false));
}

static void active6(const char *module)
{
	active(start(module, true));
}

static void both_close(const char *module)
{
	struct peer *p = start(module, false);
	int fd;

	peer_accepted(p, &fd);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	CHECK_EQUAL(EXPECT(p, FIN | ACK).len, 0);
	p->ack--;
	peer_send(p, FIN | ACK, NULL);
	EXPECT(p, ACK);
	EXPECT_STATE(p, DP_TCP_CLOSING);
	peer_send(p, ACK, NULL);
	EXPECT_STATE(p, DP_TCP_TIME_WAIT);
}

static void refused(const char *module)
{
	struct peer *p = start(module, false);
	int fd = peer_connecting(p);

	peer_send(p, RST | ACK, NULL);
	EXPECT_STATE(p, DP_TCP_CLOSED);
	CHECK_EQUAL(peer_conn_of(p, fd).state, DP_TCP_CLOSED);
	CHECK_EQUAL(p->ops->ready(p->stack, fd) & (POLLOUT | POLLERR | POLLHUP),
		    POLLOUT | POLLERR | POLLHUP);
	/* connect(2) has ECONNREFUSED here. */
	CHECK_EQUAL(peer_error(p, fd), ECONNRESET);
	CHECK_EQUAL(peer_error(p, fd), 0);
	CHECK(!(p->ops->ready(p->stack, fd) & POLLERR));
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT_SILENCE(p);
}

static void closed_port(const char *module)
{
	struct peer *p = start(module, false);

	peer_send(p, SYN, NULL);
	CHECK_EQUAL(EXPECT(p, RST | ACK).ack, 1001);
	CHECK_EQUAL(peer_conn(p).listening, 0);
}

static void reset(const char *module)
{
	struct peer *p = start(module, false);
	char text[8];
	int fd;

	peer_accepted(p, &fd);
	peer_send(p, RST | ACK, NULL);
	EXPECT_STATE(p, DP_TCP_CLOSED);
	CHECK(p->ops->ready(p->stack, fd) & POLLERR);
	CHECK_EQUAL(peer_read(p, fd, text, sizeof(text)), -ECONNRESET);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT_SILENCE(p);
}

/* close() without an answer: the connection is forgotten, when conn() says. */
static void orphan(const char *module)
{
	struct peer *p = start(module, false);
	int64_t over;
	int fd;

	peer_accepted(p, &fd);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT(p, FIN | ACK);
	CHECK_EQUAL(peer_conn(p).timer, DP_TIMER_RETRANSMIT);
	peer_send(p, ACK, NULL);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_2);
	CHECK_EQUAL(peer_conn(p).timer, DP_TIMER_TIME_WAIT);
	over = peer_conn(p).timer_at;
	peer_wait(p, over - 1);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_2);
	peer_wait(p, over);
	EXPECT_STATE(p, DP_TCP_CLOSED);
	EXPECT_SILENCE(p);
}

/* A connection that shutdown() has cut off its descriptor is still seen through it. */
static void shut(const char *module)
{
	struct peer *p = start(module, false);
	char text[8];
	int fd;

	peer_accepted(p, &fd);
	CHECK_EQUAL(p->ops->shutdown(p->stack, fd, SHUT_RDWR), 0);
	EXPECT(p, FIN | ACK);
	CHECK_EQUAL(peer_conn_of(p, fd).state, DP_TCP_FIN_WAIT_1);
	CHECK(p->ops->ready(p->stack, fd) & POLLHUP);
	/* send(2) has EPIPE here. */
	CHECK_EQUAL(peer_write(p, fd, "x"), -ENOTCONN);
	CHECK_EQUAL(peer_read(p, fd, text, sizeof(text)), -ENOTCONN);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_1);
}

/* Unread data: RFC 9293, section 3.6.1, has a RST. */
static void unread(const char *module)
{
	struct peer *p = start(module, false);
	int fd;

	peer_accepted(p, &fd);
	peer_send(p, ACK | PSH, "unread");
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT(p, RST | ACK);
	EXPECT_STATE(p, DP_TCP_CLOSED);
}

/* What lwIP does and RFC 9293 forbids; doc/stacks/lwip.md has the list. */
static void simultaneous_open(const char *module)
{
	struct peer *p = start(module, false);

	peer_connecting(p);
	peer_send(p, SYN, NULL);
	EXPECT_SILENCE(p);
	EXPECT_STATE(p, DP_TCP_SYN_SENT);
}

static void data_without_ack(const char *module)
{
	struct peer *p = start(module, false);
	char text[8];
	int fd;

	peer_accepted(p, &fd);
	peer_send(p, 0, "data");
	CHECK_EQUAL(peer_read(p, fd, text, sizeof(text)), 4);
}

static void syn_in_time_wait(const char *module)
{
	struct peer *p = start(module, false);
	int fd;

	peer_accepted(p, &fd);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	EXPECT(p, FIN | ACK);
	peer_send(p, FIN | ACK, NULL);
	EXPECT(p, ACK);
	peer_send(p, SYN, NULL);
	EXPECT(p, RST | ACK);
	EXPECT_STATE(p, DP_TCP_TIME_WAIT);
}

int main(void)
{
	struct stack_case cases[] = {
		{ "passive4", passive4, 0, NULL }, { "passive6", passive6, 0, NULL },
		{ "active4", active4, 0, NULL }, { "active6", active6, 0, NULL },
		{ "both_close", both_close, 0, NULL }, { "refused", refused, 0, NULL },
		{ "closed_port", closed_port, 0, NULL }, { "reset", reset, 0, NULL },
		{ "orphan", orphan, 0, NULL }, { "shut", shut, 0, NULL },
		{ "unread", unread, 0, NULL },
		{ "simultaneous_open", simultaneous_open, 0, NULL },
		{ "data_without_ack", data_without_ack, 0, NULL },
		{ "syn_in_time_wait", syn_in_time_wait, 0, NULL },
	};

	return stack_cases_run("stacks/lwip/drillpress-lwip.so", cases,
			       sizeof(cases) / sizeof(*cases));
}
