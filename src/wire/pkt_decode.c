/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the headers in captured bytes: IPv4 (RFC 791), IPv6 (RFC 8200), GRE
 * (RFC 2784, 2890), MPLS (RFC 3032), TCP (RFC 9293), UDP (RFC 768), UDP-Lite
 * (RFC 3828), PSP, ICMP (RFC 792, 4443). Every read is preceded by a check against the bytes left.
 */
#include "config.h"

#include "wire/pkt.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"
#include "base/arena.h"

#include <string.h>

/* Where decoding is; end is cut to what the IP headers so far say. */
struct walk {
	const uint8_t *bytes;
	size_t off, end;
	size_t outer_end;	/* 0 until the outermost IP header is read */
	const struct pkt_context *ctx;
	struct pkt *p;
	const char *why;
};

static enum decode bad(struct walk *w, const char *why)
{
	w->why = why;
	return DECODE_BAD;
}

static const uint8_t *here(const struct walk *w)
{
	return w->bytes + w->off;
}

static size_t left(const struct walk *w)
{
	return w->end - w->off;
}

/* Steps over a header that is known to be within the bytes. */
static void take(struct walk *w, enum hdr_kind kind, size_t len)
{
	struct hdr *h = &w->p->hdr[w->p->n_hdr++];

	*h = (struct hdr){ .kind = kind, .off = (uint32_t)w->off, .len = (uint32_t)len };
	w->off += len;
}

/* Steps over the transport header; what is left is payload. */
static enum decode take_last(struct walk *w, enum hdr_kind kind, size_t len, size_t payload)
{
	take(w, kind, len);
	w->p->payload_off = (uint32_t)w->off;
	w->p->payload_len = (uint32_t)payload;
	return DECODE_OK;
}

/* Ends the packet where an IP header says; link padding lies behind. */
static void cut(struct walk *w, size_t len)
{
	w->end = w->off + len;
	if (!w->outer_end)
		w->outer_end = w->end;
}

static enum decode next_protocol(uint8_t protocol, enum hdr_kind ip, enum hdr_kind *next)
{
	*next = hdr_from_ip_protocol(protocol, ip);
	return *next == HDR_NONE ? DECODE_OTHER : DECODE_OK;
}

static enum decode read_ipv4(struct walk *w, enum hdr_kind *next)
{
	const uint8_t *ip = here(w);
	size_t ihl, total;

	if (left(w) < IPV4_HDR_BYTES)
		return bad(w, "truncated IPv4 header");
	if (ip[0] >> 4 != 4)
		return bad(w, "IP version of an IPv4 header is not 4");
	ihl = (ip[0] & 0xf) * 4u;
	if (ihl < IPV4_HDR_BYTES)
		return bad(w, "IPv4 header length below 20 bytes");
	if (ihl > left(w))
		return bad(w, "IPv4 header length beyond the packet");
	total = get_be16(ip + 2);
	if (!total)
		total = left(w);	/* segments over 64 KB before they are cut up */
	if (total < ihl)
		return bad(w, "IPv4 total length below the header length");
	if (total > left(w))
		return bad(w, "IPv4 total length beyond the packet");
	cut(w, total);
	if (get_be16(ip + 6) & 0x3fff)	/* MF or a fragment offset */
		return DECODE_OTHER;
	take(w, HDR_IPV4, ihl);
	return next_protocol(ip[9], HDR_IPV4, next);
}

static enum decode read_ipv6(struct walk *w, enum hdr_kind *next)
{
	const uint8_t *ip = here(w);
	size_t payload;

	if (left(w) < IPV6_HDR_BYTES)
		return bad(w, "truncated IPv6 header");
	if (ip[0] >> 4 != 6)
		return bad(w, "IP version of an IPv6 header is not 6");
	payload = get_be16(ip + 4);
	if (!payload)
		payload = left(w) - IPV6_HDR_BYTES;	/* as with IPv4's 0 */
	if (payload > left(w) - IPV6_HDR_BYTES)
		return bad(w, "IPv6 payload length beyond the packet");
	cut(w, IPV6_HDR_BYTES + payload);
	take(w, HDR_IPV6, IPV6_HDR_BYTES);
	return next_protocol(ip[6], HDR_IPV6, next);
}

