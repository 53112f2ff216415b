/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of TCP options: RFC 9293 (EOL, NOP, MSS), 7323 (window scale,
 * timestamps), 2018 (SACK), 2385 (MD5), 7413 and 6994 (Fast Open), 9768
 * (AccECN), 8684 (MPTCP, see tcpopt_mptcp.h), drafts; and the few shapes
 * their texts and bytes take.
 */
#include "config.h"

#include "wire/tcpopt_table.h"
#include "wire/bytes.h"
#include "wire/tcpopt_mptcp.h"
#include "base/buf.h"
#include "base/diag.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

void tcpopt_put(struct tcpopt_bytes *out, uint8_t byte)
{
	if (out->n < sizeof(out->b))
		out->b[out->n] = byte;
	out->n++;
}

static void put_number(struct tcpopt_bytes *out, uint32_t v, unsigned bytes)
{
	while (bytes--)
		tcpopt_put(out, (uint8_t)(v >> 8 * bytes));
}

static uint32_t get_number(const uint8_t *p, unsigned bytes)
{
	uint32_t v = 0;

	while (bytes--)
		v = v << 8 | *p++;
	return v;
}

static int bad_usage(const struct tcpopt_desc *t, const struct spec_opt *o, struct diag_sink *d)
{
	return diag_error(d, o->span, "TCP option %s is written '%s'", t->name, t->usage);
}

static int check_range(int64_t v, unsigned bytes, const char *what, const char *side,
		       const struct opt_atom *at, struct diag_sink *d)
{
	int64_t max = (INT64_C(1) << 8 * bytes) - 1;

	if (v >= 0 && v <= max)
		return 0;
	return diag_error(d, at->span, "%s%s out of range (0 to %" PRId64 ")", what, side, max);
}

/* Numbers of fixed size, each after its label if it has one; those past min may be left out. */
static int encode_fields(const struct tcpopt_desc *t, const struct spec_opt *o,
			 struct tcpopt_bytes *out, struct diag_sink *d)
{
	const struct opt_atom *a = STAILQ_FIRST(&o->atoms);
	const struct tcpopt_field *f;
	size_t done = 0;

	if (t->exid) {
		put_number(out, t->exid, 2);
		done = 2;
	}
	for (f = t->field; f < t->field + TCPOPT_MAX_FIELDS && f->bytes; f++) {
		if (!a && done >= t->min)
			return 0;
		if (a && f->label) {
			if (a->kind != ATOM_WORD || strcmp(a->text, f->label))
				return bad_usage(t, o, d);
			a = STAILQ_NEXT(a, next);
		}
		if (a && f->any && a->kind == ATOM_WORD && !strcmp(a->text, "...")) {
			put_number(out, 0, f->bytes);
			done += f->bytes;
			a = STAILQ_NEXT(a, next);
			continue;
		}
		if (!a || a->kind != ATOM_NUM || (a->absolute && !f->literal))
			return bad_usage(t, o, d);
		if (check_range(a->a, f->bytes, f->what, "", a, d))
			return -1;
		put_number(out, (uint32_t)a->a, f->bytes);
		done += f->bytes;
		a = STAILQ_NEXT(a, next);
	}
	return a ? bad_usage(t, o, d) : 0;
}

static void print_fields(const struct tcpopt_desc *t, const uint8_t *data, size_t len,
			 struct buf *out)
{
	const struct tcpopt_field *f;

	if (t->exid) {
		data += 2;
		len -= 2;
	}
	for (f = t->field; len && f < t->field + TCPOPT_MAX_FIELDS; f++) {
		if (f->label)
			buf_printf(out, " %s", f->label);
		buf_printf(out, " %" PRIu32, get_number(data, f->bytes));
		data += f->bytes;
		len -= f->bytes;
	}
}

static const struct tcpopt_codec fields_codec = { encode_fields, print_fields };

/* Pairs of sequence numbers, left:right. */
static int encode_pairs(const struct tcpopt_desc *t, const struct spec_opt *o,
			struct tcpopt_bytes *out, struct diag_sink *d)
{
	const struct opt_atom *a;

	if (STAILQ_EMPTY(&o->atoms))
		return bad_usage(t, o, d);
	STAILQ_FOREACH(a, &o->atoms, next) {
		if (a->kind != ATOM_PAIR)
			return bad_usage(t, o, d);
		if (check_range(a->a, 4, t->what, " left sequence number", a, d) ||
		    check_range(a->b, 4, t->what, " right sequence number", a, d))
			return -1;
		put_number(out, (uint32_t)a->a, 4);
		put_number(out, (uint32_t)a->b, 4);
	}
	return 0;
}

