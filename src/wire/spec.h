/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A packet as a script writes it: what is said and where, nothing defaulted,
 * no bytes yet. The parser fills these, the printer prints them back, and
 * pkt_build() turns them into bytes for one IP version.
 */
#ifndef DP_WIRE_SPEC_H
#define DP_WIRE_SPEC_H

#include "base/source.h"
#include "wire/addr.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

enum pkt_dir { PKT_IN, PKT_OUT };	/* "<" into the stack under test, ">" out of it */

/* A number that is known only when the script runs (script/value.h), as it is written. */
struct spec_value {
	const char *text;
};

/* A number that may be written or not. */
struct spec_num {
	bool set, hex;
	int64_t v;
	const struct spec_value *value;	/* instead of v; NULL once that is known */
	struct span span;
};

/* What `[...]` before the transport header says of the IP header. */
enum spec_ecn { ECN_UNSAID, ECN_NOECN, ECN_ECT0, ECN_ECT1, ECN_CE, ECN_ECT01 };
struct spec_ip {
	enum spec_ecn ecn;
	struct spec_num tos, ttl, flowlabel, dscp;
	struct span span;
};

struct spec_mpls {
	uint32_t label;
	uint8_t tc, ttl;
	bool bottom;
};

/* An outer header, outermost first. */
enum outer_kind { OUTER_IPV4, OUTER_IPV6, OUTER_GRE, OUTER_MPLS };
struct spec_outer {
	enum outer_kind kind;
	struct span span;
	struct spec_ip ip;			/* IPv4, IPv6 */
	struct ip_addr src, dst;
	bool gre_bare;				/* `gre:` with nothing said */
	struct spec_num gre_flags, gre_sum, gre_off, gre_key, gre_seq;
	struct spec_mpls mpls[6];
	int n_mpls;
	STAILQ_ENTRY(spec_outer) next;
};

/*
 * One piece of a TCP option's text. What looks like a call or an index keeps
 * the pieces between its brackets: key[a, b=5], sha256_32(a).
 */
enum atom_kind {
	ATOM_WORD,	/* text */
	ATOM_NUM,	/* text, a; N! sets absolute */
	ATOM_PAIR,	/* a:b */
	ATOM_PLUS,	/* + a */
	ATOM_STRING,	/* text */
	ATOM_INDEX,	/* text[items]; text is "" for a bare [items] */
	ATOM_CALL,	/* text(items) */
	ATOM_ASSIGN,	/* text = value */
};

STAILQ_HEAD(opt_atoms, opt_atom);

struct opt_atom {
	enum atom_kind kind;
	const char *text;
	int64_t a, b;
	bool absolute;
	const struct spec_value *a_value, *b_value;	/* instead of a, b; NULL once these are known */
	bool on_wire;		/* they came from the wire, and mean what they meant there */
	struct opt_atoms items;
	struct opt_atom *value;
	struct span span;
	STAILQ_ENTRY(opt_atom) next;
};

struct spec_opt {
	const char *name;
	struct span span;
	struct opt_atoms atoms;
	STAILQ_ENTRY(spec_opt) next;
};

/* TCP flag bits as in the header's 12 low bits (RFC 9293, AE of RFC 9768). */
enum {
	TCPF_FIN = 0x001, TCPF_SYN = 0x002, TCPF_RST = 0x004, TCPF_PSH = 0x008,
	TCPF_ACK = 0x010, TCPF_URG = 0x020, TCPF_ECE = 0x040, TCPF_CWR = 0x080,
	TCPF_AE = 0x100,
};

enum spec_opts { OPTS_NONE, OPTS_LIST, OPTS_ANY };	/* nothing, <...list...>, <...> */
enum spec_csum { CSUM_GOOD, CSUM_BAD, CSUM_LITERAL };

