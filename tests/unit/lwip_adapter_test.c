/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The adapter of lwIP: datagrams, what it lacks, and that a seed decides what is
 * sent.
 */
#include "config.h"

#include "stack_calls.h"
#include "stack_cases.h"

#include <netinet/tcp.h>
#include <sys/ioctl.h>

static struct peer it;

static struct peer *start(const char *module, bool v6)
{
	CHECK(peer_start(&it, module, NULL, 1) == NULL);
	it.v6 = v6;
	return &it;
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
		peer_connecting(p);
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
	CHECK_EQUAL(peer_in_child(write_bytes, module), 0);
	f = fopen(file, "r");
	CHECK(f != NULL);
	n = fread(to, 1, size, f);
	fclose(f);
	unlink(file);
	return n;
}

static void seeds(const char *module)
{
	char file[] = "/tmp/drillpress-lwip.XXXXXX", one[4096], again[4096], other[4096];
	size_t n;

	close(mkstemp(file));
	n = bytes_of(module, file, 7, one, sizeof(one));
	CHECK(n > 100);
	CHECK_EQUAL(bytes_of(module, file, 7, again, sizeof(again)), n);
	CHECK(!memcmp(one, again, n));
	CHECK_EQUAL(bytes_of(module, file, 8, other, sizeof(other)), n);
	/* Port and ISN of the first SYN. */
	CHECK(memcmp(one + 20, other + 20, 2));
	CHECK(memcmp(one + 24, other + 24, 4));
}

int main(void)
{
	struct stack_case cases[] = {
		{ "udp", udp, 0, NULL }, { "itself", itself, 0, NULL },
		{ "lacks", lacks, 0, NULL }, { "creation", creation, 0, NULL },
		{ "seeds", seeds, 0, NULL },
	};

	return stack_cases_run("stacks/lwip/drillpress-lwip.so", cases,
			       sizeof(cases) / sizeof(*cases));
}
