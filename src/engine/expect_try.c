/* SPDX-License-Identifier: BSD-2-Clause */
/* Does a packet that came fit a line that may not mean it? */
#include "config.h"

#include "engine/expect.h"
#include "engine/remap.h"

/* A piece of the line, or a packet that goes on behind it, is compared as far as they overlap. */
static void overlap(struct run *r, const struct pkt_spec *spec, struct pkt **want,
		    struct pkt **live)
{
	uint32_t w = (*want)->payload_len, g = (*live)->payload_len;

	if (spec->kind != SPEC_TCP || !pkt_is_tcp(*live) || w == g ||
	    pkt_tcp_flags(*live) & (TCPF_SYN | TCPF_RST))
		return;
	if (g < w ? !g || r->set->segments == SEGMENTS_EXACT :
	    !w || r->set->segments != SEGMENTS_ANY)
		return;
	*want = collect_prefix(r, *want, g < w ? g : w);
	*live = collect_prefix(r, *live, g < w ? g : w);
}

int expect_try(struct run *r, const struct expected *x, const struct seen *s, bool *piece)
{
	struct pkt *want = pkt_copy(x->want, r->arena), *live = pkt_copy(s->pkt, r->arena);
	struct flow f = *x->flow;	/* learns what only this packet would teach */
	const struct pkt_spec *spec = x->e->pkt;
	struct pkt_diff_list list;
	struct found got = { 0 };

	flow_expected(&f, spec, want);
	flow_learn_isn(&f, want, live);
	if (piece)
		*piece = want->payload_len != live->payload_len;
	overlap(r, spec, &want, &live);
	got.live = live;
	got.stamp = s->pkt->stamp;
	got.script = remap_to_script(&f, live, spec, want, r->arena);
	pkt_diff_init(&list);
	expect_compare(r, x->e, want, &f, &got, &list);
	return list.n + (pkt_is_tcp(want) && pkt_is_tcp(live) &&
			 want->payload_len != live->payload_len);
}
