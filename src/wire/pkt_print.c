/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets as script text, read from their bytes alone: what is printed for a
 * TCP (RFC 9293), UDP (RFC 768) or ICMP (RFC 792, 4443) packet parses again.
 */
#include "config.h"

#include "wire/pkt.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"
#include "wire/icmp_names.h"
#include "wire/tcpopt.h"
#include "base/buf.h"

#include <arpa/inet.h>
#include <inttypes.h>

static bool is_v4(const uint8_t *ip)
{
	return ip[0] >> 4 == 4;
}

/* 64 is what stacks send, 255 what scripts send, unless told otherwise. */
static bool is_plain_ttl(uint8_t ttl)
{
	return ttl == 64 || ttl == 255;
}

static void print_tos(uint8_t tos, struct buf *out)
{
	static const char *const ecn[] = { "noecn", "ect1", "ect0", "ce" };

	if (tos & ~3)
		buf_printf(out, "tos 0x%x", tos);
	else
		buf_adds(out, ecn[tos]);
}

static void print_ip_info(const uint8_t *ip, struct buf *out)
{
	uint8_t tos = is_v4(ip) ? ip[1] : (uint8_t)(get_be16(ip) >> 4);
	uint8_t ttl = is_v4(ip) ? ip[8] : ip[7];

	if (!tos && is_plain_ttl(ttl))
		return;
	buf_addc(out, '[');
	if (tos)
		print_tos(tos, out);
	if (tos && !is_plain_ttl(ttl))
		buf_adds(out, ", ");
	if (!is_plain_ttl(ttl))
		buf_printf(out, "ttl %u", ttl);
	buf_adds(out, "] ");
}

static void print_outer_ip(const uint8_t *ip, bool verbose_ip, struct buf *out)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	int family = is_v4(ip) ? AF_INET : AF_INET6;

	inet_ntop(family, ip + (is_v4(ip) ? 12 : 8), src, sizeof(src));
	inet_ntop(family, ip + (is_v4(ip) ? 16 : 24), dst, sizeof(dst));
	buf_adds(out, is_v4(ip) ? "ipv4 " : "ipv6 ");
	if (verbose_ip)
		print_ip_info(ip, out);
	buf_printf(out, "%s > %s: ", src, dst);
}

static uint32_t gre_field(const uint8_t *gre, uint16_t field)
{
	uint16_t flags = get_be16(gre);

	return flags & field ? get_be32(gre + gre_field_at(flags, field)) : 0;
}

/* Flags are followed by all four numbers in a script, present or not. */
static void print_gre(const uint8_t *gre, struct buf *out)
{
	uint32_t sum_off = gre_field(gre, GRE_CHECKSUM);

	if (get_be16(gre))
		buf_printf(out, "gre flags 0x%x sum %" PRIu32 " off %" PRIu32 " key %" PRIu32
			   " seq %" PRIu32 ": ", get_be16(gre), sum_off >> 16, sum_off & 0xffff,
			   gre_field(gre, GRE_KEY), gre_field(gre, GRE_SEQUENCE));
	else
		buf_adds(out, "gre: ");
}

static void print_mpls(const uint8_t *entries, uint32_t len, struct buf *out)
{
	uint32_t at;

	buf_adds(out, "mpls");
	for (at = 0; at < len; at += MPLS_ENTRY_BYTES) {
		uint32_t e = get_be32(entries + at);

		buf_printf(out, " (label %" PRIu32 ", tc %" PRIu32 ", %sttl %" PRIu32 ")",
			   e >> 12, e >> 9 & 7, e >> 8 & 1 ? "[S], " : "", e & 0xff);
	}
	buf_adds(out, ": ");
}

static void print_outers(const struct pkt *p, bool verbose_ip, struct buf *out)
{
	const struct hdr *h, *inner = pkt_ip(p);

	for (h = p->hdr; h < inner; h++) {
		const uint8_t *at = pkt_bytes(p, h);

		if (h->kind == HDR_GRE)
			print_gre(at, out);
		else if (h->kind == HDR_MPLS)
			print_mpls(at, h->len, out);
		else
			print_outer_ip(at, verbose_ip, out);
	}
}

/* The dot last: only there is it valid input. */
static void print_flags(uint16_t flags, struct buf *out)
{
	static const struct { uint16_t bit; char letter; } letters[] = {
		{ TCPF_FIN, 'F' }, { TCPF_SYN, 'S' }, { TCPF_RST, 'R' }, { TCPF_PSH, 'P' },
		{ TCPF_URG, 'U' }, { TCPF_ECE, 'E' }, { TCPF_CWR, 'W' }, { TCPF_AE, 'A' },
		{ TCPF_ACK, '.' },
	};
	bool any = false;
	size_t i;

	for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (flags & letters[i].bit) {
			buf_addc(out, letters[i].letter);
			any = true;
		}
	}
	if (!any)
		buf_addc(out, '-');
}

