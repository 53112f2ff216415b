/* SPDX-License-Identifier: BSD-2-Clause */
/* What the words of a packet line mean: each fills a part of the packet's spec. */
#ifndef DP_GRAMMAR_PACKET_WORDS_H
#define DP_GRAMMAR_PACKET_WORDS_H

#include "parse_state.h"

/* A new packet, which also becomes p->packet. */
struct pkt_spec *packet_new(struct parse *p, enum pkt_dir dir);
void packet_add_outer(struct parse *p, struct pkt_spec *s, struct spec_outer *o, struct span at);
void packet_ip(struct parse *p, struct pkt_spec *s, const struct spec_ip *ip, struct span at);
void packet_ports(struct parse *p, struct pkt_spec *s, const struct token *src,
		  const struct token *dst);

/* Outer headers. */
struct spec_outer *outer_new(struct parse *p, enum outer_kind kind);
struct spec_outer *outer_ip(struct parse *p, enum outer_kind kind, const struct spec_ip *ip,
			    const struct token *src, const struct token *dst);
void gre_item(struct parse *p, struct spec_outer *o, const struct token *word,
	      const struct token *number);
void gre_flag_list(struct parse *p, struct spec_outer *o, const struct token *word, uint32_t flags);
/* The bit of `checksum present`, `key present`, `sequence# present` or `none`. */
uint32_t gre_flag(struct parse *p, const struct token *word, const struct token *present);
struct spec_mpls mpls_entry(struct parse *p, const struct token *label, const struct token *label_n,
			    const struct token *tc, const struct token *tc_n, const struct token *s,
			    const struct token *ttl, const struct token *ttl_n);
void mpls_add(struct parse *p, struct spec_outer *o, const struct spec_mpls *m, struct span at);

/* `[ect0]`, `[tos 0x10, ttl 5]`: one word and its number, if any. */
void ip_word(struct parse *p, struct spec_ip *ip, const struct token *word,
	     const struct token *number);

/* TCP. */
void tcp_begin(struct pkt_spec *s);
void tcp_encap(struct parse *p, struct pkt_spec *s, const struct token *psp,
	       const struct token *spi, const struct token *number);
void tcp_flags(struct parse *p, struct pkt_spec *s, const struct token *word,
	       const struct token *ace, bool ack);
void tcp_range(struct parse *p, struct pkt_spec *s, const struct token *start,
	       const struct token *end, const struct token *len, struct span at);
void tcp_field(struct parse *p, struct pkt_spec *s, const struct token *word,
	       const struct token *value);
void tcp_opts_any(struct parse *p, struct pkt_spec *s, struct span at);
void tcp_opts_list(struct parse *p, struct pkt_spec *s, struct span at);
struct spec_opt *tcp_opt_new(struct parse *p, struct pkt_spec *s, const struct token *name);
void opt_atom(struct parse *p, struct spec_opt *o, const struct token *a, const struct token *b);

/* UDP and ICMP. */
void udp_len(struct parse *p, struct pkt_spec *s, const struct token *len);
void icmp_begin(struct pkt_spec *s, const struct token *type);
void icmp_code(struct pkt_spec *s, const struct token *code);
void icmp_field(struct parse *p, struct pkt_spec *s, const struct token *word,
		const struct token *number);
void icmp_quote_tcp(struct parse *p, struct pkt_spec *s, const struct token *start,
		    const struct token *end, const struct token *len, struct span at);
void icmp_quote_len(struct parse *p, struct pkt_spec *s, enum icmp_quote kind,
		    const struct token *len, struct span at);

#endif
