/* SPDX-License-Identifier: BSD-2-Clause */
/* Payloads of control messages: extended errors, time stamps, and integers or bytes. */
#include "config.h"

#include "sys/cmsg.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sys/args.h"
#include "sys/eval.h"
#include "sys/sockaddr.h"
#include "sys/symbols.h"

#include <inttypes.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* An unsigned number of 1, 2, 4 or 8 bytes as the machine stores it. */
static uint64_t get_number(const uint8_t *p, size_t size)
{
	uint64_t v = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&v, p, size);
#else
	memcpy((uint8_t *)&v + sizeof(v) - size, p, size);
#endif
	return v;
}

static void put_number(uint8_t *p, size_t size, int64_t v)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(p, &v, size);
#else
	memcpy(p, (const uint8_t *)&v + sizeof(v) - size, size);
#endif
}

/* False if v needs more than that many bytes, signed or not. */
static bool fits(int64_t v, size_t size)
{
	return size >= 8 || (v >= -(INT64_C(1) << (8 * size - 1)) && v < INT64_C(1) << 8 * size);
}

/* ---- struct sock_extended_err (ip(7), IP_RECVERR) ---- */

static const struct name_value origin_table[] = {
	{ "SO_EE_ORIGIN_NONE", SO_EE_ORIGIN_NONE }, { "SO_EE_ORIGIN_LOCAL", SO_EE_ORIGIN_LOCAL },
	{ "SO_EE_ORIGIN_ICMP", SO_EE_ORIGIN_ICMP }, { "SO_EE_ORIGIN_ICMP6", SO_EE_ORIGIN_ICMP6 },
	{ "SO_EE_ORIGIN_TIMESTAMPING", SO_EE_ORIGIN_TIMESTAMPING },
	{ "SO_EE_ORIGIN_ZEROCOPY", SO_EE_ORIGIN_ZEROCOPY }, { "SO_EE_ORIGIN_TXTIME", 6 }, { NULL, 0 }
};

static const struct recverr_field {
	const char *name;
	size_t offset, size;
} recverr_table[] = {
#define FIELD(f) { #f, offsetof(struct sock_extended_err, f), \
		   sizeof(((struct sock_extended_err *)0)->f) }
	FIELD(ee_errno), FIELD(ee_origin), FIELD(ee_type), FIELD(ee_code), FIELD(ee_info),
	FIELD(ee_data),
};

#define N_RECVERR (sizeof(recverr_table) / sizeof(recverr_table[0]))

