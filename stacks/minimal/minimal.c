/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest stack worth testing, as an example of an adapter: a host on
 * which no port is open, so that it answers TCP segments with resets (RFC 9293,
 * section 3.10.7.1). doc/stacks/README.md walks through it.
 */
#include <drillpress/stack.h>

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

struct dp_stack {
	const struct dp_host *host;
	uint8_t local[4];
};

/* The sum of RFC 1071, not folded yet. */
static uint32_t sum(const void *p, size_t n, uint32_t s)
{
	const uint8_t *b = p;
	size_t i;

	for (i = 0; i < n; i++)
		s += i % 2 ? b[i] : (uint32_t)b[i] << 8;
	return s;
}

static uint16_t checksum(uint32_t s)
{
	s = (s >> 16) + (s & 0xffff);
	s += s >> 16;
	return htons((uint16_t)~s);
}

/* What TCP sums up besides its segment: both addresses, protocol and length. */
static uint32_t pseudo(const struct iphdr *ip, size_t len)
{
	return sum(&ip->saddr, 8, IPPROTO_TCP) + (uint32_t)len;
}

/* The answer to a segment that there is no connection for. */
static void refuse(struct dp_stack *s, const struct iphdr *ip, const struct tcphdr *h,
		   size_t n_data)
{
	struct { struct iphdr ip; struct tcphdr tcp; } out = {
		.ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP,
			.tot_len = htons(sizeof(out)), .id = htons((uint16_t)s->host->random(s->host)),
			.saddr = ip->daddr, .daddr = ip->saddr },
		.tcp = { .source = h->dest, .dest = h->source, .doff = sizeof(*h) / 4, .rst = 1 },
	};

	if (h->ack) {
		out.tcp.seq = h->ack_seq;
	} else {
		out.tcp.ack = 1;
		out.tcp.ack_seq = htonl(ntohl(h->seq) + (uint32_t)n_data + h->syn + h->fin);
	}
	out.ip.check = checksum(sum(&out.ip, sizeof(out.ip), 0));
	out.tcp.check = checksum(sum(&out.tcp, sizeof(out.tcp), pseudo(&out.ip, sizeof(out.tcp))));
	s->host->output(s->host, &out, sizeof(out));
}

static void tcp_input(struct dp_stack *s, const struct iphdr *ip, const struct tcphdr *h,
		      size_t len)
{
	if (len < sizeof(*h) || h->doff * 4u < sizeof(*h) || h->doff * 4u > len)
		return;
	if (checksum(sum(h, len, pseudo(ip, len))) == 0 && !h->rst)
		refuse(s, ip, h, len - h->doff * 4u);
}

static void input(struct dp_stack *s, const void *packet, size_t len)
{
	const struct iphdr *ip = packet;
	const uint8_t *above = packet;

	if (len < sizeof(*ip) || ip->version != 4 || ip->ihl < 5 || ip->ihl * 4u > len)
		return;
	if (ntohs(ip->tot_len) > len || ntohs(ip->tot_len) < ip->ihl * 4u ||
	    checksum(sum(ip, ip->ihl * 4u, 0)) != 0)
		return;
	if (memcmp(&ip->daddr, s->local, 4) != 0 || ntohs(ip->frag_off) & (IP_MF | IP_OFFMASK))
		return;
	len = ntohs(ip->tot_len) - ip->ihl * 4u;
	above += ip->ihl * 4;
	if (ip->protocol == IPPROTO_TCP)
		tcp_input(s, ip, (const struct tcphdr *)above, len);
}

/* No connection ever exists: that is an answer, too, and the oracle wants it. */
static int conn(struct dp_stack *s, const struct dp_tuple *tuple, struct dp_conn *c)
{
	c->state = DP_TCP_CLOSED;
	return 0;
}

static struct dp_stack *create(const struct dp_host *host, const struct dp_config *config,
			       const char **why)
{
	struct dp_stack *s = config->local[0].family == AF_INET ? calloc(1, sizeof(*s)) : NULL;

	*why = "it needs an IPv4 address, and memory";
	if (s == NULL)
		return NULL;
	s->host = host;
	memcpy(s->local, config->local[0].bytes, sizeof(s->local));
	return s;
}

static void destroy(struct dp_stack *s) { free(s); }
static int64_t deadline(struct dp_stack *s) { return DP_NEVER; }
static void run(struct dp_stack *s) { /* it has no timers */ }

const struct dp_stack_ops *dp_stack_adapter(uint32_t abi)
{
	static const struct dp_stack_ops ops = {
		.size = sizeof(ops), .abi = DP_STACK_ABI, .name = "minimal", .version = "1",
		.caps = DP_CAP_IPV4, .create = create, .destroy = destroy, .input = input,
		.deadline = deadline, .run = run, .conn = conn,
	};
	return abi == DP_STACK_ABI ? &ops : NULL;
}
