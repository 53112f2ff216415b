/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The adapter of lwIP, through the interface of stacks and in virtual time.
 * What lwIP does otherwise than RFC 9293 wants is checked as it is: the adapter
 * must show it, not mend it.
 */
#include "config.h"

#include "stack_peer.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <time.h>
#include <cmocka.h>

static struct peer it;

static struct peer *start(const char *module, bool v6)
{
	CHECK(peer_start(&it, module, NULL, 1) == NULL);
	it.v6 = v6;
	return &it;
}

static int error_of(struct peer *p, int fd)
{
	socklen_t len = sizeof(int);
	int err = -1;

	CHECK_EQUAL(p->ops->getsockopt(p->stack, fd, SOL_SOCKET, SO_ERROR, &err, &len), 0);
	return err;
}

static struct dp_conn conn_of(struct peer *p, int fd)
{
	struct dp_conn conn = { .size = sizeof(conn) };

	CHECK_EQUAL(p->ops->socket_conn(p->stack, fd, &conn), 0);
	return conn;
}

static void names_of_both_ends(struct peer *p, int fd)
{
	struct sockaddr_storage want, got;
	socklen_t want_len = peer_name(p, STACK4, STACK6, p->stack_port, &want);
	socklen_t len = sizeof(got);

	memset(&got, 0, sizeof(got));
	CHECK_EQUAL(p->ops->getsockname(p->stack, fd, (void *)&got, &len), 0);
	CHECK_EQUAL(len, want_len);
	CHECK(!memcmp(&got, &want, len));
	peer_name(p, PEER4, PEER6, p->peer_port, &want);
	len = 4;
	memset(&got, 0, sizeof(got));
	CHECK_EQUAL(p->ops->getpeername(p->stack, fd, (void *)&got, &len), 0);
	CHECK_EQUAL(len, want_len);
	CHECK(!memcmp(&got, &want, 4) && ((char *)&got)[4] == 0);
}

/* Opened and closed by the peer: LISTEN to LAST-ACK. */
static void passive(struct peer *p)
{
	int listener = peer_bound(p, SOCK_STREAM), fd, unread = 0;
	struct segment s;
	char text[64];

	CHECK_EQUAL(p->ops->accept(p->stack, listener, NULL, NULL), -EINVAL);
	CHECK_EQUAL(p->ops->listen(p->stack, listener, 5), 0);
	CHECK_EQUAL(conn_of(p, listener).state, DP_TCP_LISTEN);
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
	names_of_both_ends(p, fd);

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

/* connect() by the stack; the descriptor. */
static int connecting(struct peer *p)
{
	struct sockaddr_storage name;
	socklen_t len = peer_name(p, PEER4, PEER6, p->peer_port, &name);
	int fd = peer_socket(p, SOCK_STREAM);
	struct segment s;

	CHECK_EQUAL(p->ops->connect(p->stack, fd, (void *)&name, len), -EINPROGRESS);
	CHECK_EQUAL(p->ops->connect(p->stack, fd, (void *)&name, len), -EALREADY);
	s = EXPECT(p, SYN);
	p->stack_port = s.src;
	CHECK_EQUAL(s.dst, p->peer_port);
	EXPECT_STATE(p, DP_TCP_SYN_SENT);
	CHECK_EQUAL(p->ops->ready(p->stack, fd), 0);
	return fd;
}

static int connected(struct peer *p)
{
	int fd = connecting(p);

	peer_send(p, SYN | ACK, NULL);
	EXPECT(p, ACK);
	EXPECT_STATE(p, DP_TCP_ESTABLISHED);
	CHECK_EQUAL(p->ops->ready(p->stack, fd), POLLOUT);
	CHECK_EQUAL(error_of(p, fd), 0);
	return fd;
}

/* Opened and closed by the stack: SYN-SENT to TIME-WAIT. */
static void active(struct peer *p)
{
	int fd = connected(p);
	struct dp_conn conn;
	int64_t over;

	names_of_both_ends(p, fd);
	CHECK_EQUAL(p->ops->shutdown(p->stack, fd, SHUT_WR), 0);
	EXPECT(p, FIN | ACK);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_1);
	peer_send(p, ACK, NULL);
	EXPECT_STATE(p, DP_TCP_FIN_WAIT_2);
	CHECK_EQUAL(conn_of(p, fd).state, DP_TCP_FIN_WAIT_2);
	peer_send(p, FIN | ACK, NULL);
	EXPECT(p, ACK);
	conn = peer_conn(p);
	CHECK_EQUAL(conn.state, DP_TCP_TIME_WAIT);
	CHECK_EQUAL(conn.timer, DP_TIMER_TIME_WAIT);
	over = conn.timer_at;
	CHECK(over > p->now + 119 * SECOND && over < p->now + 122 * SECOND);
	CHECK_EQUAL(conn_of(p, fd).state, DP_TCP_TIME_WAIT);
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
	int fd = connecting(p);

	peer_send(p, RST | ACK, NULL);
	EXPECT_STATE(p, DP_TCP_CLOSED);
	CHECK_EQUAL(conn_of(p, fd).state, DP_TCP_CLOSED);
	CHECK_EQUAL(p->ops->ready(p->stack, fd) & (POLLOUT | POLLERR | POLLHUP),
		    POLLOUT | POLLERR | POLLHUP);
	/* connect(2) has ECONNREFUSED here. */
	CHECK_EQUAL(error_of(p, fd), ECONNRESET);
	CHECK_EQUAL(error_of(p, fd), 0);
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
	CHECK_EQUAL(error_of(p, fd), ECONNABORTED);
	CHECK_EQUAL(p->ops->deadline(p->stack), DP_NEVER);
}

