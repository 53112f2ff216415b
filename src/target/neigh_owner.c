/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/neigh_owner.h"

#include "base/diag.h"
#include "base/xmem.h"
#include "target/neigh.h"
#include "wire/bytes.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_BYTES 2048
#define ASK_AGAIN NS_PER_SEC

struct owned {
	struct ip_addr addr;
	SLIST_ENTRY(owned) next;
};

struct neigh_owner {
	struct ether *ether;
	int index;			/* of the interface */
	int quit_fd;
	uint8_t mac[ETHER_MAC];
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;		/* all below, and sending */
	pthread_cond_t found;
	SLIST_HEAD(, owned) addrs;
	struct ip_addr sought;		/* family 0: none */
	bool have;			/* its Ethernet address */
	uint8_t sought_mac[ETHER_MAC];
};

static void send_frame(struct neigh_owner *o, const struct neigh_frame *f)
{
	/* One that is lost is asked for again. */
	ether_send(o->ether, f->to, f->type, f->data, f->len);
}

static bool has(const struct neigh_owner *o, const struct ip_addr *a)
{
	const struct owned *one;

	SLIST_FOREACH(one, &o->addrs, next)
		if (ip_addr_equal(&one->addr, a))
			return true;
	return false;
}

/* A question tells as much of who asks as an answer does. */
static void learn(struct neigh_owner *o, const struct neigh *n)
{
	const struct ip_addr *whose = n->kind == NEIGH_ASK ? &n->sender : &n->target;

	if (!n->has_mac || o->sought.family == 0 || !ip_addr_equal(whose, &o->sought))
		return;
	memcpy(o->sought_mac, n->mac, ETHER_MAC);
	o->have = true;
	pthread_cond_broadcast(&o->found);
}

static void take(struct neigh_owner *o, const uint8_t *frame, size_t len)
{
	struct neigh_frame answer;
	struct neigh n;

	if (len < ETHER_HDR_LEN || memcmp(frame + ETHER_MAC, o->mac, ETHER_MAC) == 0 ||
	    !neigh_read(get_be16(frame + 2 * ETHER_MAC), frame + ETHER_HDR_LEN, len - ETHER_HDR_LEN, &n))
		return;
	pthread_mutex_lock(&o->lock);
	learn(o, &n);
	if (n.kind == NEIGH_ASK && has(o, &n.target)) {
		if (!n.has_mac)		/* a probe of who is known need not say it (RFC 4861 4.3) */
			memcpy(n.mac, frame + ETHER_MAC, ETHER_MAC);
		neigh_tell(&n, o->mac, &answer);
		send_frame(o, &answer);
	}
	pthread_mutex_unlock(&o->lock);
}

static void *answer(void *arg)
{
	struct neigh_owner *o = arg;
	struct pollfd p[] = { { .fd = ether_fd(o->ether), .events = POLLIN },
			      { .fd = o->quit_fd, .events = POLLIN } };
	uint8_t frame[FRAME_BYTES];

	for (;;) {
		struct sockaddr_ll from = { 0 };
		socklen_t size = sizeof(from);
		ssize_t n;

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (p[1].revents != 0)
			return NULL;
		n = recvfrom(p[0].fd, frame, sizeof(frame), MSG_DONTWAIT, (struct sockaddr *)&from, &size);
		/* Before libnet bound it, the socket heard every interface. */
		if (n > 0 && from.sll_ifindex == o->index)
			take(o, frame, (size_t)n);
		else if (n < 0 && errno == ENETDOWN)
			return NULL;
	}
}

struct neigh_owner *neigh_owner_start(const char *device, const uint8_t mac[ETHER_MAC],
				      struct diag_sink *d)
{
	struct neigh_owner *o = xzalloc(sizeof(*o));
	int err;

	memcpy(o->mac, mac, ETHER_MAC);
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->found, NULL);
	o->quit_fd = eventfd(0, EFD_CLOEXEC);
	o->index = (int)if_nametoindex(device);
	o->ether = ether_open(device, mac, d);
	if (o->ether != NULL) {
		ether_hear_neighbours(o->ether);
		err = pthread_create(&o->thread, NULL, answer, o);
		o->running = err == 0;
		if (o->running)
			return o;
		diag_error(d, (struct span){ 0 }, "no thread can be made to answer ARP: %s", strerror(err));
	}
	neigh_owner_stop(o);
	return NULL;
}

void neigh_owner_stop(struct neigh_owner *o)
{
	struct owned *one;

	if (o == NULL)
		return;
	if (o->running) {
		eventfd_write(o->quit_fd, 1);
		pthread_join(o->thread, NULL);
	}
	while ((one = SLIST_FIRST(&o->addrs)) != NULL) {
		SLIST_REMOVE_HEAD(&o->addrs, next);
		free(one);
	}
	ether_close(o->ether);
	if (o->quit_fd >= 0)
		close(o->quit_fd);
	pthread_cond_destroy(&o->found);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

void neigh_owner_add(struct neigh_owner *o, const struct ip_addr *a)
{
	struct owned *one;

	pthread_mutex_lock(&o->lock);
	if (!has(o, a)) {
		one = xzalloc(sizeof(*one));
		one->addr = *a;
		SLIST_INSERT_HEAD(&o->addrs, one, next);
	}
	pthread_mutex_unlock(&o->lock);
}

bool neigh_owner_has(struct neigh_owner *o, const struct ip_addr *a)
{
	bool found;

	pthread_mutex_lock(&o->lock);
	found = has(o, a);
	pthread_mutex_unlock(&o->lock);
	return found;
}

static struct timespec host_time(nstime from_now)
{
	struct timespec now;

	/* Host time, not script time: this only bounds how long another thread is awaited. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	return nstime_to_timespec(nstime_from_timespec(now) + from_now);
}

int neigh_owner_find(struct neigh_owner *o, const struct ip_addr *a, const struct ip_addr *sender,
		     nstime patience, uint8_t mac[ETHER_MAC])
{
	struct neigh_frame question;
	struct timespec until;
	int err, rc = -1;

	neigh_ask(a, sender, o->mac, NULL, &question);
	pthread_mutex_lock(&o->lock);
	o->sought = *a;
	o->have = false;
	for (; rc < 0 && patience > 0; patience -= ASK_AGAIN) {
		send_frame(o, &question);
		until = host_time(patience < ASK_AGAIN ? patience : ASK_AGAIN);
		err = 0;
		while (!o->have && err != ETIMEDOUT)
			err = pthread_cond_clockwait(&o->found, &o->lock, CLOCK_MONOTONIC, &until);
		rc = o->have ? 0 : -1;
	}
	if (rc == 0)
		memcpy(mac, o->sought_mac, ETHER_MAC);
	o->sought.family = 0;
	pthread_mutex_unlock(&o->lock);
	return rc;
}

void neigh_owner_introduce(struct neigh_owner *o, const struct ip_addr *a,
			   const struct ip_addr *sender, const uint8_t mac[ETHER_MAC])
{
	struct neigh_frame question;

	neigh_ask(a, sender, o->mac, mac, &question);
	pthread_mutex_lock(&o->lock);
	send_frame(o, &question);
	pthread_mutex_unlock(&o->lock);
}
