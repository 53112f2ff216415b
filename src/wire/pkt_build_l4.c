/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The transport half of pkt_build(): TCP (RFC 9293, AE of RFC 9768), UDP
 * (RFC 768), UDP-Lite (RFC 3828).
 */
#include "config.h"

#include "wire/pkt_build.h"
#include "wire/bytes.h"
#include "base/diag.h"

#include <string.h>

/* A number of the spec, 0 if it is not written. */
static uint32_t written(const struct spec_num *n)
{
	return n->set ? (uint32_t)n->v : 0;
}

static int check_numbers(const struct build *b, const struct spec_tcp *t)
{
	if (t->diag_code.set && t->len != TCP_DIAG_BYTES)
		return diag_error(b->diag, t->diag_code.span,
				  "[code N, pen N] is the %d byte payload of an RST",
				  TCP_DIAG_BYTES);
	if ((!t->seq_any && build_check_range(b, t->seq, t->end, t->len, t->range_span)) ||
	    build_check(b, &t->ack, UINT32_MAX, "TCP ack sequence number") ||
	    build_check(b, &t->win, UINT16_MAX, "TCP window value") ||
	    build_check(b, &t->urg, UINT16_MAX, "urg_ptr value") ||
	    build_check(b, &t->diag_code, UINT16_MAX, "code") ||
	    build_check(b, &t->diag_pen, UINT32_MAX, "pen") ||
	    build_check(b, &t->doff, 0xf, "TCP data offset") ||
	    build_check(b, &t->reserved, 0xf, "TCP reserved bits"))
		return -1;
	return t->csum_kind == CSUM_LITERAL ?
	       build_check(b, &t->csum, UINT16_MAX, "TCP checksum") : 0;
}

/* What makes sense only in packets we send, or only in those we expect. */
static int check_direction(const struct build *b, const struct spec_tcp *t)
{
	if (b->spec->dir == PKT_IN) {
		if (!t->win.set)
			return diag_error(b->diag, b->spec->span,
					  "window must be specified for inbound packets");
		if (t->seq_any)
			return diag_error(b->diag, t->range_span,
					  "...(N) can only be used with outbound packets");
		if (t->opts_kind == OPTS_ANY)
			return diag_error(b->diag, t->opts_span, "<...> for TCP options can only "
					  "be used with outbound packets");
		return 0;
	}
	if (t->doff.set)
		return diag_error(b->diag, t->doff.span,
				  "doff can only be used with inbound packets");
	if (t->csum_kind != CSUM_GOOD)
		return diag_error(b->diag, t->csum.span,
				  "csum can only be used with inbound packets");
	return 0;
}

int build_plan_tcp(struct build *b)
{
	const struct spec_tcp *t = &b->spec->tcp;

	if (check_numbers(b, t) || check_direction(b, t) ||
	    tcpopt_encode(b->spec, b->opts, &b->opts_len, b->diag))
		return -1;
	if (b->opts_len % 4 && !t->doff.set)
		return diag_error(b->diag, t->opts_span, "TCP options are not padded correctly to "
				  "ensure TCP header is a multiple of 4 bytes: %zu excess bytes",
				  b->opts_len % 4);
	build_push(b, HDR_TCP, (uint32_t)(TCP_HDR_BYTES + b->opts_len));
	b->payload_len = t->len;
	return 0;
}

/* Why a connection is reset (draft-ietf-tcpm-rst-diagnostic-payload as FreeBSD has it). */
static void write_diag(const struct spec_tcp *t, uint8_t *at)
{
	put_be16(at, TCP_DIAG_MAGIC);
	put_be16(at + 2, (uint16_t)t->diag_code.v);
	put_be32(at + 4, (uint32_t)t->diag_pen.v);
}

void build_write_tcp(const struct build *b, uint8_t *at)
{
	const struct pkt_spec *s = b->spec;
	const struct spec_tcp *t = &s->tcp;
	uint32_t doff = (uint32_t)(TCP_HDR_BYTES + b->opts_len) / 4;

	if (t->doff.set)
		doff = written(&t->doff);
	put_be16(at, (uint16_t)written(&s->src.port));
	put_be16(at + 2, (uint16_t)written(&s->dst.port));
	put_be32(at + 4, t->seq);
	put_be32(at + 8, written(&t->ack));
	put_be16(at + 12, (uint16_t)(doff << 12 | written(&t->reserved) << 8 | t->flags));
	put_be16(at + 14, (uint16_t)written(&t->win));
	put_be16(at + 18, (uint16_t)written(&t->urg));
	memcpy(at + TCP_HDR_BYTES, b->opts, b->opts_len);
	if (t->diag_code.set)
		write_diag(t, at + TCP_HDR_BYTES + b->opts_len);
}

int build_plan_udp(struct build *b)
{
	build_push(b, HDR_UDP, UDP_HDR_BYTES);
	b->payload_len = b->spec->udp.len;
	return 0;
}

void build_write_udp(const struct build *b, uint8_t *at)
{
	put_be16(at, (uint16_t)written(&b->spec->src.port));
	put_be16(at + 2, (uint16_t)written(&b->spec->dst.port));
	put_be16(at + 4, (uint16_t)(UDP_HDR_BYTES + b->payload_len));
}

int build_plan_udplite(struct build *b)
{
	if (build_check(b, &b->spec->udp.coverage, UINT16_MAX, "UDP-Lite checksum coverage"))
		return -1;
	build_push(b, HDR_UDPLITE, UDP_HDR_BYTES);
	b->payload_len = b->spec->udp.len;
	return 0;
}

/* RFC 3828: UDP's header with the coverage in place of the length. */
void build_write_udplite(const struct build *b, uint8_t *at)
{
	put_be16(at, (uint16_t)written(&b->spec->src.port));
	put_be16(at + 2, (uint16_t)written(&b->spec->dst.port));
	put_be16(at + 4, (uint16_t)written(&b->spec->udp.coverage));
}