static void print_pairs(const struct tcpopt_desc *t, const uint8_t *data, size_t len,
			struct buf *out)
{
	for (; len >= 8; data += 8, len -= 8)
		buf_printf(out, " %" PRIu32 ":%" PRIu32, get_be32(data), get_be32(data + 4));
}

static const struct tcpopt_codec pairs_codec = { encode_pairs, print_pairs };

static int hex_digit(char c)
{
	if (!isxdigit((unsigned char)c))
		return -1;
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static int encode_digits(const struct tcpopt_desc *t, const struct opt_atom *a,
			 struct tcpopt_bytes *out, struct diag_sink *d)
{
	size_t n = strlen(a->text), i;

	for (i = 0; i < n; i++)
		if (hex_digit(a->text[i]) < 0)
			return diag_error(d, a->span, "%s '%s' is not a valid hex string", t->what,
					  a->text);
	if (n % 2)
		return diag_error(d, a->span, "%s has an odd number of digits", t->what);
	for (i = 0; i < n; i += 2)
		tcpopt_put(out, (uint8_t)(hex_digit(a->text[i]) << 4 | hex_digit(a->text[i + 1])));
	return 0;
}

static void print_digits(const uint8_t *data, size_t len, struct buf *out)
{
	while (len--)
		buf_printf(out, "%02x", *data++);
}

static bool is_digits(const struct opt_atom *a)
{
	return (a->kind == ATOM_WORD || a->kind == ATOM_NUM) && !a->absolute;
}

/* A string of bytes in hex, taken from the text because digits alone look like a number. */
static int encode_hex(const struct tcpopt_desc *t, const struct spec_opt *o,
		      struct tcpopt_bytes *out, struct diag_sink *d)
{
	const struct opt_atom *a = STAILQ_FIRST(&o->atoms);
	size_t prefix = t->exid ? 2 : 0, start = out->n, n;

	put_number(out, t->exid, (unsigned)prefix);
	if (!a && t->min <= prefix)
		return 0;
	if (!a || !is_digits(a) || STAILQ_NEXT(a, next))
		return bad_usage(t, o, d);
	if (encode_digits(t, a, out, d))
		return -1;
	n = out->n - start;
	if (n > t->max) {
		const char *noun = strrchr(t->what, ' ') + 1;

		return diag_error(d, a->span,
				  "%s of %zu bytes exceeds maximum %s length of %zu bytes",
				  t->what, n - prefix, noun, t->max - prefix);
	}
	return 0;
}

static void print_hex(const struct tcpopt_desc *t, const uint8_t *data, size_t len,
		      struct buf *out)
{
	size_t prefix = t->exid ? 2 : 0;

	if (len > prefix)
		buf_addc(out, ' ');
	print_digits(data + prefix, len - prefix, out);
}

static const struct tcpopt_codec hex_codec = { encode_hex, print_hex };

/* Zeros where the digest goes once the packet is final (tcp_md5.h). */
static int encode_md5(const struct tcpopt_desc *t, const struct spec_opt *o,
		      struct tcpopt_bytes *out, struct diag_sink *d)
{
	int i;

	if (!tcpopt_is_signature(o))
		return encode_hex(t, o, out, d);
	for (i = 0; i < TCPOPT_MD5_BYTES; i++)
		tcpopt_put(out, 0);
	return 0;
}

static const struct tcpopt_codec md5_codec = { encode_md5, print_hex };

/* Any experiment of RFC 6994: its number in the name, its bytes in hex. */
static int encode_experiment(const struct tcpopt_desc *t, const struct spec_opt *o,
			     struct tcpopt_bytes *out, struct diag_sink *d)
{
	const char *exid = o->name + strlen(t->name);
	int i;

	if (strlen(exid) != 4 || strspn(exid, "0123456789abcdefABCDEF") != 4)
		return bad_usage(t, o, d);
	for (i = 0; i < 4; i += 2)
		tcpopt_put(out, (uint8_t)(hex_digit(exid[i]) << 4 | hex_digit(exid[i + 1])));
	return STAILQ_EMPTY(&o->atoms) ? 0 : encode_hex(t, o, out, d);
}

static void print_experiment(const struct tcpopt_desc *t, const uint8_t *data, size_t len,
			     struct buf *out)
{
	buf_printf(out, "%04x", get_be16(data));
	if (len > 2)
		buf_addc(out, ' ');
	print_digits(data + 2, len - 2, out);
}

static const struct tcpopt_codec experiment_codec = { encode_experiment, print_experiment };

/* TCP ACK rate request (draft-gomez-tcpm-ack-rate-request): 7 bits above a reserved one. */
static int encode_tarr(const struct tcpopt_desc *t, const struct spec_opt *o,
		       struct tcpopt_bytes *out, struct diag_sink *d)
{
	const struct opt_atom *a = STAILQ_FIRST(&o->atoms);

	put_number(out, t->exid, 2);
	if (!a)
		return 0;
	if (a->kind != ATOM_NUM || a->absolute || STAILQ_NEXT(a, next))
		return bad_usage(t, o, d);
	if (a->a < 0 || a->a > 127)
		return diag_error(d, a->span, "exp-tarr: r out of range (0 to 127)");
	tcpopt_put(out, (uint8_t)(a->a << 1));
	return 0;
}

static void print_tarr(const struct tcpopt_desc *t, const uint8_t *data, size_t len,
		       struct buf *out)
{
	if (len > 2)
		buf_printf(out, " %u", data[2] >> 1);
}

/* With the reserved bit set it is nothing that exp-tarr could say. */
static bool is_tarr(const struct tcpopt_desc *t, const uint8_t *data, size_t len)
{
	(void)t;
	return len == 2 || !(data[2] & 1);
}

static const struct tcpopt_codec tarr_codec = { encode_tarr, print_tarr };

#define ACCECN_WHAT "TCP AccECN field value"
#define MPTCP_ROW(text, least, most) { .name = (text), .kind = TCPO_MPTCP, \
	.codec = &mptcp_codec, .min = (least), .max = (most), .step = 1, \
	.matches = mptcp_opt_matches }

