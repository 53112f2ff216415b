/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of a packet whose headers are known (RFC 791, 8200, 9293, 768, 3828, 792, 4443). */
#include "config.h"

#include "wire/pkt.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"
#include "base/arena.h"

#include <string.h>

struct pkt *pkt_copy(const struct pkt *p, struct arena *a)
{
	struct pkt *copy = arena_memdup(a, p, sizeof(*p));

	copy->data = arena_memdup(a, p->data, p->len);
	return copy;
}

static bool is_transport(enum hdr_kind k)
{
	return k == HDR_TCP || k == HDR_UDP || k == HDR_UDPLITE || k == HDR_ICMPV4 ||
		k == HDR_ICMPV6;
}

struct hdr *pkt_ip(const struct pkt *p)
{
	int i;

	for (i = p->n_hdr - 1; i >= 0; i--)
		if (p->hdr[i].kind == HDR_IPV4 || p->hdr[i].kind == HDR_IPV6)
			return (struct hdr *)&p->hdr[i];
	return NULL;
}

struct hdr *pkt_transport(const struct pkt *p)
{
	if (!p->n_hdr || !is_transport(p->hdr[p->n_hdr - 1].kind))
		return NULL;
	return (struct hdr *)&p->hdr[p->n_hdr - 1];
}

uint8_t *pkt_bytes(const struct pkt *p, const struct hdr *h)
{
	return p->data + h->off;
}

struct hdr *pkt_tunnel(const struct pkt *p)
{
	int i;

	for (i = 1; i < p->n_hdr; i++)
		if (p->hdr[i].kind == HDR_UDP && i + 1 < p->n_hdr)
			return (struct hdr *)&p->hdr[i];
	return NULL;
}

/* The transport header's bytes if it is of this kind. */
static uint8_t *transport_bytes(const struct pkt *p, enum hdr_kind kind)
{
	const struct hdr *h = pkt_transport(p);

	return h && h->kind == kind ? pkt_bytes(p, h) : NULL;
}

bool pkt_is_tcp(const struct pkt *p)
{
	return transport_bytes(p, HDR_TCP) != NULL;
}

void ip_get_addrs(const uint8_t *ip, struct pkt_ends *e)
{
	bool v4 = ip[0] >> 4 == 4;
	size_t n = v4 ? 4 : 16;

	e->src.family = e->dst.family = v4 ? AF_INET : AF_INET6;
	memcpy(e->src.b, ip + (v4 ? 12 : 8), n);
	memcpy(e->dst.b, ip + (v4 ? 16 : 24), n);
}

void ip_set_addrs(uint8_t *ip, const struct pkt_ends *e)
{
	bool v4 = ip[0] >> 4 == 4;
	int family = v4 ? AF_INET : AF_INET6;
	size_t n = v4 ? 4 : 16;

	if (e->src.family == family)
		memcpy(ip + (v4 ? 12 : 8), e->src.b, n);
	if (e->dst.family == family)
		memcpy(ip + (v4 ? 16 : 24), e->dst.b, n);
}

/* TCP, UDP and UDP-Lite begin alike: source port, destination port. */
static uint8_t *ports_of(const struct pkt *p)
{
	const struct hdr *h = pkt_transport(p);

	if (!h || h->kind == HDR_ICMPV4 || h->kind == HDR_ICMPV6)
		return NULL;
	return pkt_bytes(p, h);
}

void pkt_get_ends(const struct pkt *p, struct pkt_ends *e)
{
	const struct hdr *ip = pkt_ip(p);
	const uint8_t *ports = ports_of(p);

	memset(e, 0, sizeof(*e));
	if (ip)
		ip_get_addrs(pkt_bytes(p, ip), e);
	if (ports) {
		e->src_port = get_be16(ports);
		e->dst_port = get_be16(ports + 2);
	}
}

void pkt_set_ends(struct pkt *p, const struct pkt_ends *e)
{
	const struct hdr *ip = pkt_ip(p);
	uint8_t *ports = ports_of(p);

	if (ip)
		ip_set_addrs(pkt_bytes(p, ip), e);
	if (ports) {
		put_be16(ports, e->src_port);
		put_be16(ports + 2, e->dst_port);
	}
}

uint32_t pkt_tcp_seq(const struct pkt *p)
{
	const uint8_t *tcp = transport_bytes(p, HDR_TCP);

	return tcp ? get_be32(tcp + 4) : 0;
}

uint32_t pkt_tcp_ack(const struct pkt *p)
{
	const uint8_t *tcp = transport_bytes(p, HDR_TCP);

	return tcp ? get_be32(tcp + 8) : 0;
}

uint16_t pkt_tcp_flags(const struct pkt *p)
{
	const uint8_t *tcp = transport_bytes(p, HDR_TCP);

	return tcp ? get_be16(tcp + 12) & 0xfff : 0;
}

uint16_t pkt_tcp_win(const struct pkt *p)
{
	const uint8_t *tcp = transport_bytes(p, HDR_TCP);

	return tcp ? get_be16(tcp + 14) : 0;
}

void pkt_tcp_set_seq(struct pkt *p, uint32_t seq)
{
	uint8_t *tcp = transport_bytes(p, HDR_TCP);

	if (tcp)
		put_be32(tcp + 4, seq);
}

void pkt_tcp_set_ack(struct pkt *p, uint32_t ack)
{
	uint8_t *tcp = transport_bytes(p, HDR_TCP);

	if (tcp)
		put_be32(tcp + 8, ack);
}

uint8_t *pkt_tcp_opts(const struct pkt *p, size_t *len)
{
	uint8_t *tcp = transport_bytes(p, HDR_TCP);

	*len = tcp ? pkt_transport(p)->len - TCP_HDR_BYTES : 0;
	return tcp ? tcp + TCP_HDR_BYTES : NULL;
}

uint32_t pkt_flowlabel(const struct pkt *p)
{
	const struct hdr *ip = pkt_ip(p);

	return ip && ip->kind == HDR_IPV6 ? get_be32(pkt_bytes(p, ip)) & 0xfffff : 0;
}
