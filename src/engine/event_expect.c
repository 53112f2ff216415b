/* SPDX-License-Identifier: BSD-2-Clause */
/* `>`: a packet the stack must send, and `> nothing`: that it must not. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/seen.h"
#include "engine/events.h"
#include "engine/granularity.h"
#include "engine/remap.h"
#include "wire/bytes.h"
#include "wire/tcpopt.h"

#include <inttypes.h>
#include <string.h>

/* How much longer than allowed a packet is awaited, to say "late" rather than "never". */
#define GRACE NS_PER_SEC

/* What the stack sent for one expected packet: one packet, or several that make it up. */
struct found {
	struct pkt *live;	/* the first; merged into one when there were more */
	struct pkt *script;	/* in script space */
	nstime stamp;		/* of the last */
	int pieces;
};

static nstime patience(const struct run *r, const struct plan *p)
{
	nstime t = p->any ? r->deadline : p->until + p->late_tolerance + GRACE;

	return t < r->deadline ? t : r->deadline;
}

/* Waits for the next packet, looking after returning calls meanwhile. */
static struct seen *await(struct run *r, nstime until)
{
	const nstime slice = 100 * NS_PER_MS;

	for (;;) {
		nstime now = clock_now(r->clock), step = now + slice < until ? now + slice : until;
		struct seen *s = seen_next(r, step);

		if (s || r->capture_broken || step >= until)
			return s;
		if (run_look(r, NULL) || calls_finish(r, false))
			return NULL;
	}
}

static int never_came(struct run *r, const struct event *e, const struct plan *p)
{
	struct result res = run_result(r, e, EVK_OUTBOUND, p);

	if (r->verdict != VERDICT_NONE)
		return -1;
	if (r->capture_broken)
		return run_stop(r, e, VERDICT_ENVIRONMENT, r->capture_broken, NULL);
	res.actual = clock_now(r->clock);
	res.want = run_spec_text(r, e->pkt);
	res.got = "no packet";
	res.message = "the stack did not send the expected packet";
	return run_fail(r, &res);
}

/*
 * A script line may stand for several segments (8.3 of the language): they
 * must agree in everything but length, FIN and PSH, and follow each other.
 */
static bool piece_follows(const struct pkt *before, const struct pkt *next)
{
	const uint16_t may_differ = TCPF_FIN | TCPF_PSH | TCPF_CWR;
	uint16_t flags = pkt_tcp_flags(before) ^ pkt_tcp_flags(next);

	return before->n_hdr == next->n_hdr && !(flags & ~may_differ) &&
		pkt_tcp_seq(next) == pkt_tcp_seq(before) + before->payload_len &&
		pkt_tcp_ack(before) == pkt_tcp_ack(next) && pkt_tcp_win(before) == pkt_tcp_win(next);
}

/* One packet with the last one's header, the first one's sequence number and all the payload. */
static struct pkt *merge(struct run *r, const struct pkt *all, const struct pkt *last)
{
	struct pkt *p = arena_memdup(r->arena, last, sizeof(*last));
	size_t len = last->payload_off + all->payload_len + last->payload_len;
	const struct hdr *ip = pkt_ip(last);
	uint8_t *h;

	p->data = arena_alloc(r->arena, len);
	memcpy(p->data, last->data, last->payload_off);
	memcpy(p->data + p->payload_off, all->data + all->payload_off, all->payload_len);
	memcpy(p->data + p->payload_off + all->payload_len, last->data + last->payload_off,
	       last->payload_len);
	p->len = len;
	p->payload_len = all->payload_len + last->payload_len;
	pkt_tcp_set_seq(p, pkt_tcp_seq(all));
	h = pkt_bytes(p, ip);
	if (ip->kind == HDR_IPV4)
		put_be16(h + 2, (uint16_t)(len - ip->off));
	else
		put_be16(h + 4, (uint16_t)(len - ip->off - ip->len));
	pkt_fill_checksums(p, NULL);
	return p;
}

/* Fails over the payload of what came for one line. */
static int wrong_amount(struct run *r, const struct event *e, const struct plan *p,
			const struct pkt *script, const char *message)
{
	struct result res = run_result(r, e, EVK_OUTBOUND, p);

	res.actual = script->stamp;
	res.want = run_spec_text(r, e->pkt);
	res.got = res.text = run_pkt_text(r, script, false);
	res.message = message;
	return run_fail(r, &res);
}

/*
 * Takes the packets that make up the line out of the queue. Returns 0, or -1
 * after run_fail.
 */
