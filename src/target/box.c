/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/box.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "script/settings.h"
#include "seam/target.h"
#include "target/box_hook.h"
#include "target/box_options.h"
#include "target/clock_real.h"
#include "target/csum_offload.h"
#include "target/inferred.h"
#include "target/neigh_owner.h"
#include "target/netlink.h"
#include "target/port_map.h"
#include "target/reset_segment.h"
#include "target/wire.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>

#define PEER_PORT_MIN 32768
#define PEER_PORT_MAX 60999
/* Descriptors that are nobody's: far from those of this process. */
#define FIRST_FD 100000

static const struct span nowhere;

/* A packet of the device, taken from the capture before the engine asked for it. */
struct waiting {
	nstime stamp;
	size_t len, wire_len;
	bool csum_offloaded;
	STAILQ_ENTRY(waiting) next;
	uint8_t data[];
};

struct box {
	struct target target;
	struct arena *arena;		/* for the options, and why calls were refused */
	struct box_options opt;
	struct ether *ether;
	struct neigh_owner *owner;
	struct capture *capture;
	struct inferred *inferred;
	STAILQ_HEAD(, waiting) waiting;
	struct port_map ports;
	struct ip_addr device;		/* the script's local end */
	uint16_t bind_port, connect_port, next_port;
	nstime timeout;
	bool offload;			/* checksums may be left to a device that is no wire */
	pthread_mutex_t lock;		/* calls: the next descriptor, the arena */
	int next_fd;
};

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
		arena_printf(a, "a packet of %zu bytes is above the MTU of %s", f->len, b->opt.device) :
		arena_printf(a, "%s does not take it: %s", b->opt.device, strerror(errno));
	return -1;
}

