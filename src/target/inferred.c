/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/inferred.h"

#include "base/xmem.h"
#include "target/inferred_edges.h"

#include <stdlib.h>

/* After so long without a packet a timer may have ended what timers end. */
#define SILENCE NS_PER_SEC

/* One connection, seen from the stack. */
struct seen_conn {
	struct tuple tuple;
	unsigned possible, told;	/* STATE_BIT; TOLD_, all but SYN and RST kept */
	bool have_syn, have_fin;	/* the stack's own were seen, at these numbers: */
	uint32_t syn, fin;
	bool peer_syn_sent, peer_fin_sent;
	uint32_t peer_syn, peer_fin;
	bool have_ack;
	uint32_t ack;			/* the last it sent: what it expects */
	nstime last;			/* when it was last told or said something */
};

struct inferred {
	struct seen_conn *conn;
	unsigned n;
};

struct inferred *inferred_new(void)
{
	return xzalloc(sizeof(struct inferred));
}

void inferred_free(struct inferred *all)
{
	if (all == NULL)
		return;
	free(all->conn);
	free(all);
}

static struct seen_conn *find(const struct inferred *all, const struct tuple *t)
{
	unsigned i;

	for (i = 0; i < all->n; i++)
		if (tuple_equal(&all->conn[i].tuple, t))
			return &all->conn[i];
	return NULL;
}

static struct seen_conn *find_or_add(struct inferred *all, const struct tuple *t)
{
	struct seen_conn *c = find(all, t);

	if (c != NULL)
		return c;
	all->conn = xrealloc(all->conn, (all->n + 1) * sizeof(*all->conn));
	c = &all->conn[all->n++];
	*c = (struct seen_conn){ .tuple = *t, .possible = STATE_BIT(TCPS_LISTEN) | STATE_BIT(TCPS_CLOSED) };
	return c;
}

/* True if a is at or past b (RFC 9293 3.4). */
static bool at_or_past(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) >= 0;
}

static uint32_t fin_number(const struct pkt *p)
{
	return pkt_tcp_seq(p) + p->payload_len + (pkt_tcp_flags(p) & TCPF_SYN ? 1 : 0);
}

void inferred_told(struct inferred *all, const struct pkt *p, nstime when)
{
	struct seen_conn *c;
	struct pkt_ends e;
	unsigned told = 0;
	uint16_t flags;

	if (!pkt_is_tcp(p))
		return;
	pkt_get_ends(p, &e);
	flags = pkt_tcp_flags(p);
	c = find_or_add(all, &(struct tuple){ e.dst, e.src, e.dst_port, e.src_port });
	if (flags & TCPF_SYN && !(flags & TCPF_RST)) {
		told |= !(flags & TCPF_ACK) ? TOLD_SYN :
			c->have_syn && pkt_tcp_ack(p) == c->syn + 1 ? TOLD_SYN_ACK : 0;
		c->peer_syn_sent = true;
		c->peer_syn = pkt_tcp_seq(p);
	}
	if (flags & TCPF_FIN && !(flags & TCPF_RST)) {
		c->told |= TOLD_FIN;
		c->peer_fin_sent = true;
		c->peer_fin = fin_number(p);
	}
	if (flags & TCPF_ACK && c->have_syn && at_or_past(pkt_tcp_ack(p), c->syn + 1))
		c->told |= TOLD_ACK_OF_SYN;
	if (flags & TCPF_ACK && c->have_fin && at_or_past(pkt_tcp_ack(p), c->fin + 1))
		c->told |= TOLD_ACK_OF_FIN;
	if (flags & TCPF_RST)
		told |= TOLD_RST;
	c->possible = states_told(c->possible, c->told | told);
	c->last = when;
}

static unsigned said_by(struct seen_conn *c, const struct pkt *p)
{
	uint16_t flags = pkt_tcp_flags(p);
	uint32_t ack = pkt_tcp_ack(p);
	unsigned said;

	if (flags & TCPF_RST)
		return SAID_RST;
	if (flags & TCPF_SYN)
		return flags & TCPF_ACK ? SAID_SYN_ACK : SAID_SYN;
	said = flags & TCPF_ACK ? SAID_ACK : 0;
	if (p->payload_len > 0 ||
	    (said && c->peer_syn_sent && at_or_past(ack, c->peer_syn + 2)))
		said |= SAID_BEYOND;
	if (said && c->peer_fin_sent)
		said |= at_or_past(ack, c->peer_fin + 1) ? SAID_ACK_OF_FIN : SAID_NO_ACK_OF_FIN;
	if (flags & TCPF_FIN)
		said |= c->have_fin ? SAID_FIN_AGAIN : SAID_FIN;
	return said;
}

/* A connection of the same ports begins anew. */
static void begin(struct seen_conn *c, uint32_t syn)
{
	if (c->have_syn && c->syn == syn)
		return;
	*c = (struct seen_conn){ .tuple = c->tuple, .possible = c->possible, .have_syn = true, .syn = syn,
				 .peer_syn_sent = c->peer_syn_sent, .peer_syn = c->peer_syn };
}

void inferred_said(struct inferred *all, const struct pkt *p, nstime when)
{
	struct seen_conn *c;
	struct pkt_ends e;
	unsigned said, possible;

	if (!pkt_is_tcp(p))
		return;
	pkt_get_ends(p, &e);
	c = find_or_add(all, &(struct tuple){ e.src, e.dst, e.src_port, e.dst_port });
	if (pkt_tcp_flags(p) & TCPF_SYN)
		begin(c, pkt_tcp_seq(p));
	said = said_by(c, p);
	possible = states_said(c->possible, said);
	/* It did what no stack does in any state it could be in: its segment is all there is to go by. */
	if (possible == 0)
		possible = states_said(STATE_BITS_ALL, said);
	if (pkt_tcp_flags(p) & TCPF_FIN && !(pkt_tcp_flags(p) & TCPF_RST)) {
		c->have_fin = true;
		c->fin = fin_number(p);
	}
	if (pkt_tcp_flags(p) & TCPF_ACK && !(pkt_tcp_flags(p) & TCPF_RST)) {
		c->have_ack = true;
		c->ack = pkt_tcp_ack(p);
	}
	/* What it was told before may still be on its way. */
	c->possible = states_told(possible, c->told);
	c->last = when;
}

unsigned inferred_states(const struct inferred *all, const struct tuple *t, nstime now)
{
	const struct seen_conn *c = t->remote_port != 0 ? find(all, t) : NULL;

	if (c == NULL)
		return STATE_BIT(TCPS_LISTEN) | STATE_BIT(TCPS_CLOSED);
	return now - c->last > SILENCE ? states_after_silence(c->possible) : c->possible;
}

bool inferred_open(const struct inferred *all, unsigned *next, struct tuple *t, uint32_t *expects)
{
	const unsigned gone = STATE_BIT(TCPS_CLOSED) | STATE_BIT(TCPS_LISTEN);
	const struct seen_conn *c;

	while (*next < all->n) {
		c = &all->conn[(*next)++];
		if (!c->have_ack || !(c->possible & ~gone))
			continue;
		*t = c->tuple;
		*expects = c->ack;
		return true;
	}
	return false;
}
