/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packet headers as values of socket options, for kernels with options that
 * set the encapsulation of a socket: a GRE header (RFC 2784, 2890) with room
 * for all its fields, and a stack of MPLS labels (RFC 3032).
 */
#include "config.h"

#include "sys/opt_value.h"
#include "base/arena.h"
#include "base/diag.h"
#include "sys/eval.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"

#include <inttypes.h>
#include <string.h>

/* Where the fields are when all are there, whatever the flags say. */
static const struct gre_field {
	const char *name;
	uint8_t offset, width;
} gre_table[] = {
	{ "flags", 0, 2 }, { "sum", 4, 2 }, { "off", 6, 2 }, { "key", 8, 4 }, { "seq", 12, 4 },
};

#define GRE_FIELDS (sizeof(gre_table) / sizeof(gre_table[0]))
#define GRE_FULL_BYTES 16

/* One place of an MPLS entry's 32 bits. */
static const struct mpls_field {
	const char *name;
	uint8_t shift;
	uint32_t max;
} mpls_table[] = {
	{ "label", 12, 0xfffff }, { "tc", 9, 7 }, { "ttl", 0, 255 },
};

#define MPLS_FIELDS (sizeof(mpls_table) / sizeof(mpls_table[0]))
#define MPLS_BOTTOM 0x100

static int out_of_range(struct sys_ctx *x, const struct expr *e)
{
	return diag_error(x->diag, e->span, "%s is out of range: %" PRId64, e->text, e->num);
}

static int gre_add(struct sys_ctx *x, const struct expr *e, uint8_t *bytes)
{
	size_t i;

	for (i = 0; e->kind == EXPR_ENTRY && i < GRE_FIELDS; i++) {
		if (strcmp(gre_table[i].name, e->text))
			continue;
		if (e->num < 0 || e->num >> (8 * gre_table[i].width))
			return out_of_range(x, e);
		if (gre_table[i].width == 2)
			put_be16(bytes + gre_table[i].offset, (uint16_t)e->num);
		else
			put_be32(bytes + gre_table[i].offset, (uint32_t)e->num);
		return 0;
	}
	return diag_error(x->diag, e->span, "a GRE header has flags, sum N, off N, key N, seq N");
}

static int gre_header(struct sys_ctx *x, const struct expr *e, struct opt_value *v)
{
	const struct expr *item;

	v->natural = v->len = GRE_FULL_BYTES;
	v->bytes = arena_alloc(x->arena, v->len);
	STAILQ_FOREACH(item, e->items, next)
		if (gre_add(x, item, v->bytes))
			return -1;
	return 0;
}

/* [S]: the bottom of the stack. */
static bool is_bottom(const struct expr *e)
{
	const struct expr *s = e->kind == EXPR_LIST ? expr_list_at(e->items, 0) : NULL;

	return s && s->kind == EXPR_WORD && !strcmp(s->text, "S") && expr_list_count(e->items) == 1;
}

static int mpls_add(struct sys_ctx *x, const struct expr *e, uint32_t *entry)
{
	size_t i;

	if (is_bottom(e)) {
		*entry |= MPLS_BOTTOM;
		return 0;
	}
	for (i = 0; e->kind == EXPR_ENTRY && i < MPLS_FIELDS; i++) {
		if (strcmp(mpls_table[i].name, e->text))
			continue;
		if (e->num < 0 || e->num > mpls_table[i].max)
			return out_of_range(x, e);
		*entry |= (uint32_t)e->num << mpls_table[i].shift;
		return 0;
	}
	return diag_error(x->diag, e->span, "an MPLS entry has label N, tc N, [S], ttl N");
}

static int mpls_stack(struct sys_ctx *x, const struct expr *e, struct opt_value *v)
{
	const struct expr *group, *item;
	uint32_t entry;
	uint8_t *at;

	v->natural = v->len = (socklen_t)expr_list_count(e->items) * MPLS_ENTRY_BYTES;
	at = v->bytes = arena_alloc(x->arena, v->len);
	STAILQ_FOREACH(group, e->items, next) {
		entry = 0;
		STAILQ_FOREACH(item, group->items, next)
			if (mpls_add(x, item, &entry))
				return -1;
		put_be32(at, entry);
		at += MPLS_ENTRY_BYTES;
	}
	return 0;
}

bool opt_is_header(const struct expr *e)
{
	const struct expr *first = e->kind == EXPR_STRUCT ? expr_list_at(e->items, 0) : NULL;

	return first && (first->kind == EXPR_ENTRY || first->kind == EXPR_GROUP);
}

int opt_header(struct sys_ctx *x, const struct expr *e, struct opt_value *v)
{
	return expr_list_at(e->items, 0)->kind == EXPR_GROUP ? mpls_stack(x, e, v) :
		gre_header(x, e, v);
}
