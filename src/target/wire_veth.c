/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The default wire: a veth pair whose far end lies in a second network
 * namespace, where libnet injects and libpcap captures. Nothing else lives
 * there: the namespace is held by the descriptors alone.
 */
#include "config.h"

#include "target/wire.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "script/settings.h"
#include "seam/target.h"
#include "target/link.h"
#include "target/netlink.h"
#include "target/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <libnet.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAR "wire0"
/* The far end takes what the near one sends, whatever MTU a script gives that. */
#define FAR_MTU 65535
#define FRAME_MAX (ETH_HLEN + 65535)
#define ETH_HLEN 14
#define ETH_MACS 12

static const uint8_t near_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t far_mac[6] = { 2, 0, 0, 0, 0, 2 };

struct veth {
	struct wire wire;
	libnet_t *libnet;
	size_t mtu;		/* of the near end at the start */
	uint8_t version;	/* the IP version of frames that name none */
	uint8_t frame[FRAME_MAX];
};

static void veth_close(struct wire *w)
{
	struct veth *v = (struct veth *)w;

	capture_close(v->wire.capture);
	if (v->libnet != NULL)
		libnet_destroy(v->libnet);
	free(v);
}

static int why_not(const struct veth *v, size_t len, struct arena *a, const char **why)
{
	int err = errno;

	if (err == EMSGSIZE || (err == ENOBUFS && len > v->mtu))
		*why = arena_printf(a, "a packet of %zu bytes is above the MTU of " WIRE_DEVICE
				    ", which a veth cannot carry (--wire=tun can)", len);
	else if (err == ENOBUFS)
		*why = WIRE_DEVICE " did not take the packet; is it down?";
	else
		*why = arena_printf(a, "libnet cannot inject: %s",
				    err != 0 ? strerror(err) : libnet_geterror(v->libnet));
	return -1;
}

static int veth_inject(struct wire *w, const struct target_frame *f, struct arena *a,
		       const char **why)
{
	struct veth *v = (struct veth *)w;
	unsigned version = f->len > 0 ? f->data[0] >> 4 : 0;

	if (f->len > FRAME_MAX - ETH_HLEN) {
		*why = "a frame holds no more than 65535 bytes";
		return -1;
	}
	if (version != 4 && version != 6)	/* wrong on purpose */
		version = v->version;
	memcpy(v->frame + ETH_MACS, version == 6 ? "\x86\xdd" : "\x08\x00", 2);
	memcpy(v->frame + ETH_HLEN, f->data, f->len);
	errno = 0;
	if (libnet_adv_write_link(v->libnet, v->frame, ETH_HLEN + f->len) < 0)
		return why_not(v, f->len, a, why);
	return 0;
}

static const struct wire_ops veth_ops = { .inject = veth_inject, .close = veth_close };

/*
 * libnet opens a socket that also receives; nobody reads it, so it takes
 * nothing: the stack's frames would pile up there.
 */
static int open_libnet(struct veth *v, struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &nothing };
	char why[LIBNET_ERRBUF_SIZE] = "";

	v->libnet = libnet_init(LIBNET_LINK_ADV, FAR, why);
	if (v->libnet == NULL)
		return diag_error(d, nowhere, "cannot inject on " FAR ": %s", why);
	setsockopt(libnet_getfd(v->libnet), SOL_SOCKET, SO_ATTACH_FILTER, &program,
		   sizeof(program));
	return 0;
}

static int make_pair(struct nl *far, const struct settings *s, int near_netns, struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	struct nl_veth_end here = { .name = FAR, .mtu = FAR_MTU, .flags = IFF_UP | IFF_NOARP };
	struct nl_veth_end peer = { .name = WIRE_DEVICE, .mtu = s->mtu, .flags = IFF_NOARP };

	memcpy(here.mac, far_mac, sizeof(far_mac));
	memcpy(peer.mac, near_mac, sizeof(near_mac));
	if (nl_veth_add(far, &here, &peer, near_netns) == 0)
		return 0;
	diag_error(d, nowhere, "cannot make the veth pair " WIRE_DEVICE " - " FAR ": %s",
		   nl_why(far));
	if (errno == EOPNOTSUPP)
		diag_note(d, nowhere, "the kernel has no veth; as root: modprobe veth, or use "
			  "--wire=tun");
	return -1;
}

/* Brings the near end up and waits until both ends have noticed their carrier. */
static int near_up(struct veth *v, const struct settings *s, struct nl *nl, struct nl *far,
		   struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	int index = nl_link_index(nl, WIRE_DEVICE), far_index = nl_link_index(far, FAR), i;

	v->wire.index = index;
	if (!s->offload && link_offload_off(WIRE_DEVICE) < 0)
		return diag_error(d, nowhere, "cannot turn the offloads of " WIRE_DEVICE " off: %s",
				  strerror(errno));
	if (nl_link_set(nl, index, 0, IFF_UP, IFF_UP) < 0)
		return diag_error(d, nowhere, "cannot bring " WIRE_DEVICE " up, MTU %d: %s", s->mtu,
				  nl_why(nl));
	link_sync_carrier(WIRE_DEVICE);
	for (i = 0; i < SETTLE_STEPS; i++) {
		if (nl_link_running(nl, index) && nl_link_running(far, far_index))
			return 0;
		wire_settle(i);
	}
	return diag_error(d, nowhere, WIRE_DEVICE " did not come up in time");
}

/* The part that runs in the far namespace. */
static int build(struct veth *v, const struct settings *s, struct nl *nl, int near_netns,
		 struct diag_sink *d)
{
	struct nl *far = nl_open();
	int rc = -1;

	if (far == NULL)
		return diag_error(d, (struct span){ 0 }, "netlink: %s", strerror(errno));
	sysctl_quiet_ipv6("default");
	if (make_pair(far, s, near_netns, d) < 0)
		goto out;
	v->wire.capture = capture_open(FAR, CAPTURE_RECEIVED, wire_longest(s), d);
	if (v->wire.capture == NULL || open_libnet(v, d) < 0)
		goto out;
	if (setns(near_netns, CLONE_NEWNET) < 0) {
		diag_error(d, (struct span){ 0 }, "setns: %s", strerror(errno));
		goto out;
	}
	rc = near_up(v, s, nl, far, d);
out:
	nl_close(far);
	return rc;
}

struct wire *wire_veth_open(const struct settings *s, struct nl *nl, struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	int near_netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	struct veth *v;
	int rc = -1;

	if (near_netns < 0 || unshare(CLONE_NEWNET) < 0) {
		diag_error(d, nowhere, "cannot make a network namespace for the wire: %s",
			   strerror(errno));
		if (near_netns >= 0)
			close(near_netns);
		return NULL;
	}
	v = xzalloc(sizeof(*v));
	v->wire.ops = &veth_ops;
	v->mtu = s->mtu;
	v->version = ip_version_family(s->ip_version) == AF_INET6 ? 6 : 4;
	memcpy(v->frame, near_mac, sizeof(near_mac));
	memcpy(v->frame + sizeof(near_mac), far_mac, sizeof(far_mac));
	rc = build(v, s, nl, near_netns, d);
	if (rc < 0)
		setns(near_netns, CLONE_NEWNET);
	close(near_netns);
	if (rc == 0)
		return &v->wire;
	veth_close(&v->wire);
	return NULL;
}
