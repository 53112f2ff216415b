/* SPDX-License-Identifier: BSD-2-Clause */
/* The host kernel behind the target seam: a device with addresses, and a wire to it. */
#include "config.h"

#include "target/host.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "script/settings.h"
#include "seam/target.h"
#include "target/call.h"
#include "target/caps.h"
#include "target/clock_real.h"
#include "target/csum_offload.h"
#include "target/fingerprint.h"
#include "target/link.h"
#include "target/netlink.h"
#include "target/sockdiag.h"
#include "target/sysctl.h"
#include "target/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LO_INDEX 1
#define LINKLOCAL_PREFIX 64
#define PEER_PORT_MIN 32768
#define PEER_PORT_MAX 60999

/*
 * In User-Mode Linux to read the clock takes 256 ns of virtual time and a
 * system call that fails 1 us, so what happens at one time is stamped so far
 * apart at the most.
 */
#define VIRTUAL_GRAIN (100 * NS_PER_US)

struct host {
	struct target target;
	struct wire *wire;
	struct sockdiag *sockdiag;
	uint16_t bind_port, connect_port, next_port;
	bool offload, shared;
	struct ip_addr remote;
	int remote_prefix;
	struct caps caps;
	struct virtual_clock clock;	/* where time is virtual */
};

static const struct span nowhere;

static struct host *host_of(struct target *t)
{
	return (struct host *)t;
}

static void host_call(struct target *t, struct target_call *c)
{
	call_host(&host_of(t)->caps, c);
}

static int host_inject(struct target *t, const struct target_frame *f, struct arena *a,
		       const char **why)
{
	struct wire *w = host_of(t)->wire;
	int rc = w->ops->inject(w, f, a, why);

	capture_drain(w->capture);	/* the stack has answered by now */
	return rc;
}

static int host_next_packet(struct target *t, nstime until, struct arena *a,
			    struct target_packet *p, const char **why)
{
	struct host *h = host_of(t);
	struct captured f;
	int rc;

	do {
		rc = capture_next(h->wire->capture, t->clock, until, &f, why);
		if (rc < 0)
			*why = arena_strdup(a, *why);
		if (rc <= 0)
			return rc;
		if (h->wire->ops->taken != NULL)
			h->wire->ops->taken(h->wire);
	} while (f.data == NULL);
	*p = (struct target_packet){
		.data = arena_memdup(a, f.data, f.len), .len = f.len, .wire_len = f.wire_len,
		.stamp = f.stamp,
		.csum_offloaded = h->offload && csum_is_offloaded(f.data, f.len),
	};
	return 1;
}

static int host_conn(struct target *t, const struct tuple *tuple, struct conn_info *info)
{
	return sockdiag_find(host_of(t)->sockdiag, tuple, info);
}

static int host_fd_state(struct target *t, int fd, struct conn_info *info)
{
	(void)t;
	return sockdiag_of_fd(fd, info);
}

static int host_details(struct target *t, const struct tuple *tuple, struct arena *a,
			struct conn_details *d)
{
	return sockdiag_details(host_of(t)->sockdiag, tuple, a, d);
}

static const char *host_environment(struct target *t, struct arena *a)
{
	struct buf b = { 0 };
	const char *text;

	fingerprint(clock_timer_step(t->clock), &b);
	text = arena_strndup(a, buf_str(&b), b.len);
	buf_free(&b);
	return text;
}

static unsigned host_lost(struct target *t)
{
	return capture_lost(host_of(t)->wire->capture);
}

/* Nobody else is in the namespace, so any number that is not spoken for is free. */
static uint16_t host_peer_port(struct target *t)
{
	struct host *h = host_of(t);
	uint16_t port;

	do {
		port = h->next_port++;
		if (h->next_port > PEER_PORT_MAX)
			h->next_port = PEER_PORT_MIN;
	} while (port == h->bind_port || port == h->connect_port);
	return port;
}

/* A connection that outlives its descriptor would keep the network namespace for minutes. */
static void host_reset(struct target *t)
{
	struct host *h = host_of(t);

	if (h->sockdiag != NULL)
		sockdiag_destroy(h->sockdiag, h->shared ? &h->remote : NULL, h->remote_prefix);
}

static void host_close(struct target *t)
{
	struct host *h = host_of(t);

	host_reset(t);
	sockdiag_close(h->sockdiag);
	if (h->wire != NULL)
		h->wire->ops->close(h->wire);
	free(h);
}

