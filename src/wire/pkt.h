/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets as bytes with their headers found: built from a spec, or decoded
 * from what was captured. Everything starts at the outermost IP header.
 */
#ifndef DP_WIRE_PKT_H
#define DP_WIRE_PKT_H

#include "base/nstime.h"
#include "wire/addr.h"
#include "wire/spec.h"

#include <stddef.h>

struct arena;
struct buf;
struct diag_sink;

enum hdr_kind {
	HDR_NONE, HDR_IPV4, HDR_IPV6, HDR_GRE, HDR_MPLS, HDR_TCP, HDR_UDP, HDR_UDPLITE, HDR_ICMPV4,
	HDR_ICMPV6, HDR_PSP,
};

struct hdr {
	enum hdr_kind kind;
	uint32_t off, len;	/* bytes of this header alone */
};

#define PKT_MAX_HDRS 8
#define PKT_MAX_BYTES 65535

enum pkt_flags {
	PKT_CSUM_OFFLOADED = 1,	/* captured before the checksum was filled in: not a bad one */
	PKT_TRUNCATED = 2,	/* the capture kept fewer bytes than the packet had */
};

struct pkt {
	uint8_t *data;
	size_t len;
	struct hdr hdr[PKT_MAX_HDRS];
	int n_hdr;
	uint32_t payload_off, payload_len;
	uint32_t trailer_len;	/* bytes behind the payload that belong to a header before it (PSP) */
	nstime stamp;		/* of the clock seam; 0 until known */
	unsigned flags;
};

/* What a captured frame turned out to be. */
enum decode { DECODE_OK, DECODE_OTHER, DECODE_BAD };

/*
 * Decodes n bytes that start with an IP header. DECODE_OK fills p, whose data
 * is a copy in the arena. DECODE_OTHER: a well-formed packet of no interest
 * (protocol unknown, IPv6 extension header, IPv4 fragment). DECODE_BAD: a
 * malformed one, *why says how (static text). Reads nothing past n.
 * stamp and flags are left 0 for the caller to set.
 */
enum decode pkt_decode(const uint8_t *bytes, size_t n, struct arena *a, struct pkt *p,
		       const char **why);

/* What cannot be told from the bytes: which UDP packets carry something else. */
struct pkt_context {
	bool tcp_in_udp;	/* any that can be */
	uint16_t psp_port;	/* those to this one are PSP, decrypted; 0 = none */
};
/* The same, knowing that. */
enum decode pkt_decode_in(const struct pkt_context *ctx, const uint8_t *bytes, size_t n,
			  struct arena *a, struct pkt *p, const char **why);

/*
 * Builds the packet a spec describes, in script space: sequence numbers as
 * written, addresses of the innermost IP header and unwritten ports zero,
 * checksums not filled in (see pkt_fill_checksums). NULL after a diagnostic at
 * the offending part: unpadded or unknown options, unknown ICMP names, values
 * out of range, nonsense combinations.
 */
struct pkt *pkt_build(const struct pkt_spec *spec, enum ip_version v, struct arena *a,
		      struct diag_sink *d);
/* A deep copy in the arena. */
struct pkt *pkt_copy(const struct pkt *p, struct arena *a);
/*
 * Computes IPv4 header, GRE and TCP, UDP, UDP-Lite, ICMP checksums of an injected packet
 * whose addresses are final; spec's deliberate checksum (CSUM_BAD: the right
 * one with its bits inverted, CSUM_LITERAL) is honoured. spec may be NULL.
 */
void pkt_fill_checksums(struct pkt *p, const struct pkt_spec *spec);
/* True if the transport checksum is right (RFC 9293 3.1, RFC 768, RFC 792, RFC 4443). */
bool pkt_checksum_ok(const struct pkt *p);

/* True if every IPv4 header's checksum is right (also when there is none). */
bool pkt_ip_checksum_ok(const struct pkt *p);

/* "ipv4", "gre", "tcp" ... */
const char *hdr_kind_name(enum hdr_kind k);
/* Innermost IP header and the transport header; NULL if the packet has none. */
struct hdr *pkt_ip(const struct pkt *p);
struct hdr *pkt_transport(const struct pkt *p);
uint8_t *pkt_bytes(const struct pkt *p, const struct hdr *h);
/* The UDP header that carries the transport's (`/udp(...)`, PSP); NULL if there is none. */
struct hdr *pkt_tunnel(const struct pkt *p);
bool pkt_is_tcp(const struct pkt *p);