/* What an RST says of its reason. */
static void print_diag(const struct pkt *p, uint16_t flags, struct buf *out)
{
	const uint8_t *at = p->data + p->payload_off;

	if (flags & TCPF_RST && p->payload_len == TCP_DIAG_BYTES && get_be16(at) == TCP_DIAG_MAGIC)
		buf_printf(out, " [code %u, pen %" PRIu32 "]", get_be16(at + 2), get_be32(at + 4));
}

static void print_tunnel(const struct pkt *p, struct buf *out)
{
	const struct hdr *h = pkt_tunnel(p);
	const uint8_t *udp;

	if (!h || h[1].kind == HDR_PSP)
		return;
	udp = pkt_bytes(p, h);
	buf_printf(out, "/udp(%u > %u)", get_be16(udp), get_be16(udp + 2));
}

static void print_psp(const struct pkt *p, struct buf *out)
{
	const struct hdr *h = pkt_tunnel(p);

	if (h && h[1].kind == HDR_PSP)
		buf_printf(out, "encap psp spi %" PRIu32 " ", get_be32(pkt_bytes(p, h + 1) + 4));
}

static void print_tcp(const struct pkt *p, const struct hdr *h, struct buf *out)
{
	const uint8_t *tcp = pkt_bytes(p, h), *opts;
	uint16_t flags = pkt_tcp_flags(p), urg = get_be16(tcp + 18);
	uint32_t seq = pkt_tcp_seq(p), ack = pkt_tcp_ack(p);
	size_t len;

	print_psp(p, out);
	print_flags(flags, out);
	buf_printf(out, " %" PRIu32 ":%" PRIu32 "(%" PRIu32 ")", seq, seq + p->payload_len,
		   p->payload_len);
	if (ack || flags & TCPF_ACK)
		buf_printf(out, " ack %" PRIu32, ack);
	buf_printf(out, " win %u", pkt_tcp_win(p));
	if (urg || flags & TCPF_URG)
		buf_printf(out, " urg %u", urg);
	if (tcp[12] >> 4 != h->len / 4 || h->len % 4)
		buf_printf(out, " doff %u", tcp[12] >> 4);
	if (flags >> 8 & 0xe)
		buf_printf(out, " reserved %u", flags >> 8);
	opts = pkt_tcp_opts(p, &len);
	if (len) {
		buf_addc(out, ' ');
		tcpopt_print_all(opts, len, out);
	}
	print_diag(p, flags, out);
	print_tunnel(p, out);
}

/* A name if there is one; code 0 of a type without named codes goes without saying. */
static void print_icmp_names(int family, uint8_t type, uint8_t code, struct buf *out)
{
	const char *type_name = names_text(icmp_types(family), type);
	const char *code_name = names_text(icmp_codes(family, type), code);

	if (type_name)
		buf_printf(out, "icmp %s", type_name);
	else
		buf_printf(out, "icmp type_%u", type);
	if (code_name)
		buf_printf(out, " %s", code_name);
	else if (code)
		buf_printf(out, " code_%u", code);
}

static void print_icmp_rest(int family, const uint8_t *icmp, struct buf *out)
{
	uint32_t mtu = 0;

	if (family == AF_INET6 && icmp[0] == ICMP6_PACKET_TOO_BIG && !icmp[1])
		mtu = get_be32(icmp + 4);
	if (family == AF_INET && icmp[0] == ICMP4_UNREACHABLE && icmp[1] == ICMP4_CODE_FRAG_NEEDED)
		mtu = get_be16(icmp + 6);
	if (mtu)
		buf_printf(out, " mtu %" PRIu32, mtu);
	if (icmp_has_id(family, icmp[0]) && get_be16(icmp + 4))
		buf_printf(out, " id %u", get_be16(icmp + 4));
}

