/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes what the stack sent for one `>` line out of the queue: one packet, or
 * the pieces of it (section 8.3 of the language), or a part of a larger one.
 */
#include "config.h"

#include "engine/expect.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/remap.h"
#include "engine/seen.h"
#include "engine/subflow.h"
#include "wire/bytes.h"
#include "wire/hdrs.h"
#include "wire/tcp_md5.h"

#include <string.h>

/* How much longer than allowed a packet is awaited, to say "late" rather than "never". */
#define GRACE NS_PER_SEC

/* What is collected for. */
struct collecting {
	struct run *r;
	const struct event *e;
	const struct plan *plan;
	struct flow *flow;
	uint32_t need;		/* payload of the line */
	uint32_t last_size;	/* payload of the piece before */
	struct found *out;
	const struct wire_frame **last_frame;	/* where the next one of out->frames goes */
};

nstime collect_patience(const struct run *r, const struct plan *p)
{
	nstime t = p->any ? r->deadline : p->until + p->late_tolerance + GRACE;

	return t < r->deadline ? t : r->deadline;
}

struct seen *collect_await(struct run *r, const struct flow *f, bool quoted, nstime until)
{
	const nstime slice = 100 * NS_PER_MS;

	for (;;) {
		nstime look = run_next_look(r, slice), step = look < until ? look : until;
		struct seen *s = seen_next(r, f, quoted, step);

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
	return run_fail_time(r, &res);
}

static uint8_t ttl_of(const struct pkt *p)
{
	const struct hdr *ip = pkt_ip(p);

	return pkt_bytes(p, ip)[ip->kind == HDR_IPV4 ? 8 : 7];
}

static bool same_headers(const struct pkt *a, const struct pkt *b)
{
	int i;

	if (a->n_hdr != b->n_hdr)
		return false;
	for (i = 0; i < a->n_hdr; i++)
		if (a->hdr[i].kind != b->hdr[i].kind || a->hdr[i].len != b->hdr[i].len)
			return false;
	return ttl_of(a) == ttl_of(b);
}

static uint16_t urgent(const struct pkt *p)
{
	return get_be16(pkt_bytes(p, pkt_transport(p)) + 18);
}

/* Pieces agree in everything but length, FIN, PSH and CWR, and follow each other. */
static bool piece_follows(const struct pkt *before, const struct pkt *next)
{
	const uint16_t may_differ = TCPF_FIN | TCPF_PSH | TCPF_CWR;
	uint16_t flags = pkt_tcp_flags(before) ^ pkt_tcp_flags(next);

	return same_headers(before, next) && !before->trailer_len && !(flags & ~may_differ) &&
		pkt_tcp_seq(next) == pkt_tcp_seq(before) + before->payload_len &&
		pkt_tcp_ack(before) == pkt_tcp_ack(next) &&
		pkt_tcp_win(before) == pkt_tcp_win(next) && urgent(before) == urgent(next);
}

/* Makes the lengths in the headers say that this much payload follows. */
static void set_payload_len(struct pkt *p, uint32_t payload_len)
{
	const struct hdr *ip = pkt_ip(p), *tunnel = pkt_tunnel(p);
	uint8_t *h = pkt_bytes(p, ip);

	p->payload_len = payload_len;
	p->len = p->payload_off + payload_len;
	if (ip->kind == HDR_IPV4)
		put_be16(h + 2, (uint16_t)(p->len - ip->off));
	else
		put_be16(h + 4, (uint16_t)(p->len - ip->off - ip->len));
	if (tunnel)
		put_be16(pkt_bytes(p, tunnel) + 4, (uint16_t)(p->len - tunnel->off));
	pkt_fill_checksums(p, NULL);
}

/* One packet with the last one's header, the first one's sequence number and all the payload. */
static struct pkt *merge(struct run *r, const struct pkt *all, const struct pkt *last)
{
	struct pkt *p = arena_memdup(r->arena, last, sizeof(*last));

