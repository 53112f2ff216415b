/* SPDX-License-Identifier: BSD-2-Clause */
/* SCM_TIMESTAMPING_OPT_STATS: netlink attributes, {TCP_NLA_BUSY=N, ..., TCP_NLA_SRTT=...}. */
#include "config.h"

#include "sys/cmsg.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/names.h"
#include "sys/args.h"
#include "sys/eval.h"

#include <inttypes.h>
#include <linux/netlink.h>
#include <string.h>

/*
 * Attributes and what they hold, as tcp_get_timestamping_opt_stats() of Linux
 * 6.18 puts them. The numbers are those of linux/tcp.h, written down because
 * headers lag behind kernels.
 */
static const struct stat_row {
	const char *name;
	uint16_t type;
	uint8_t size;
	bool duration;	/* in us, counted in timer ticks: compared within the tolerance */
} stat_table[] = {
	{ "TCP_NLA_BUSY", 1, 8, true },
	{ "TCP_NLA_RWND_LIMITED", 2, 8, true },
	{ "TCP_NLA_SNDBUF_LIMITED", 3, 8, true },
	{ "TCP_NLA_DATA_SEGS_OUT", 4, 8, false },
	{ "TCP_NLA_TOTAL_RETRANS", 5, 8, false },
	{ "TCP_NLA_PACING_RATE", 6, 8, false },
	{ "TCP_NLA_DELIVERY_RATE", 7, 8, false },
	{ "TCP_NLA_SND_CWND", 8, 4, false },
	{ "TCP_NLA_REORDERING", 9, 4, false },
	{ "TCP_NLA_MIN_RTT", 10, 4, false },
	{ "TCP_NLA_RECUR_RETRANS", 11, 1, false },
	{ "TCP_NLA_DELIVERY_RATE_APP_LMT", 12, 1, false },
	{ "TCP_NLA_SNDQ_SIZE", 13, 4, false },
	{ "TCP_NLA_CA_STATE", 14, 1, false },
	{ "TCP_NLA_SND_SSTHRESH", 15, 4, false },
	{ "TCP_NLA_DELIVERED", 16, 4, false },
	{ "TCP_NLA_DELIVERED_CE", 17, 4, false },
	{ "TCP_NLA_BYTES_SENT", 18, 8, false },
	{ "TCP_NLA_BYTES_RETRANS", 19, 8, false },
	{ "TCP_NLA_DSACK_DUPS", 20, 4, false },
	{ "TCP_NLA_REORD_SEEN", 21, 4, false },
	{ "TCP_NLA_SRTT", 22, 4, false },
	{ "TCP_NLA_TIMEOUT_REHASH", 23, 2, false },
	{ "TCP_NLA_BYTES_NOTSENT", 24, 4, false },
	{ "TCP_NLA_EDT", 25, 8, false },
	{ "TCP_NLA_TTL", 26, 1, false },
	{ "TCP_NLA_REHASH", 27, 4, false },
};

#define N_STATS (sizeof(stat_table) / sizeof(stat_table[0]))
#define STAT_PAD 0	/* TCP_NLA_PAD: aligns the next one on some machines */
/* Room for all that a kernel may tell when a script names a few: twice today's. */
#define OPEN_ROOM 512

static const struct stat_row *row_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < N_STATS; i++)
		if (!strcmp(stat_table[i].name, name))
			return &stat_table[i];
	return NULL;
}

static const char *stat_name(struct sys_ctx *x, uint16_t type)
{
	size_t i;

	for (i = 0; i < N_STATS; i++)
		if (stat_table[i].type == type)
			return stat_table[i].name;
	return arena_printf(x->arena, "attribute %u", type);
}

/* One received attribute; the fixed-size header is copied because nothing is aligned. */
struct stat {
	uint16_t type;
	size_t size;
	uint64_t value;
};

/* The next attribute that is no padding. False at the end, or where it is cut off. */
static bool stat_next(const uint8_t **p, size_t *left, struct stat *s)
{
	struct nlattr a;
	size_t step;

	do {
		if (*left < sizeof(a))
			return false;
		memcpy(&a, *p, sizeof(a));
		if (a.nla_len < sizeof(a) || a.nla_len > *left)
			return false;
		s->type = a.nla_type;
		s->size = a.nla_len - sizeof(a);
		s->value = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		memcpy(&s->value, *p + sizeof(a), s->size < 8 ? s->size : 8);
#else
		if (s->size <= 8)
			memcpy((uint8_t *)&s->value + 8 - s->size, *p + sizeof(a), s->size);
#endif
		step = NLA_ALIGN((size_t)a.nla_len);
		step = step < *left ? step : *left;
		*p += step;
		*left -= step;
	} while (s->type == STAT_PAD);
	return true;
}