/* TCP in UDP, as `START:END(LEN)/udp(SRC > DST)` says. */
static bool print_tunnel_quote(int family, const uint8_t *ip, uint32_t ip_len, struct buf *out)
{
	const uint8_t *udp = ip + ip_len;
	uint32_t headers = UDP_HDR_BYTES + TCP_HDR_BYTES, len = get_be16(udp + 4), seq;

	if ((family == AF_INET ? ip[9] : ip[6]) != hdr_ip_protocol(HDR_UDP) ||
	    (family == AF_INET ? ip[0] != 0x45 : ip[0] >> 4 != 6) || len < headers)
		return false;
	seq = get_be32(udp + UDP_HDR_BYTES + 4);
	buf_printf(out, " [%" PRIu32 ":%" PRIu32 "(%" PRIu32 ")/udp(%u > %u)]", seq,
		   seq + len - headers, len - headers, get_be16(udp), get_be16(udp + 2));
	return true;
}

/*
 * A body of exactly an IP header and 8 bytes is what START:END(LEN) and
 * udp (LEN) stand for; any other is given by its length. False if it is other.
 */
static bool print_quote(int family, const uint8_t *ip, uint32_t len, struct buf *out)
{
	bool v4 = family == AF_INET;
	uint32_t ip_len = v4 ? IPV4_HDR_BYTES : IPV6_HDR_BYTES, after, seq;
	uint8_t protocol;

	if (len == ip_len + UDP_HDR_BYTES + 8)
		return print_tunnel_quote(family, ip, ip_len, out);
	if (len != ip_len + 8 || (v4 ? ip[0] != 0x45 : ip[0] >> 4 != 6))
		return false;
	after = v4 ? (uint32_t)get_be16(ip + 2) - ip_len : get_be16(ip + 4);
	protocol = v4 ? ip[9] : ip[6];
	if (protocol == hdr_ip_protocol(HDR_TCP) && after >= TCP_HDR_BYTES && after <= UINT16_MAX) {
		seq = get_be32(ip + ip_len + 4);
		after -= TCP_HDR_BYTES;
		buf_printf(out, " [%" PRIu32 ":%" PRIu32 "(%" PRIu32 ")]", seq, seq + after, after);
		return true;
	}
	if (protocol == hdr_ip_protocol(HDR_UDP) && after >= UDP_HDR_BYTES && after <= UINT16_MAX) {
		buf_printf(out, " [udp (%" PRIu32 ")]", after - UDP_HDR_BYTES);
		return true;
	}
	if (protocol == hdr_ip_protocol(HDR_UDPLITE) && after >= UDP_HDR_BYTES &&
	    after <= UINT16_MAX) {
		buf_printf(out, " [udplite (%" PRIu32 ", %u)]", after - UDP_HDR_BYTES,
			   get_be16(ip + ip_len + 4));
		return true;
	}
	return false;
}

/* Its MTU option is all that a script says of one. True if that is all it says. */
static bool print_router_advertisement(int family, const struct pkt *p, const uint8_t *icmp,
				       struct buf *out)
{
	if (family != AF_INET6 || icmp[0] != ICMP6_ROUTER_ADVERTISEMENT)
		return false;
	if (p->payload_len == RA_BODY_BYTES + RA_MTU_BYTES &&
	    icmp[ICMP_HDR_BYTES + RA_BODY_BYTES] == RA_OPTION_MTU)
		buf_printf(out, " mtu %" PRIu32, get_be32(icmp + ICMP_HDR_BYTES + RA_BODY_BYTES + 4));
	else if (p->payload_len != RA_BODY_BYTES)
		return false;
	return true;
}

static void print_icmp(const struct pkt *p, const struct hdr *h, struct buf *out)
{
	int family = h->kind == HDR_ICMPV4 ? AF_INET : AF_INET6;
	const uint8_t *icmp = pkt_bytes(p, h);

	print_icmp_names(family, icmp[0], icmp[1], out);
	print_icmp_rest(family, icmp, out);
	if (print_router_advertisement(family, p, icmp, out))
		return;
	if (!print_quote(family, p->data + p->payload_off, p->payload_len, out))
		buf_printf(out, " [raw (%" PRIu32 ")]", h->len + p->payload_len);
}

void pkt_print(const struct pkt *p, bool verbose_ip, struct buf *out)
{
	const struct hdr *ip = pkt_ip(p), *h = pkt_transport(p);

	print_outers(p, verbose_ip, out);
	if (ip && verbose_ip)
		print_ip_info(pkt_bytes(p, ip), out);
	if (!h)
		return;
	if (h->kind == HDR_TCP)
		print_tcp(p, h, out);
	else if (h->kind == HDR_UDP)
		buf_printf(out, "udp (%" PRIu32 ")", p->payload_len);
	else if (h->kind == HDR_UDPLITE)
		buf_printf(out, "udplite (%" PRIu32 ", %u)", p->payload_len,
			   get_be16(pkt_bytes(p, h) + 4));
	else
		print_icmp(p, h, out);
}
