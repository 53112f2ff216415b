/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of a packet whose headers are known, and its checksums (RFC 791, 9293, 768, 792, 4443). */
#include "config.h"

#include "wire/pkt.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/hdrs.h"
#include "wire/icmp_names.h"
#include "base/arena.h"

#include <string.h>

enum { TCP_CSUM_AT = 16, UDP_CSUM_AT = 6, ICMP_CSUM_AT = 2, IPV4_CSUM_AT = 10 };

struct pkt *pkt_copy(const struct pkt *p, struct arena *a)
{
	struct pkt *copy = arena_memdup(a, p, sizeof(*p));

	copy->data = arena_memdup(a, p->data, p->len);
	return copy;
}

static bool is_transport(enum hdr_kind k)
{
	return k == HDR_TCP || k == HDR_UDP || k == HDR_ICMPV4 || k == HDR_ICMPV6;
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

/* Addresses of the IPv4 or IPv6 header at ip. */
static void get_addrs(const uint8_t *ip, struct pkt_ends *e)
{
	bool v4 = ip[0] >> 4 == 4;
	size_t n = v4 ? 4 : 16;

	e->src.family = e->dst.family = v4 ? AF_INET : AF_INET6;
	memcpy(e->src.b, ip + (v4 ? 12 : 8), n);
	memcpy(e->dst.b, ip + (v4 ? 16 : 24), n);
}

/* Addresses of another family than the header's are left out. */
static void set_addrs(uint8_t *ip, const struct pkt_ends *e)
{
	bool v4 = ip[0] >> 4 == 4;
	int family = v4 ? AF_INET : AF_INET6;
	size_t n = v4 ? 4 : 16;

	if (e->src.family == family)
		memcpy(ip + (v4 ? 12 : 8), e->src.b, n);
	if (e->dst.family == family)
		memcpy(ip + (v4 ? 16 : 24), e->dst.b, n);
}

/* TCP and UDP begin alike: source port, destination port. */
static uint8_t *ports_of(const struct pkt *p)
{
	uint8_t *tcp = transport_bytes(p, HDR_TCP);

	return tcp ? tcp : transport_bytes(p, HDR_UDP);
}

void pkt_get_ends(const struct pkt *p, struct pkt_ends *e)
{
	const struct hdr *ip = pkt_ip(p);
	const uint8_t *ports = ports_of(p);

	memset(e, 0, sizeof(*e));
	if (ip)
		get_addrs(pkt_bytes(p, ip), e);
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
		set_addrs(pkt_bytes(p, ip), e);
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

/*
 * The IP header an ICMP body begins with, if there is a whole one and 8 bytes
 * of TCP or UDP after it; *l4 gets the latter.
 */
static uint8_t *find_quote(const struct pkt *p, uint8_t **l4)
{
	uint8_t *ip = p->data + p->payload_off;
	uint8_t version, protocol;
	size_t ihl;

	if (!transport_bytes(p, HDR_ICMPV4) && !transport_bytes(p, HDR_ICMPV6))
		return NULL;
	if (p->payload_len < IPV4_HDR_BYTES + 8)
		return NULL;
	version = ip[0] >> 4;
	if (version != 4 && (version != 6 || p->payload_len < IPV6_HDR_BYTES + 8))
		return NULL;
	ihl = version == 4 ? (ip[0] & 0xf) * 4u : IPV6_HDR_BYTES;
	protocol = version == 4 ? ip[9] : ip[6];
	if (ihl < IPV4_HDR_BYTES || p->payload_len < ihl + 8)
		return NULL;
	if (protocol != hdr_ip_protocol(HDR_TCP) && protocol != hdr_ip_protocol(HDR_UDP))
		return NULL;
	*l4 = ip + ihl;
	return ip;
}

static bool quotes_tcp(const uint8_t *ip)
{
	return (ip[0] >> 4 == 4 ? ip[9] : ip[6]) == hdr_ip_protocol(HDR_TCP);
}

bool pkt_set_quote(struct pkt *p, const struct pkt_ends *e, uint32_t tcp_seq)
{
	uint8_t *l4, *ip = find_quote(p, &l4);

	if (!ip)
		return false;
	set_addrs(ip, e);
	put_be16(l4, e->src_port);
	put_be16(l4 + 2, e->dst_port);
	if (quotes_tcp(ip))
		put_be32(l4 + 4, tcp_seq);
	return true;
}

bool pkt_get_quote(const struct pkt *p, struct pkt_ends *e, uint32_t *tcp_seq)
{
	uint8_t *l4, *ip = find_quote(p, &l4);
	int family;

	memset(e, 0, sizeof(*e));
	*tcp_seq = 0;
	if (!ip)
		return false;
	family = transport_bytes(p, HDR_ICMPV4) ? AF_INET : AF_INET6;
	if (!icmp_is_error(family, *pkt_bytes(p, pkt_transport(p))))
		return false;
	get_addrs(ip, e);
	e->src_port = get_be16(l4);
	e->dst_port = get_be16(l4 + 2);
	if (quotes_tcp(ip))
		*tcp_seq = get_be32(l4 + 4);
	return true;
}

/* Where a transport header keeps its checksum. */
static uint32_t csum_at(enum hdr_kind k)
{
	return k == HDR_TCP ? TCP_CSUM_AT : k == HDR_UDP ? UDP_CSUM_AT : ICMP_CSUM_AT;
}

/* Header, payload and pseudo-header, which ICMP for IPv4 does without. */
static uint64_t transport_sum(const struct pkt *p, const struct hdr *h)
{
	uint32_t len = h->len + p->payload_len;
	uint64_t sum = 0;

	if (h->kind != HDR_ICMPV4)
		sum = csum_pseudo(pkt_bytes(p, pkt_ip(p)), hdr_ip_protocol(h->kind), len);
	return csum_add(sum, pkt_bytes(p, h), len);
}

/* Wrong for sure: 0 and 0xffff are the same number, so inverting them changes nothing. */
static uint16_t spoil(uint16_t csum)
{
	return csum == 0 || csum == 0xffff ? 0x5555 : (uint16_t)~csum;
}

static void fill_transport(struct pkt *p, const struct hdr *h, const struct pkt_spec *spec)
{
	uint8_t *at = pkt_bytes(p, h) + csum_at(h->kind);
	uint16_t csum;

	put_be16(at, 0);
	csum = csum_finish(transport_sum(p, h));
	if (h->kind == HDR_UDP && !csum)
		csum = 0xffff;	/* RFC 768: 0 means that there is none */
	if (h->kind == HDR_TCP && spec && spec->kind == SPEC_TCP) {
		if (spec->tcp.csum_kind == CSUM_BAD)
			csum = spoil(csum);
		else if (spec->tcp.csum_kind == CSUM_LITERAL)
			csum = (uint16_t)spec->tcp.csum.v;
	}
	put_be16(at, csum);
}

static void fill_ipv4(uint8_t *ip, uint32_t len)
{
	put_be16(ip + IPV4_CSUM_AT, 0);
	put_be16(ip + IPV4_CSUM_AT, csum_finish(csum_add(0, ip, len)));
}

/* RFC 2784 2.5: over the GRE header and all that follows. One written in the script stays. */
static void fill_gre(struct pkt *p, const struct hdr *h)
{
	uint8_t *gre = pkt_bytes(p, h);

	if (get_be16(gre) & GRE_CHECKSUM && !get_be16(gre + GRE_HDR_BYTES))
		put_be16(gre + GRE_HDR_BYTES, csum_finish(csum_add(0, gre, p->len - h->off)));
}

void pkt_fill_checksums(struct pkt *p, const struct pkt_spec *spec)
{
	int i;

	/* From the inside out: GRE covers what it carries. */
	for (i = p->n_hdr - 1; i >= 0; i--) {
		const struct hdr *h = &p->hdr[i];

		if (is_transport(h->kind))
			fill_transport(p, h, spec);
		else if (h->kind == HDR_IPV4)
			fill_ipv4(pkt_bytes(p, h), h->len);
		else if (h->kind == HDR_GRE)
			fill_gre(p, h);
	}
}

bool pkt_checksum_ok(const struct pkt *p)
{
	const struct hdr *h = pkt_transport(p);

	if (!h || p->flags & PKT_CSUM_OFFLOADED)
		return true;
	if (h->kind == HDR_UDP && !get_be16(pkt_bytes(p, h) + UDP_CSUM_AT))
		return pkt_ip(p)->kind == HDR_IPV4;	/* RFC 8200 8.1 forbids it in IPv6 */
	return csum_finish(transport_sum(p, h)) == 0;
}

bool pkt_ip_checksum_ok(const struct pkt *p)
{
	int i;

	for (i = 0; i < p->n_hdr; i++)
		if (p->hdr[i].kind == HDR_IPV4 &&
		    csum_finish(csum_add(0, pkt_bytes(p, &p->hdr[i]), p->hdr[i].len)))
			return false;
	return true;
}
