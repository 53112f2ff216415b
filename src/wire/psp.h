/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PSP in transport mode, version 0: UDP, a PSP header, an encrypted TCP
 * segment and a tag (Google's PSP architecture specification; AES-128-GCM).
 */
#ifndef DP_WIRE_PSP_H
#define DP_WIRE_PSP_H

#include "wire/pkt.h"

#define PSP_KEY_BYTES 16

/*
 * Finishes a built packet whose TCP header is final: writes UDP's ports and
 * the IV, encrypts the segment and appends the tag. UDP's checksum is left to
 * pkt_fill_checksums(). iv must not be used twice with a key.
 */
void psp_seal(struct pkt *p, const uint8_t key[PSP_KEY_BYTES], uint16_t port, uint64_t iv);
/*
 * True if the bytes from an IP header on are a UDP packet to this port that
 * can be PSP; *spi (may be NULL) tells whose key it wants.
 */
bool psp_find(const uint8_t *bytes, size_t n, uint16_t port, uint32_t *spi);
/* Decrypts one in place. False if it is none or not authentic: then its text is worthless. */
bool psp_open(uint8_t *bytes, size_t n, uint16_t port, const uint8_t key[PSP_KEY_BYTES]);

#endif
