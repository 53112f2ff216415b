/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/reset_segment.h"

#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/hdrs.h"
#include "wire/pkt.h"

#include <netinet/in.h>
#include <string.h>

#define HOPS 64

static size_t ip_header(const struct tuple *t, uint8_t *p)
{
	if (t->local.family == AF_INET) {
		p[0] = 0x45;
		put_be16(p + 2, IPV4_HDR_BYTES + TCP_HDR_BYTES);
		p[8] = HOPS;
		p[9] = IPPROTO_TCP;
		memcpy(p + 12, t->remote.b, 4);
		memcpy(p + 16, t->local.b, 4);
		put_be16(p + 10, csum_finish(csum_add(0, p, IPV4_HDR_BYTES)));
		return IPV4_HDR_BYTES;
	}
	p[0] = 0x60;
	put_be16(p + 4, TCP_HDR_BYTES);
	p[6] = IPPROTO_TCP;
	p[7] = HOPS;
	memcpy(p + 8, t->remote.b, 16);
	memcpy(p + 24, t->local.b, 16);
	return IPV6_HDR_BYTES;
}

size_t reset_segment(const struct tuple *t, uint32_t seq, uint8_t p[RESET_SEGMENT_BYTES])
{
	size_t at;
	uint8_t *tcp;

	memset(p, 0, RESET_SEGMENT_BYTES);
	at = ip_header(t, p);
	tcp = p + at;
	put_be16(tcp, t->remote_port);
	put_be16(tcp + 2, t->local_port);
	put_be32(tcp + 4, seq);
	tcp[12] = (TCP_HDR_BYTES / 4) << 4;
	tcp[13] = TCPF_RST;
	put_be16(tcp + 16, csum_finish(csum_add(csum_pseudo(p, IPPROTO_TCP, TCP_HDR_BYTES), tcp,
						TCP_HDR_BYTES)));
	return at + TCP_HDR_BYTES;
}
