/* SPDX-License-Identifier: BSD-2-Clause */
/* The TCP MD5 signature option (RFC 2385). */
#ifndef DP_WIRE_TCP_MD5_H
#define DP_WIRE_TCP_MD5_H

#include "wire/pkt.h"
#include "wire/tcpopt.h"

/* The digest RFC 2385 2.0 asks for in this TCP packet, whose addresses are final. */
void tcp_md5_digest(const struct pkt *p, const char *secret, uint8_t digest[TCPOPT_MD5_BYTES]);
/* The packet's own digest, or NULL if it has no signature option of the right length. */
uint8_t *tcp_md5_found(const struct pkt *p);
/* Fills in the digest if the spec says `md5 valid`, which must not be without a secret. */
void tcp_md5_sign(struct pkt *p, const struct pkt_spec *spec, const char *secret);
/* True if the script wants the packet signed. */
bool tcp_md5_wanted(const struct pkt_spec *spec);

#endif
