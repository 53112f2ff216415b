/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack in a shared object, and a peer of it in virtual time: packets made by
 * hand, packets kept. A process holds one stack, so every case runs in a child,
 * where CHECK() takes the place of cmocka's assertions.
 */
#ifndef DP_TESTS_STACK_PEER_H
#define DP_TESTS_STACK_PEER_H

#include "drillpress/stack.h"
#include "wire/bytes.h"
#include "wire/checksum.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PEER_HELPER static inline __attribute__((unused))

#define CHECK(ok) peer_check((ok), #ok, __FILE__, __LINE__)
#define CHECK_EQUAL(got, want) \
	peer_check_equal((long long)(got), (long long)(want), #got, __FILE__, __LINE__)

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32 };

/* The ends: drillpress's usual ones. */
#define STACK4 "192.168.0.1"
#define PEER4 "192.0.2.1"
#define STACK6 "fd3d:0a0b:17d6::1"
#define PEER6 "fd3d:fa7b:d17d::1"

enum { PEER_KEEPS = 512, PEER_PACKET = 2048 };

struct kept {
	int64_t at;
	size_t len;
	uint8_t bytes[PEER_PACKET];
};

struct segment {
	int64_t at;
	uint8_t flags;
	uint32_t seq, ack;
	uint16_t src, dst, win;
	size_t len;			/* of the data */
	const uint8_t *data;
};

struct peer {
	struct dp_host host;		/* first: it is how the host is told from others */
	const struct dp_stack_ops *ops;
	struct dp_stack *stack;
	int64_t now;
	uint32_t seed;
	bool v6;
	uint16_t stack_port, peer_port;
	uint32_t seq, ack;		/* the peer's next, and what it acknowledges */
	size_t n_kept, n_read;
	struct kept kept[PEER_KEEPS];
};

PEER_HELPER void peer_check(bool ok, const char *text, const char *file, int line)
{
	if (ok)
		return;
	printf("# %s:%d: not so: %s\n", file, line, text);
	fflush(stdout);
	_exit(1);
}

PEER_HELPER void peer_check_equal(long long got, long long want, const char *text,
				  const char *file, int line)
{
	if (got == want)
		return;
	printf("# %s:%d: %s is %lld, not %lld\n", file, line, text, got, want);
	fflush(stdout);
	_exit(1);
}

PEER_HELPER void peer_output(const struct dp_host *host, const void *packet, size_t len)
{
	struct peer *p = (struct peer *)(uintptr_t)host;
	struct kept *k = &p->kept[p->n_kept];

	CHECK(p->n_kept < PEER_KEEPS && len <= PEER_PACKET);
	p->n_kept++;
	k->at = p->now;
	k->len = len;
	memcpy(k->bytes, packet, len);
}

PEER_HELPER int64_t peer_now(const struct dp_host *host)
{
	return ((const struct peer *)host)->now;
}

PEER_HELPER uint32_t peer_random(const struct dp_host *host)
{
	struct peer *p = (struct peer *)(uintptr_t)host;

	p->seed = p->seed * 1664525 + 1013904223;
	return p->seed ^ p->seed >> 16;
}

PEER_HELPER void peer_log(const struct dp_host *host, const char *text)
{
	printf("# stack: %s\n", text);
}

PEER_HELPER void peer_address(const char *text, uint16_t prefix, struct dp_address *a)
{
	a->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	a->prefix = prefix;
	CHECK(inet_pton(a->family, text, a->bytes) == 1);
}

/* Loads a module and makes its stack with one address of each family. NULL, or why not. */
PEER_HELPER const char *peer_start(struct peer *p, const char *module, const char *option,
				   uint32_t seed)
{
	const struct dp_stack_ops *(*adapter)(uint32_t);
	const char *options[] = { option, NULL }, *why = NULL;
	struct dp_address local[2];
	struct dp_config config = { .size = sizeof(config), .mtu = 1500, .local = local,
				    .n_local = 2, .options = options };
	void *so = dlopen(module, RTLD_NOW | RTLD_LOCAL);

	if (!so)
		printf("# %s\n", dlerror());
	CHECK(so != NULL);
	memset(p, 0, sizeof(*p));
	p->host = (struct dp_host){ .size = sizeof(p->host), .output = peer_output,
				    .now = peer_now, .random = peer_random, .log = peer_log };
	p->now = SECOND + 123456;
	p->seed = seed;
	p->stack_port = 8080;
	p->peer_port = 40000;
	p->seq = 1000;
	peer_address(STACK4, 16, &local[0]);
	peer_address(STACK6, 48, &local[1]);
	peer_address("192.168.0.2", 16, &config.gateway);
	adapter = (const struct dp_stack_ops *(*)(uint32_t))dlsym(so, "dp_stack_adapter");
	CHECK(adapter != NULL);
	CHECK(adapter(DP_STACK_ABI + 1) == NULL);
	p->ops = adapter(DP_STACK_ABI);
	CHECK(p->ops != NULL && p->ops->size >= sizeof(*p->ops));
	p->stack = p->ops->create(&p->host, &config, &why);
	return p->stack ? NULL : why ? why : "no reason given";
}

