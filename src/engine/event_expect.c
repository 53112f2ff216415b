/* SPDX-License-Identifier: BSD-2-Clause */
/* `>`: a packet the stack must send, and `> nothing`: that it must not. */
#include "config.h"

#include "base/arena.h"
#include "engine/expect.h"
#include "engine/flow_named.h"
#include "engine/granularity.h"
#include "engine/remap.h"
#include "engine/subflow.h"
#include "engine/values.h"
#include "wire/bytes.h"
#include "wire/tcp_md5.h"
#include "wire/tcpopt.h"

#include <inttypes.h>
#include <string.h>

static uint32_t ts_val(const struct pkt *p, bool *found)
{
	size_t len;
	const uint8_t *opts = pkt_tcp_opts(p, &len);
	struct tcpopt o;

	*found = pkt_is_tcp(p) && tcpopt_find(opts, len, TCPO_TIMESTAMP, &o) && o.len == 8;
	return *found ? get_be32(o.data) : 0;
}

/* TS val moves with time: it is compared only when its tick is known. */
static void compare_ts(struct run *r, const struct event *e, const struct pkt *want,
		       const struct found *got, struct pkt_diff_list *list)
{
	int64_t tick = r->set->tcp_ts_tick_usecs * NS_PER_US, off;
	nstime since = got->stamp - r->time.start, tol;
	const struct spec_opt *written = tcpopt_written(e->pkt, "TS");
	bool has_want, has_got;
	uint32_t w, g;

	if (!tick || !written || tcpopt_is_open(written) || tcpopt_is_on_wire(written, "val"))
		return;
	w = ts_val(want, &has_want);
	g = ts_val(got->script, &has_got);
	if (!has_want || !has_got)
		return;
	tol = (nstime)((double)since * r->set->tolerance_percent / 100);
	if (tol < r->set->tolerance)
		tol = r->set->tolerance;
	off = (int32_t)(g - w) * tick;
	if (off > tol || off < -tol)
		pkt_diff_add(list, r->arena, "tcp_ts_val", arena_printf(r->arena, "%" PRIu32, w),
			     arena_printf(r->arena, "%" PRIu32, g));
}

static uint32_t ts_ecr(const struct pkt *p)
{
	size_t len;
	const uint8_t *opts = pkt_tcp_opts(p, &len);
	struct tcpopt o;

	return tcpopt_find(opts, len, TCPO_TIMESTAMP, &o) && o.len == 8 ? get_be32(o.data + 4) : 0;
}

/* --strict=ecr: what the stack echoes is a number that the script sent, so it is literal. */
static void compare_ecr(struct run *r, const struct event *e, const struct pkt *want,
			const struct found *got, struct pkt_diff_list *list)
{
	uint32_t w, g;

	if (!tcpopt_written(e->pkt, "TS") || !pkt_is_tcp(got->script))
		return;
	w = ts_ecr(want);
	g = ts_ecr(got->script);
	if (w != g)
		pkt_diff_add(list, r->arena, "tcp_ts_ecr", arena_printf(r->arena, "%" PRIu32, w),
			     arena_printf(r->arena, "%" PRIu32, g));
}

/* True if a number of its timestamp is one that was kept. */
static bool kept_ts(const struct pkt_spec *s)
{
	const struct spec_opt *o = tcpopt_written(s, "TS");

	return o && (tcpopt_is_on_wire(o, "val") || tcpopt_is_on_wire(o, "ecr"));
}

/* Timestamps that were kept from the wire are compared as they were there. */
static void compare_kept_ts(struct run *r, const struct event *e, const struct pkt *want,
			    const struct found *got, struct pkt_diff_list *list)
{
	const struct spec_opt *written = tcpopt_written(e->pkt, "TS");
	bool has_want, has_got;
	uint32_t w, g;

	if (!written)
		return;
	w = ts_val(want, &has_want);
	g = ts_val(got->script, &has_got);
	if (!has_want || !has_got)
		return;
	if (w != g && tcpopt_is_on_wire(written, "val"))
		pkt_diff_add(list, r->arena, "tcp_ts_val", arena_printf(r->arena, "%" PRIu32, w),
			     arena_printf(r->arena, "%" PRIu32, g));
	if (tcpopt_is_on_wire(written, "ecr") && !(r->set->strict & STRICT_ECR))
		compare_ecr(r, e, want, got, list);
}

