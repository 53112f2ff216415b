/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack without a single open port, for tests of what compares stacks: to a
 * SYN over IPv4 it answers RST, as RFC 9293, section 3.10.7.1, has it. Options
 * make it wrong or different: ack=N acknowledges N more, win=N has a window,
 * delay=MS answers later, twice=1 answers twice.
 */
#include <drillpress/stack.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS 40
#define NS_PER_MS 1000000

struct dp_stack {
	const struct dp_host *host;
	long ack, win, delay, twice;
	unsigned char answer[HEADERS];
	int64_t due;
};

static long option(const struct dp_config *c, const char *name)
{
	const char *const *o;
	size_t n = strlen(name);

	for (o = c->options; *o; o++)
		if (!strncmp(*o, name, n) && (*o)[n] == '=')
			return atol(*o + n + 1);
	return 0;
}

static struct dp_stack *closed_create(const struct dp_host *host, const struct dp_config *c,
				      const char **why)
{
	struct dp_stack *s = calloc(1, sizeof(*s));

	if (!s) {
		*why = "no memory";
		return NULL;
	}
	s->host = host;
	s->ack = option(c, "ack");
	s->win = option(c, "win");
	s->delay = option(c, "delay");
	s->twice = option(c, "twice");
	s->due = DP_NEVER;
	return s;
}

static void closed_destroy(struct dp_stack *s)
{
	free(s);
}

static void put(unsigned char *at, uint32_t v, int bytes)
{
	while (bytes--) {
		at[bytes] = (unsigned char)v;
		v >>= 8;
	}
}

static uint32_t get(const unsigned char *at, int bytes)
{
	uint32_t v = 0;

	while (bytes--)
		v = v << 8 | *at++;
	return v;
}

/* RFC 1071. */
static uint32_t sum(const unsigned char *at, size_t n, uint32_t start)
{
	for (; n; n -= 2, at += 2)
		start += get(at, 2);
	return start;
}

static uint32_t fold(uint32_t v)
{
	while (v >> 16)
		v = (v & 0xffff) + (v >> 16);
	return ~v & 0xffff;
}

static void answer(struct dp_stack *s, const unsigned char *syn)
{
	const unsigned char *tcp = syn + (syn[0] & 15) * 4;
	unsigned char *ip = s->answer, *out = ip + 20;

	memset(ip, 0, HEADERS);
	ip[0] = 0x45;
	put(ip + 2, HEADERS, 2);
	ip[8] = 64;
	ip[9] = IPPROTO_TCP;
	memcpy(ip + 12, syn + 16, 4);
	memcpy(ip + 16, syn + 12, 4);
	put(ip + 10, fold(sum(ip, 20, 0)), 2);
	memcpy(out, tcp + 2, 2);
	memcpy(out + 2, tcp, 2);
	put(out + 8, get(tcp + 4, 4) + 1 + (uint32_t)s->ack, 4);
	put(out + 12, 0x5014, 2);	/* 20 bytes, RST and ACK */
	put(out + 14, (uint32_t)s->win, 2);
	put(out + 16, fold(sum(out, 20, sum(ip + 12, 8, IPPROTO_TCP + 20))), 2);
}

static void closed_run(struct dp_stack *s)
{
	long i;

	if (s->due > s->host->now(s->host))
		return;
	s->due = DP_NEVER;
	for (i = 0; i <= s->twice; i++)
		s->host->output(s->host, s->answer, HEADERS);
}

static void closed_input(struct dp_stack *s, const void *packet, size_t len)
{
	const unsigned char *ip = packet;

	if (len < HEADERS || ip[0] >> 4 != 4 || ip[9] != IPPROTO_TCP)
		return;
	if ((ip[(ip[0] & 15) * 4 + 13] & 0x16) != 0x02)	/* SYN, neither RST nor ACK */
		return;
	answer(s, ip);
	s->due = s->host->now(s->host) + s->delay * NS_PER_MS;
}

static int64_t closed_deadline(struct dp_stack *s)
{
	return s->due;
}

const struct dp_stack_ops *dp_stack_adapter(uint32_t abi)
{
	static const struct dp_stack_ops ops = {
		.size = sizeof(ops), .abi = DP_STACK_ABI, .name = "closed", .version = "1",
		.caps = DP_CAP_IPV4, .create = closed_create, .destroy = closed_destroy,
		.input = closed_input, .deadline = closed_deadline, .run = closed_run,
	};

	return abi == DP_STACK_ABI ? &ops : NULL;
}