	p->data = arena_alloc(r->arena, last->payload_off + all->payload_len + last->payload_len);
	memcpy(p->data, last->data, last->payload_off);
	memcpy(p->data + p->payload_off, all->data + all->payload_off, all->payload_len);
	memcpy(p->data + p->payload_off + all->payload_len, last->data + last->payload_off,
	       last->payload_len);
	pkt_tcp_set_seq(p, pkt_tcp_seq(all));
	mptcp_merge(p, all, last);
	set_payload_len(p, all->payload_len + last->payload_len);
	return p;
}

static void clear_flags(struct pkt *p, uint16_t flags)
{
	uint8_t *at = pkt_bytes(p, pkt_transport(p)) + 12;

	put_be16(at, get_be16(at) & (uint16_t)~flags);
}

struct pkt *collect_prefix(struct run *r, const struct pkt *p, uint32_t len)
{
	struct pkt *first = pkt_copy(p, r->arena);

	clear_flags(first, TCPF_FIN | TCPF_PSH);
	set_payload_len(first, len);
	return first;
}

/*
 * --segments=any: the first `len` bytes of a segment as a packet of their own;
 * the rest goes back into the queue, as segmentation offload would cut it.
 */
static struct pkt *split(struct run *r, struct seen *s, uint32_t len)
{
	struct pkt *first = collect_prefix(r, s->pkt, len), *rest = pkt_copy(s->pkt, r->arena);
	uint32_t left = rest->payload_len - len;