static void compare_end(struct run *r, const struct spec_end *want, const char *side,
			const struct ip_addr *addr, uint16_t port, struct pkt_diff_list *list)
{
	char w[IP_ADDR_TEXT], g[IP_ADDR_TEXT];

	if (want->port.set && want->port.v && want->port.v != port)
		pkt_diff_add(list, r->arena, arena_printf(r->arena, "%s_port", side),
			     arena_printf(r->arena, "%" PRId64, want->port.v),
			     arena_printf(r->arena, "%u", port));
	if (want->addr.family && !ip_addr_equal(&want->addr, addr))
		pkt_diff_add(list, r->arena, arena_printf(r->arena, "%s_addr", side),
			     ip_addr_text(&want->addr, w), ip_addr_text(addr, g));
}

/* The checks that a script asks for with --strict. */
static void compare_strictly(struct run *r, const struct event *e, const struct pkt *want,
			     const struct found *got, struct pkt_diff_list *list)
{
	struct pkt_ends ends;

	if (r->set->strict & STRICT_ECR)
		compare_ecr(r, e, want, got, list);
	if (r->set->strict & STRICT_ICMP)
		pkt_compare_icmp_fields(e->pkt, want, got->script, r->arena, list);
	if (r->set->strict & STRICT_TUPLES) {
		pkt_get_ends(got->live, &ends);
		compare_end(r, &e->pkt->src, "src", &ends.src, ends.src_port, list);
		compare_end(r, &e->pkt->dst, "dst", &ends.dst, ends.dst_port, list);
	}
}

/* A right digest is not known before the packet is; collect() has looked at what it is. */
static void take_digest(const struct event *e, struct pkt *want, const struct pkt *got)
{
	uint8_t *w = tcp_md5_wanted(e->pkt) ? tcp_md5_found(want) : NULL;
	const uint8_t *g = w && pkt_is_tcp(got) ? tcp_md5_found(got) : NULL;

	if (g)
		memcpy(w, g, TCPOPT_MD5_BYTES);
}

/* An IPv6 flow label is compared by whether it changed, not by its value (7.5). */
static void compare_flow_label(struct run *r, const struct event *e, struct flow *f,
			       const struct found *got, struct pkt_diff_list *list)
{
	uint32_t want = e->pkt->ip.flowlabel.set ? (uint32_t)e->pkt->ip.flowlabel.v : 0;
	uint32_t live = pkt_flowlabel(got->live);

	if (!want || ip_version_family(r->set->ip_version) != AF_INET6)
		return;
	if (!live)
		pkt_diff_add(list, r->arena, "flowlabel", "set", "unmarked in the live packet");
	else if (f->flow_label_script == want && f->flow_label_live != live)
		pkt_diff_add(list, r->arena, "flowlabel",
			     arena_printf(r->arena, "0x%05x, as before", f->flow_label_live),
			     arena_printf(r->arena, "0x%05x", live));
	else if (f->flow_label_script && f->flow_label_script != want && f->flow_label_live == live)
		pkt_diff_add(list, r->arena, "flowlabel", "another than before", "the same");
	f->flow_label_script = want;
	f->flow_label_live = live;
}

nstime expect_time_error(const struct plan *p, nstime stamp)
{
	if (p->any)
		return 0;
	if (stamp < p->due - p->tolerance)
		return stamp - p->due;
	if (stamp > p->until + p->late_tolerance)
		return stamp - p->until;
	return 0;
}

static const char *time_message(struct run *r, nstime off)
{
	char t[NSTIME_TEXT];

	return arena_printf(r->arena, "the packet came %s too %s", nstime_words(off < 0 ? -off : off, t),
			    off < 0 ? "early" : "late");
}

