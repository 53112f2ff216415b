/* SPDX-License-Identifier: BSD-2-Clause */
/* What the words of a packet line mean: each fills a part of the packet's spec. */
#ifndef DP_GRAMMAR_PACKET_WORDS_H
#define DP_GRAMMAR_PACKET_WORDS_H

#include "parse_state.h"

/* A number within bounds; what names it in the message. Out of range gives 0 after an error. */
int64_t word_bounded(struct parse *p, const struct token *t, int64_t max, const char *what);
/* The same as a number of a spec. */
struct spec_num word_number(struct parse *p, const struct token *t, int64_t max, const char *what);
/* An error unless t is the word given. */
void word_expect(struct parse *p, const struct token *t, const char *word);
/* True if start:end(len) is within range and adds up; an error otherwise. */
bool word_range_ok(struct parse *p, const struct token *start, const struct token *end,
		   const struct token *len, struct span at);

/* A new packet, which also becomes p->packet. */
struct pkt_spec *packet_new(struct parse *p, enum pkt_dir dir);
void packet_add_outer(struct parse *p, struct pkt_spec *s, struct spec_outer *o, struct span at);
void packet_ip(struct parse *p, struct pkt_spec *s, const struct spec_ip *ip, struct span at);

/* The ends of a packet: `80`, `192.0.2.1`, `192.0.2.1:80`, `addr[NAME]`, `addr[NAME]:80`. */
struct spec_end end_port(struct parse *p, const struct token *port);
struct spec_end end_addr(struct parse *p, const struct token *addr, const struct token *port);
struct spec_end end_var(struct parse *p, const struct token *name, const struct token *port,
			struct span at);
/* Either may be NULL: not written. */
void packet_ends(struct pkt_spec *s, const struct spec_end *src, const struct spec_end *dst);
/* `/udp(SRC > DST)` */
void packet_tunnel(struct parse *p, struct pkt_spec *s, const struct token *src,
		   const struct token *dst, struct span at);
/* An SCTP packet: refused, and with it the rest of the script. */
void packet_sctp(struct parse *p, struct span at);

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

/* `[ect0]`, `[tos 0x10, ttl 5]`, `[dscp ef]`: one word and its value, if any. */
void ip_word(struct parse *p, struct spec_ip *ip, const struct token *word,
	     const struct token *value);

/* TCP. */
void tcp_encap(struct parse *p, struct pkt_spec *s, const struct token *psp,
	       const struct token *spi, const struct token *number);
void tcp_flags(struct parse *p, struct pkt_spec *s, const struct token *word,
	       const struct token *ace, bool ack);
/* end NULL: only the start is written, which then is a formula. */
void tcp_range(struct parse *p, struct pkt_spec *s, const struct token *start,
	       const struct token *end, const struct token *len, struct span at);
void tcp_field(struct parse *p, struct pkt_spec *s, const struct token *word,
	       const struct token *value);
/* `...(LEN)`: the sequence number is not looked at. */
void tcp_range_any(struct parse *p, struct pkt_spec *s, const struct token *len, struct span at);
/* `[code N, pen N]` behind the options. */
void tcp_diag(struct parse *p, struct pkt_spec *s, const struct token *code,
	      const struct token *code_n, const struct token *pen, const struct token *pen_n,
	      struct span at);
void tcp_opts_any(struct parse *p, struct pkt_spec *s, struct span at);
void tcp_opts_list(struct parse *p, struct pkt_spec *s, struct span at);
struct spec_opt *tcp_opt_new(struct parse *p, struct pkt_spec *s, const struct token *name);
void tcp_opt_add(struct spec_opt *o, struct opt_atom *a);

/* Pieces of an option's text; t is a word, a number or a string. */
struct opt_atom *atom_new(struct parse *p, const struct token *t);
/* `...`: anything. */
struct opt_atom *atom_any(struct parse *p, struct span at);
struct opt_atom *atom_string(struct parse *p, const struct token *t);
struct opt_atom *atom_pair(struct parse *p, const struct token *a, const struct token *b);
struct opt_atom *atom_plus(struct parse *p, const struct token *t, struct span at);
struct opt_atom *atom_absolute(struct opt_atom *a, struct span at);
/* ATOM_INDEX or ATOM_CALL; t may be NULL for [items]. */
struct opt_atom *atom_items(struct parse *p, enum atom_kind kind, const struct token *t,
			    struct opt_atoms *items, struct span at);
struct opt_atom *atom_assign(struct parse *p, const struct token *t, struct opt_atom *value,
			     struct span at);
struct opt_atoms *atoms_add(struct parse *p, struct opt_atoms *list, struct opt_atom *a);

/* UDP and ICMP. */
void udp_len(struct parse *p, struct pkt_spec *s, const struct token *len);
void udplite_len(struct parse *p, struct pkt_spec *s, const struct token *len,
		 const struct token *coverage);
void icmp_begin(struct pkt_spec *s, const struct token *type);
void icmp_code(struct pkt_spec *s, const struct token *code);
void icmp_field(struct parse *p, struct pkt_spec *s, const struct token *word,
		const struct token *number);
void icmp_quote_tcp(struct parse *p, struct pkt_spec *s, const struct token *start,
		    const struct token *end, const struct token *len, struct span at);
void icmp_quote_len(struct parse *p, struct pkt_spec *s, enum icmp_quote kind,
		    const struct token *len, struct span at);
void icmp_quote_udplite(struct parse *p, struct pkt_spec *s, const struct token *len,
			const struct token *coverage, struct span at);

#endif