static enum decode read_gre(struct walk *w, enum hdr_kind *next)
{
	const uint8_t *gre = here(w);
	uint16_t flags;

	if (left(w) < GRE_HDR_BYTES)
		return bad(w, "truncated GRE header");
	flags = get_be16(gre);
	if (flags & (GRE_VERSION | GRE_ROUTING))
		return DECODE_OTHER;
	if (left(w) < gre_hdr_bytes(flags))
		return bad(w, "truncated GRE header");
	take(w, HDR_GRE, gre_hdr_bytes(flags));
	*next = hdr_from_ethertype(get_be16(gre + 2));
	return *next == HDR_NONE ? DECODE_OTHER : DECODE_OK;
}

/* The whole label stack is one header; what follows it is told by its first four bits. */
static enum decode read_mpls(struct walk *w, enum hdr_kind *next)
{
	size_t len = 0;
	bool bottom = false;

	while (!bottom) {
		if (left(w) < len + MPLS_ENTRY_BYTES)
			return bad(w, "MPLS label stack without a bottom");
		bottom = here(w)[len + 2] & 1;
		len += MPLS_ENTRY_BYTES;
	}
	take(w, HDR_MPLS, len);
	if (!left(w))
		return bad(w, "nothing after the MPLS label stack");
	switch (here(w)[0] >> 4) {
	case 4:
		*next = HDR_IPV4;
		return DECODE_OK;
	case 6:
		*next = HDR_IPV6;
		return DECODE_OK;
	default:
		return DECODE_OTHER;
	}
}

static enum decode read_tcp(struct walk *w, enum hdr_kind *next)
{
	size_t doff;

	*next = HDR_NONE;
	if (left(w) < TCP_HDR_BYTES)
		return bad(w, "truncated TCP header");
	doff = (here(w)[12] >> 4) * 4u;
	if (doff < TCP_HDR_BYTES)
		return bad(w, "TCP data offset below 5 words");
	if (doff > left(w))
		return bad(w, "TCP data offset beyond the packet");
	return take_last(w, HDR_TCP, doff, left(w) - doff);
}

/* True if a TCP header with a possible length stands here. */
static bool holds_tcp(const uint8_t *at, size_t len)
{
	size_t doff = len >= TCP_HDR_BYTES ? (at[12] >> 4) * 4u : 0;

	return doff >= TCP_HDR_BYTES && doff <= len;
}

/* A PSP packet in transport mode that somebody has decrypted. */
static bool holds_psp(const uint8_t *at, size_t len)
{
	return len >= PSP_HDR_BYTES + TCP_HDR_BYTES + PSP_TRAILER_BYTES &&
		at[0] == hdr_ip_protocol(HDR_TCP) && at[1] == 1 &&
		holds_tcp(at + PSP_HDR_BYTES, len - PSP_HDR_BYTES - PSP_TRAILER_BYTES);
}

static enum hdr_kind udp_carries(const struct walk *w, const uint8_t *udp, size_t len)
{
	const uint8_t *inside = udp + UDP_HDR_BYTES;

	len -= UDP_HDR_BYTES;
	if (w->ctx->psp_port && get_be16(udp + 2) == w->ctx->psp_port && holds_psp(inside, len))
		return HDR_PSP;
	return w->ctx->tcp_in_udp && holds_tcp(inside, len) ? HDR_TCP : HDR_NONE;
}

static enum decode read_udp(struct walk *w, enum hdr_kind *next)
{
	size_t len;

	*next = HDR_NONE;
	if (left(w) < UDP_HDR_BYTES)
		return bad(w, "truncated UDP header");
	len = get_be16(here(w) + 4);
	if (len < UDP_HDR_BYTES)
		return bad(w, "UDP length below 8 bytes");
	if (len > left(w))
		return bad(w, "UDP length beyond the packet");
	w->end = w->off + len;
	*next = udp_carries(w, here(w), len);
	if (*next != HDR_NONE) {
		take(w, HDR_UDP, UDP_HDR_BYTES);
		return DECODE_OK;
	}
	return take_last(w, HDR_UDP, UDP_HDR_BYTES, len - UDP_HDR_BYTES);
}