/*
 * The expected packet as text, with what is not compared (an unwritten window,
 * timestamps) taken from the one that came: only real differences stand out.
 */
static const char *want_text(struct run *r, const struct event *e, const struct pkt *want,
			     const struct pkt *got)
{
	struct pkt *shown;
	size_t want_len, got_len;
	uint8_t *opts;
	const uint8_t *live;
	struct tcpopt w, g;

	if (e->pkt->kind != SPEC_TCP || e->pkt->tcp.opts_kind == OPTS_ANY || !pkt_is_tcp(got))
		return run_spec_text(r, e->pkt);
	shown = pkt_copy(want, r->arena);
	if (!e->pkt->tcp.win.set)
		put_be16(pkt_bytes(shown, pkt_transport(shown)) + 14, pkt_tcp_win(got));
	if (e->pkt->tcp.seq_any)
		pkt_tcp_set_seq(shown, pkt_tcp_seq(got));
	opts = pkt_tcp_opts(shown, &want_len);
	live = pkt_tcp_opts(got, &got_len);
	if (!r->set->tcp_ts_tick_usecs && !(r->set->strict & STRICT_ECR) && !kept_ts(e->pkt) &&
	    tcpopt_find(opts, want_len, TCPO_TIMESTAMP, &w) &&
	    tcpopt_find(live, got_len, TCPO_TIMESTAMP, &g) && w.len == g.len)
		memcpy(opts + (w.data - opts), g.data, g.len);
	return run_pkt_text(r, shown);
}

void expect_compare(struct run *r, const struct event *e, struct pkt *want, struct flow *f,
		    const struct found *got, struct pkt_diff_list *list)
{
	take_digest(e, want, got->script);
	pkt_compare(e->pkt, want, got->script, r->arena, list);
	compare_ts(r, e, want, got, list);
	compare_flow_label(r, e, f, got, list);
	compare_kept_ts(r, e, want, got, list);
	compare_strictly(r, e, want, got, list);
}

/* One result for the line: the packet as it came, and all that differs. */
static int judge(struct run *r, const struct expected *x, const struct found *got)
{
	const struct event *e = x->e;
	const struct plan *p = &x->plan;
	struct result res = run_result(r, e, EVK_OUTBOUND, p);
	nstime off = expect_time_error(p, got->stamp), timer = p->due - r->time.active;
	struct pkt_diff_list list;

	pkt_diff_init(&list);
	expect_compare(r, e, x->want, x->flow, got, &list);
	pkt_diff_append(&list, &got->diffs);
	res.actual = got->stamp;
	res.text = run_pkt_text(r, got->script);
	if (!x->in_group)
		timeline_saw(&r->time, e, p, got->stamp);
	res.live = run_pkt_brief(r, got->live);
	res.frames = got->frames;
	res.off_time = off != 0;
	if (off < 0)
		res.tolerance = p->tolerance;	/* the stack's tick makes nothing early */
	if (!list.n && !off) {
		if (values_keep_packet(r, e, got->live, got->stamp, &res))
			return run_fail(r, &res);
		run_emit(r, &res);
		return run_observe(r, e);
	}
	res.mismatches = run_mismatches(r, &list);
	if (list.n) {
		res.want = want_text(r, e, x->want, got->script);
		res.got = res.text;
	}
	res.hint = got->hint;
	if (off)
		res.hint = granularity_explain(off, timer, r->time.timer_step, r->arena);
	res.message = list.n ? arena_printf(r->arena, "the packet differs in %s%s", list.first->field,
					    list.n > 1 ? arena_printf(r->arena, " and %d more", list.n - 1)
						       : "") : time_message(r, off);
	if (r->set->non_fatal & NON_FATAL_PACKET) {
		res.message = arena_printf(r->arena, "warning: %s", res.message);
		if (values_keep_packet(r, e, got->live, got->stamp, &res))
			return run_fail(r, &res);
		run_emit(r, &res);
		return run_observe(r, e);
	}
	return list.n ? run_fail(r, &res) : run_fail_time(r, &res);
}

