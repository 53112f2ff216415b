/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/arena.h"
#include "base/xmem.h"
#include "target/box_hook.h"
#include "target/box_inside.h"
#include "target/csum_offload.h"
#include "target/reset_segment.h"

#include <errno.h>
#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static struct box *box_of(struct target *t)
{
	return (struct box *)t;
}

static bool makes_fd(const struct target_call *c)
{
	return c->id == CALL_socket || c->id == CALL_accept || c->id == CALL_accept4;
}

static void box_call(struct target *t, struct target_call *c)
{
	struct box *b = box_of(t);
	struct arena *a = arena_new();

	if (b->opt.hook == NULL)
		c->assumed = true;
	else
		box_hook_call(b->opt.hook, b->timeout, c, a);
	pthread_mutex_lock(&b->lock);
	if (c->refused != NULL)
		c->refused = arena_strdup(b->arena, c->refused);
	else if (c->assumed)
		c->result = c->want;
	/* Descriptors are made up: the device's own would be mixed with those of this process. */
	if (c->refused == NULL && c->result >= 0 && makes_fd(c))
		c->result = b->next_fd++;
	pthread_mutex_unlock(&b->lock);
	arena_free(a);
}

static uint16_t ethertype(const uint8_t *ip)
{
	return ip[0] >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP;
}

/* The addresses of a packet, whatever else is wrong with it; false if there are none. */
static bool addresses(const uint8_t *ip, size_t len, struct ip_addr *src, struct ip_addr *dst)
{
	bool v6 = len >= 40 && ip[0] >> 4 == 6;

	if (!v6 && (len < 20 || ip[0] >> 4 != 4))
		return false;
	*src = *dst = (struct ip_addr){ .family = v6 ? AF_INET6 : AF_INET };
	memcpy(src->b, ip + (v6 ? 8 : 12), v6 ? 16 : 4);
	memcpy(dst->b, ip + (v6 ? 24 : 16), v6 ? 16 : 4);
	return true;
}

static void remember(struct box *b, const uint8_t *ip, size_t len, nstime when, bool told)
{
	struct arena *a = arena_new();
	const char *why;
	struct pkt p;

	if (pkt_decode(ip, len, a, &p, &why) == DECODE_OK) {
		if (told)
			inferred_told(b->inferred, &p, when);
		else
			inferred_said(b->inferred, &p, when);
	}
	arena_free(a);
}

static int send_ip(struct box *b, uint8_t *ip, size_t len)
{
	port_map_in(&b->ports, ip, len);
	return ether_send(b->ether, b->opt.peer, ethertype(ip), ip, len);
}

static int box_inject(struct target *t, const struct target_frame *f, struct arena *a,
		      const char **why)
{
	struct box *b = box_of(t);
	struct ip_addr src, dst;

	if (addresses(f->data, f->len, &src, &dst))
		neigh_owner_add(b->owner, &src);
	remember(b, f->data, f->len, clock_now(t->clock), true);
	if (send_ip(b, arena_memdup(a, f->data, f->len), f->len) == 0)
		return 0;
	*why = errno == EMSGSIZE ?
		arena_printf(a, "a packet of %zu bytes is above the MTU of %s", f->len,
			     b->opt.device) :
		arena_printf(a, "%s does not take it: %s", b->opt.device, strerror(errno));
	return -1;
}

/* RFC 4861: what the neighbours' thread answers, and what routers and redirects say. */
static bool is_discovery(const uint8_t *ip, size_t len)
{
	return ip[0] >> 4 == 6 && len > 40 && ip[6] == IPPROTO_ICMPV6 &&
		ip[40] >= ND_ROUTER_SOLICIT && ip[40] <= ND_REDIRECT;
}

/* A link has other traffic, too: only what goes to one of the tester's addresses counts. */
static bool is_ours(struct box *b, const struct captured *f)
{
	struct ip_addr src, dst;

	return f->data != NULL && addresses(f->data, f->len, &src, &dst) &&
		neigh_owner_has(b->owner, &dst) && !is_discovery(f->data, f->len);
}

/* Takes one frame: 1 (which may have been of no interest), 0 none until then, -1 broken. */
static int take(struct box *b, nstime until, const char **why)
{
	struct waiting *w;
	struct captured f;
	int rc = capture_next(b->capture, b->target.clock, until, &f, why);

	if (rc <= 0 || !is_ours(b, &f))
		return rc;
	w = xzalloc(sizeof(*w) + f.len);
	w->stamp = f.stamp;
	w->len = f.len;
	w->wire_len = f.wire_len;
	memcpy(w->data, f.data, f.len);
	w->csum_offloaded = b->offload && csum_is_offloaded(f.data, f.len);
	port_map_out(&b->ports, w->data, w->len);
	remember(b, w->data, w->len, w->stamp, false);
	STAILQ_INSERT_TAIL(&b->waiting, w, next);
	return 1;
}

