/* SPDX-License-Identifier: BSD-2-Clause */
/* The way to a device: the interface, the tester's addresses, who has the device's. */
#include "config.h"

#include "target/box.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "script/settings.h"
#include "target/box_inside.h"
#include "target/clock_real.h"
#include "target/netlink.h"

#include <ifaddrs.h>
#include <string.h>
#include <sys/random.h>

/* Descriptors that are nobody's: far from those of this process. */
#define FIRST_FD 100000

static const struct span nowhere;

/* The kernel of this machine would answer for an address of its own, too. */
static int check_not_mine(const struct ip_addr *a, struct diag_sink *d)
{
	struct ifaddrs *all, *i;
	struct ip_addr one;
	char text[IP_ADDR_TEXT];
	uint16_t port;
	int rc = 0, family;

	if (getifaddrs(&all) < 0)
		return 0;
	for (i = all; i != NULL && rc == 0; i = i->ifa_next) {
		const struct sockaddr_storage *ss = (const void *)i->ifa_addr;

		family = ss != NULL ? i->ifa_addr->sa_family : 0;
		if ((family == AF_INET || family == AF_INET6) &&
		    ip_addr_from_sockaddr(ss, &one, &port) && ip_addr_equal(&one, a))
			rc = diag_error(d, nowhere, "%s is an address of this machine (%s), whose "
					"kernel would answer, too; say --remote_ip, or take it away",
					ip_addr_text(a, text), i->ifa_name);
	}
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
	box_ops.close(&b->target);
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