/* RFC 4861: what the neighbours' thread answers, and what routers and redirects say. */
static bool is_discovery(const uint8_t *ip, size_t len)
{
	return ip[0] >> 4 == 6 && len > 40 && ip[6] == IPPROTO_ICMPV6 && ip[40] >= ND_ROUTER_SOLICIT &&
		ip[40] <= ND_REDIRECT;
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

static const struct target_ops box_ops = {
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

/* The kernel of this machine would answer for an address of its own, too. */
static int check_not_mine(const struct ip_addr *a, struct diag_sink *d)
{
	struct ifaddrs *all, *i;
	struct ip_addr one;
	char text[IP_ADDR_TEXT];
	uint16_t port;
	int rc = 0;

	if (getifaddrs(&all) < 0)
		return 0;
	for (i = all; i != NULL && rc == 0; i = i->ifa_next)
		if (i->ifa_addr != NULL &&
		    (i->ifa_addr->sa_family == AF_INET || i->ifa_addr->sa_family == AF_INET6) &&
		    ip_addr_from_sockaddr((const struct sockaddr_storage *)(const void *)i->ifa_addr, &one,
					  &port) && ip_addr_equal(&one, a))
			rc = diag_error(d, nowhere, "%s is an address of this machine (%s), whose kernel would "
					"answer, too; say --remote_ip, or take it away",
					ip_addr_text(a, text), i->ifa_name);
	freeifaddrs(all);
	return rc;
}

static int own_address(struct box *b, const struct ip_addr *a, struct diag_sink *d)
{
	if (check_not_mine(a, d) < 0)
		return -1;
	neigh_owner_add(b->owner, a);
	return 0;
}

/* Asked for as an owner that is on the device's own link, if there is one. */
static const struct ip_addr *asker(const struct box *b, const struct settings *s, int family)
{
	int i;

	for (i = 0; i < b->opt.n_own; i++)
		if (b->opt.own[i].family == family)
			return &b->opt.own[i];
	return &s->remote_ip;
}

static int find_device(struct box *b, const struct settings *s, struct diag_sink *d)
{
	int family = b->device.family;
	const struct ip_addr *via = &b->opt.via[family == AF_INET6];
	const struct ip_addr *hop = via->family != 0 ? via : &b->device, *as = asker(b, s, family);
	char text[IP_ADDR_TEXT], patience[NSTIME_TEXT];

	if (!b->opt.have_peer &&
	    neigh_owner_find(b->owner, hop, as, b->opt.patience, b->opt.peer) < 0) {
		diag_error(d, nowhere, "%s does not answer %s on %s within %s", ip_addr_text(hop, text),
			   family == AF_INET ? "ARP" : "neighbor solicitations", b->opt.device,
			   nstime_words(b->opt.patience, patience));
		diag_note(d, nowhere, "is the device up, and is this its address (--local_ip)?");
		return -1;
	}
	neigh_owner_introduce(b->owner, hop, &s->remote_ip, b->opt.peer);
	if (as != &s->remote_ip)
		neigh_owner_introduce(b->owner, hop, as, b->opt.peer);
	return 0;
}

/* Between two kernels (veth) or a kernel and a guest (tap), offloads are not undone. */
static bool is_virtual(const char *device)
{
	struct nl *nl = nl_open();
	struct buf b = { 0 };
	bool found;

	found = nl != NULL && nl_link_describe(nl, device, &b) == 0 &&
		(strncmp(buf_str(&b), "veth", 4) == 0 || strncmp(buf_str(&b), "tun", 3) == 0);
	buf_free(&b);
	nl_close(nl);
	return found;
}

static int start(struct box *b, const struct settings *s, struct diag_sink *d)
{
	int i;

	if (!b->opt.have_mac && ether_made_up(b->opt.device, b->opt.mac) < 0)
		return diag_error(d, nowhere, "there is no Ethernet interface %s here", b->opt.device);
	b->ether = ether_open(b->opt.device, b->opt.mac, d);
	if (b->ether == NULL)
		return -1;
	b->owner = neigh_owner_start(b->opt.device, b->opt.mac, d);
	if (b->owner == NULL || own_address(b, &s->remote_ip, d) < 0)
		return -1;
	for (i = 0; i < b->opt.n_own; i++)
		if (own_address(b, &b->opt.own[i], d) < 0)
			return -1;
	b->offload = s->offload && is_virtual(b->opt.device);
	b->capture = capture_open(b->opt.device, CAPTURE_RECEIVED, wire_longest(s), d);
	wire_close_on_exec();
	return b->capture != NULL ? find_device(b, s, d) : -1;
}

static uint16_t random_port(void)
{
	uint16_t r = 0;

	if (getrandom(&r, sizeof(r), GRND_NONBLOCK) < 0)
		r = (uint16_t)clock_now(clock_real());
	return (uint16_t)(PEER_PORT_MIN + r % (PEER_PORT_MAX - PEER_PORT_MIN + 1));
}

struct target *box_open(const struct target_config *cfg, struct diag_sink *d)
{
	const struct settings *s = cfg->settings;
	struct box *b = xzalloc(sizeof(*b));

	b->target = (struct target){ .ops = &box_ops, .clock = clock_real() };
	b->arena = arena_new();
	pthread_mutex_init(&b->lock, NULL);
	STAILQ_INIT(&b->waiting);
	b->inferred = inferred_new();
	b->device = s->local_ip;
	b->bind_port = s->bind_port;
	b->connect_port = s->connect_port;
	b->timeout = s->timeout;
	b->next_port = random_port();
	b->next_fd = FIRST_FD;
	if (box_options_parse(cfg->where, &b->opt, b->arena, d) == 0) {
		b->ports = (struct port_map){ s->bind_port, b->opt.port ? b->opt.port : s->bind_port };
		b->target.settle = b->opt.settle;
		if (start(b, s, d) == 0)
			return &b->target;
	}
	box_close(&b->target);
	return NULL;
}

int box_check(const char *where, struct diag_sink *d)
{
	struct box_options o;

	return box_options_parse(where, &o, d->arena, d);
}

const char *box_called(const char *where, struct arena *a)
{
	struct box_options o;
	struct diag_sink d;

	diag_init(&d, a);
	return box_options_parse(where, &o, a, &d) == 0 ? o.name : "wire";
}
