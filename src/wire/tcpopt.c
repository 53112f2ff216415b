/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP options (RFC 9293 3.1) between script text and bytes, driven by tcpopt_table. */
#include "config.h"

#include "wire/tcpopt.h"
#include "wire/bytes.h"
#include "wire/tcpopt_table.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/names.h"

#include <string.h>
#include <strings.h>

/* Options that share a name are told apart by the label of their first number. */
static const struct tcpopt_desc *find_by_text(const struct spec_opt *o)
{
	const struct opt_atom *a = STAILQ_FIRST(&o->atoms);
	const struct tcpopt_desc *t, *first = NULL;

	for (t = tcpopt_table; t->name; t++) {
		if (strcmp(t->name, o->name))
			continue;
		if (!first)
			first = t;
		if (a && a->kind == ATOM_WORD && t->field[0].label &&
		    !strcmp(a->text, t->field[0].label))
			return t;
	}
	return first;
}

static int unknown_option(const struct spec_opt *o, struct diag_sink *d)
{
	const struct tcpopt_desc *t;

	for (t = tcpopt_table; t->name; t++)
		if (!strcasecmp(t->name, o->name))
			break;
	if (!t->name)
		for (t = tcpopt_table; t->name; t++)
			if (names_near(o->name, t->name))
				break;
	if (t->name)
		return diag_error(d, o->span, "unknown TCP option '%s'; did you mean '%s'?",
				  o->name, t->name);
	return diag_error(d, o->span,
			  "unknown TCP option '%s'; any bytes can be written 'raw HEX'", o->name);
}

static int encode_one(const struct spec_opt *o, struct tcpopt_bytes *out, struct diag_sink *d)
{
	const struct tcpopt_desc *t = find_by_text(o);
	size_t start = out->n;

	if (!t)
		return unknown_option(o, d);
	if (t->frame != FRAME_RAW)
		tcpopt_put(out, t->kind);
	if (t->frame == FRAME_TLV)
		tcpopt_put(out, 0);
	if (t->codec->encode(t, o, out, d))
		return -1;
	if (out->n > sizeof(out->b))
		return diag_error(d, o->span, "TCP option list too long");
	if (t->frame == FRAME_TLV)
		out->b[start + 1] = (uint8_t)(out->n - start);
	return 0;
}

int tcpopt_encode(const struct pkt_spec *spec, int family, uint8_t *buf, size_t *len,
		  struct diag_sink *d)
{
	struct tcpopt_bytes out = { .family = family };
	const struct spec_opt *o;

	*len = 0;
	if (spec->tcp.opts_kind != OPTS_LIST)
		return 0;
	STAILQ_FOREACH(o, &spec->tcp.opts, next)
		if (encode_one(o, &out, d))
			return -1;
	memcpy(buf, out.b, out.n);
	*len = out.n;
	return 0;
}

size_t tcpopt_written_bytes(const struct spec_opt *o, const uint8_t *at)
{
	const struct tcpopt_desc *t = find_by_text(o);

	if (t && t->frame == FRAME_RAW)
		return strlen(STAILQ_FIRST(&o->atoms)->text) / 2;
	return t && t->frame == FRAME_KIND ? 1 : at[1];
}

/* True for the kinds that are a single byte. */
static bool has_no_length(uint8_t kind)
{
	return kind == TCPO_EOL || kind == TCPO_NOP;
}

int tcpopt_next(const uint8_t *opts, size_t len, size_t *pos, struct tcpopt *o)
{
	size_t left = *pos < len ? len - *pos : 0;

	memset(o, 0, sizeof(*o));
	if (!left)
		return 0;
	o->raw = opts + *pos;
	o->kind = o->raw[0];
	o->raw_len = left;
	*pos = len;
	if (has_no_length(o->kind)) {
		o->raw_len = 1;
	} else {
		if (left < 2 || o->raw[1] < 2 || o->raw[1] > left)
			return -1;
		o->raw_len = o->raw[1];
		o->data = o->raw + 2;
		o->len = o->raw_len - 2;
	}
	*pos = len - left + o->raw_len;
	return 1;
}

bool tcpopt_find(const uint8_t *opts, size_t len, uint8_t kind, struct tcpopt *o)
{
	size_t pos = 0;

	while (tcpopt_next(opts, len, &pos, o) > 0)
		if (o->kind == kind)
			return true;
	memset(o, 0, sizeof(*o));
	return false;
}

/* The row whose bytes these are; NULL if the option is unknown or has a length it must not have. */
static const struct tcpopt_desc *find_by_bytes(const struct tcpopt *o)
{
	const struct tcpopt_desc *t;

	for (t = tcpopt_table; t->name; t++) {
		if (t->frame == FRAME_RAW || t->kind != o->kind)
			continue;
		if (t->frame == FRAME_KIND)
			return t;
		if (!o->data || o->len < t->min || o->len > t->max ||
		    (o->len - t->min) % t->step)
			continue;
		if (t->matches && !t->matches(t, o->data, o->len))
			continue;
		if (!t->exid || get_be16(o->data) == t->exid)
			return t;
	}
	return NULL;
}

void tcpopt_print(const struct tcpopt *o, struct buf *out)
{
	const struct tcpopt_desc *t = find_by_bytes(o);
	size_t i;

	if (t) {
		buf_adds(out, t->name);
		t->codec->print(t, o->data, o->len, out);
		return;
	}
	buf_adds(out, "raw ");
	for (i = 0; i < o->raw_len; i++)
		buf_printf(out, "%02x", o->raw[i]);
}

void tcpopt_print_all(const uint8_t *opts, size_t len, struct buf *out)
{
	const char *before = "<";
	struct tcpopt o;
	size_t pos = 0;

	while (tcpopt_next(opts, len, &pos, &o)) {
		buf_adds(out, before);
		tcpopt_print(&o, out);
		before = ",";
	}
	if (len)
		buf_addc(out, '>');
}