static int stat_check(struct sys_ctx *x, const struct expr *f, size_t *len)
{
	const struct stat_row *row = row_by_name(f->text);
	int64_t v;

	if (!row)
		return diag_error(x->diag, f->span, "unknown attribute: '%s'", f->text);
	*len += NLA_HDRLEN + NLA_ALIGN(row->size);
	if (f->value->kind == EXPR_ELLIPSIS)
		return 0;
	if (eval_int(f->value, &v, x->diag))
		return -1;
	if (v < 0 || (row->size < 8 && v >> (8 * row->size)))
		return diag_error(x->diag, f->value->span, "%s has %d bits", row->name, 8 * row->size);
	return 0;
}

static int stats_encode(struct sys_ctx *x, struct cmsg_want *w)
{
	const struct expr *f;

	if (w->data->kind != EXPR_STRUCT && w->data->kind != EXPR_LIST)
		return eval_bad_type(w->data, "list", x->diag);
	if (!w->data->items)
		return 0;
	STAILQ_FOREACH(f, w->data->items, next) {
		if (f->kind == EXPR_ELLIPSIS && !STAILQ_NEXT(f, next))
			w->open = true;
		else if (f->kind != EXPR_FIELD)
			return diag_error(x->diag, f->span, "expected TCP_NLA_NAME=VALUE; ... stands "
					  "last, for attributes not named");
		else if (stat_check(x, f, &w->len))
			return -1;
	}
	w->bytes = arena_alloc(x->arena, w->len);
	w->room = OPEN_ROOM;
	return 0;
}

static bool stat_ok(const struct sys_ctx *x, const struct stat_row *row, uint64_t want, uint64_t got)
{
	uint64_t off = want > got ? want - got : got - want;
	nstime allowed = x->settings->tolerance + x->stamps.late + x->stamps.tick;

	if (!row->duration || !want)
		return want == got;
	return off <= (uint64_t)(allowed / NS_PER_US);
}

static void stat_compare(struct sys_ctx *x, const struct cmsg_want *w, const struct expr *f,
			 const struct stat *got, struct mismatch ***tail)
{
	const struct stat_row *row = row_by_name(f->text);
	int64_t want;

	if (f->value->kind == EXPR_ELLIPSIS || eval_int(f->value, &want, x->diag))
		return;
	if (!stat_ok(x, row, (uint64_t)want, got->value))
		mismatch_add(x, tail, cmsg_field(x, w, row->name),
			     arena_printf(x->arena, "%" PRId64, want),
			     arena_printf(x->arena, "%" PRIu64, got->value));
}

/* Some of them, in any order. */
static void stats_some(struct sys_ctx *x, const struct cmsg_want *w, const uint8_t *data, size_t len,
		       struct mismatch ***tail)
{
	const struct expr *f;

	STAILQ_FOREACH(f, w->data->items, next) {
		const struct stat_row *row = f->kind == EXPR_FIELD ? row_by_name(f->text) : NULL;
		const uint8_t *p = data;
		struct stat s = { 0 };
		size_t left = len;
		bool more = true;

		if (!row)
			continue;
		while ((more = stat_next(&p, &left, &s)) && s.type != row->type)
			;
		if (more)
			stat_compare(x, w, f, &s, tail);
		else
			mismatch_add(x, tail, cmsg_field(x, w, row->name), "told", "not told");
	}
}

/* All of them, in the kernel's order. */
static void stats_all(struct sys_ctx *x, const struct cmsg_want *w, const uint8_t *data, size_t len,
		      struct mismatch ***tail)
{
	const struct expr *f;
	struct stat s;
	int i = 0;

	for (f = expr_list_at(w->data->items, 0); f; f = STAILQ_NEXT(f, next)) {
		bool more = stat_next(&data, &len, &s);

		if (!more || s.type != row_by_name(f->text)->type) {
			mismatch_add(x, tail, cmsg_field(x, w, arena_printf(x->arena, "attribute %d", i)),
				     f->text, more ? stat_name(x, s.type) : "none");
			return;
		}
		stat_compare(x, w, f, &s, tail);
		i++;
	}
	if (stat_next(&data, &len, &s))
		mismatch_add(x, tail, cmsg_field(x, w, arena_printf(x->arena, "attribute %d", i)), "none",
			     stat_name(x, s.type));
}

static void stats_verify(struct sys_ctx *x, const struct cmsg_want *w, const uint8_t *got, size_t len,
			 struct mismatch ***tail)
{
	if (w->open)
		stats_some(x, w, got, len, tail);
	else
		stats_all(x, w, got, len, tail);
}

const struct cmsg_kind cmsg_stats = { stats_encode, stats_verify };
