/* SPDX-License-Identifier: BSD-2-Clause */
/* MPTCP options between bytes and struct mptcp_opt (RFC 8684 section 3). */
#include "config.h"

#include "wire/tcpopt_mptcp.h"
#include "wire/bytes.h"
#include "base/buf.h"
#include "base/diag.h"

#include <string.h>

/* Subtypes (RFC 8684 8.2); the three forms of MP_JOIN differ in length. */
enum { SUB_CAPABLE, SUB_JOIN, SUB_DSS, SUB_ADD_ADDR, SUB_REMOVE_ADDR, SUB_PRIO, SUB_FAIL,
       SUB_FASTCLOSE, SUB_RST };

/* Bits of the DSS option (RFC 8684 3.3). */
enum { DSS_ACK = 0x01, DSS_ACK8 = 0x02, DSS_MAP = 0x04, DSS_DSN8 = 0x08, DSS_FIN = 0x10 };

enum { JOIN_SYN_BYTES = 10, JOIN_SYN_ACK_BYTES = 14, JOIN_ACK_BYTES = 22 };

static void set(struct mptcp_val *v, const uint8_t *at, uint8_t bytes)
{
	v->how = MPTCP_NUMBER;
	v->bytes = bytes;
	v->n = 0;
	while (bytes--)
		v->n = v->n << 8 | *at++;
}

/* Writes a field if the option has it; returns where the next one goes. */
static uint8_t *put(uint8_t *at, const struct mptcp_val *v)
{
	unsigned i;

	for (i = v->bytes; i > 0; i--)
		*at++ = (uint8_t)(v->n >> 8 * (i - 1));
	return at;
}

static bool decode_capable(const uint8_t *data, size_t len, struct mptcp_opt *m)
{
	if (len != 2 && len != 10 && len != 18 && len != 20 && len != 22)
		return false;
	m->form = MPTCP_CAPABLE;
	m->version = data[0] & 0xf;
	m->flags = data[1];
	if (len >= 10)
		set(&m->key[0], data + 2, 8);
	if (len >= 18)
		set(&m->key[1], data + 10, 8);
	if (len >= 20)
		set(&m->dll, data + 18, 2);
	if (len >= 22)
		set(&m->cksum, data + 20, 2);
	return m->version <= 1;
}

static bool decode_join(const uint8_t *data, size_t len, struct mptcp_opt *m)
{
	if (data[0] & 0x0e)
		return false;
	m->backup = data[0] & 1;
	if (len == JOIN_ACK_BYTES) {
		m->form = MPTCP_JOIN_ACK;
		m->hmac.how = MPTCP_NUMBER;
		m->hmac.bytes = MPTCP_HMAC_BYTES;
		memcpy(m->hmac_bytes, data + 2, MPTCP_HMAC_BYTES);
		return !m->backup && !data[1];
	}
	if (len != JOIN_SYN_BYTES && len != JOIN_SYN_ACK_BYTES)
		return false;
	set(&m->id, data + 1, 1);
	if (len == JOIN_SYN_BYTES) {
		m->form = MPTCP_JOIN_SYN;
		set(&m->token, data + 2, 4);
	} else {
		m->form = MPTCP_JOIN_SYN_ACK;
		set(&m->hmac, data + 2, 8);
	}
	set(&m->rand, data + len - 4, 4);
	return true;
}

static bool decode_dss(const uint8_t *data, size_t len, struct mptcp_opt *m)
{
	uint8_t bits = data[1];
	size_t need = 2, at = 2;

	if (data[0] & 0xf || bits & 0xe0)
		return false;
	if ((bits & DSS_ACK8 && !(bits & DSS_ACK)) || (bits & DSS_DSN8 && !(bits & DSS_MAP)))
		return false;
	m->form = MPTCP_DSS;
	m->fin = bits & DSS_FIN;
	if (bits & DSS_ACK)
		need += bits & DSS_ACK8 ? 8 : 4;
	if (bits & DSS_MAP)
		need += (bits & DSS_DSN8 ? 8 : 4) + 6;
	if (len != need && !(bits & DSS_MAP && len == need + 2))
		return false;
	if (bits & DSS_ACK) {
		set(&m->dack, data + at, bits & DSS_ACK8 ? 8 : 4);
		at += m->dack.bytes;
	}
	if (bits & DSS_MAP) {
		set(&m->dsn, data + at, bits & DSS_DSN8 ? 8 : 4);
		at += m->dsn.bytes;
		set(&m->ssn, data + at, 4);
		set(&m->dll, data + at + 4, 2);
		if (len > need)
			set(&m->cksum, data + at + 6, 2);
	}
	return true;
}

