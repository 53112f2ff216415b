/* SPDX-License-Identifier: BSD-2-Clause */
/* A libpcap capture that loses nothing and knows when each frame passed. */
#include "config.h"

#include "target/capture.h"

#include "base/diag.h"
#include "base/xmem.h"
#include "seam/clock.h"
#include "target/clock_real.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

/*
 * Immediate mode gives each frame a slot of the size of the largest, and the
 * kernel clears and maps the whole ring when it is made. It lets nobody else
 * run meanwhile: for 4 MiB a third of a millisecond, and ten in a guest that
 * gets the memory from its host first. So the ring is small, and
 * capture_drain() empties it in time. A slot is a power of two, less what
 * libpcap puts before the frame (70 bytes), or half of it would be lost.
 */
#define SLOTS 256
#define SLOT_LEAST 2048
#define SLOT_MOST (64 * 1024)	/* GSO makes no more than 65279 + headers */
#define SLOT_USED (72 + ETHER_HDR_LEN)
#define RING_MOST (4 * 1024 * 1024)

/* A frame taken from the ring before anyone asked for it. */
struct drained {
	STAILQ_ENTRY(drained) next;
	struct captured frame;
	uint8_t data[];
};

struct capture {
	pcap_t *pcap;
	int fd;
	size_t link_len;	/* bytes before the IP header */
	struct wall_clock wall;
	STAILQ_HEAD(, drained) queue;
	struct drained *lent;	/* what the last capture_next() gave out, if from the queue */
	const char *broken;	/* why draining failed: to be told once the queue is empty */
	char why[PCAP_ERRBUF_SIZE];
};

/*
 * Only one direction may fill the ring. pcap_setdirection() sorts frames out
 * when they are read; what follows makes the kernel not store them at all. (A
 * filter through pcap_setfilter() would run in user space for the first frame,
 * where libpcap does not know packet types and drops it.)
 */
static void keep_one_direction(struct capture *c, enum capture_direction dir)
{
	struct sock_filter only_sent[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)SKF_AD_OFF + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0x7fffffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = 4, .filter = only_sent };
	int one = 1;

	pcap_setdirection(c->pcap, dir == CAPTURE_SENT ? PCAP_D_OUT : PCAP_D_IN);
	if (dir == CAPTURE_SENT)
		setsockopt(c->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
	else
		setsockopt(c->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one));
}

static int slot_for(int longest)
{
	int slot = SLOT_LEAST;

	while (slot < longest + SLOT_USED && slot < SLOT_MOST)
		slot *= 2;
	return slot;
}

static int start(struct capture *c, const char *device, int longest, char *why)
{
	int rc, slot = slot_for(longest);

	c->pcap = pcap_create(device, why);
	if (c->pcap == NULL)
		return -1;
	pcap_set_immediate_mode(c->pcap, 1);
	pcap_set_tstamp_precision(c->pcap, PCAP_TSTAMP_PRECISION_NANO);
	pcap_set_buffer_size(c->pcap, slot * SLOTS < RING_MOST ? slot * SLOTS : RING_MOST);
	pcap_set_snaplen(c->pcap, slot - SLOT_USED + ETHER_HDR_LEN);
	pcap_set_promisc(c->pcap, 0);
	rc = pcap_activate(c->pcap);
	if (rc < 0) {
		snprintf(why, PCAP_ERRBUF_SIZE, "%s: %s", pcap_statustostr(rc),
			 pcap_geterr(c->pcap));
		return -1;
	}
	if (pcap_setnonblock(c->pcap, 1, why) < 0)
		return -1;
	c->fd = pcap_get_selectable_fd(c->pcap);
	c->link_len = pcap_datalink(c->pcap) == DLT_EN10MB ? ETHER_HDR_LEN : 0;
	return 0;
}

struct capture *capture_open(const char *device, enum capture_direction dir, int longest,
			     struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	struct capture *c = xzalloc(sizeof(*c));

	STAILQ_INIT(&c->queue);
	if (start(c, device, longest, c->why) < 0) {
		diag_error(d, nowhere, "cannot capture on %s: %s", device, c->why);
		capture_close(c);
		return NULL;
	}
	keep_one_direction(c, dir);
	wall_clock_init(&c->wall);
	return c;
}

void capture_close(struct capture *c)
{
	struct drained *f;

	if (c == NULL)
		return;
	while ((f = STAILQ_FIRST(&c->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&c->queue, next);
		free(f);
	}
	free(c->lent);
	if (c->pcap != NULL)
		pcap_close(c->pcap);
	free(c);
}

static bool is_ip(const struct capture *c, const uint8_t *frame, size_t len)
{
	unsigned type;

	if (c->link_len == 0)
		return len > 0;
	if (len <= c->link_len)
		return false;
	type = frame[12] << 8 | frame[13];
	return type == ETHERTYPE_IP || type == ETHERTYPE_IPV6;
}

/* What is in the ring: 1, 0 or -1 with c->broken set. */
static int take(struct capture *c, struct captured *f)
{
	struct pcap_pkthdr *h;
	const u_char *frame;
	nstime wall;
	int rc;

	if (c->broken != NULL)
		return -1;
	rc = pcap_next_ex(c->pcap, &h, &frame);
	if (rc < 0) {
		snprintf(c->why, sizeof(c->why), "the capture broke: %.200s",
			 pcap_geterr(c->pcap));
		c->broken = c->why;
	}
	if (rc <= 0)
		return rc;
	*f = (struct captured){ 0 };
	if (is_ip(c, frame, h->caplen)) {
		f->data = frame + c->link_len;
		f->len = h->caplen - c->link_len;
		f->wire_len = h->len - c->link_len;
	}
	wall = h->ts.tv_sec * NS_PER_SEC + h->ts.tv_usec;	/* in nanoseconds, as asked for */
	if (wall_clock_convert(&c->wall, wall, &f->stamp))
		return 1;
	c->broken = "somebody set the clock of this machine while the script ran, so the time "
		    "of a packet is unknown";
	return -1;
}

void capture_drain(struct capture *c)
{
	struct drained *d;
	struct captured f;

	while (take(c, &f) > 0) {
		d = xzalloc(sizeof(*d) + f.len);
		d->frame = f;
		if (f.data != NULL) {
			memcpy(d->data, f.data, f.len);
			d->frame.data = d->data;
		}
		STAILQ_INSERT_TAIL(&c->queue, d, next);
	}
}

static bool take_drained(struct capture *c, struct captured *f)
{
	free(c->lent);
	c->lent = STAILQ_FIRST(&c->queue);
	if (c->lent == NULL)
		return false;
	STAILQ_REMOVE_HEAD(&c->queue, next);
	*f = c->lent->frame;
	return true;
}

static void wait_readable(struct capture *c, nstime span)
{
	struct timespec left = nstime_to_timespec(span);
	struct pollfd p = { .fd = c->fd, .events = POLLIN };

	ppoll(&p, 1, &left, NULL);
}

int capture_next(struct capture *c, struct clock *clock, nstime until, struct captured *f,
		 const char **why)
{
	nstime now;
	int rc;

	if (take_drained(c, f))
		return 1;
	for (;;) {
		now = clock_now(clock);
		rc = take(c, f);
		if (rc < 0)
			*why = c->broken;
		if (rc != 0)
			return rc;
		wall_clock_seen_all(&c->wall, now);
		if (now >= until)
			return 0;
		wait_readable(c, until - now);
	}
}

unsigned capture_lost(struct capture *c)
{
	struct pcap_stat s;

	return pcap_stats(c->pcap, &s) < 0 ? 0 : s.ps_drop;
}