const struct tcpopt_desc tcpopt_table[] = {
	{ .name = "eol", .usage = "eol", .kind = TCPO_EOL, .frame = FRAME_KIND,
	  .codec = &fields_codec },
	{ .name = "nop", .usage = "nop", .kind = TCPO_NOP, .frame = FRAME_KIND,
	  .codec = &fields_codec },
	{ .name = "mss", .usage = "mss N", .kind = TCPO_MSS, .codec = &fields_codec,
	  .min = 2, .max = 2, .step = 1, .field = { { .bytes = 2, .what = "mss value" } } },
	{ .name = "wscale", .usage = "wscale N", .kind = TCPO_WSCALE, .codec = &fields_codec,
	  .min = 1, .max = 1, .step = 1,
	  .field = { { .bytes = 1, .what = "window scale shift count" } } },
	{ .name = "sackOK", .usage = "sackOK", .kind = TCPO_SACK_OK, .codec = &fields_codec,
	  .step = 1 },
	{ .name = "sack", .usage = "sack LEFT:RIGHT ...", .what = "TCP SACK", .kind = TCPO_SACK,
	  .codec = &pairs_codec, .min = 8, .max = 32, .step = 8 },
	{ .name = "TS", .usage = "TS val N ecr N", .kind = TCPO_TIMESTAMP,
	  .codec = &fields_codec, .min = 8, .max = 8, .step = 1,
	  .field = { { .label = "val", .bytes = 4, .what = "ts val", .any = true },
		     { .label = "ecr", .bytes = 4, .what = "ecr val", .literal = true } } },
	{ .name = "md5", .usage = "md5 HEX' or 'md5 valid", .what = "TCP MD5 digest",
	  .kind = TCPO_MD5, .codec = &md5_codec, .min = 1, .max = 16, .step = 1 },
	{ .name = "FO", .usage = "FO [HEX]", .what = "TCP fast open cookie",
	  .kind = TCPO_FASTOPEN, .codec = &hex_codec, .min = 0, .max = 38, .step = 1 },
	{ .name = "FOEXP", .usage = "FOEXP [HEX]", .what = "TCP fast open cookie",
	  .kind = TCPO_EXPERIMENT, .codec = &hex_codec, .min = 2, .max = 38, .step = 1,
	  .exid = 0xf989 },
	{ .name = "ECN", .usage = "ECN e0b N [ceb N [e1b N]]' or 'ECN e1b N [ceb N [e0b N]]",
	  .kind = TCPO_ACCECN0, .codec = &fields_codec, .min = 3, .max = 9, .step = 3,
	  .field = { { .label = "e0b", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "ceb", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "e1b", .bytes = 3, .what = ACCECN_WHAT } } },
	{ .name = "ECN", .usage = "ECN e1b N [ceb N [e0b N]]",
	  .kind = TCPO_ACCECN1, .codec = &fields_codec, .min = 3, .max = 9, .step = 3,
	  .field = { { .label = "e1b", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "ceb", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "e0b", .bytes = 3, .what = ACCECN_WHAT } } },
	{ .name = "AccECN0", .usage = "AccECN0 [ee0b N [eceb N [ee1b N]]]",
	  .kind = TCPO_ACCECN0, .codec = &fields_codec, .min = 0, .max = 9, .step = 3,
	  .field = { { .label = "ee0b", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "eceb", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "ee1b", .bytes = 3, .what = ACCECN_WHAT } } },
	{ .name = "AccECN1", .usage = "AccECN1 [ee1b N [eceb N [ee0b N]]]",
	  .kind = TCPO_ACCECN1, .codec = &fields_codec, .min = 0, .max = 9, .step = 3,
	  .field = { { .label = "ee1b", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "eceb", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "ee0b", .bytes = 3, .what = ACCECN_WHAT } } },
	{ .name = "exp-AccECN0", .usage = "exp-AccECN0 [ee0b N [eceb N [ee1b N]]]",
	  .kind = TCPO_EXPERIMENT, .codec = &fields_codec, .min = 2, .max = 11, .step = 3,
	  .exid = 0xacc0,
	  .field = { { .label = "ee0b", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "eceb", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "ee1b", .bytes = 3, .what = ACCECN_WHAT } } },
	{ .name = "exp-AccECN1", .usage = "exp-AccECN1 [ee1b N [eceb N [ee0b N]]]",
	  .kind = TCPO_EXPERIMENT, .codec = &fields_codec, .min = 2, .max = 11, .step = 3,
	  .exid = 0xacc1,
	  .field = { { .label = "ee1b", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "eceb", .bytes = 3, .what = ACCECN_WHAT },
		     { .label = "ee0b", .bytes = 3, .what = ACCECN_WHAT } } },
	{ .name = "exp-FO", .usage = "exp-FO [HEX]", .what = "TCP fast open cookie",
	  .kind = TCPO_EXPERIMENT, .codec = &hex_codec, .min = 2, .max = 38, .step = 1,
	  .exid = 0xf989 },
	{ .name = "EXP-FO", .usage = "EXP-FO [HEX]", .what = "TCP fast open cookie",
	  .kind = TCPO_EXPERIMENT, .codec = &hex_codec, .min = 2, .max = 38, .step = 1,
	  .exid = 0xf989 },
	{ .name = "exp-tarr", .usage = "exp-tarr [N]", .kind = TCPO_EXPERIMENT,
	  .codec = &tarr_codec, .min = 2, .max = 3, .step = 1, .exid = 0x00ac,
	  .matches = is_tarr },
	{ .name = "exp-", .usage = "exp-XXXX [HEX], XXXX being its ExID",
	  .what = "experimental option data", .kind = TCPO_EXPERIMENT, .codec = &experiment_codec,
	  .min = 2, .max = 38, .step = 1 },
	{ .name = "gen-", .usage = "gen-KIND [HEX]", .what = "TCP option data",
	  .frame = FRAME_NAMED, .codec = &hex_codec, .min = 0, .max = 38, .step = 1 },
	MPTCP_ROW("mpcapable", 2, 22),
	MPTCP_ROW("mp_capable", 10, 18),
	MPTCP_ROW("mp_capable_no_cs", 10, 18),
	MPTCP_ROW("mp_join_syn", 10, 10),
	MPTCP_ROW("mp_join_syn_ack", 14, 14),
	MPTCP_ROW("mp_join_ack", 22, 22),
	MPTCP_ROW("dss", 2, 28),
	MPTCP_ROW("add_address", 6, 28),
	MPTCP_ROW("remove_address", 2, 38),
	MPTCP_ROW("mp_prio", 1, 2),
	MPTCP_ROW("mp_fail", 10, 10),
	MPTCP_ROW("mp_fastclose", 10, 10),
	MPTCP_ROW("mp_reset", 2, 2),
	{ .name = "raw", .usage = "raw HEX", .what = "raw TCP option bytes",
	  .frame = FRAME_RAW, .codec = &hex_codec, .min = 1, .max = TCPOPT_MAX_BYTES, .step = 1 },
	{ .name = NULL }
};
