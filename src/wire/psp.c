/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "wire/psp.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/hdrs.h"

#include <nettle/gcm.h>
#include <nettle/memops.h>
#include <string.h>

_Static_assert(PSP_TRAILER_BYTES == GCM_DIGEST_SIZE, "the tag is the trailer");

enum { SPI_AT = 4, IV_AT = 8, IV_BYTES = 8 };

/* The nonce is SPI and IV, which stand side by side; the header is authenticated as it is. */
static void begin(struct gcm_aes128_ctx *c, const uint8_t key[PSP_KEY_BYTES], const uint8_t *psp)
{
	gcm_aes128_set_key(c, key);
	gcm_aes128_set_iv(c, GCM_IV_SIZE, psp + SPI_AT);
	gcm_aes128_update(c, PSP_HDR_BYTES, psp);
}

void psp_seal(struct pkt *p, const uint8_t key[PSP_KEY_BYTES], uint16_t port, uint64_t iv)
{
	const struct hdr *udp = pkt_tunnel(p), *tcp = pkt_transport(p);
	uint8_t *psp = pkt_bytes(p, udp + 1), *text = pkt_bytes(p, tcp), *at;
	size_t len = tcp->len + p->payload_len;
	struct gcm_aes128_ctx c;

	put_be16(pkt_bytes(p, udp), port);
	put_be16(pkt_bytes(p, udp) + 2, port);
	put_be32(psp + IV_AT, (uint32_t)(iv >> 32));
	put_be32(psp + IV_AT + 4, (uint32_t)iv);
	at = text + 16;
	put_be16(at, 0);
	put_be16(at, csum_finish(csum_add(csum_pseudo(pkt_bytes(p, pkt_ip(p)),
						      hdr_ip_protocol(HDR_TCP), (uint32_t)len),
					  text, len)));
	begin(&c, key, psp);
	gcm_aes128_encrypt(&c, len, text, text);
	gcm_aes128_digest(&c, GCM_DIGEST_SIZE, text + len);
	/* What follows IP is for UDP's checksum opaque from here on. */
	p->n_hdr -= 2;
	p->payload_off = udp->off + udp->len;
	p->payload_len = PSP_HDR_BYTES + (uint32_t)len + p->trailer_len;
	p->trailer_len = 0;
}

/* The UDP header behind the outermost IP header; NULL if there is none. */
static const uint8_t *find_udp(const uint8_t *ip, size_t n)
{
	bool v4 = n >= IPV4_HDR_BYTES && ip[0] >> 4 == 4;
	bool v6 = n >= IPV6_HDR_BYTES && ip[0] >> 4 == 6;
	size_t at = v4 ? (ip[0] & 15) * 4u : IPV6_HDR_BYTES;

	if ((!v4 && !v6) || ip[v4 ? 9 : 6] != hdr_ip_protocol(HDR_UDP))
		return NULL;
	return at >= IPV4_HDR_BYTES && bytes_fit(n, at, UDP_HDR_BYTES) ? ip + at : NULL;
}

bool psp_find(const uint8_t *bytes, size_t n, uint16_t port, uint32_t *spi)
{
	const uint8_t *udp = find_udp(bytes, n);
	size_t len;

	if (!udp || get_be16(udp + 2) != port)
		return false;
	len = get_be16(udp + 4);
	if (!bytes_fit(n, (size_t)(udp - bytes), len) ||
	    len < UDP_HDR_BYTES + PSP_HDR_BYTES + TCP_HDR_BYTES + PSP_TRAILER_BYTES)
		return false;
	if (spi)
		*spi = get_be32(udp + UDP_HDR_BYTES + SPI_AT);
	return true;
}

bool psp_open(uint8_t *bytes, size_t n, uint16_t port, const uint8_t key[PSP_KEY_BYTES])
{
	uint8_t *udp, *psp, *text, tag[GCM_DIGEST_SIZE];
	struct gcm_aes128_ctx c;
	size_t len;

	if (!psp_find(bytes, n, port, NULL))
		return false;
	udp = bytes + (find_udp(bytes, n) - bytes);
	psp = udp + UDP_HDR_BYTES;
	text = psp + PSP_HDR_BYTES;
	len = get_be16(udp + 4) - UDP_HDR_BYTES - PSP_HDR_BYTES - PSP_TRAILER_BYTES;
	begin(&c, key, psp);
	gcm_aes128_decrypt(&c, len, text, text);
	gcm_aes128_digest(&c, sizeof(tag), tag);
	return memeql_sec(tag, text + len, sizeof(tag));
}
