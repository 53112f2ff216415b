/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "wire/tcp_md5.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"

#include <nettle/md5.h>
#include <string.h>

_Static_assert(TCPOPT_MD5_BYTES == MD5_DIGEST_SIZE, "a digest fills the option");

/* For IPv6 as in RFC 8200 8.1: RFC 2385 knows only IPv4, stacks agree on this. */
static void add_pseudo(struct md5_ctx *c, const struct pkt *p, uint32_t length)
{
	const struct hdr *ip = pkt_ip(p);
	const uint8_t *at = pkt_bytes(p, ip);
	uint8_t rest[8] = { 0 };

	if (ip->kind == HDR_IPV4) {
		md5_update(c, 8, at + 12);
		rest[1] = hdr_ip_protocol(HDR_TCP);
		put_be16(rest + 2, (uint16_t)length);
		md5_update(c, 4, rest);
	} else {
		md5_update(c, 32, at + 8);
		put_be32(rest, length);
		rest[7] = hdr_ip_protocol(HDR_TCP);
		md5_update(c, 8, rest);
	}
}

void tcp_md5_digest(const struct pkt *p, const char *secret, uint8_t digest[TCPOPT_MD5_BYTES])
{
	const struct hdr *h = pkt_transport(p);
	uint8_t header[TCP_HDR_BYTES];
	struct md5_ctx c;

	memcpy(header, pkt_bytes(p, h), sizeof(header));
	put_be16(header + 16, 0);
	md5_init(&c);
	add_pseudo(&c, p, h->len + p->payload_len);
	md5_update(&c, sizeof(header), header);
	md5_update(&c, p->payload_len, p->data + p->payload_off);
	md5_update(&c, strlen(secret), (const uint8_t *)secret);
	md5_digest(&c, MD5_DIGEST_SIZE, digest);
}

uint8_t *tcp_md5_found(const struct pkt *p)
{
	size_t len;
	uint8_t *opts = pkt_tcp_opts(p, &len);
	struct tcpopt o;

	if (!opts || !tcpopt_find(opts, len, TCPO_MD5, &o) || o.len != TCPOPT_MD5_BYTES)
		return NULL;
	return opts + (o.data - opts);
}

bool tcp_md5_wanted(const struct pkt_spec *spec)
{
	const struct spec_opt *o = tcpopt_written(spec, "md5");

	return o && tcpopt_is_signature(o);
}

void tcp_md5_sign(struct pkt *p, const struct pkt_spec *spec, const char *secret)
{
	uint8_t *digest = tcp_md5_wanted(spec) ? tcp_md5_found(p) : NULL;

	if (digest)
		tcp_md5_digest(p, secret, digest);
}
