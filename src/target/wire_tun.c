/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The second wire: a TUN device. It takes plain packets above the MTU and
 * packets that look coalesced by GRO, which a veth does not.
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

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define NODE "/dev/net/tun"

struct tun {
	struct wire wire;
	int fd;
	unsigned owed;		/* packets captured but not yet taken off the device */
};

static void tun_close(struct wire *w)
{
	struct tun *t = (struct tun *)w;

	capture_close(t->wire.capture);
	if (t->fd >= 0)
		close(t->fd);
	free(t);
}

/* GSO is for TCP only, and only frames of a TCP segment each can be cut. */
static void set_gso(struct virtio_net_hdr *h, const struct target_frame *f)
{
	bool v6 = f->len > 40 && f->data[0] >> 4 == 6;

	if (f->gso_size == 0 || f->len < 40 || f->data[v6 ? 6 : 9] != IPPROTO_TCP)
		return;
	h->gso_type = v6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
	h->gso_size = f->gso_size;
}

static int tun_inject(struct wire *w, const struct target_frame *f, struct arena *a,
		      const char **why)
{
	struct tun *t = (struct tun *)w;
	struct virtio_net_hdr h = { .gso_type = VIRTIO_NET_HDR_GSO_NONE };
	struct iovec v[2] = {
		{ .iov_base = &h, .iov_len = sizeof(h) },
		{ .iov_base = (void *)f->data, .iov_len = f->len },
	};

	set_gso(&h, f);
	if (writev(t->fd, v, 2) >= 0)
		return 0;
	*why = arena_printf(a, "cannot inject %zu bytes: %s%s", f->len, strerror(errno),
			    errno == EINVAL ? " (a tun takes IP version 4 and 6 only)" : "");
	return -1;
}

/*
 * The stack takes a packet for sent only when it leaves the device. Reading
 * one for one keeps that in step with the script, as packetdrill does: what
 * depends on completions (TSQ, zero copy) behaves alike. The capture sees a
 * packet a moment before it can be read, hence the debt.
 */
static void tun_taken(struct wire *w)
{
	struct tun *t = (struct tun *)w;
	char head[sizeof(struct virtio_net_hdr) + 1];

	t->owed++;
	while (t->owed > 0 && read(t->fd, head, sizeof(head)) >= 0)
		t->owed--;
}

static const struct wire_ops tun_ops = {
	.inject = tun_inject, .taken = tun_taken, .close = tun_close,
};

static int open_node(struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	int fd = open(NODE, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	diag_error(d, nowhere, "cannot open " NODE ", which this script's wire needs: %s",
		   strerror(errno));
	if (errno == EACCES || errno == EPERM)
		diag_note(d, nowhere, "run as root, or as root: chmod 0666 " NODE);
	else
		diag_note(d, nowhere, "as root: modprobe tun; mkdir -p /dev/net; "
			  "mknod -m 0666 " NODE " c 10 200");
	return -1;
}

/* How long a device whose owner has ended may still be there. */
#define LEAVING_MS 1000

/*
 * A persistent device is removed by the kernel's own clean-up of the
 * namespace; one that goes with its descriptor costs the closing process 35 ms.
 */
static int set_up(struct tun *t, const struct settings *s, bool lasting)
{
	int waited = 0;
	/* A device that is there already is somebody's, with addresses of his. */
	struct ifreq r = { .ifr_flags = (short)(IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | IFF_TUN_EXCL) };
	unsigned long offload = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;

	snprintf(r.ifr_name, sizeof(r.ifr_name), WIRE_DEVICE);
	while (ioctl(t->fd, TUNSETIFF, &r) < 0) {
		/* Or it is on its way out: the kernel takes its time to end one. */
		if (errno != EBUSY || waited++ == LEAVING_MS)
			return -1;
		ppoll(NULL, 0, &(struct timespec){ .tv_nsec = NS_PER_MS }, NULL);
	}
	if (lasting && ioctl(t->fd, TUNSETPERSIST, 1UL) < 0)
		return -1;
	if (s->offload)
		return ioctl(t->fd, TUNSETOFFLOAD, offload);
	return link_offload_off(WIRE_DEVICE);
}

static int in_use(struct diag_sink *d)
{
	const struct span nowhere = { 0 };

	diag_error(d, nowhere, "there is a device " WIRE_DEVICE " in this network namespace already");
	diag_note(d, nowhere, "another script may be running in it: give each one of its own "
		  "(unshare -n); or take it away: ip link del " WIRE_DEVICE);
	return -1;
}

static int build(struct tun *t, const struct settings *s, bool lasting, struct nl *nl,
		 struct diag_sink *d)
{
	const struct span nowhere = { 0 };

	t->fd = open_node(d);
	if (t->fd < 0)
		return -1;
	if (set_up(t, s, lasting) < 0)
		return errno == EBUSY ? in_use(d) :
		       diag_error(d, nowhere, "cannot make the tun device " WIRE_DEVICE ": %s",
				  strerror(errno));
	t->wire.index = nl_link_index(nl, WIRE_DEVICE);
	if (nl_link_set(nl, t->wire.index, s->mtu, IFF_UP, IFF_UP) < 0)
		return diag_error(d, nowhere, "cannot bring " WIRE_DEVICE " up, MTU %d: %s", s->mtu,
				  nl_why(nl));
	t->wire.capture = capture_open(WIRE_DEVICE, CAPTURE_SENT, wire_longest(s), d);
	return t->wire.capture == NULL ? -1 : 0;
}

struct wire *wire_tun_open(const struct settings *s, bool lasting, struct nl *nl,
			   struct diag_sink *d)
{
	struct tun *t = xzalloc(sizeof(*t));

	t->wire.ops = &tun_ops;
	t->fd = -1;
	if (build(t, s, lasting, nl, d) == 0)
		return &t->wire;
	tun_close(&t->wire);
	return NULL;
}
