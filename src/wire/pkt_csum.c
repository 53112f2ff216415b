/* SPDX-License-Identifier: BSD-2-Clause */
/* Checksums of a packet: RFC 791, 9293, 768, 3828 (UDP-Lite), 792, 4443, 2784 (GRE). */
#include "config.h"

#include "wire/pkt.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/hdrs.h"

enum { TCP_CSUM_AT = 16, UDP_CSUM_AT = 6, ICMP_CSUM_AT = 2, IPV4_CSUM_AT = 10,
       UDPLITE_COVERAGE_AT = 4 };

static bool is_udp(enum hdr_kind k)
{
	return k == HDR_UDP || k == HDR_UDPLITE;
}

/* Where a transport header keeps its checksum. */
static uint32_t csum_at(enum hdr_kind k)
{
	return k == HDR_TCP ? TCP_CSUM_AT : is_udp(k) ? UDP_CSUM_AT : ICMP_CSUM_AT;
}

/* Bytes from this header to the end of what it covers: a trailer belongs to the tunnel. */
static uint32_t bytes_from(const struct pkt *p, const struct hdr *h)
{
	return p->payload_off + p->payload_len - h->off +
		(h == pkt_tunnel(p) ? p->trailer_len : 0);
}

/*
 * RFC 3828 3.1: 0 is all of it. What is forbidden (1 to 7, or more than there
 * is) can be written in a script and is summed up as far as it goes.
 */
static uint32_t covered(const struct pkt *p, const struct hdr *h, uint32_t len)
{
	uint16_t coverage;

	if (h->kind != HDR_UDPLITE)
		return len;
	coverage = get_be16(pkt_bytes(p, h) + UDPLITE_COVERAGE_AT);
	if (!coverage || coverage > len)
		return len;
	return coverage < UDP_HDR_BYTES ? UDP_HDR_BYTES : coverage;
}

/* Header, payload and pseudo-header, which ICMP for IPv4 does without. */
static uint64_t transport_sum(const struct pkt *p, const struct hdr *h)
{
	uint32_t len = bytes_from(p, h);
	uint64_t sum = 0;

	if (h->kind != HDR_ICMPV4)
		sum = csum_pseudo(pkt_bytes(p, pkt_ip(p)), hdr_ip_protocol(h->kind), len);
	return csum_add(sum, pkt_bytes(p, h), covered(p, h, len));
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
	if (is_udp(h->kind) && !csum)
		csum = 0xffff;	/* RFC 768, RFC 3828: 0 means that there is none */
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

	/* From the inside out: GRE and UDP cover what they carry. */
	for (i = p->n_hdr - 1; i >= 0; i--) {
		const struct hdr *h = &p->hdr[i];

		if (h->kind == HDR_IPV4)
			fill_ipv4(pkt_bytes(p, h), h->len);
		else if (h->kind == HDR_GRE)
			fill_gre(p, h);
		else if (h == pkt_transport(p) || h == pkt_tunnel(p))
			fill_transport(p, h, spec);
	}
}

static bool header_ok(const struct pkt *p, const struct hdr *h)
{
	if (is_udp(h->kind) && !get_be16(pkt_bytes(p, h) + UDP_CSUM_AT)) {
		/* RFC 8200 8.1 forbids it in IPv6, RFC 3828 everywhere. */
		return h->kind == HDR_UDP && pkt_ip(p)->kind == HDR_IPV4;
	}
	return csum_finish(transport_sum(p, h)) == 0;
}

bool pkt_checksum_ok(const struct pkt *p)
{
	const struct hdr *h = pkt_transport(p), *tunnel = pkt_tunnel(p);

	if (!h || p->flags & (PKT_CSUM_OFFLOADED | PKT_TRUNCATED))
		return true;
	/* A tunnel's checksum covers what is in it; stacks leave the inner one to it. */
	return header_ok(p, tunnel ? tunnel : h);
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
