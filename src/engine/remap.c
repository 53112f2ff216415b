/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/remap.h"
#include "engine/mptcp.h"
#include "base/arena.h"
#include "wire/bytes.h"
#include "wire/icmp_names.h"
#include "wire/tcp_md5.h"
#include "wire/tcpopt.h"

#include <inttypes.h>
#include <string.h>

/* Edges of the line that came from the wire are as they are there. */
static void map_sack(struct pkt *p, const struct spec_opt *written, uint32_t delta)
{
	const struct opt_atom *a = written ? STAILQ_FIRST(&written->atoms) : NULL;
	size_t len, pos = 0, i;
	uint8_t *opts = pkt_tcp_opts(p, &len);
	struct tcpopt o;

	while (tcpopt_next(opts, len, &pos, &o) == 1) {
		uint8_t *data;

		if (o.kind != TCPO_SACK)
			continue;
		data = opts + (o.data - opts);
		for (i = 0; i + 4 <= o.len; i += 4) {
			if (!a || !a->on_wire)
				put_be32(data + i, get_be32(data + i) + delta);
			if (a && i % 8)
				a = STAILQ_NEXT(a, next);
		}
	}
}

/* The two numbers of a well-formed timestamp option, or NULL. */
static uint8_t *find_ts(const struct pkt *p)
{
	size_t len;
	uint8_t *opts = pkt_tcp_opts(p, &len);
	struct tcpopt o;

	if (!tcpopt_find(opts, len, TCPO_TIMESTAMP, &o) || o.len != 8)
		return NULL;
	return opts + (o.data - opts);
}

static const struct ts_pair *ts_by_script(const struct flow *f, uint32_t val)
{
	const struct ts_pair *t;

	for (t = f->ts; t; t = t->next)
		if (t->script == val)
			return t;
	return NULL;
}

/* `ecr N!`: as on the wire. */
static bool ecr_is_literal(const struct spec_opt *o)
{
	const struct opt_atom *a, *last = NULL;

	STAILQ_FOREACH(a, &o->atoms, next)
		last = a;
	return last && (last->absolute || last->on_wire);
}

static bool map_ecr_to_wire(const struct flow *f, const struct pkt_spec *spec,
			    const struct settings *s, struct pkt *p, struct arena *a,
			    const char **why)
{
	/* Raw option bytes go out as they are, whatever they spell. */
	const struct spec_opt *written = tcpopt_written(spec, "TS");
	uint8_t *ts = written ? find_ts(p) : NULL;
	const struct ts_pair *pair;
	uint32_t ecr;

	if (!ts || !(pkt_tcp_flags(p) & TCPF_ACK) || ecr_is_literal(written))
		return true;
	ecr = get_be32(ts + 4);
	pair = ts_by_script(f, ecr);
	if (pair) {
		put_be32(ts + 4, pair->live);
	} else if (s->tcp_ts_ecr_scaled && f->have_ts_base) {
		put_be32(ts + 4, ecr - f->ts_base.script + f->ts_base.live);
	} else {
		*why = arena_printf(a, "unable to infer live TS ecr for script TS ecr %" PRIu32
				    ";  no matching or preceding outbound TS val", ecr);
		return false;
	}
	return true;
}

static void tcp_to_wire(const struct flow *f, const struct pkt_spec *spec, struct pkt *p)
{
	uint16_t flags = pkt_tcp_flags(p);
	bool guess = f->stand_in && f->state == FLOW_PACKET_RECEIVED;
	uint32_t local = guess ? f->stand_in->wire.local : f->wire.local;
	uint32_t ack_delta = flags & TCPF_SYN ? f->wire.local - f->script.local : local;

	if (!(flags & TCPF_SYN) && !spec->tcp.seq_absolute)
		pkt_tcp_set_seq(p, pkt_tcp_seq(p) + f->wire.remote);
	if (flags & TCPF_ACK) {
		if (!spec->tcp.ack_absolute)
			pkt_tcp_set_ack(p, pkt_tcp_ack(p) + ack_delta);
		if (tcpopt_written(spec, "sack"))
			map_sack(p, tcpopt_written(spec, "sack"), ack_delta);
	}
}

