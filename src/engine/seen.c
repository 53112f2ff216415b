/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/seen.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/events.h"
#include "engine/evidence.h"
#include "engine/flow_named.h"
#include "engine/remap.h"
#include "engine/subflow.h"

/* A packet that no event asked for, in the numbers of its connection if it has one. */
static void report_seen(struct run *r, const struct seen *s, const char *message)
{
	const struct pkt *p = s->pkt;
	struct result res = { .kind = RES_PACKET, .event = EVK_OUTBOUND, .actual = p->stamp,
			      .planned = p->stamp, .planned_end = p->stamp, .message = message,
			      .frames = s->frame, .conn = s->flow ? s->flow->name : NULL };
	struct buf text = { 0 };

	pkt_print(s->flow ? remap_to_script(s->flow, p, NULL, NULL, r->arena) : p, true, &text);
	res.text = buf_str(&text);
	run_emit(r, &res);
	buf_free(&text);
}

/* Whose packet this is; NULL if of nobody the script knows. */
static struct flow *owner(struct run *r, const struct pkt *p, bool *quoted)
{
	struct flow *f = flow_named_owner(&r->flows, p, quoted);

	if (f)
		return f;
	f = subflow_of(r, p);
	if (f)
		return f;
	f = r->flows.sut;
	*quoted = f && flow_is_quoted(f, p);
	if (*quoted)
		return f;
	for (f = r->flows.all; f; f = f->next)
		if (f->foreign && flow_owns(f, p))
			return f;
	return NULL;
}

static void sort(struct run *r, struct pkt *p, const struct wire_frame *frame)
{
	struct seen *s = arena_new_of(r->arena, struct seen);

	*s = (struct seen){ .pkt = p, .frame = frame };
	s->flow = owner(r, p, &s->quoted);
	if (!s->flow)
		report_seen(r, s, "not of the connection under test");
	/* Nobody will ask for it: show it as it comes. */
	else if (!r->any_outbound_left && !(r->set->strict & STRICT_STRAYS))
		report_seen(r, s, NULL);
	else
		STAILQ_INSERT_TAIL(&r->seen, s, next);
}

static void report_malformed(struct run *r, const struct target_packet *raw, const char *why)
{
	struct result res = { .kind = RES_NOTE, .event = EVK_OUTBOUND };

	res.message = arena_printf(r->arena, "the stack sent a malformed packet of %zu bytes: %s",
				   raw->len, why);
	res.planned = res.planned_end = res.actual = raw->stamp;
	res.frames = evidence_frame(r, raw->stamp, raw->data, raw->len, raw->wire_len);
	run_emit(r, &res);
}

/* One packet from the target: 1 read, 0 none until then, -1 broken. */
static int read_one(struct run *r, nstime until)
{
	const struct pkt_context context = {
		.tcp_in_udp = r->set->udp_encapsulation == UDP_ENCAP_TCP,
	};
	struct target_packet raw;
	const char *why = NULL;
	struct pkt *p;
	int n;

	if (r->capture_broken)
		return -1;
	n = r->target->ops->next_packet(r->target, until, r->arena, &raw, &why);
	if (n < 0)
		r->capture_broken = why ? why : "the capture failed";
	if (n <= 0)
		return n;
	timeline_noticed_late(&r->time, raw.doubt);
	p = arena_new_of(r->arena, struct pkt);
	switch (pkt_decode_in(&context, raw.data, raw.len, r->arena, p, &why)) {
	case DECODE_OK:
		p->stamp = raw.stamp;
		p->flags = (raw.csum_offloaded ? PKT_CSUM_OFFLOADED : 0u) |
			(raw.wire_len > raw.len ? PKT_TRUNCATED : 0u);
		sort(r, p, evidence_frame(r, raw.stamp, raw.data, raw.len, raw.wire_len));
		break;
	case DECODE_OTHER:
		break;
	case DECODE_BAD:
		report_malformed(r, &raw, why);
		break;
	}
	return 1;
}

int seen_pump(struct run *r, nstime until)
{
	int n, got = 0;

	while ((n = read_one(r, got ? 0 : until)) == 1)
		got++;
	return n < 0 ? -1 : got;
}

/* What an earlier connection left in the queue is no answer to an event of this one. */
static void drop_stale(struct run *r)
{
	struct seen *s, *next;

	for (s = STAILQ_FIRST(&r->seen); s; s = next) {
		next = STAILQ_NEXT(s, next);
		if (flow_related(s->flow, r->flows.sut) || s->flow->foreign || s->flow->name)
			continue;
		seen_take(r, s);
		report_seen(r, s, "of an earlier connection");
	}
}

struct seen *seen_first(struct run *r, const struct flow *f, bool quoted)
{
	struct seen *s;

	drop_stale(r);
	STAILQ_FOREACH(s, &r->seen, next)
		if (s->quoted == quoted && (f ? s->flow == f : flow_related(s->flow, r->flows.sut)))
			return s;
	return NULL;
}

struct seen *seen_next(struct run *r, const struct flow *f, bool quoted, nstime until)
{
	struct seen *s;

	while (!(s = seen_first(r, f, quoted)))
		if (seen_pump(r, until) <= 0)
			return seen_first(r, f, quoted);
	return s;
}

void seen_take(struct run *r, struct seen *s)
{
	STAILQ_REMOVE(&r->seen, s, seen, next);
}

void seen_put_back(struct run *r, struct seen *s)
{
	STAILQ_INSERT_HEAD(&r->seen, s, next);
}

/* --strict=strays: the first packet that no line expected is a deviation. */
static void fail_stray(struct run *r, const struct seen *s)
{
	const struct event *e, *last = STAILQ_FIRST(&r->script->events);
	struct buf text = { 0 };
	struct result res = { .kind = RES_EVENT, .event = EVK_OUTBOUND, .actual = s->pkt->stamp,
			      .planned = s->pkt->stamp, .planned_end = s->pkt->stamp,
			      .want = "nothing", .frames = s->frame, .conn = s->flow->name,
			      .message = "the stack sent a packet that no line expects" };

	/* Where the script ends without it. */
	STAILQ_FOREACH(e, &r->script->events, next)
		last = e;
	res.span = last->span;
	pkt_print(remap_to_script(s->flow, s->pkt, NULL, NULL, r->arena), true, &text);
	res.got = res.text = arena_strdup(r->arena, buf_str(&text));
	buf_free(&text);
	run_fail(r, &res);
}

void seen_report_rest(struct run *r)
{
	struct seen *s;

	seen_pump(r, 0);
	STAILQ_FOREACH(s, &r->seen, next) {
		if (r->set->strict & STRICT_STRAYS && r->verdict == VERDICT_NONE)
			fail_stray(r, s);
		else
			report_seen(r, s, NULL);
	}
	STAILQ_INIT(&r->seen);
}
