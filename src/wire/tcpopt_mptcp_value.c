/* SPDX-License-Identifier: BSD-2-Clause */
/* Values in MPTCP options: numbers, names, functions of keys. */
#include "config.h"

#include "wire/tcpopt_mptcp_parse.h"
#include "base/diag.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define IN(form) (1u << MPTCP_##form)

/* Functions of keys: what field each computes, and of how many keys. */
static const struct call_desc {
	const char *name;
	unsigned forms;
	uint8_t least, most;
} call_table[] = {
	{ "sha1_32", IN(JOIN_SYN), 1, 1 },
	{ "sha256_32", IN(JOIN_SYN), 1, 1 },
	{ "trunc_l64_hmac", IN(JOIN_SYN_ACK), 1, 2 },
	{ "full_160_hmac", IN(JOIN_SYN_ACK) | IN(JOIN_ACK), 1, 2 },
	{ "trunc_r64_hmac", IN(DSS) | IN(FAIL), 1, 1 },
	{ "trunc_r64_hmac_sha1", IN(DSS) | IN(FAIL), 1, 1 },
	{ "trunc_r64_hmac_sha256", IN(DSS) | IN(FAIL), 1, 1 },
	{ NULL, 0, 0, 0 }
};

/* A number's text: the scanner's own is signed, ours has all 64 bits. */
int mptcp_read_number(struct reader *r, const struct opt_atom *a, uint64_t max, const char *what,
		  uint64_t *n)
{
	char *end;

	if (a->kind != ATOM_NUM)
		return diag_error(r->d, a->span, "%s %s wants a number", r->option, what);
	errno = 0;
	*n = strtoull(a->text, &end, strncmp(a->text, "0x", 2) ? 10 : 16);
	if (errno || *end || *a->text == '-' || *n > max)
		return diag_error(r->d, a->span, "%s %s out of range (0 to %" PRIu64 ")", r->option,
				  what, max);
	return 0;
}

static int hex_digits(struct reader *r, const struct opt_atom *a)
{
	unsigned byte;
	size_t i;

	if (strlen(a->text) != 2 * MPTCP_HMAC_BYTES ||
	    strspn(a->text, "0123456789abcdefABCDEF") != 2 * MPTCP_HMAC_BYTES)
		return diag_error(r->d, a->span, "full_160_hmac wants two keys or %d hex digits",
				  2 * MPTCP_HMAC_BYTES);
	for (i = 0; i < MPTCP_HMAC_BYTES; i++) {
		char two[3] = { a->text[2 * i], a->text[2 * i + 1], 0 };

		byte = (unsigned)strtoul(two, NULL, 16);
		r->m->hmac_bytes[i] = (uint8_t)byte;
	}
	return 0;
}

/* FUNCTION(KEY ...): literal HMACs are values at once, the rest waits for the keys. */
static int call(struct reader *r, struct mptcp_val *v, const struct opt_atom *a)
{
	const struct call_desc *t;
	const struct opt_atom *item;
	unsigned n = 0;
	uint64_t ignored;

	for (t = call_table; t->name; t++)
		if (!strcmp(t->name, a->text))
			break;
	if (!t->name || !(t->forms & 1u << r->m->form))
		return diag_error(r->d, a->span, "%s does not know the function '%s'", r->option,
				  a->text);
	STAILQ_FOREACH(item, &a->items, next)
		n++;
	if (n < t->least || n > t->most)
		return diag_error(r->d, a->span, "%s wants %s", a->text,
				  t->most == 1 ? "one key" : "two keys or a literal value");
	item = STAILQ_FIRST(&a->items);
	v->how = MPTCP_CALL;
	v->call = a;
	if (t->most == 2 && n == 1) {
		v->how = MPTCP_NUMBER;
		return t->name[0] == 'f' ? hex_digits(r, item) :
			mptcp_read_number(r, item, UINT64_MAX, a->text, &v->n);
	}
	STAILQ_FOREACH(item, &a->items, next) {
		if (item->kind == ATOM_WORD)
			continue;
		if (item->kind != ATOM_NUM)
			return diag_error(r->d, item->span, "%s wants the name of a key or a number",
					  a->text);
		if (mptcp_read_number(r, item, UINT64_MAX, a->text, &ignored))
			return -1;
	}
	return 0;
}

int mptcp_read_value(struct reader *r, struct mptcp_val *v, const struct opt_atom *a, uint64_t max,
		 unsigned may, const char *what)
{
	v->span = a->span;
	r->last = may & MAY_PLUS ? v : NULL;
	if (a->kind == ATOM_WORD && may & MAY_AUTO && !strcmp(a->text, "auto")) {
		v->how = MPTCP_AUTO;
		return 0;
	}
	if (a->kind == ATOM_WORD && may & MAY_NAME) {
		v->how = MPTCP_NAME;
		v->name = a->text;
		return 0;
	}
	if (a->kind == ATOM_ASSIGN && may & MAY_NAME) {
		v->how = MPTCP_SET;
		v->name = a->text;
		return mptcp_read_number(r, a->value, max, a->text, &v->n);
	}
	if (a->kind == ATOM_CALL && may & MAY_CALL)
		return call(r, v, a);
	v->how = a->absolute ? MPTCP_ABSOLUTE : MPTCP_NUMBER;
	if (a->absolute && !(may & MAY_ABSOLUTE))
		return diag_error(r->d, a->span, "%s %s has no absolute form", r->option, what);
	return mptcp_read_number(r, a, max, what, &v->n);
}