/* Messages of neighbour discovery never pass a router (RFC 4861): hosts of the link send them. */
static bool is_link_local(const struct pkt *p)
{
	const struct hdr *h = pkt_transport(p);
	uint8_t type;

	if (!h || h->kind != HDR_ICMPV6)
		return false;
	type = *pkt_bytes(p, h);
	return type >= ICMP6_ROUTER_SOLICITATION && type <= ICMP6_REDIRECT;
}

/* From the gateway's usual link-local address to all nodes. */
static void neighbour_ends(struct pkt_ends *e)
{
	ip_addr_parse("fe80::2", &e->src);
	ip_addr_parse("ff02::1", &e->dst);
}

struct pkt *remap_to_wire(const struct flow *f, const struct pkt_spec *spec, const struct pkt *script,
			  const struct settings *s, struct arena *a, const char **why)
{
	struct pkt *p = pkt_copy(script, a);
	struct pkt_ends ends, back;

	pkt_get_ends(p, &ends);
	ends.src = f->live.remote;
	ends.dst = f->live.local;
	if (is_link_local(p))
		neighbour_ends(&ends);
	if (!ends.src_port)
		ends.src_port = f->live.remote_port;
	if (!ends.dst_port)
		ends.dst_port = f->live.local_port;
	pkt_set_ends(p, &ends);
	if (spec->kind == SPEC_TCP) {
		tcp_to_wire(f, spec, p);
		if (!map_ecr_to_wire(f, spec, s, p, a, why))
			return NULL;
	} else if (spec->kind == SPEC_ICMP) {
		/* The quoted packet went the other way. */
		back = (struct pkt_ends){ f->live.local, f->live.remote, f->live.local_port,
					  f->live.remote_port };
		pkt_set_quote(p, spec->tunnel.set, &back, spec->icmp.seq + f->wire.local);
	}
	tcp_md5_sign(p, spec, s->tcp_md5_secret);
	pkt_fill_checksums(p, spec);
	return p;
}

static void learn_ts(struct flow *f, const struct pkt_spec *spec, const struct pkt *expected,
		     const struct pkt *live, struct arena *a)
{
	const uint8_t *want = expected ? find_ts(expected) : NULL, *got = find_ts(live);
	const struct spec_opt *written = spec ? tcpopt_written(spec, "TS") : NULL;
	struct ts_pair *pair;

	if (!want || !got ||
	    (written && (tcpopt_is_open(written) || tcpopt_is_on_wire(written, "val"))))
		return;
	pair = arena_new_of(a, struct ts_pair);
	pair->script = get_be32(want);
	pair->live = get_be32(got);
	pair->next = f->ts;
	f->ts = pair;
	if (!f->have_ts_base) {
		f->ts_base = *pair;
		f->have_ts_base = true;
	}
}

/* The quoted packet came from outside. */
static void icmp_to_script(const struct flow *f, struct pkt *p)
{
	struct pkt_quote q;

	if (pkt_quote_of(p, false, &q))
		pkt_set_quote(p, false, &q.ends, q.tcp_seq - f->wire.remote);
}

struct pkt *remap_to_script(struct flow *f, const struct pkt *live, const struct pkt_spec *spec,
			    const struct pkt *expected, struct arena *a)
{
	const struct spec_opt *written = spec ? tcpopt_written(spec, "TS") : NULL;
	struct pkt *p = pkt_copy(live, a);
	uint16_t flags;
	uint8_t *ts;

	if (!pkt_is_tcp(p)) {
		icmp_to_script(f, p);
		return p;
	}
	learn_ts(f, spec, expected, live, a);
	flags = pkt_tcp_flags(p);
	if (!spec || spec->kind != SPEC_TCP || !spec->tcp.seq_absolute)
		pkt_tcp_set_seq(p, pkt_tcp_seq(p) -
				(flags & TCPF_SYN ? f->wire.local - f->script.local : f->wire.local));
	if (flags & TCPF_ACK) {
		uint32_t base = flags & TCPF_SYN ? 0 : f->wire.remote;

		if (!spec || spec->kind != SPEC_TCP || !spec->tcp.ack_absolute)
			pkt_tcp_set_ack(p, pkt_tcp_ack(p) - base);
		map_sack(p, spec ? tcpopt_written(spec, "sack") : NULL, -base);
	}
	mptcp_to_script(f, p);
	ts = find_ts(p);
	if (ts && f->have_ts_base && !(written && tcpopt_is_on_wire(written, "val")))
		put_be32(ts, get_be32(ts) - f->ts_base.live + f->ts_base.script);
	return p;
}