/* Innermost addresses and the transport's ports (0 when it has none). */
struct pkt_ends {
	struct ip_addr src, dst;
	uint16_t src_port, dst_port;
};
void pkt_get_ends(const struct pkt *p, struct pkt_ends *e);
void pkt_set_ends(struct pkt *p, const struct pkt_ends *e);

/* TCP fields in host byte order, read from and written to the header. */
uint32_t pkt_tcp_seq(const struct pkt *p);
uint32_t pkt_tcp_ack(const struct pkt *p);
uint16_t pkt_tcp_win(const struct pkt *p);
uint16_t pkt_tcp_flags(const struct pkt *p);	/* TCPF_*, above them the reserved bits */
void pkt_tcp_set_seq(struct pkt *p, uint32_t seq);
void pkt_tcp_set_ack(struct pkt *p, uint32_t ack);
/* The option bytes of the header; *len their count (0 without options). */
uint8_t *pkt_tcp_opts(const struct pkt *p, size_t *len);

/* The flow label of the innermost IP header, 0 for IPv4. pkt_compare() leaves it alone. */
uint32_t pkt_flowlabel(const struct pkt *p);

/*
 * The packet an ICMP message quotes; in_udp: a quoted UDP packet carries TCP.
 * set: writes the addresses, ports and (if
 * the quoted packet is TCP) sequence number into whatever the body of an
 * injected message quotes. get: reads them from an ICMP error; the sequence
 * number is 0 for other protocols. Both return false, and do nothing, if there
 * is no quotation with 8 bytes of a TCP, UDP or UDP-Lite header. e->src is the end that
 * sent the quoted packet.
 */
bool pkt_set_quote(struct pkt *p, bool in_udp, const struct pkt_ends *e, uint32_t tcp_seq);
bool pkt_get_quote(const struct pkt *p, bool in_udp, struct pkt_ends *e, uint32_t *tcp_seq);

/* The same quotation in any direction and of any message. */
struct pkt_quote {
	struct pkt_ends ends;
	uint8_t protocol;	/* IPPROTO_TCP, IPPROTO_UDP or IPPROTO_UDPLITE */
	uint32_t tcp_seq;
};
bool pkt_quote_of(const struct pkt *p, bool in_udp, struct pkt_quote *q);

/*
 * Appends the packet in script syntax without direction and time, e.g.
 * `P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 1 ecr 2>`; what it prints for
 * a TCP, UDP or ICMP packet parses again. Outer headers come first; `[...]`
 * shows ECN, TOS and TTL when verbose_ip is set and they are not plain.
 */
void pkt_print(const struct pkt *p, bool verbose_ip, struct buf *out);

/* One field that differs: packetdrill's field names, values as text. */
struct pkt_diff {
	const char *field, *want, *got;
	struct pkt_diff *next;
};
struct pkt_diff_list {
	struct pkt_diff *first, **last;
	int n;
};
/*
 * Compares a captured packet with an expected one, both in script space and
 * built for the same IP version, by packetdrill's rules of what is compared
 * (header fields, options in order, payload bytes; never addresses, ports but
 * those of /udp(), checksums, IP ID; window only if written; TS ecr never; options not under
 * <...>). TS val is left to the caller. Appends every difference, in header
 * order; texts live in the arena. list must be initialised.
 */
void pkt_compare(const struct pkt_spec *spec, const struct pkt *want, const struct pkt *got,
		 struct arena *a, struct pkt_diff_list *list);
/* What packetdrill does not compare of an ICMP message: id and mtu, if they are written. */
void pkt_compare_icmp_fields(const struct pkt_spec *spec, const struct pkt *want,
			     const struct pkt *got, struct arena *a, struct pkt_diff_list *list);
/* Appends "tcp_checksum", "ipv4_checksum" and the like for what is wrong in a live packet. */
void pkt_compare_checksums(const struct pkt *got, struct arena *a, struct pkt_diff_list *list);
void pkt_diff_init(struct pkt_diff_list *list);
/* Moves the differences of another list to the end. */
void pkt_diff_append(struct pkt_diff_list *list, const struct pkt_diff_list *more);
void pkt_diff_add(struct pkt_diff_list *list, struct arena *a, const char *field, const char *want,
		  const char *got);

#endif