static int collect(struct run *r, const struct event *e, const struct plan *p, struct flow *f,
		   const struct pkt *want, struct found *out)
{
	uint32_t need = want->payload_len;
	struct seen *s = await(r, patience(r, p));

	if (!s)
		return never_came(r, e, p);
	flow_learn_isn(f, want, s->pkt);
	*out = (struct found){ .live = s->pkt, .stamp = s->pkt->stamp, .pieces = 1 };
	seen_take(r);
	while (out->live->payload_len < need && pkt_is_tcp(out->live) && pkt_is_tcp(want) &&
	       !r->set->strict_segments && !(pkt_tcp_flags(out->live) & (TCPF_SYN | TCPF_RST))) {
		const struct pkt *last;

		s = await(r, patience(r, p));
		if (!s)
			break;
		last = s->pkt;
		if (!piece_follows(out->live, last) || out->live->payload_len + last->payload_len > need)
			break;
		if (!out->live->payload_len)
			run_note(r, e->pkt->span, "a pure ACK came before the data and was taken with it");
		seen_take(r);
		out->live = merge(r, out->live, last);
		out->live->stamp = out->stamp = last->stamp;
		out->pieces++;
	}
	out->script = remap_to_script(f, out->live, want, r->arena);
	if (r->verdict != VERDICT_NONE)
		return -1;
	if (pkt_is_tcp(want) && pkt_is_tcp(out->live) && out->live->payload_len != need)
		return wrong_amount(r, e, p, out->script,
				    arena_printf(r->arena, "live packet payload: expected %u bytes vs "
						 "actual %u bytes", need, out->live->payload_len));
	return 0;
}

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
	bool has_want, has_got;
	uint32_t w, g;

	if (!tick || e->pkt->kind != SPEC_TCP || e->pkt->tcp.opts_kind == OPTS_ANY)
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

static nstime time_error(const struct plan *p, nstime stamp)
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
	opts = pkt_tcp_opts(shown, &want_len);
	live = pkt_tcp_opts(got, &got_len);
	if (!r->set->tcp_ts_tick_usecs && tcpopt_find(opts, want_len, TCPO_TIMESTAMP, &w) &&
	    tcpopt_find(live, got_len, TCPO_TIMESTAMP, &g) && w.len == g.len)
		memcpy(opts + (w.data - opts), g.data, g.len);
	return run_pkt_text(r, shown, false);
}

/* One result for the line: the packet as it came, and all that differs. */
static int judge(struct run *r, const struct event *e, const struct plan *p, struct pkt *want,
		 struct flow *f, const struct found *got)
{
	struct result res = run_result(r, e, EVK_OUTBOUND, p);
	nstime off = time_error(p, got->stamp), timer = p->due - r->time.active;
	struct pkt_diff_list list;

	pkt_diff_init(&list);
	pkt_compare(e->pkt, want, got->script, r->arena, &list);
	compare_ts(r, e, want, got, &list);
	compare_flow_label(r, e, f, got, &list);
	res.actual = got->stamp;
	res.text = run_pkt_text(r, got->script, false);
	timeline_saw(&r->time, e, p, got->stamp);
	res.live = run_pkt_text(r, got->live, true);
	res.off_time = off != 0;
	if (off < 0)
		res.tolerance = p->tolerance;	/* the stack's tick makes nothing early */
	if (!list.n && !off) {
		run_emit(r, &res);
		return run_observe(r, e);
	}
	res.mismatches = run_mismatches(r, &list);
	if (list.n) {
		res.want = want_text(r, e, want, got->script);
		res.got = res.text;
	}
	if (off)
		res.hint = granularity_explain(off, timer, r->time.timer_step, r->arena);
	res.message = list.n ? arena_printf(r->arena, "the packet differs in %s%s", list.first->field,
					    list.n > 1 ? arena_printf(r->arena, " and %d more", list.n - 1)
						       : "") : time_message(r, off);
	if (r->set->non_fatal & NON_FATAL_PACKET) {
		res.message = arena_printf(r->arena, "warning: %s", res.message);
		run_emit(r, &res);
		return run_observe(r, e);
	}
	return run_fail(r, &res);
}

int event_expect(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	struct pkt *want = pkt_build(e->pkt, r->set->ip_version, r->arena, &r->diag);
	const char *why = NULL;
	struct found got = { 0 };
	struct flow *f;
	struct result res;

	if (!want)
		return run_stop_diag(r, e, VERDICT_BADSCRIPT);
	f = flow_for_outbound(&r->flows, e->pkt, want, &why);
	if (!f) {
		res = run_result(r, e, EVK_OUTBOUND, &p);
		res.message = why;
		return run_fail(r, &res);
	}
	if (collect(r, e, &p, f, want, &got))
		return -1;
	return judge(r, e, &p, want, f, &got);
}

int event_silence(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	struct result res;
	struct seen *s;

	p.until = p.end;
	s = await(r, p.end < r->deadline ? p.end : r->deadline);
	if (r->verdict != VERDICT_NONE)
		return -1;
	if (!s && r->capture_broken)
		return run_stop(r, e, VERDICT_ENVIRONMENT, r->capture_broken, NULL);
	res = run_result(r, e, EVK_SILENCE, &p);
	if (s && s->pkt->stamp <= p.end) {
		res.actual = s->pkt->stamp;
		res.want = "nothing";
		res.got = res.text = run_pkt_text(r, remap_to_script(r->flows.sut, s->pkt, NULL, r->arena), false);
		res.message = "the stack sent a packet where the script wants silence";
		return run_fail(r, &res);
	}
	if (run_overdue(r))
		return run_fail_overdue(r, e);
	res.actual = p.end;
	res.text = "nothing";
	p.due = p.end;
	timeline_saw(&r->time, e, &p, p.end);
	run_emit(r, &res);
	return run_observe(r, e);
}