static int box_next_packet(struct target *t, nstime until, struct arena *a,
			   struct target_packet *p, const char **why)
{
	struct box *b = box_of(t);
	struct waiting *w;
	int rc;

	while ((w = STAILQ_FIRST(&b->waiting)) == NULL) {
		rc = take(b, until, why);
		if (rc < 0)
			*why = arena_strdup(a, *why);
		if (rc <= 0)
			return rc;
	}
	*p = (struct target_packet){
		.data = arena_memdup(a, w->data, w->len), .len = w->len, .wire_len = w->wire_len,
		.stamp = w->stamp, .csum_offloaded = w->csum_offloaded,
	};
	STAILQ_REMOVE_HEAD(&b->waiting, next);
	free(w);
	return 1;
}

static void tell_states(struct conn_info *info, unsigned possible)
{
	bool one = (possible & (possible - 1)) == 0;

	*info = (struct conn_info){ .state = TCPS_UNKNOWN, .possible = possible };
	if (one)
		info->state = (enum tcp_state)__builtin_ctz(possible);
}

static int box_conn(struct target *t, const struct tuple *tuple, struct conn_info *info)
{
	struct box *b = box_of(t);
	const char *why;

	while (take(b, 0, &why) > 0)
		;
	tell_states(info, inferred_states(b->inferred, tuple, clock_now(t->clock)));
	return 0;
}

/* No packet of its connection was seen yet. */
static int box_fd_state(struct target *t, int fd, struct conn_info *info)
{
	(void)t;
	(void)fd;
	tell_states(info, 1u << TCPS_CLOSED | 1u << TCPS_SYN_SENT);
	return 0;
}

static const char *box_environment(struct target *t, struct arena *a)
{
	struct box *b = box_of(t);
	char mac[ETHER_MAC_TEXT], peer[ETHER_MAC_TEXT], ip[IP_ADDR_TEXT];

	return arena_printf(a, "device      %s, %s at %s, reached on %s\ntester      %s\n"
			    "application %s%s%s\n", b->opt.name, ip_addr_text(&b->device, ip),
			    ether_mac_text(b->opt.peer, peer), b->opt.device,
			    ether_mac_text(b->opt.mac, mac), box_app_name(b->opt.app),
			    b->opt.hook ? ", hook " : "", b->opt.hook ? b->opt.hook : "");
}

static unsigned box_lost(struct target *t)
{
	return capture_lost(box_of(t)->capture);
}

static uint16_t box_peer_port(struct target *t)
{
	struct box *b = box_of(t);
	uint16_t port;

	do {
		port = b->next_port++;
		if (b->next_port > PEER_PORT_MAX)
			b->next_port = PEER_PORT_MIN;
	} while (port == b->bind_port || port == b->connect_port);
	return port;
}

static void box_reset(struct target *t)
{
	struct box *b = box_of(t);
	uint8_t segment[RESET_SEGMENT_BYTES];
	struct tuple tuple;
	const char *why;
	unsigned next = 0;
	uint32_t expects;

	if (b->inferred == NULL || b->capture == NULL)
		return;
	while (take(b, 0, &why) > 0)
		;
	while (inferred_open(b->inferred, &next, &tuple, &expects))
		send_ip(b, segment, reset_segment(&tuple, expects, segment));
}

static void box_close(struct target *t)
{
	struct box *b = box_of(t);
	struct waiting *w;

	box_reset(t);
	while ((w = STAILQ_FIRST(&b->waiting)) != NULL) {
		STAILQ_REMOVE_HEAD(&b->waiting, next);
		free(w);
	}
	neigh_owner_stop(b->owner);
	capture_close(b->capture);
	ether_close(b->ether);
	inferred_free(b->inferred);
	pthread_mutex_destroy(&b->lock);
	arena_free(b->arena);
	free(b);
}

const struct target_ops box_ops = {
	.name = "wire",
	.call = box_call,
	.inject = box_inject,
	.next_packet = box_next_packet,
	.conn = box_conn,
	.fd_state = box_fd_state,
	.environment = box_environment,
	.lost = box_lost,
	.peer_port = box_peer_port,
	.reset = box_reset,
	.close = box_close,
};