/*
 * A line that names no endpoints takes the next packet of an MPTCP connection,
 * whichever subflow it came on. An answer to a SYN has only one place.
 */
static void any_subflow(struct run *r, const struct event *e, const struct plan *p)
{
	const struct pkt_spec *spec = e->pkt;
	const struct flow *f = r->flows.sut;
	struct seen *s;

	if (spec->kind != SPEC_TCP || spec->tcp.flags & TCPF_SYN || spec->src.span.line ||
	    spec->dst.span.line || !f || !f->mptcp || !f->tuple_known)
		return;
	s = collect_await(r, NULL, false, collect_patience(r, p));
	if (s)
		r->flows.sut = s->flow;
}

bool expect_quoted(const struct event *e, const struct flow *f)
{
	return e->pkt->kind == SPEC_ICMP && flow_has_ports(f);
}

/* The flow of a line; NULL: *why, or the run is over. */
static struct flow *flow_of(struct run *r, const struct event *e, const struct plan *p, bool tried,
			    const char **why)
{
	struct flow *f;

	if (e->pkt->conn.name) {
		f = flow_named(&r->flows, e->pkt->conn.name);
		if (f && flow_protocol_fits(f, e->pkt))
			return f;
		*why = f ? "the connection of this name is of another protocol" :
			"no connection has this name";
		return NULL;
	}
	if (subflow_outbound(r, e->pkt)) {
		run_stop_diag(r, e, VERDICT_BADSCRIPT);
		return NULL;
	}
	if (!tried)
		any_subflow(r, e, p);
	return r->verdict == VERDICT_NONE ? flow_for_outbound(&r->flows, e->pkt, why) : NULL;
}

int expect_prepare(struct run *r, const struct event *e, const struct plan *p, bool tried,
		   struct expected *x)
{
	const char *why = NULL;
	struct result res;

	*x = (struct expected){ .e = e, .plan = *p };
	x->want = pkt_build(e->pkt, r->set->ip_version, r->arena, &r->diag);
	if (!x->want)
		return run_stop_diag(r, e, VERDICT_BADSCRIPT);
	x->flow = flow_of(r, e, p, tried, &why);
	if (r->verdict != VERDICT_NONE)
		return -1;
	if (!x->flow) {
		res = run_result(r, e, EVK_OUTBOUND, p);
		res.message = why;
		return run_fail(r, &res);
	}
	return 0;
}

int expect_take(struct run *r, struct expected *x)
{
	struct found got = { .hint = x->hint };

	flow_expected(x->flow, x->e->pkt, x->want);
	if (collect(r, x->e, &x->plan, x->flow, x->want, &got))
		return -1;
	x->stamp = got.stamp;
	return judge(r, x, &got);
}

int event_expect(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	struct expected x;

	return expect_prepare(r, e, &p, false, &x) ? -1 : expect_take(r, &x);
}

int event_silence(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	const char *name = e->pkt->conn.name;
	const struct flow *f = name ? flow_named(&r->flows, name) : NULL;
	struct result res;
	struct seen *s;

	p.until = p.end;
	s = collect_await(r, f, false, p.end < r->deadline ? p.end : r->deadline);
	if (r->verdict != VERDICT_NONE)
		return -1;
	if (!s && r->capture_broken)
		return run_stop(r, e, VERDICT_ENVIRONMENT, r->capture_broken, NULL);
	res = run_result(r, e, EVK_SILENCE, &p);
	if (s && s->pkt->stamp <= p.end) {
		res.actual = s->pkt->stamp;
		res.want = "nothing";
		res.got = res.text = run_pkt_text(r, remap_to_script(s->flow, s->pkt, NULL, NULL,
								      r->arena));
		res.frames = s->frame;
		res.message = "the stack sent a packet where the script wants silence";
		return run_fail(r, &res);
	}
	if (run_overdue(r))
		return run_fail_overdue(r, e, p.end);
	res.actual = p.end;
	res.text = "nothing";
	p.due = p.end;
	timeline_saw(&r->time, e, &p, p.end);
	run_emit(r, &res);
	return run_observe(r, e);
}