/* Writes an IP header for a payload; returns its length. */
PEER_HELPER size_t peer_ip(const struct peer *p, uint8_t *to, uint8_t protocol, size_t payload)
{
	if (p->v6) {
		memset(to, 0, 40);
		to[0] = 0x60;
		put_be16(to + 4, (uint16_t)payload);
		to[6] = protocol;
		to[7] = 64;
		inet_pton(AF_INET6, PEER6, to + 8);
		inet_pton(AF_INET6, STACK6, to + 24);
		return 40;
	}
	memset(to, 0, 20);
	to[0] = 0x45;
	put_be16(to + 2, (uint16_t)(20 + payload));
	to[8] = 64;
	to[9] = protocol;
	inet_pton(AF_INET, PEER4, to + 12);
	inet_pton(AF_INET, STACK4, to + 16);
	put_be16(to + 10, csum_finish(csum_add(0, to, 20)));
	return 20;
}

/* A segment to the stack, with the peer's numbers. SYNs carry an MSS. */
PEER_HELPER void peer_window(struct peer *p, uint8_t flags, const char *data, uint16_t win)
{
	uint8_t packet[PEER_PACKET];
	size_t n = data ? strlen(data) : 0, options = flags & SYN ? 4 : 0, len = 20 + options + n;
	uint8_t *tcp = packet + peer_ip(p, packet, IPPROTO_TCP, len);

	memset(tcp, 0, 20);
	put_be16(tcp, p->peer_port);
	put_be16(tcp + 2, p->stack_port);
	put_be32(tcp + 4, p->seq);
	put_be32(tcp + 8, flags & ACK ? p->ack : 0);
	tcp[12] = (uint8_t)((20 + options) / 4 << 4);
	tcp[13] = flags;
	put_be16(tcp + 14, win);
	memcpy(tcp + 20, "\x02\x04\x05\xb4", options);
	if (data)
		memcpy(tcp + 20 + options, data, n);
	put_be16(tcp + 16, csum_finish(csum_add(csum_pseudo(packet, IPPROTO_TCP, (uint32_t)len),
						tcp, len)));
	p->ops->input(p->stack, packet, (size_t)(tcp - packet) + len);
	p->seq += (uint32_t)n + !!(flags & SYN) + !!(flags & FIN);
}

PEER_HELPER void peer_send(struct peer *p, uint8_t flags, const char *data)
{
	peer_window(p, flags, data, 65535);
}

PEER_HELPER void peer_datagram(struct peer *p, const char *data)
{
	uint8_t packet[PEER_PACKET];
	size_t n = strlen(data), len = 8 + n;
	uint8_t *udp = packet + peer_ip(p, packet, IPPROTO_UDP, len);

	put_be16(udp, p->peer_port);
	put_be16(udp + 2, p->stack_port);
	put_be16(udp + 4, (uint16_t)len);
	put_be16(udp + 6, 0);
	memcpy(udp + 8, data, n);
	put_be16(udp + 6, csum_finish(csum_add(csum_pseudo(packet, IPPROTO_UDP, (uint32_t)len),
					       udp, len)));
	p->ops->input(p->stack, packet, (size_t)(udp - packet) + len);
}

/* The next packet that the stack sent and nobody has looked at; NULL if there is none. */
PEER_HELPER const struct kept *peer_packet(struct peer *p)
{
	return p->n_read < p->n_kept ? &p->kept[p->n_read++] : NULL;
}

/* The same, which must be a TCP segment with a right checksum; what it has is acknowledged. */
PEER_HELPER bool peer_next(struct peer *p, struct segment *s)
{
	const struct kept *k = peer_packet(p);
	size_t ip = p->v6 ? 40 : 20;
	const uint8_t *tcp;

	if (!k)
		return false;
	CHECK(k->len >= ip + 20);
	tcp = k->bytes + ip;
	CHECK_EQUAL(k->bytes[p->v6 ? 6 : 9], IPPROTO_TCP);
	CHECK_EQUAL(csum_finish(csum_add(csum_pseudo(k->bytes, IPPROTO_TCP,
						     (uint32_t)(k->len - ip)),
					 tcp, k->len - ip)), 0);
	*s = (struct segment){ .at = k->at, .flags = tcp[13], .seq = get_be32(tcp + 4),
			       .ack = get_be32(tcp + 8), .src = get_be16(tcp),
			       .dst = get_be16(tcp + 2), .win = get_be16(tcp + 14) };
	s->data = tcp + (tcp[12] >> 4) * 4;
	s->len = (size_t)(k->bytes + k->len - s->data);
	p->ack = s->seq + (uint32_t)s->len + !!(s->flags & SYN) + !!(s->flags & FIN);
	return true;
}

/* The next segment must be there and have these flags. */
PEER_HELPER struct segment peer_expect(struct peer *p, uint8_t flags, int line)
{
	struct segment s;

	peer_check(peer_next(p, &s), "the stack sends a segment", __FILE__, line);
	peer_check_equal(s.flags, flags, "flags of the segment", __FILE__, line);
	return s;
}
#define EXPECT(p, flags) peer_expect(p, flags, __LINE__)
#define EXPECT_SILENCE(p) CHECK_EQUAL((p)->n_kept - (p)->n_read, 0)

/* Lets time pass as drillpress does: from deadline to deadline. */
PEER_HELPER void peer_wait(struct peer *p, int64_t until)
{
	int64_t next;

	while ((next = p->ops->deadline(p->stack)) <= until) {
		if (next > p->now)
			p->now = next;
		p->ops->run(p->stack);
		CHECK(p->ops->deadline(p->stack) > p->now);
	}
	p->now = until;
}

#endif
