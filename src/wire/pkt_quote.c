/* SPDX-License-Identifier: BSD-2-Clause */
/* The packet an ICMP message is about: RFC 792, RFC 4443 2.4. */
#include "config.h"

#include "wire/pkt.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"
#include "wire/icmp_names.h"

#include <string.h>

/* What of a quoted packet is there: its IP header, and 8 bytes or more of its transport's. */
struct quote {
	uint8_t *ip, *l4;
	uint8_t protocol;
};

static bool is_quotable(uint8_t protocol)
{
	return protocol == hdr_ip_protocol(HDR_TCP) || protocol == hdr_ip_protocol(HDR_UDP) ||
		protocol == hdr_ip_protocol(HDR_UDPLITE);
}

/* in_udp: a quoted UDP header with 8 bytes behind it carries TCP. */
static bool find_quote(const struct pkt *p, bool in_udp, struct quote *q)
{
	const struct hdr *h = pkt_transport(p);
	uint8_t *ip = p->data + p->payload_off, version;
	size_t ihl;

	if (!h || (h->kind != HDR_ICMPV4 && h->kind != HDR_ICMPV6))
		return false;
	if (p->payload_len < IPV4_HDR_BYTES + 8)
		return false;
	version = ip[0] >> 4;
	if (version != 4 && (version != 6 || p->payload_len < IPV6_HDR_BYTES + 8))
		return false;
	ihl = version == 4 ? (ip[0] & 0xf) * 4u : IPV6_HDR_BYTES;
	if (ihl < IPV4_HDR_BYTES || p->payload_len < ihl + 8)
		return false;
	*q = (struct quote){ ip, ip + ihl, version == 4 ? ip[9] : ip[6] };
	if (in_udp && q->protocol == hdr_ip_protocol(HDR_UDP) &&
	    p->payload_len >= ihl + UDP_HDR_BYTES + 8) {
		q->l4 += UDP_HDR_BYTES;
		q->protocol = hdr_ip_protocol(HDR_TCP);
	}
	return is_quotable(q->protocol);
}

bool pkt_set_quote(struct pkt *p, bool in_udp, const struct pkt_ends *e, uint32_t tcp_seq)
{
	struct quote q;

	if (!find_quote(p, in_udp, &q))
		return false;
	ip_set_addrs(q.ip, e);
	put_be16(q.l4, e->src_port);
	put_be16(q.l4 + 2, e->dst_port);
	if (q.protocol == hdr_ip_protocol(HDR_TCP))
		put_be32(q.l4 + 4, tcp_seq);
	return true;
}

bool pkt_quote_of(const struct pkt *p, bool in_udp, struct pkt_quote *out)
{
	struct quote q;

	memset(out, 0, sizeof(*out));
	if (!find_quote(p, in_udp, &q))
		return false;
	ip_get_addrs(q.ip, &out->ends);
	out->ends.src_port = get_be16(q.l4);
	out->ends.dst_port = get_be16(q.l4 + 2);
	out->protocol = q.protocol;
	if (q.protocol == hdr_ip_protocol(HDR_TCP))
		out->tcp_seq = get_be32(q.l4 + 4);
	return true;
}

bool pkt_get_quote(const struct pkt *p, bool in_udp, struct pkt_ends *e, uint32_t *tcp_seq)
{
	const struct hdr *h = pkt_transport(p);
	struct pkt_quote q;
	bool found = pkt_quote_of(p, in_udp, &q) &&
		icmp_is_error(h->kind == HDR_ICMPV4 ? AF_INET : AF_INET6, *pkt_bytes(p, h));

	if (!found)
		memset(&q, 0, sizeof(q));
	*e = q.ends;
	*tcp_seq = q.tcp_seq;
	return found;
}