static bool decode_add_addr(const uint8_t *data, size_t len, struct mptcp_opt *m)
{
	size_t rest;

	if (data[0] & 0x0e || len < 2)
		return false;
	m->form = MPTCP_ADD_ADDR;
	m->echo = data[0] & 1;
	/* An echo carries no HMAC, anything else does. */
	rest = m->echo ? len - 2 : len - 2 - (len > 10 ? 8 : 0);
	if (!m->echo && len <= 10)
		return false;
	if (rest != 4 && rest != 6 && rest != 16 && rest != 18)
		return false;
	set(&m->id, data + 1, 1);
	m->addr.how = MPTCP_NUMBER;
	m->addr.bytes = rest < 16 ? 4 : 16;
	m->ip.family = rest < 16 ? AF_INET : AF_INET6;
	memcpy(m->ip.b, data + 2, m->addr.bytes);
	if (rest != m->addr.bytes)
		set(&m->port, data + 2 + m->addr.bytes, 2);
	if (!m->echo)
		set(&m->hmac, data + len - 8, 8);
	return true;
}

static bool decode_remove(const uint8_t *data, size_t len, struct mptcp_opt *m)
{
	if (data[0] & 0xf || len < 2 || len - 1 > MPTCP_MAX_IDS)
		return false;
	m->form = MPTCP_REMOVE_ADDR;
	m->n_ids = (uint8_t)(len - 1);
	memcpy(m->ids, data + 1, m->n_ids);
	return true;
}

static bool decode_prio(const uint8_t *data, size_t len, struct mptcp_opt *m)
{
	if (data[0] & 0x0e || len > 2)
		return false;
	m->form = MPTCP_PRIO;
	m->backup = data[0] & 1;
	if (len == 2)
		set(&m->id, data + 1, 1);
	return true;
}

static bool decode_eight(const uint8_t *data, size_t len, enum mptcp_form form,
			 struct mptcp_val *v, struct mptcp_opt *m)
{
	if (len != 10 || data[0] & 0xf || data[1])
		return false;
	m->form = form;
	set(v, data + 2, 8);
	return true;
}

static bool decode_rst(const uint8_t *data, size_t len, struct mptcp_opt *m)
{
	if (len != 2)
		return false;
	m->form = MPTCP_RST;
	m->flags = data[0] & 0xf;
	set(&m->reason, data + 1, 1);
	return true;
}

bool mptcp_opt_decode(const uint8_t *data, size_t len, struct mptcp_opt *m)
{
	memset(m, 0, sizeof(*m));
	if (len < 1)
		return false;
	switch (data[0] >> 4) {
	case SUB_CAPABLE:
		return decode_capable(data, len, m);
	case SUB_JOIN:
		return decode_join(data, len, m);
	case SUB_DSS:
		return len >= 2 && decode_dss(data, len, m);
	case SUB_ADD_ADDR:
		return decode_add_addr(data, len, m);
	case SUB_REMOVE_ADDR:
		return decode_remove(data, len, m);
	case SUB_PRIO:
		return decode_prio(data, len, m);
	case SUB_FAIL:
		return decode_eight(data, len, MPTCP_FAIL, &m->dsn, m);
	case SUB_FASTCLOSE:
		return decode_eight(data, len, MPTCP_FASTCLOSE, &m->key[0], m);
	case SUB_RST:
		return decode_rst(data, len, m);
	default:
		return false;
	}
}