static const struct target_ops host_ops = {
	.name = "host",
	.call = host_call,
	.inject = host_inject,
	.next_packet = host_next_packet,
	.conn = host_conn,
	.fd_state = host_fd_state,
	.details = host_details,
	.environment = host_environment,
	.lost = host_lost,
	.peer_port = host_peer_port,
	.reset = host_reset,
	.close = host_close,
};

int wire_longest(const struct settings *s)
{
	return s->offload ? UINT16_MAX : s->mtu;
}

void wire_settle(int step)
{
	const struct timespec t = nstime_to_timespec(step < 20 ? 50 * NS_PER_US : NS_PER_MS);

	ppoll(NULL, 0, &t, NULL);
}

/* A namespace whose lo is up is somebody's, be it the machine's own. */
static int take_namespace(struct nl *nl, struct diag_sink *d)
{
	unsigned flags = nl_link_flags(nl, LO_INDEX);

	if (flags & IFF_UP)
		return diag_error(d, nowhere, "the host target needs a network namespace of its "
				  "own, and this one is in use");
	if (nl_link_set(nl, LO_INDEX, 0, IFF_UP, IFF_UP) < 0)
		return diag_error(d, nowhere, "cannot bring lo up: %s", nl_why(nl));
	return 0;
}

static struct wire *open_veth(const struct target_config *cfg, struct nl *nl, struct diag_sink *d)
{
	if (!cfg->shared)
		return wire_veth_open(cfg->settings, nl, d);
	diag_error(d, nowhere, "--wire=veth needs a network namespace of its own; leave --wire out "
		   "or say --wire=tun");
	return NULL;
}

/* Some packets only a tun takes; and a tun alone leaves nothing behind in a shared namespace. */
static struct wire *open_wire(const struct target_config *cfg, struct nl *nl, struct diag_sink *d)
{
	const struct settings *s = cfg->settings;
	bool needs_tun = cfg->need_plain_oversize || s->mss > 0;

	if (s->wire == WIRE_TUN || (s->wire == WIRE_AUTO && (needs_tun || cfg->shared)))
		return wire_tun_open(s, !cfg->shared, nl, d);
	if (needs_tun) {
		diag_error(d, nowhere, "--wire=veth cannot carry %s; leave --wire out or say "
			   "--wire=tun", s->mss > 0 ? "what --mss asks for" :
			   "the packets above the MTU this script injects");
		return NULL;
	}
	return open_veth(cfg, nl, d);
}

static int full_prefix(const struct ip_addr *a, int prefix)
{
	int bits = a->family == AF_INET ? 32 : 128;

	return prefix < 0 || prefix > bits ? bits : prefix;
}

static int add_local(const struct settings *s, int index, struct nl *nl, struct diag_sink *d)
{
	int prefix = full_prefix(&s->local_ip, s->local_prefix), i;
	char text[IP_ADDR_TEXT];

	ip_addr_text(&s->local_ip, text);
	if (nl_addr_add(nl, index, &s->local_ip, prefix) < 0)
		return diag_error(d, nowhere, "cannot put address %s/%d on " WIRE_DEVICE ": %s",
				  text, prefix, nl_why(nl));
	for (i = 0; i < SETTLE_STEPS; i++) {
		if (nl_addr_usable(nl, &s->local_ip))
			return 0;
		wire_settle(i);
	}
	return diag_error(d, nowhere, "address %s on " WIRE_DEVICE " did not become usable", text);
}

static int set_addresses(const struct settings *s, int index, struct nl *nl, struct diag_sink *d)
{
	/* Without ARP the gateway is a formality, and the kernel wants no route via itself. */
	bool v6 = s->local_ip.family == AF_INET6;
	const struct ip_addr *gateway_ip = v6 && s->gateway_linklocal_ip.family ?
		&s->gateway_linklocal_ip : &s->gateway_ip;
	bool direct = s->is_anyip || ip_addr_equal(gateway_ip, &s->local_ip);
	const struct ip_addr *via = direct ? NULL : gateway_ip;
	int prefix = full_prefix(&s->remote_ip, s->remote_prefix);
	char remote[IP_ADDR_TEXT], gateway[IP_ADDR_TEXT];

	if (!s->is_anyip && add_local(s, index, nl, d) < 0)
		return -1;
	if (v6 && s->local_linklocal_ip.family &&
	    nl_addr_add(nl, index, &s->local_linklocal_ip, LINKLOCAL_PREFIX) < 0)
		return diag_error(d, nowhere, "cannot put --local_linklocal_ip on " WIRE_DEVICE ": %s",
				  nl_why(nl));
	if (nl_route_add(nl, index, &s->remote_ip, prefix, via) == 0)
		return 0;
	return diag_error(d, nowhere, "cannot route %s/%d through %s on " WIRE_DEVICE ": %s",
			  ip_addr_text(&s->remote_ip, remote), prefix,
			  via == NULL ? "nobody" : ip_addr_text(via, gateway), nl_why(nl));
}

