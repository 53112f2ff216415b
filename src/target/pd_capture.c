/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/pd_capture.h"

#include "base/arena.h"
#include "base/run_delay.h"
#include "base/xmem.h"
#include "target/clock_real.h"
#include "target/pd_clock.h"
#include "target/pd_interface.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* No IP packet is longer, but for jumbograms. */
#define LONGEST 65575
/* Packets kept for the engine. */
#define QUEUE 4096
/* A stack that has nothing and says so at once is asked again after this. */
#define PAUSE (100 * NS_PER_US)
/* The engine's clock may not be the machine's: it is looked at this often. */
#define LOOK (10 * NS_PER_MS)
/* How long the stack may take to come back from a receive that was interrupted. */
#define STOPPING (50 * NS_PER_MS)
/* Few libraries use it for anything. */
#define INTERRUPT (SIGRTMAX - 1)

struct queued {
	uint8_t *data;
	size_t len;
	nstime stamp, doubt;
};

struct pd_capture {
	const struct pd_interface *ifc;
	struct pd_clock *clock;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;		/* a packet, the end */
	struct queued queue[QUEUE];	/* a ring */
	unsigned first, n, lost;
	nstime last;			/* stamp of the packet before */
	nstime acted;			/* when the tester last did something */
	int delay_fd;
	size_t too_long;		/* the stack claims to have written past the buffer */
	bool stop, ended;
};

/*
 * The stack's own stamp, unless it cannot be right: then now is when the packet
 * was sent. Stacks mostly stamp what they find when this thread wakes, so what
 * it had to wait for a processor comes off again.
 */
static nstime stamp_of(const struct pd_capture *c, long long usecs, nstime starved)
{
	nstime t = pd_clock_from_usecs(c->clock, usecs), now = clock_now(&c->clock->clock);
	nstime floor = c->acted > c->last ? c->acted : c->last;

	if (t < c->last || t > now)
		t = now;
	if (t - starved > floor)
		return t - starved;
	return t < floor ? t : floor;
}

static void enqueue(struct pd_capture *c, const uint8_t *data, size_t len, long long usecs,
		    nstime starved)
{
	struct queued *q;

	pthread_mutex_lock(&c->lock);
	c->last = stamp_of(c, usecs, starved);
	if (c->n == QUEUE) {
		c->lost++;
	} else {
		q = &c->queue[(c->first + c->n++) % QUEUE];
		q->data = xzalloc(len);
		memcpy(q->data, data, len);
		q->len = len;
		q->stamp = c->last;
		q->doubt = starved;
	}
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

/* One packet, or none. False once there is no more to be had. */
static bool receive(struct pd_capture *c, uint8_t *buf)
{
	const struct timespec pause = nstime_to_timespec(PAUSE);
	size_t len = LONGEST;
	long long usecs = 0;
	nstime delay = run_delay(c->delay_fd);
	bool none = c->ifc->netdev_receive(c->ifc->userdata, buf, &len, &usecs) != 0 || len == 0;

	if (none)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	else if (len <= LONGEST)
		enqueue(c, buf, len, usecs, run_delay(c->delay_fd) - delay);
	pthread_mutex_lock(&c->lock);
	if (!none && len > LONGEST)
		c->too_long = len;
	none = c->stop || c->too_long;
	pthread_mutex_unlock(&c->lock);
	return !none;
}

static void *receiver(void *arg)
{
	struct pd_capture *c = arg;
	uint8_t *buf = xzalloc(LONGEST);

	c->delay_fd = run_delay_open();
	while (receive(c, buf))
		;
	free(buf);
	if (c->delay_fd >= 0)
		close(c->delay_fd);
	pthread_mutex_lock(&c->lock);
	c->ended = true;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

struct pd_capture *pd_capture_start(const struct pd_interface *ifc, struct pd_clock *clock)
{
	struct pd_capture *c = xzalloc(sizeof(*c));

	c->ifc = ifc;
	c->clock = clock;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	/* Within the precision of the stack's clock, the first packet comes after this. */
	c->last = clock_now(&clock->clock) - NS_PER_MS;
	errno = pthread_create(&c->thread, NULL, receiver, c);
	if (errno == 0)
		return c;
	free(c);
	return NULL;
}

/* Waits for a change, but not for more than `most` of the machine's time. */
static void await_change(struct pd_capture *c, nstime most)
{
	nstime until = clock_now(clock_real()) + (most < LOOK ? most : LOOK);
	const struct timespec ts = nstime_to_timespec(until);

	pthread_cond_clockwait(&c->changed, &c->lock, CLOCK_MONOTONIC, &ts);
}

/* Puts the oldest packet into *p; the lock is held. */
static void take(struct pd_capture *c, struct arena *a, struct target_packet *p)
{
	struct queued *q = &c->queue[c->first];

	*p = (struct target_packet){ .data = arena_memdup(a, q->data, q->len), .len = q->len,
				     .wire_len = q->len, .stamp = q->stamp, .doubt = q->doubt };
	free(q->data);
	c->first = (c->first + 1) % QUEUE;
	c->n--;
}

int pd_capture_next(struct pd_capture *c, nstime until, struct arena *a, struct target_packet *p,
		    const char **why)
{
	nstime now = clock_now(&c->clock->clock);
	int rc = 0;

	pthread_mutex_lock(&c->lock);
	while (c->n == 0 && !c->too_long && now < until) {
		await_change(c, until - now);
		now = clock_now(&c->clock->clock);
	}
	if (c->n > 0) {
		take(c, a, p);
		rc = 1;
	} else if (c->too_long) {
		*why = arena_printf(a, "the stack's netdev_receive() gave %zu bytes for a buffer of %d",
				    c->too_long, LONGEST);
		rc = -1;
	}
	pthread_mutex_unlock(&c->lock);
	return rc;
}

void pd_capture_acted(struct pd_capture *c, nstime at)
{
	pthread_mutex_lock(&c->lock);
	if (at > c->acted)
		c->acted = at;
	pthread_mutex_unlock(&c->lock);
}

unsigned pd_capture_lost(struct pd_capture *c)
{
	unsigned lost;

	pthread_mutex_lock(&c->lock);
	lost = c->lost;
	pthread_mutex_unlock(&c->lock);
	return lost;
}

static void interrupted(int sig)
{
}

bool pd_capture_stop(struct pd_capture *c)
{
	/* Without SA_RESTART: most stacks wait in a system call, which this ends. */
	const struct sigaction action = { .sa_handler = interrupted };
	nstime now = clock_now(clock_real()), until = now + STOPPING;
	bool ended;

	pthread_mutex_lock(&c->lock);
	c->stop = true;
	if (!c->ended && sigaction(INTERRUPT, &action, NULL) == 0)
		pthread_kill(c->thread, INTERRUPT);
	for (; !c->ended && now < until; now = clock_now(clock_real()))
		await_change(c, until - now);
	ended = c->ended;
	pthread_mutex_unlock(&c->lock);
	if (ended)
		pthread_join(c->thread, NULL);
	return ended;
}

void pd_capture_free(struct pd_capture *c)
{
	for (; c->n > 0; c->n--) {
		free(c->queue[c->first].data);
		c->first = (c->first + 1) % QUEUE;
	}
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}