struct spec_tcp {
	uint16_t flags;			/* TCPF_*, an ACE digit already spread over AE, CWR, ECE */
	bool ace;			/* written as a digit: compared as one 3-bit counter */
	const char *flags_text;		/* as written: "S.", "P.5", "-" */
	struct span flags_span;
	uint32_t seq, end;		/* as written: seq:end(len) */
	uint16_t len;
	bool seq_absolute;		/* seq:end(len)!: numbers as on the wire */
	bool seq_any;			/* ...(len): not compared */
	/* Instead of seq, end and len; NULL once these are known. seq(len): end is not written. */
	const struct spec_value *seq_value, *end_value, *len_value;
	bool no_end;
	bool ack_absolute;		/* the ACK came from the wire, and is as on the wire */
	struct span range_span;
	struct spec_num ack, win, urg;
	/* Wrong on purpose: raw header length in words, the 4 reserved bits, the checksum. */
	struct spec_num doff, reserved, csum;
	enum spec_csum csum_kind;
	enum spec_opts opts_kind;
	struct span opts_span;
	STAILQ_HEAD(, spec_opt) opts;
	struct spec_num psp_spi;	/* `encap psp spi N` */
	/* [code N, pen N]: the payload of an RST that says why. */
	struct spec_num diag_code, diag_pen;
};

/* UDP, and UDP-Lite with how much of the packet its checksum covers (RFC 3828). */
struct spec_udp {
	uint16_t len;
	struct spec_num coverage;
};

enum icmp_quote { QUOTE_NONE, QUOTE_TCP, QUOTE_UDP, QUOTE_UDPLITE, QUOTE_RAW };
struct spec_icmp {
	const char *type, *code;	/* names, resolved per IP version; code may be NULL */
	struct span type_span, code_span;
	struct spec_num mtu, id;
	enum icmp_quote quote;
	uint32_t seq, end;		/* QUOTE_TCP */
	uint16_t len;			/* QUOTE_TCP, QUOTE_UDP, QUOTE_UDPLITE, QUOTE_RAW */
	struct spec_num coverage;	/* QUOTE_UDPLITE */
	bool quote_first;		/* written before `icmp`, as old scripts have it */
	struct span quote_span;
};

/* One end of a packet as far as it is written: port, ADDR, ADDR:port, addr[NAME]. */
struct spec_end {
	struct spec_num port;
	struct ip_addr addr;	/* family 0: not written */
	const char *var;	/* the NAME of addr[NAME], or NULL */
	struct span span;	/* line 0: nothing is written */
};

/* /udp(SRC > DST): the transport header stands in a UDP packet (RFC 6951 and its like). */
struct spec_tunnel {
	bool set;
	struct spec_num src_port, dst_port;
	struct span span;
};

/* @NAME: which connection is meant; name is without the @, NULL if none is written. */
struct spec_conn {
	const char *name;
	struct span span;
};

enum spec_kind { SPEC_TCP, SPEC_UDP, SPEC_UDPLITE, SPEC_ICMP, SPEC_NOTHING };
struct pkt_spec {
	enum pkt_dir dir;
	enum spec_kind kind;
	struct span span;
	struct spec_conn conn;		/* @NAME behind the direction; not printed by spec_print() */
	bool optional;			/* `>?`: it may come or not; nor is this */
	STAILQ_HEAD(, spec_outer) outer;
	struct spec_ip ip;
	struct spec_end src, dst;
	struct spec_tunnel tunnel;	/* of the packet, or of what an ICMP message quotes */
	union {
		struct spec_tcp tcp;
		struct spec_udp udp;	/* SPEC_UDP, SPEC_UDPLITE */
		struct spec_icmp icmp;
	};
};

struct buf;
/* Appends the spec in canonical script syntax, without direction or time. */
void spec_print(const struct pkt_spec *s, struct buf *out);

struct arena;
/* A copy in the arena whose numbers and options can be changed without changing those of s. */
struct pkt_spec *spec_copy(const struct pkt_spec *s, struct arena *a);
/* Visits every number of a spec that is a struct spec_num, written or not. */
void spec_each_num(struct pkt_spec *s, void (*visit)(struct spec_num *n, void *ctx), void *ctx);

#endif