static void set_speed(const struct settings *s, struct diag_sink *d)
{
	if (s->speed > 0 && link_set_speed(WIRE_DEVICE, s->speed) < 0)
		diag_warning(d, nowhere, "cannot set the speed of " WIRE_DEVICE " to %d Mbit/s: "
			     "%s (--wire=tun can)", s->speed, strerror(errno));
}

void wire_close_on_exec(void)
{
	int fd;

	if (syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	for (fd = 3; fd < 64; fd++)	/* before Linux 5.11 */
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/*
 * The order matters: what the kernel copies into a new device is set before it
 * is made, so that the device never says a word of its own.
 */
static int build(struct host *h, const struct target_config *cfg, struct nl *nl,
		 struct diag_sink *d)
{
	const struct settings *s = cfg->settings;

	if (!cfg->shared) {
		if (take_namespace(nl, d) < 0)
			return -1;
		sysctl_quiet_ipv6("default");
	}
	if (sysctl_apply(s, SYSCTL_BEFORE_DEVICE, WIRE_DEVICE, d) < 0)
		return -1;
	h->wire = open_wire(cfg, nl, d);
	wire_close_on_exec();
	if (h->wire == NULL)
		return -1;
	if (cfg->shared)
		sysctl_quiet_ipv6(WIRE_DEVICE);
	set_speed(s, d);
	if (sysctl_apply(s, SYSCTL_OF_DEVICE, WIRE_DEVICE, d) < 0)
		return -1;
	h->sockdiag = sockdiag_open();
	if (h->sockdiag == NULL)
		return diag_error(d, nowhere, "cannot ask for connections (sock_diag): %s",
				  strerror(errno));
	return set_addresses(s, h->wire->index, nl, d);
}

static uint16_t random_port(void)
{
	uint32_t r = 0;

	if (getrandom(&r, sizeof(r), GRND_NONBLOCK) < 0)
		r = getpid();
	return PEER_PORT_MIN + r % (PEER_PORT_MAX - PEER_PORT_MIN + 1);
}

/* Root can be without them: in a container, or with a bounding set. */
static int check_capabilities(struct diag_sink *d)
{
	static const struct {
		const char *name;
		int bit;
	} table[] = { { "CAP_NET_ADMIN", CAP_NET_ADMIN }, { "CAP_NET_RAW", CAP_NET_RAW } };
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };
	size_t i;

	if (syscall(SYS_capget, &header, data) < 0)
		return 0;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!(data[0].effective & (1u << table[i].bit)))
			return diag_error(d, nowhere, "the capability %s is missing: run as root, without "
					  "a container or bounding set that takes it away", table[i].name);
	return 0;
}

struct target *host_open(const struct target_config *cfg, struct diag_sink *d)
{
	struct host *h;
	struct nl *nl;
	int rc;

	if (check_capabilities(d) < 0)
		return NULL;
	nl = nl_open();
	if (nl == NULL) {
		diag_error(d, nowhere, "cannot configure devices (rtnetlink): %s",
			   strerror(errno));
		return NULL;
	}
	h = xzalloc(sizeof(*h));
	h->target = (struct target){ .ops = &host_ops, .clock = clock_real(), .name = "linux" };
	if (cfg->virtual_time) {
		clock_virtual_init(&h->clock);
		h->target.clock = &h->clock.clock;
		h->target.exact = h->target.dear = true;
		h->target.grain = VIRTUAL_GRAIN;
	}
	h->bind_port = cfg->settings->bind_port;
	h->connect_port = cfg->settings->connect_port;
	h->offload = cfg->settings->offload;
	h->shared = cfg->shared;
	h->remote = cfg->settings->remote_ip;
	h->remote_prefix = cfg->settings->remote_prefix;
	h->next_port = random_port();
	rc = build(h, cfg, nl, d);
	nl_close(nl);
	if (rc == 0)
		return &h->target;
	host_close(&h->target);
	return NULL;
}