static int recverr_encode(struct sys_ctx *x, struct cmsg_want *w)
{
	static const char *const members[] = {
		"ee_errno", "ee_origin", "ee_type", "ee_code", "ee_info", "ee_data", NULL
	};
	const struct expr *e;
	int64_t v;
	size_t i;

	/* The offender's address follows the struct. */
	w->len = sizeof(struct sock_extended_err) +
		(w->level == SOL_IP ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
	w->bytes = arena_alloc(x->arena, w->len);
	if (eval_members(w->data, members, x->diag))
		return -1;
	for (i = 0; i < N_RECVERR; i++) {
		e = eval_field(w->data, recverr_table[i].name);
		if (!e)
			return diag_error(x->diag, w->data->span, "the extended error lacks %s",
					  recverr_table[i].name);
		if (e->kind == EXPR_ELLIPSIS)
			continue;
		if (eval_int(e, &v, x->diag))
			return -1;
		if (!fits(v, recverr_table[i].size))
			return diag_error(x->diag, e->span, "%s has %zu bits", recverr_table[i].name,
					  8 * recverr_table[i].size);
		put_number(w->bytes + recverr_table[i].offset, recverr_table[i].size, v);
	}
	return 0;
}

static const char *recverr_text(struct sys_ctx *x, size_t field, uint64_t v)
{
	char name[24];
	const char *origin;

	if (field == 0 && v)
		return arena_printf(x->arena, "%s (%" PRIu64 ")", errno_name((int)v, name), v);
	origin = field == 1 ? names_text(origin_table, (int64_t)v) : NULL;
	return origin ? arena_printf(x->arena, "%s (%" PRIu64 ")", origin, v)
		      : arena_printf(x->arena, "%" PRIu64, v);
}

static void recverr_verify(struct sys_ctx *x, const struct cmsg_want *w, const uint8_t *got,
			   size_t len, struct mismatch ***tail)
{
	const struct recverr_field *f;
	uint64_t want, is;
	size_t i;

	for (i = 0; i < N_RECVERR; i++) {
		f = &recverr_table[i];
		if (f->offset + f->size > len)
			return;
		want = get_number(w->bytes + f->offset, f->size);
		is = get_number(got + f->offset, f->size);
		if (want != is && eval_field(w->data, f->name)->kind != EXPR_ELLIPSIS)
			mismatch_add(x, tail, cmsg_field(x, w, f->name), recverr_text(x, i, want),
				     recverr_text(x, i, is));
	}
}

const struct cmsg_kind cmsg_recverr = { recverr_encode, recverr_verify };

/* ---- struct scm_timestamping (the kernel's Documentation/networking/timestamping.rst) ---- */

static int stamps_encode(struct sys_ctx *x, struct cmsg_want *w)
{
	static const char *const members[] = { "scm_sec", "scm_nsec", NULL };
	const struct expr *sec = eval_field(w->data, "scm_sec");
	const struct expr *nsec = eval_field(w->data, "scm_nsec");
	struct timespec stamps[3] = { 0 };
	int64_t s, ns;

	if (!sec || !nsec || eval_members(w->data, members, x->diag))
		return diag_error(x->diag, w->data->span, "expected {scm_sec=N, scm_nsec=N}");
	if (eval_int(sec, &s, x->diag) || eval_int(nsec, &ns, x->diag))
		return -1;
	if (s < 0 || s > 1000000000 || ns < 0 || ns >= NS_PER_SEC)
		return diag_error(x->diag, w->data->span, "not a time since the script's start");
	stamps[0] = (struct timespec){ .tv_sec = s, .tv_nsec = ns };
	w->bytes = arena_memdup(x->arena, stamps, sizeof(stamps));
	w->len = sizeof(stamps);
	return 0;
}

/* How far a stamp, in script time, lies outside what is allowed; 0 = it does not. */
static nstime stamp_off(const struct sys_ctx *x, nstime want, nstime is)
{
	nstime early = want + x->stamps.early - x->settings->tolerance;
	nstime late = want + x->stamps.late + x->settings->tolerance;

	return is < early ? is - want : is > late ? is - want : 0;
}

static void stamps_verify(struct sys_ctx *x, const struct cmsg_want *w, const uint8_t *got,
			  size_t len, struct mismatch ***tail)
{
	char want_text[NSTIME_TEXT], text[NSTIME_TEXT], off[NSTIME_TEXT];
	struct timespec want, is;
	nstime t, at[2];

	memcpy(&want, w->bytes, sizeof(want));
	t = nstime_from_timespec(want);
	/* A zero entry is not compared: what is at time zero has no way to be written. */
	if (!t || len < sizeof(is))
		return;
	memcpy(&is, got, sizeof(is));
	at[0] = nstime_from_timespec(is) - x->stamps.zero[0];
	at[1] = nstime_from_timespec(is) - x->stamps.zero[1];
	if (!stamp_off(x, t, at[0]) || !stamp_off(x, t, at[1]))
		return;
	mismatch_add(x, tail, cmsg_field(x, w, "scm_timestamping"),
		     arena_printf(x->arena, "%s s", nstime_text(t, want_text)),
		     !is.tv_sec && !is.tv_nsec ? "no stamp" :
		     arena_printf(x->arena, "%s s (%s %s)", nstime_text(at[1], text),
				  nstime_words(at[1] < t ? t - at[1] : at[1] - t, off),
				  at[1] < t ? "early" : "late"));
}

const struct cmsg_kind cmsg_stamps = { stamps_encode, stamps_verify };

/* ---- everything else ---- */

static int bytes_encode(struct sys_ctx *x, struct cmsg_want *w)
{
	size_t size = w->width == 1 || w->width == 2 || w->width == 8 ? (size_t)w->width : 4;
	struct sockaddr_storage ss;
	socklen_t len;
	int64_t v;

	if (w->data->kind == EXPR_STRING) {
		w->bytes = arena_memdup(x->arena, w->data->text, w->data->len);
		w->len = w->data->len;
	} else if (sockaddr_is_literal(w->data)) {
		if (sockaddr_eval(w->data, &ss, &len, x->diag))
			return -1;
		w->bytes = arena_memdup(x->arena, &ss, len);
		w->len = len;
	} else {
		if (eval_int(w->data, &v, x->diag))
			return -1;
		if (!fits(v, size))
			return diag_error(x->diag, w->data->span,
					  "Value out of range for %zu-bit integer: %" PRId64,
					  8 * size, v);
		w->bytes = arena_alloc(x->arena, sizeof(v));
		put_number(w->bytes, size, v);
		w->len = size;
	}
	return 0;
}

/* A number as it was written: signed where the script's is. */
static const char *number_text(struct sys_ctx *x, const uint8_t *p, size_t size)
{
	int32_t v;

	if (size != sizeof(v))
		return arena_printf(x->arena, "%" PRIu64, get_number(p, size));
	memcpy(&v, p, sizeof(v));
	return arena_printf(x->arena, "%" PRId32, v);
}

static void bytes_verify(struct sys_ctx *x, const struct cmsg_want *w, const uint8_t *got,
			 size_t len, struct mismatch ***tail)
{
	struct buf want = { 0 }, is = { 0 };

	if (len == w->len && !memcmp(got, w->bytes, len))
		return;
	if (w->data->kind != EXPR_STRING && w->data->kind != EXPR_STRUCT && len == w->len) {
		mismatch_add(x, tail, cmsg_field(x, w, "cmsg_data"), number_text(x, w->bytes, len),
			     number_text(x, got, len));
		return;
	}
	buf_add_escaped(&want, (const char *)w->bytes, w->len);
	buf_add_escaped(&is, (const char *)got, len);
	mismatch_add(x, tail, cmsg_field(x, w, "cmsg_data"), buf_str(&want), buf_str(&is));
	buf_free(&want);
	buf_free(&is);
}

const struct cmsg_kind cmsg_bytes = { bytes_encode, bytes_verify };
