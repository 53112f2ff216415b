/* SPDX-License-Identifier: BSD-2-Clause */
/* MPTCP options as script text, whole or field by field. */
#include "config.h"

#include "wire/tcpopt_mptcp.h"
#include "base/arena.h"
#include "base/buf.h"

#include <inttypes.h>
#include <stddef.h>

/* Small numbers are counts and ids, large ones keys and hashes. */
static void print_number(uint64_t n, struct buf *out)
{
	if (n >> 32)
		buf_printf(out, "0x%" PRIx64, n);
	else
		buf_printf(out, "%" PRIu64, n);
}

static void print_bytes(const uint8_t *b, size_t n, struct buf *out)
{
	while (n--)
		buf_printf(out, "%02x", *b++);
}

static void print_value(const char *word, const struct mptcp_val *v, struct buf *out)
{
	if (!v->bytes)
		return;
	buf_printf(out, " %s=", word);
	print_number(v->n, out);
}

static void print_capable(const struct mptcp_opt *m, struct buf *out)
{
	uint8_t bit;
	const char *before = "";

	buf_printf(out, " v%u flags[", m->version);
	for (bit = 0; bit < 8; bit++) {
		if (!(m->flags & 0x80 >> bit))
			continue;
		buf_printf(out, "%sflag_%c", before, 'a' + bit);
		before = ", ";
	}
	buf_adds(out, m->flags ? "]" : "no_flags]");
	if (!m->key[0].bytes) {
		buf_adds(out, " nokey");
		return;
	}
	buf_adds(out, " key[");
	print_number(m->key[0].n, out);
	if (m->key[1].bytes) {
		buf_adds(out, ", ");
		print_number(m->key[1].n, out);
	}
	buf_addc(out, ']');
	if (!m->dll.bytes)
		return;
	buf_printf(out, " mpcdatalen %" PRIu64, m->dll.n);
	if (m->cksum.bytes)
		print_value("cksum", &m->cksum, out);
	else if (m->flags & MPTCP_FLAG_A)
		buf_adds(out, " nocs");
}

static void print_dss(const struct mptcp_opt *m, struct buf *out)
{
	print_value(m->dack.bytes == 8 ? "dack8" : "dack4", &m->dack, out);
	print_value(m->dsn.bytes == 8 ? "dsn8" : "dsn4", &m->dsn, out);
	print_value("ssn", &m->ssn, out);
	print_value("dll", &m->dll, out);
	print_value("cksum", &m->cksum, out);
	if (!m->cksum.bytes)
		buf_adds(out, " nocs");
	if (m->fin)
		buf_adds(out, " fin");
}

static void print_add_addr(const struct mptcp_opt *m, struct buf *out)
{
	char text[IP_ADDR_TEXT];

	print_value("address_id", &m->id, out);
	buf_printf(out, " addr[%s(\"%s\")]", m->ip.family == AF_INET ? "inet_addr" : "inet6_addr",
		   ip_addr_text(&m->ip, text));
	print_value("port", &m->port, out);
	if (m->echo)
		buf_adds(out, " addr_echo");
	else
		print_value("hmac", &m->hmac, out);
}

static void print_remove(const struct mptcp_opt *m, struct buf *out)
{
	size_t i;

	buf_adds(out, " address_id=[");
	for (i = 0; i < m->n_ids; i++)
		buf_printf(out, "%s%u", i ? ", " : "", m->ids[i]);
	buf_addc(out, ']');
}

static void print_rst(const struct mptcp_opt *m, struct buf *out)
{
	buf_printf(out, " %" PRIu64, m->reason.n);
	if (m->flags == MPTCP_FLAG_T)
		buf_adds(out, " flags[flag_t]");
	else if (m->flags)
		buf_printf(out, " flags 0x%x", m->flags);
}

void mptcp_opt_print(const struct mptcp_opt *m, struct buf *out)
{
	switch (m->form) {
	case MPTCP_CAPABLE:
		print_capable(m, out);
		break;
	case MPTCP_JOIN_SYN:
	case MPTCP_JOIN_SYN_ACK:
		buf_printf(out, " backup=%u", m->backup);
		print_value("address_id", &m->id, out);
		print_value("token", &m->token, out);
		if (m->hmac.bytes) {
			buf_adds(out, " sender_hmac=trunc_l64_hmac(");
			print_number(m->hmac.n, out);
			buf_addc(out, ')');
		}
		print_value("rand", &m->rand, out);
		break;
	case MPTCP_JOIN_ACK:
		buf_adds(out, " sender_hmac=full_160_hmac(");
		print_bytes(m->hmac_bytes, MPTCP_HMAC_BYTES, out);
		buf_addc(out, ')');
		break;
	case MPTCP_DSS:
		print_dss(m, out);
		break;
	case MPTCP_ADD_ADDR:
		print_add_addr(m, out);
		break;
	case MPTCP_REMOVE_ADDR:
		print_remove(m, out);
		break;
	case MPTCP_PRIO:
		buf_printf(out, " backup=%u", m->backup);
		print_value("address_id", &m->id, out);
		break;
	case MPTCP_FAIL:
		print_value("dsn8", &m->dsn, out);
		break;
	case MPTCP_FASTCLOSE:
		buf_addc(out, ' ');
		print_number(m->key[0].n, out);
		break;
	case MPTCP_RST:
		print_rst(m, out);
		break;
	case MPTCP_FORMS:
		break;
	}
}