static uint8_t first_byte(const struct mptcp_opt *m)
{
	static const uint8_t subtype[MPTCP_FORMS] = {
		[MPTCP_CAPABLE] = SUB_CAPABLE, [MPTCP_JOIN_SYN] = SUB_JOIN,
		[MPTCP_JOIN_SYN_ACK] = SUB_JOIN, [MPTCP_JOIN_ACK] = SUB_JOIN,
		[MPTCP_DSS] = SUB_DSS, [MPTCP_ADD_ADDR] = SUB_ADD_ADDR,
		[MPTCP_REMOVE_ADDR] = SUB_REMOVE_ADDR, [MPTCP_PRIO] = SUB_PRIO,
		[MPTCP_FAIL] = SUB_FAIL, [MPTCP_FASTCLOSE] = SUB_FASTCLOSE, [MPTCP_RST] = SUB_RST,
	};
	unsigned low = m->form == MPTCP_CAPABLE ? m->version : m->form == MPTCP_RST ? m->flags :
		m->backup || m->echo;

	return (uint8_t)(subtype[m->form] << 4 | low);
}

static uint8_t dss_bits(const struct mptcp_opt *m)
{
	unsigned bits = m->fin ? DSS_FIN : 0;

	if (m->dack.bytes)
		bits |= m->dack.bytes == 8 ? DSS_ACK | DSS_ACK8 : DSS_ACK;
	if (m->dsn.bytes)
		bits |= m->dsn.bytes == 8 ? DSS_MAP | DSS_DSN8 : DSS_MAP;
	return (uint8_t)bits;
}

size_t mptcp_opt_put(const struct mptcp_opt *m, uint8_t *data)
{
	uint8_t *at = data;

	*at++ = first_byte(m);
	switch (m->form) {
	case MPTCP_CAPABLE:
		*at++ = m->flags;
		at = put(put(put(put(at, &m->key[0]), &m->key[1]), &m->dll), &m->cksum);
		break;
	case MPTCP_JOIN_SYN:
		at = put(put(put(at, &m->id), &m->token), &m->rand);
		break;
	case MPTCP_JOIN_SYN_ACK:
		at = put(put(put(at, &m->id), &m->hmac), &m->rand);
		break;
	case MPTCP_JOIN_ACK:
		*at++ = 0;
		memcpy(at, m->hmac_bytes, MPTCP_HMAC_BYTES);
		at += MPTCP_HMAC_BYTES;
		break;
	case MPTCP_DSS:
		*at++ = dss_bits(m);
		at = put(put(at, &m->dack), &m->dsn);
		at = put(put(put(at, &m->ssn), &m->dll), &m->cksum);
		break;
	case MPTCP_ADD_ADDR:
		at = put(at, &m->id);
		memcpy(at, m->ip.b, m->addr.bytes);
		at = put(put(at + m->addr.bytes, &m->port), &m->hmac);
		break;
	case MPTCP_REMOVE_ADDR:
		memcpy(at, m->ids, m->n_ids);
		at += m->n_ids;
		break;
	case MPTCP_PRIO:
		at = put(at, &m->id);
		break;
	case MPTCP_FAIL:
		*at++ = 0;
		at = put(at, &m->dsn);
		break;
	case MPTCP_FASTCLOSE:
		*at++ = 0;
		at = put(at, &m->key[0]);
		break;
	case MPTCP_RST:
		at = put(at, &m->reason);
		break;
	case MPTCP_FORMS:
		break;
	}
	return (size_t)(at - data);
}

static int encode(const struct tcpopt_desc *t, const struct spec_opt *o, struct tcpopt_bytes *out,
		  struct diag_sink *d)
{
	uint8_t data[TCPOPT_MAX_BYTES + MPTCP_MAX_IDS];
	struct mptcp_opt m;
	size_t n, i;

	(void)t;
	if (mptcp_opt_parse(o, out->family, &m, d))
		return -1;
	n = mptcp_opt_put(&m, data);
	for (i = 0; i < n; i++)
		tcpopt_put(out, data[i]);
	return 0;
}

static void print(const struct tcpopt_desc *t, const uint8_t *data, size_t len, struct buf *out)
{
	struct mptcp_opt m;

	(void)t;
	if (mptcp_opt_decode(data, len, &m))
		mptcp_opt_print(&m, out);
}

bool mptcp_opt_matches(const struct tcpopt_desc *t, const uint8_t *data, size_t len)
{
	enum mptcp_form form;
	struct mptcp_opt m;

	return mptcp_opt_form(t->name, &form) && mptcp_opt_decode(data, len, &m) && m.form == form;
}

const struct tcpopt_codec mptcp_codec = { encode, print };
