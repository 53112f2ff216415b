/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP options (RFC 9293 3.1) between script text and bytes, driven by tcpopt_table. */
#include "config.h"

#include "wire/tcpopt.h"
#include "wire/bytes.h"
#include "wire/tcpopt_table.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool has_name(const struct tcpopt_desc *t, const char *name)
{
	size_t n = strlen(t->name);

	return t->name[n - 1] == '-' ? !strncmp(t->name, name, n) : !strcmp(t->name, name);
}

/* Options that share a name are told apart by the label of their first number. */
static const struct tcpopt_desc *find_by_text(const struct spec_opt *o)
{
	const struct opt_atom *a = STAILQ_FIRST(&o->atoms);
	const struct tcpopt_desc *t, *first = NULL;

	for (t = tcpopt_table; t->name; t++) {
		if (!has_name(t, o->name))
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

/* The kind that a name like gen-77 says: 0 to 255, or -1. */
static int named_kind(const struct tcpopt_desc *t, const struct spec_opt *o)
{
	const char *digits = o->name + strlen(t->name);
	long v;

	if (!*digits || strlen(digits) > 3 || strspn(digits, "0123456789") != strlen(digits))
		return -1;
	v = strtol(digits, NULL, 10);
	return v <= UINT8_MAX ? (int)v : -1;
}

static bool has_length(const struct tcpopt_desc *t)
{
	return t->frame == FRAME_TLV || t->frame == FRAME_NAMED;
}

static int encode_one(const struct spec_opt *o, struct tcpopt_bytes *out, struct diag_sink *d)
{
	const struct tcpopt_desc *t = find_by_text(o);
	size_t start = out->n;
	int kind;

	if (!t)
		return unknown_option(o, d);
	kind = t->frame == FRAME_NAMED ? named_kind(t, o) : t->kind;
	if (kind < 0)
		return diag_error(d, o->span, "'%s': the kind of a TCP option is 0 to 255", o->name);
	if (t->frame != FRAME_RAW)
		tcpopt_put(out, (uint8_t)kind);
	if (has_length(t))
		tcpopt_put(out, 0);
	if (t->codec->encode(t, o, out, d))
		return -1;
	if (out->n > sizeof(out->b))
		return diag_error(d, o->span, "TCP option list too long");
	if (has_length(t))
		out->b[start + 1] = (uint8_t)(out->n - start);
	return 0;
}

static const struct opt_atom *open_atom(const struct spec_opt *o)
{
	const struct opt_atom *a;

	STAILQ_FOREACH(a, &o->atoms, next)
		if (a->kind == ATOM_WORD && !strcmp(a->text, "..."))
			return a;
	return NULL;
}

bool tcpopt_is_open(const struct spec_opt *o)
{
	return open_atom(o) != NULL;
}

/* What is left open can only be in what the stack sends. */
static int check_open(const struct spec_opt *o, struct diag_sink *d)
{
	const struct opt_atom *a = open_atom(o);

	return a ? diag_error(d, a->span, "... can only be used with outbound packets") : 0;
}

/* <0204ffff>: one word of hex digits that is no option's name is all the bytes there are. */
static bool is_all_bytes(const struct pkt_spec *spec)
{
	const struct spec_opt *o = STAILQ_FIRST(&spec->tcp.opts);

	return !STAILQ_NEXT(o, next) && STAILQ_EMPTY(&o->atoms) && !find_by_text(o) &&
		strspn(o->name, "0123456789abcdefABCDEF") == strlen(o->name);
}

/* The same as `raw HEX`. */
static int encode_all_bytes(const struct spec_opt *word, struct tcpopt_bytes *out,
			    struct diag_sink *d)
{
	struct opt_atom hex = { .kind = ATOM_WORD, .text = word->name, .span = word->span };
	struct spec_opt o = { .name = "raw", .span = word->span };

	STAILQ_INIT(&o.atoms);
	STAILQ_INSERT_TAIL(&o.atoms, &hex, next);
	return encode_one(&o, out, d);
}

bool tcpopt_is_signature(const struct spec_opt *o)
{
	const struct opt_atom *a = STAILQ_FIRST(&o->atoms);

	return !strcmp(o->name, "md5") && a && a->kind == ATOM_WORD && !strcmp(a->text, "valid");
}

bool tcpopt_is_on_wire(const struct spec_opt *o, const char *label)
{
	const struct opt_atom *a;

	STAILQ_FOREACH(a, &o->atoms, next)
		if (a->kind == ATOM_WORD && !strcmp(a->text, label))
			return STAILQ_NEXT(a, next) && STAILQ_NEXT(a, next)->on_wire;
	return false;
}

const struct spec_opt *tcpopt_written(const struct pkt_spec *spec, const char *name)
{
	const struct spec_opt *o;

	if (spec->kind != SPEC_TCP || spec->tcp.opts_kind != OPTS_LIST)
		return NULL;
	STAILQ_FOREACH(o, &spec->tcp.opts, next)
		if (!strcmp(o->name, name))
			return o;
	return NULL;
}

int tcpopt_encode(const struct pkt_spec *spec, int family, uint8_t *buf, size_t *len,
		  struct diag_sink *d)
{
	struct tcpopt_bytes out = { .family = family };
	const struct spec_opt *o;

	*len = 0;
	if (spec->tcp.opts_kind != OPTS_LIST)
		return 0;
	if (is_all_bytes(spec)) {
		if (encode_all_bytes(STAILQ_FIRST(&spec->tcp.opts), &out, d))
			return -1;
	} else {
		STAILQ_FOREACH(o, &spec->tcp.opts, next)
			if ((spec->dir == PKT_IN && check_open(o, d)) || encode_one(o, &out, d))
				return -1;
	}
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
		if (t->frame == FRAME_RAW || t->frame == FRAME_NAMED || t->kind != o->kind)
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

static void print_hex(const uint8_t *bytes, size_t n, struct buf *out)
{
	while (n--)
		buf_printf(out, "%02x", *bytes++);
}

void tcpopt_print(const struct tcpopt *o, struct buf *out)
{
	const struct tcpopt_desc *t = find_by_bytes(o);

	if (t) {
		buf_adds(out, t->name);
		t->codec->print(t, o->data, o->len, out);
		return;
	}
	if (o->data) {
		buf_printf(out, "gen-%u%s", o->kind, o->len ? " " : "");
		print_hex(o->data, o->len, out);
	} else {
		buf_adds(out, "raw ");
		print_hex(o->raw, o->raw_len, out);
	}
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
