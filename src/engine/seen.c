/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/seen.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/events.h"
#include "engine/remap.h"
#include "engine/subflow.h"

/* A packet that no event asked for, in the numbers of its connection if it has one. */
static void report_seen(struct run *r, const struct pkt *p, struct flow *f, const char *message)
{
	struct result res = { .kind = RES_PACKET, .event = EVK_OUTBOUND, .actual = p->stamp,
			      .planned = p->stamp, .planned_end = p->stamp, .message = message };
	struct buf text = { 0 };

	pkt_print(f ? remap_to_script(f, p, NULL, r->arena) : p, true, &text);
	res.text = buf_str(&text);
	run_emit(r, &res);
	buf_free(&text);
}

static void sort(struct run *r, struct pkt *p)
{
	struct flow *f = subflow_of(r, p);
	struct seen *s;

	if (!f) {
		report_seen(r, p, NULL, "not of the connection under test");
		return;
	}
	/* Nobody will ask for it: show it as it comes. */
	if (!r->any_outbound_left) {
		report_seen(r, p, f, NULL);
		return;
	}
	s = arena_new_of(r->arena, struct seen);
	s->pkt = p;
	s->flow = f;
	STAILQ_INSERT_TAIL(&r->seen, s, next);
}

/* One packet from the target: 1 read, 0 none until then, -1 broken. */
static int read_one(struct run *r, nstime until)
{
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
	p = arena_new_of(r->arena, struct pkt);
	switch (pkt_decode(raw.data, raw.len, r->arena, p, &why)) {
	case DECODE_OK:
		p->stamp = raw.stamp;
		p->flags = (raw.csum_offloaded ? PKT_CSUM_OFFLOADED : 0u) |
			(raw.wire_len > raw.len ? PKT_TRUNCATED : 0u);
		sort(r, p);
		break;
	case DECODE_OTHER:
		break;
	case DECODE_BAD:
		run_note(r, (struct span){ 0 }, "the stack sent a malformed packet of %zu bytes: %s",
			 raw.len, why);
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
static void drop_foreign(struct run *r)
{
	struct seen *s, *after;

	for (s = STAILQ_FIRST(&r->seen); s; s = after) {
		after = STAILQ_NEXT(s, next);
		if (flow_related(s->flow, r->flows.sut))
			continue;
		STAILQ_REMOVE(&r->seen, s, seen, next);
		report_seen(r, s->pkt, s->flow, "of an earlier connection");
	}
}

static struct seen *first_of(struct run *r, const struct flow *f)
{
	struct seen *s;

	STAILQ_FOREACH(s, &r->seen, next)
		if (!f || s->flow == f)
			break;
	return s;
}

struct seen *seen_next(struct run *r, const struct flow *f, nstime until)
{
	struct seen *s;

	for (drop_foreign(r); !(s = first_of(r, f)); drop_foreign(r))
		if (seen_pump(r, until) <= 0)
			break;
	return s;
}

void seen_take(struct run *r, struct seen *s)
{
	STAILQ_REMOVE(&r->seen, s, seen, next);
}

void seen_report_rest(struct run *r)
{
	struct seen *s;

	seen_pump(r, 0);
	STAILQ_FOREACH(s, &r->seen, next)
		report_seen(r, s->pkt, s->flow, NULL);
	STAILQ_INIT(&r->seen);
}
