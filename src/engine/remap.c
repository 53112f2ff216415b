/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/remap.h"
#include "engine/mptcp.h"
#include "base/arena.h"
#include "wire/bytes.h"
#include "wire/tcpopt.h"

#include <inttypes.h>
#include <string.h>

static void map_sack(struct pkt *p, uint32_t delta)
{
	size_t len, pos = 0, i;
	uint8_t *opts = pkt_tcp_opts(p, &len);
	struct tcpopt o;

	while (tcpopt_next(opts, len, &pos, &o) == 1) {
		uint8_t *data = opts + (o.data - opts);

		if (o.kind != TCPO_SACK)
			continue;
		for (i = 0; i + 4 <= o.len; i += 4)
			put_be32(data + i, get_be32(data + i) + delta);
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

/* Raw option bytes go out as they are, whatever they spell. */
static bool writes_option(const struct pkt_spec *spec, const char *name)
{
	const struct spec_opt *o;

	STAILQ_FOREACH(o, &spec->tcp.opts, next)
		if (!strcmp(o->name, name))
			return true;
	return false;
}

static bool map_ecr_to_wire(const struct flow *f, const struct pkt_spec *spec,
			    const struct settings *s, struct pkt *p, struct arena *a,
			    const char **why)
{
	uint8_t *ts = writes_option(spec, "TS") ? find_ts(p) : NULL;
	const struct ts_pair *pair;
	uint32_t ecr;

	if (!ts || !(pkt_tcp_flags(p) & TCPF_ACK))
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
	uint32_t ack_delta = flags & TCPF_SYN ? f->wire.local - f->script.local : f->wire.local;

	if (!(flags & TCPF_SYN))
		pkt_tcp_set_seq(p, pkt_tcp_seq(p) + f->wire.remote);
	if (flags & TCPF_ACK) {
		pkt_tcp_set_ack(p, pkt_tcp_ack(p) + ack_delta);
		if (writes_option(spec, "sack"))
			map_sack(p, ack_delta);
	}
}

struct pkt *remap_to_wire(const struct flow *f, const struct pkt_spec *spec, const struct pkt *script,
			  const struct settings *s, struct arena *a, const char **why)
{
	struct pkt *p = pkt_copy(script, a);
	struct pkt_ends ends, back;

	pkt_get_ends(p, &ends);
	ends.src = f->live.remote;
	ends.dst = f->live.local;
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
		pkt_set_quote(p, &back, spec->icmp.seq + f->wire.local);
	}
	pkt_fill_checksums(p, spec);
	return p;
}

static void learn_ts(struct flow *f, const struct pkt *expected, const struct pkt *live,
		     struct arena *a)
{
	const uint8_t *want = expected ? find_ts(expected) : NULL, *got = find_ts(live);
	struct ts_pair *pair;

	if (!want || !got)
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

struct pkt *remap_to_script(struct flow *f, const struct pkt *live, const struct pkt *expected,
			    struct arena *a)
{
	struct pkt *p = pkt_copy(live, a);
	uint16_t flags;
	uint8_t *ts;

	if (!pkt_is_tcp(p))
		return p;
	learn_ts(f, expected, live, a);
	flags = pkt_tcp_flags(p);
	pkt_tcp_set_seq(p, pkt_tcp_seq(p) - (flags & TCPF_SYN ? f->wire.local - f->script.local
							      : f->wire.local));
	if (flags & TCPF_ACK) {
		uint32_t base = flags & TCPF_SYN ? 0 : f->wire.remote;

		pkt_tcp_set_ack(p, pkt_tcp_ack(p) - base);
		map_sack(p, -base);
	}
	mptcp_to_script(f, p);
	ts = find_ts(p);
	if (ts && f->have_ts_base)
		put_be32(ts, get_be32(ts) - f->ts_base.live + f->ts_base.script);
	return p;
}