static void syn_retransmissions(const char *module)
{
	struct peer *p = start(module, false);
	int fd = connecting(p), n = 0;
	struct segment s;

	peer_wait(p, p->now + 600 * SECOND);
	while (peer_next(p, &s))
		n += s.flags == SYN;
	CHECK_EQUAL(n, 6);
	CHECK_EQUAL(error_of(p, fd), ECONNABORTED);
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
	CHECK_EQUAL(error_of(p, fd), ECONNABORTED);
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
	CHECK_EQUAL(conn_of(p, fd).state, DP_TCP_FIN_WAIT_1);
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

static void udp(const char *module)
{
	struct peer *p = start(module, false);
	int fd = peer_bound(p, SOCK_DGRAM);
	struct sockaddr_storage to, from;
	char text[64] = "answer";
	struct iovec iov = { .iov_base = text, .iov_len = 6 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_name = &to };
	const struct kept *k;

	CHECK_EQUAL(p->ops->ready(p->stack, fd), POLLOUT);
	CHECK_EQUAL(peer_read(p, fd, text, 4), -EAGAIN);
	peer_datagram(p, "question");
	CHECK_EQUAL(p->ops->ready(p->stack, fd), POLLIN | POLLOUT);
	memset(&from, 0, sizeof(from));
	msg.msg_name = &from;
	msg.msg_namelen = sizeof(from);
	CHECK_EQUAL(p->ops->recvmsg(p->stack, fd, &msg, 0), 6);
	CHECK_EQUAL(msg.msg_flags, MSG_TRUNC);
	CHECK_EQUAL(msg.msg_namelen, peer_name(p, PEER4, PEER6, p->peer_port, &to));
	CHECK(!memcmp(&to, &from, msg.msg_namelen));
	memcpy(text, "answer", 6);
	msg.msg_name = &to;
	CHECK_EQUAL(p->ops->sendmsg(p->stack, fd, &msg, 0), 6);
	k = peer_packet(p);
	CHECK(k && k->len == 34 && !memcmp(k->bytes + 28, "answer", 6));
	CHECK_EQUAL(get_be16(k->bytes + 20), p->stack_port);
	iov.iov_len = 0;
	CHECK_EQUAL(p->ops->sendmsg(p->stack, fd, &msg, 0), 0);
	k = peer_packet(p);
	CHECK(k && k->len == 28);
	peer_datagram(p, "");
	CHECK_EQUAL(peer_read(p, fd, text, 4), 0);
	CHECK_EQUAL(p->ops->close(p->stack, fd), 0);
	/* Port unreachable (RFC 792). */
	peer_datagram(p, "question");
	k = peer_packet(p);
	CHECK(k && k->bytes[9] == IPPROTO_ICMP && k->bytes[20] == 3 && k->bytes[21] == 3);
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

/* A connection of the stack with itself, which lwIP leaves to a thread. */
static void itself(const char *module)
{
	struct peer *p = start(module, false);
	int listener = peer_bound(p, SOCK_STREAM), fd = peer_socket(p, SOCK_STREAM);
	struct sockaddr_storage name;
	socklen_t len = peer_name(p, STACK4, STACK6, p->stack_port, &name);

	CHECK_EQUAL(p->ops->listen(p->stack, listener, 1), 0);
	CHECK_EQUAL(p->ops->connect(p->stack, fd, (void *)&name, len), -EINPROGRESS);
	CHECK(p->ops->deadline(p->stack) <= p->now);
	peer_wait(p, p->now);
	CHECK_EQUAL(p->ops->ready(p->stack, fd), POLLOUT);
	CHECK(p->ops->accept(p->stack, listener, NULL, NULL) >= 0);
	EXPECT_SILENCE(p);
}

static void lacks(const char *module)
{
	struct peer *p = start(module, false);
	const struct dp_stack_ops *ops = p->ops;
	int fd = peer_socket(p, SOCK_STREAM), v = 30, i;
	struct iovec iov = { .iov_base = &v, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	socklen_t len = sizeof(v);

	CHECK_EQUAL(ops->setsockopt(p->stack, fd, IPPROTO_TCP, TCP_KEEPIDLE, &v, len), 0);
	v = 0;
	CHECK_EQUAL(ops->getsockopt(p->stack, fd, IPPROTO_TCP, TCP_KEEPIDLE, &v, &len), 0);
	CHECK_EQUAL(v, 30);
	v = 1;
	CHECK_EQUAL(ops->setsockopt(p->stack, fd, SOL_SOCKET, SO_REUSEADDR, &v, len), 0);
	v = 7;
	CHECK_EQUAL(ops->getsockopt(p->stack, fd, SOL_SOCKET, SO_REUSEADDR, &v, &len), 0);
	CHECK_EQUAL(v, 1);
	CHECK_EQUAL(ops->setsockopt(p->stack, fd, IPPROTO_TCP, TCP_NODELAY, &v, 1), -EINVAL);
	CHECK_EQUAL(ops->setsockopt(p->stack, fd, IPPROTO_TCP, TCP_CORK, &v, len), DP_LACKS);
	CHECK_EQUAL(ops->getsockopt(p->stack, fd, IPPROTO_TCP, TCP_INFO, &v, &len), DP_LACKS);
	CHECK_EQUAL(ops->getsockopt(p->stack, 9, SOL_SOCKET, SO_ERROR, &v, &len), -EBADF);
	CHECK_EQUAL(ops->sendmsg(p->stack, fd, &msg, MSG_OOB), DP_LACKS);
	CHECK_EQUAL(ops->recvmsg(p->stack, fd, &msg, MSG_ERRQUEUE), DP_LACKS);
	CHECK_EQUAL(ops->ioctl(p->stack, fd, TIOCOUTQ, &v), DP_LACKS);
	CHECK_EQUAL(ops->socket(p->stack, AF_INET, SOCK_RAW, IPPROTO_ICMP), DP_LACKS);
	CHECK_EQUAL(ops->socket(p->stack, AF_INET, SOCK_STREAM, 262), DP_LACKS);
	CHECK_EQUAL(ops->socket(p->stack, AF_UNIX, SOCK_STREAM, 0), DP_LACKS);
	CHECK_EQUAL(ops->setting(p->stack, "net.ipv4.tcp_sack", "0"), 0);
	CHECK_EQUAL(ops->setting(p->stack, "net.ipv4.tcp_sack", "1"), DP_LACKS);
	CHECK_EQUAL(ops->setting(p->stack, "net.ipv4.unheard_of", "1"), DP_LACKS);
	/* Numbers are taken from the lowest free one. */
	for (i = 1; i < 256; i++)
		CHECK_EQUAL(peer_socket(p, SOCK_STREAM), i);
	CHECK_EQUAL(ops->socket(p->stack, AF_INET, SOCK_STREAM, 0), -EMFILE);
	CHECK_EQUAL(ops->close(p->stack, fd), 0);
	CHECK_EQUAL(peer_socket(p, SOCK_STREAM), fd);
}

static void creation(const char *module)
{
	static struct peer second;
	struct peer *p = &it;
	const char *why = peer_start(p, module, "colour=blue", 1);

	CHECK(why && strstr(why, "no options"));
	CHECK(peer_start(p, module, NULL, 1) == NULL);
	p->ops->destroy(p->stack);
	why = peer_start(&second, module, NULL, 1);
	CHECK(why && strstr(why, "once"));
}

/* What a stack sends in two connections and a datagram, in a file. */
static const char *bytes_file;
static uint32_t bytes_seed;

static void write_bytes(const char *module)
{
	struct peer *p = &it;
	FILE *f = fopen(bytes_file, "w");
	struct segment s;
	int i;

	CHECK(f && peer_start(p, module, NULL, bytes_seed) == NULL);
	for (i = 0; i < 2; i++)
		connecting(p);
	CHECK_EQUAL(p->ops->close(p->stack, 1), 0);
	p->stack_port = 8080;
	peer_bound(p, SOCK_DGRAM);
	peer_datagram(p, "x");
	peer_wait(p, p->now + 100 * SECOND);
	p->n_read = 0;
	CHECK(peer_next(p, &s));
	for (i = 0; i < (int)p->n_kept; i++)
		fwrite(p->kept[i].bytes, 1, p->kept[i].len, f);
	fclose(f);
}

static size_t bytes_of(const char *module, const char *file, uint32_t seed, char *to, size_t size)
{
	FILE *f;
	size_t n;

	bytes_file = file;
	bytes_seed = seed;
	assert_int_equal(peer_in_child(write_bytes, module), 0);
	f = fopen(file, "r");
	assert_non_null(f);
	n = fread(to, 1, size, f);
	fclose(f);
	unlink(file);
	return n;
}

#define MODULE "stacks/lwip/drillpress-lwip.so"

static void seeds(void **state)
{
	char path[4096], file[] = "/tmp/drillpress-lwip.XXXXXX";
	char one[4096], again[4096], other[4096];
	const char *module = peer_module(MODULE, path, sizeof(path));
	size_t n;

	if (!module)
		skip();
	close(mkstemp(file));
	n = bytes_of(module, file, 7, one, sizeof(one));
	assert_true(n > 100);
	assert_int_equal(bytes_of(module, file, 7, again, sizeof(again)), n);
	assert_memory_equal(one, again, n);
	assert_int_equal(bytes_of(module, file, 8, other, sizeof(other)), n);
	/* Port and ISN of the first SYN. */
	assert_memory_not_equal(one + 20, other + 20, 2);
	assert_memory_not_equal(one + 24, other + 24, 4);
}

static void one_case(void **state)
{
	char path[4096];
	const char *module = peer_module(MODULE, path, sizeof(path));
	void (*body)(const char *) = *(void (**)(const char *))*state;

	if (!module)
		skip();
	assert_int_equal(peer_in_child(body, module), 0);
}

static void (*const cases[])(const char *) = {
	passive4, passive6, active4, active6, both_close, refused, closed_port, reset,
	retransmissions, syn_retransmissions, keepalive, zero_window, linger, udp, fragments,
	itself, lacks, creation,
};
static const char *const case_names[] = {
	"passive4", "passive6", "active4", "active6", "both_close", "refused", "closed_port",
	"reset", "retransmissions", "syn_retransmissions", "keepalive", "zero_window", "linger",
	"udp", "fragments", "itself", "lacks", "creation",
};
enum { CASES = sizeof(cases) / sizeof(*cases) };

int main(void)
{
	struct CMUnitTest tests[CASES + 1] = { cmocka_unit_test(seeds) };
	char path[4096];
	int i;

	if (!peer_module(MODULE, path, sizeof(path)))
		printf("# skipped: " MODULE " was not built (Debian: apt-get install liblwip-dev)\n");
	for (i = 0; i < CASES; i++)
		tests[i + 1] = (struct CMUnitTest){
			.name = case_names[i], .test_func = one_case,
			.initial_state = (void *)(uintptr_t)&cases[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