/* RFC 3828: no length, so what IP says; a wrong coverage is for the comparison to find. */
static enum decode read_udplite(struct walk *w, enum hdr_kind *next)
{
	*next = HDR_NONE;
	if (left(w) < UDP_HDR_BYTES)
		return bad(w, "truncated UDP-Lite header");
	return take_last(w, HDR_UDPLITE, UDP_HDR_BYTES, left(w) - UDP_HDR_BYTES);
}

/* Its end is not the packet's: the trailer is cut off what follows. */
static enum decode read_psp(struct walk *w, enum hdr_kind *next)
{
	*next = HDR_TCP;
	take(w, HDR_PSP, PSP_HDR_BYTES);
	w->p->trailer_len = PSP_TRAILER_BYTES;
	w->end -= PSP_TRAILER_BYTES;
	return DECODE_OK;
}

static enum decode read_icmp(struct walk *w, enum hdr_kind kind)
{
	if (left(w) < ICMP_HDR_BYTES)
		return bad(w, "truncated ICMP header");
	return take_last(w, kind, ICMP_HDR_BYTES, left(w) - ICMP_HDR_BYTES);
}

static enum decode read_icmpv4(struct walk *w, enum hdr_kind *next)
{
	*next = HDR_NONE;
	return read_icmp(w, HDR_ICMPV4);
}

static enum decode read_icmpv6(struct walk *w, enum hdr_kind *next)
{
	*next = HDR_NONE;
	return read_icmp(w, HDR_ICMPV6);
}

/* Each reads one header and says which one follows; HDR_NONE after the transport's. */
static enum decode (*const readers[])(struct walk *w, enum hdr_kind *next) = {
	[HDR_IPV4] = read_ipv4,
	[HDR_IPV6] = read_ipv6,
	[HDR_GRE] = read_gre,
	[HDR_MPLS] = read_mpls,
	[HDR_TCP] = read_tcp,
	[HDR_UDP] = read_udp,
	[HDR_UDPLITE] = read_udplite,
	[HDR_ICMPV4] = read_icmpv4,
	[HDR_ICMPV6] = read_icmpv6,
	[HDR_PSP] = read_psp,
};

static enum decode walk_headers(struct walk *w)
{
	enum hdr_kind kind = HDR_NONE;
	enum decode r = DECODE_OK;

	if (!left(w))
		return bad(w, "empty packet");
	if (here(w)[0] >> 4 == 4)
		kind = HDR_IPV4;
	else if (here(w)[0] >> 4 == 6)
		kind = HDR_IPV6;
	else
		return bad(w, "IP version is neither 4 nor 6");
	while (kind != HDR_NONE && r == DECODE_OK) {
		if (w->p->n_hdr == PKT_MAX_HDRS)
			return DECODE_OTHER;
		r = readers[kind](w, &kind);
	}
	return r;
}

enum decode pkt_decode_in(const struct pkt_context *ctx, const uint8_t *bytes, size_t n,
			  struct arena *a, struct pkt *p, const char **why)
{
	struct walk w = { .bytes = bytes, .end = n, .ctx = ctx, .p = p };
	enum decode r;

	memset(p, 0, sizeof(*p));
	*why = NULL;
	/* Offsets are 32 bits; no link carries that much in one frame. */
	if (n > UINT32_MAX) {
		*why = "packet of more than 4 GB";
		return DECODE_BAD;
	}
	r = walk_headers(&w);
	if (r == DECODE_OK) {
		p->len = w.outer_end;
		p->data = arena_memdup(a, bytes, p->len);
	} else {
		memset(p, 0, sizeof(*p));
		*why = w.why;
	}
	return r;
}

enum decode pkt_decode(const uint8_t *bytes, size_t n, struct arena *a, struct pkt *p,
		       const char **why)
{
	static const struct pkt_context plain;

	return pkt_decode_in(&plain, bytes, n, a, p, why);
}
