/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/values.h"
#include "base/arena.h"
#include "base/buf.h"
#include "script/value_bind.h"
#include "wire/bytes.h"
#include "wire/tcpopt.h"

const struct event *values_put(struct run *r, const struct event *e)
{
	struct value_binding b = { .values = &r->values, .arena = r->arena };
	const struct event *bound = value_bind(e, &b);
	const struct plan p = timeline_plan(&r->time, e);
	struct result res;

	if (bound)
		return bound;
	res = run_result(r, e, EVK_NONE, &p);
	res.actual = clock_now(r->clock);
	res.whole = e->span;
	res.span = b.at;
	res.message = b.why;
	run_fail(r, &res);
	return NULL;
}

/* ---- packets ---- */

/* A number of an option with so many bytes of data, `at` bytes into it. */
static bool option_number(const struct pkt *p, uint8_t kind, size_t len, size_t at, size_t bytes,
			  double *v)
{
	size_t n;
	const uint8_t *opts = pkt_tcp_opts(p, &n);
	struct tcpopt o;

	if (!opts || !tcpopt_find(opts, n, kind, &o) || o.len != len)
		return false;
	*v = bytes == 4 ? get_be32(o.data + at) : bytes == 2 ? get_be16(o.data + at) : o.data[at];
	return true;
}

static bool tcp_number(const struct pkt *p, enum keep_field field, double *v)
{
	switch (field) {
	case KEEP_SEQ:
		*v = pkt_tcp_seq(p);
		return true;
	case KEEP_ACK:
		*v = pkt_tcp_ack(p);
		return pkt_tcp_flags(p) & TCPF_ACK;
	case KEEP_WIN:
		*v = pkt_tcp_win(p);
		return true;
	case KEEP_URG:
		*v = get_be16(pkt_bytes(p, pkt_transport(p)) + 18);
		return true;
	case KEEP_TSVAL:
		return option_number(p, TCPO_TIMESTAMP, 8, 0, 4, v);
	case KEEP_TSECR:
		return option_number(p, TCPO_TIMESTAMP, 8, 4, 4, v);
	case KEEP_MSS:
		return option_number(p, TCPO_MSS, 2, 0, 2, v);
	case KEEP_WSCALE:
		return option_number(p, TCPO_WSCALE, 1, 0, 1, v);
	default:
		return false;
	}
}

/* RFC 791 3.1, RFC 8200 3. */
static bool ip_number(const struct pkt *p, enum keep_field field, double *v)
{
	const struct hdr *h = pkt_ip(p);
	const uint8_t *ip = h ? pkt_bytes(p, h) : NULL;
	bool v4 = h && h->kind == HDR_IPV4;

	if (!ip)
		return false;
	switch (field) {
	case KEEP_TTL:
		*v = ip[v4 ? 8 : 7];
		return true;
	case KEEP_TOS:
		*v = v4 ? ip[1] : get_be16(ip) >> 4 & 0xff;
		return true;
	case KEEP_IPID:
		*v = get_be16(ip + 4);
		return v4;
	default:
		*v = pkt_flowlabel(p);
		return !v4;
	}
}

static bool port_number(const struct pkt *p, enum keep_field field, double *v)
{
	const struct hdr *h = pkt_transport(p);
	struct pkt_ends ends;

	pkt_get_ends(p, &ends);
	*v = field == KEEP_SPORT ? ends.src_port : ends.dst_port;
	return h && h->kind != HDR_ICMPV4 && h->kind != HDR_ICMPV6;
}

static bool packet_number(const struct pkt *p, enum keep_field field, double *v)
{
	switch (field) {
	case KEEP_LEN:
		*v = p->payload_len;
		return true;
	case KEEP_TTL:
	case KEEP_TOS:
	case KEEP_IPID:
	case KEEP_FLOWLABEL:
		return ip_number(p, field, v);
	case KEEP_SPORT:
	case KEEP_DPORT:
		return port_number(p, field, v);
	default:
		return pkt_is_tcp(p) && tcp_number(p, field, v);
	}
}

static int lacks(struct run *r, const struct keep_ast *k, struct result *res)
{
	res->message = arena_printf(r->arena, "%s cannot be kept: %s", k->desc->name, k->desc->lacking);
	res->whole = res->span;
	res->span = k->span;
	return -1;
}

/* Keeps what is asked for; number() finds what is not the time, in `what`. */
static int keep_all(struct run *r, const struct event *e, nstime when, struct result *res,
		    bool (*number)(struct run *r, const void *what, enum keep_field field, double *v),
		    const void *what)
{
	const struct keep_ast *k;
	double v = 0;

	if (!e->keep)
		return 0;
	STAILQ_FOREACH(k, e->keep, next) {
		if (k->desc->field == KEEP_TIME)
			v = (double)(when - r->time.start);
		else if (!number(r, what, k->desc->field, &v))
			return lacks(r, k, res);
		values_add(&r->values, k->name, k->desc->kind, v);
	}
	return 0;
}

static bool number_of_packet(struct run *r, const void *what, enum keep_field field, double *v)
{
	(void)r;
	return packet_number(what, field, v);
}

int values_keep_packet(struct run *r, const struct event *e, const struct pkt *live, nstime stamp,
		       struct result *res)
{
	return keep_all(r, e, stamp, res, number_of_packet, live);
}

/* ---- calls ---- */

static bool call_number(struct run *r, const void *what, enum keep_field field, double *v)
{
	const struct sys_call *c = what;
	int64_t number = 0;

	if (field == KEEP_VALUE && !sys_number_out(c, &number))
		return false;
	if (field == KEEP_RESULT)
		number = sys_script_result(&r->sys, c);
	else if (field == KEEP_ERRNO)
		number = c->live.result == -1 ? c->live.err : 0;
	*v = (double)number;
	return true;
}

int values_keep_call(struct run *r, const struct event *e, const struct sys_call *c, nstime ended,
		     struct result *res)
{
	return keep_all(r, e, ended, res, call_number, c);
}

const char *values_shown(struct run *r)
{
	struct buf text = { 0 };
	const char *kept;

	if (!r->values.first)
		return NULL;
	values_text(&r->values, &text);
	kept = arena_strdup(r->arena, buf_str(&text));
	buf_free(&text);
	return kept;
}