/* How differences call the options. */
static const char *form_name(const struct mptcp_opt *m)
{
	static const char *const names[MPTCP_FORMS] = {
		[MPTCP_CAPABLE] = "mpcapable", [MPTCP_JOIN_SYN] = "mp_join",
		[MPTCP_JOIN_SYN_ACK] = "mp_join", [MPTCP_JOIN_ACK] = "mp_join",
		[MPTCP_DSS] = "dss", [MPTCP_ADD_ADDR] = "add_address",
		[MPTCP_REMOVE_ADDR] = "remove_address", [MPTCP_PRIO] = "mp_prio",
		[MPTCP_FAIL] = "mp_fail", [MPTCP_FASTCLOSE] = "mp_fastclose",
		[MPTCP_RST] = "mp_reset",
	};

	return names[m->form];
}

static const char *text_of(struct buf *b, struct arena *a)
{
	const char *text = arena_strdup(a, buf_str(b));

	buf_clear(b);
	return text;
}

/* The width of a data sequence number is part of what is compared. */
static const char *value_text(const struct mptcp_val *v, bool wide, struct buf *b, struct arena *a)
{
	if (!v->bytes)
		return "none";
	print_number(v->n, b);
	if (wide)
		buf_printf(b, " (%u bytes)", v->bytes);
	return text_of(b, a);
}

static const char *rest_text(const struct mptcp_opt *m, struct buf *b, struct arena *a)
{
	char text[IP_ADDR_TEXT];

	if (m->form == MPTCP_ADD_ADDR)
		buf_adds(b, ip_addr_text(&m->ip, text));
	else if (m->form == MPTCP_JOIN_ACK)
		print_bytes(m->hmac_bytes, MPTCP_HMAC_BYTES, b);
	else if (m->form == MPTCP_REMOVE_ADDR)
		print_remove(m, b);
	return text_of(b, a);
}

size_t mptcp_opt_fields(const struct mptcp_opt *m, struct arena *a,
			struct mptcp_field_text out[MPTCP_MAX_TEXTS])
{
	static const struct { const char *name; size_t at; bool wide; unsigned forms; } rows[] = {
#define ROW(name, member, wide, forms) { name, offsetof(struct mptcp_opt, member), wide, forms }
#define IN(form) (1u << MPTCP_##form)
		ROW("key", key[0], false, IN(CAPABLE) | IN(FASTCLOSE)),
		ROW("receiver_key", key[1], false, IN(CAPABLE)),
		ROW("address_id", id, false, IN(JOIN_SYN) | IN(JOIN_SYN_ACK) | IN(ADD_ADDR) | IN(PRIO)),
		ROW("token", token, false, IN(JOIN_SYN)),
		ROW("dack", dack, true, IN(DSS)),
		ROW("dsn", dsn, true, IN(DSS) | IN(FAIL)),
		ROW("ssn", ssn, false, IN(DSS)),
		ROW("dll", dll, false, IN(DSS)),
		ROW("mpcdatalen", dll, false, IN(CAPABLE)),
		ROW("cksum", cksum, false, IN(DSS) | IN(CAPABLE)),
		ROW("port", port, false, IN(ADD_ADDR)),
		ROW("hmac", hmac, false, IN(JOIN_SYN_ACK) | IN(ADD_ADDR)),
		ROW("rand", rand, false, IN(JOIN_SYN) | IN(JOIN_SYN_ACK)),
		ROW("reason", reason, false, IN(RST)),
#undef ROW
	};
	static const struct { const char *name; unsigned forms; } bits[] = {
		{ "flags", IN(CAPABLE) | IN(RST) }, { "version", IN(CAPABLE) },
		{ "backup", IN(JOIN_SYN) | IN(JOIN_SYN_ACK) | IN(PRIO) },
		{ "fin", IN(DSS) }, { "echo", IN(ADD_ADDR) },
	};
	const char *form = form_name(m), *rest = m->form == MPTCP_ADD_ADDR ? "addr" :
		m->form == MPTCP_REMOVE_ADDR ? "ids" : m->form == MPTCP_JOIN_ACK ? "hmac" : NULL;
	const unsigned numbers[] = { m->flags, m->version, m->backup, m->fin, m->echo };
	struct buf b = { 0 };
	size_t i, n = 0;

	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (bits[i].forms & 1u << m->form)
			out[n++] = (struct mptcp_field_text){
				arena_printf(a, "%s.%s", form, bits[i].name),
				arena_printf(a, i ? "%u" : "0x%02x", numbers[i]) };
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].forms & 1u << m->form)
			out[n++] = (struct mptcp_field_text){
				arena_printf(a, "%s.%s", form, rows[i].name),
				value_text((const void *)((const char *)m + rows[i].at),
					   rows[i].wide, &b, a) };
	if (rest)
		out[n++] = (struct mptcp_field_text){ arena_printf(a, "%s.%s", form, rest),
						      rest_text(m, &b, a) };
#undef IN
	buf_free(&b);
	return n;
}