	memmove(rest->data + rest->payload_off, rest->data + rest->payload_off + len, left);
	pkt_tcp_set_seq(rest, pkt_tcp_seq(rest) + len);
	clear_flags(rest, TCPF_CWR);
	set_payload_len(rest, left);
	s->pkt = rest;
	seen_put_back(r, s);
	return first;
}

static void keep_frame(struct collecting *c, const struct seen *s)
{
	struct wire_frame *copy;

	if (!s->frame)
		return;
	/* Its place in the list is this line's own. */
	copy = arena_memdup(c->r->arena, s->frame, sizeof(*copy));
	copy->next = NULL;
	*c->last_frame = copy;
	c->last_frame = &copy->next;
}

/* Fails over the payload of what came for one line. */
static int wrong_amount(struct run *r, const struct event *e, const struct plan *p,
			const struct found *got, const char *message)
{
	struct result res = run_result(r, e, EVK_OUTBOUND, p);
	const struct pkt *script = got->script;

	res.frames = got->frames;
	res.actual = script->stamp;
	res.want = run_spec_text(r, e->pkt);
	res.got = res.text = run_pkt_text(r, script);
	res.message = message;
	res.hint = got->hint;
	return run_fail(r, &res);
}

static const char *hex_text(struct run *r, const uint8_t *b, size_t n)
{
	const char *text = "";

	while (n--)
		text = arena_printf(r->arena, "%s%02x", text, *b++);
	return text;
}

/* What only a packet as it was sent can be asked: its checksums and its signature. */
static void inspect(struct collecting *c, const struct pkt *live)
{
	uint8_t right[TCPOPT_MD5_BYTES], *digest;

	pkt_compare_checksums(live, c->r->arena, &c->out->diffs);
	if (!tcp_md5_wanted(c->e->pkt) || !pkt_is_tcp(live))
		return;
	digest = tcp_md5_found(live);
	if (!digest)
		return;		/* its absence is a difference of the options */
	tcp_md5_digest(live, c->r->set->tcp_md5_secret, right);
	if (memcmp(right, digest, sizeof(right)))
		pkt_diff_add(&c->out->diffs, c->r->arena, "tcp_md5_digest",
			     hex_text(c->r, right, sizeof(right)),
			     hex_text(c->r, digest, sizeof(right)));
}

/*
 * --strict=pieces: all are of one size but the last, as packetdrill has it. A
 * window that opens in steps cuts otherwise. A pure ACK before them is no piece.
 */
static bool right_size(const struct collecting *c, const struct pkt *next)
{
	bool is_last = c->out->live->payload_len + next->payload_len == c->need;

	if (!(c->r->set->strict & STRICT_PIECES) || is_last || !c->last_size)
		return true;
	return next->payload_len == c->last_size;
}

static bool may_have_pieces(const struct collecting *c)
{
	const struct pkt *live = c->out->live;

	return live->payload_len < c->need && pkt_is_tcp(live) && c->e->pkt->kind == SPEC_TCP &&
		c->r->set->segments != SEGMENTS_EXACT &&
		!(pkt_tcp_flags(live) & (TCPF_SYN | TCPF_RST));
}

/* Adds the next packet if it is a piece of the line; false if it is not, or none comes. */
static bool add_piece(struct collecting *c)
{
	struct run *r = c->r;
	struct found *out = c->out;
	struct seen *s = collect_await(r, c->flow, false, collect_patience(r, c->plan));
	struct pkt *last;

	if (!s || !piece_follows(out->live, s->pkt))
		return false;
	if (!out->live->payload_len && r->set->strict & STRICT_ACKS)
		return false;
	last = s->pkt;
	if (out->live->payload_len + last->payload_len > c->need) {
		if (r->set->segments != SEGMENTS_ANY)
			return false;
		seen_take(r, s);
		keep_frame(c, s);
		inspect(c, s->pkt);
		last = split(r, s, c->need - out->live->payload_len);
	} else if (!right_size(c, last)) {
		return false;
	} else {
		seen_take(r, s);
		keep_frame(c, s);
		inspect(c, last);
	}
	if (!out->live->payload_len)
		run_note(r, c->e->pkt->span, "a pure ACK came before the data and was taken with it");
	c->last_size = last->payload_len;
	out->live = merge(r, out->live, last);
	out->live->stamp = out->stamp = last->stamp;
	out->pieces++;
	return true;
}

static void take_first(struct collecting *c, struct seen *s)
{
	struct pkt *live = s->pkt;

	seen_take(c->r, s);
	keep_frame(c, s);
	inspect(c, live);
	if (c->r->set->segments == SEGMENTS_ANY && pkt_is_tcp(live) && c->need &&
	    live->payload_len > c->need)
		live = split(c->r, s, c->need);
	c->out->live = live;
	c->out->stamp = live->stamp;
	c->out->pieces = 1;
	c->last_size = live->payload_len;
}

int collect(struct run *r, const struct event *e, const struct plan *p, struct flow *f,
	    struct pkt *want, struct found *out)
{
	struct collecting c = { .r = r, .e = e, .plan = p, .flow = f, .need = want->payload_len,
				.out = out, .last_frame = &out->frames };
	bool quoted = expect_quoted(e, f);
	struct seen *s = collect_await(r, f, quoted, collect_patience(r, p));

	pkt_diff_init(&out->diffs);
	if (!s)
		return never_came(r, e, p);
	flow_learn_isn(f, want, s->pkt);
	if (subflow_learn(r, e->pkt, f))
		return run_stop_diag(r, e, VERDICT_BADSCRIPT);
	take_first(&c, s);
	while (may_have_pieces(&c) && add_piece(&c))
		;
	mptcp_track(&r->mptcp, f, out->live, true);
	if (mptcp_fill_outbound(&r->mptcp, f, e->pkt, want, out->live, &r->diag))
		return run_stop_diag(r, e, VERDICT_BADSCRIPT);
	out->script = remap_to_script(f, out->live, e->pkt, want, r->arena);
	if (r->verdict != VERDICT_NONE)
		return -1;
	if (pkt_is_tcp(want) && pkt_is_tcp(out->live) && out->live->payload_len != c.need)
		return wrong_amount(r, e, p, out,
				    arena_printf(r->arena, "live packet payload: expected %u bytes vs "
						 "actual %u bytes", c.need, out->live->payload_len));
	return 0;
}
