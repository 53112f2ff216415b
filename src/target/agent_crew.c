/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_crew.h"
#include "base/xmem.h"
#include "target/agent_pack.h"
#include "target/call.h"
#include "target/clock_real.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A call that neither returns nor sleeps in this time computes, and the next one may begin. */
#define PATIENCE (100 * NS_PER_MS)
#define LOOK_EVERY (20 * NS_PER_US)

enum hand_state { HAND_IDLE, HAND_WAITING, HAND_CALLING };

struct crew_hand {
	struct crew *crew;
	struct crew_job *job;
	enum hand_state state;
	int stat_fd;		/* this thread's /proc stat */
	struct crew_hand *next;
};

void crew_init(struct crew *w, struct agent_channel *channel)
{
	memset(w, 0, sizeof(*w));
	w->channel = channel;
	guard_init(&w->guard);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->work, NULL);
	pthread_cond_init(&w->done, NULL);
}

size_t crew_room(struct crew *w)
{
	size_t used = atomic_load(&w->bytes);
	size_t left = used < AGENT_MAX_BYTES ? AGENT_MAX_BYTES - used : 0;

	return left < AGENT_MAX_CALL_BYTES ? left : AGENT_MAX_CALL_BYTES;
}

static void answer(struct crew *w, struct crew_job *j)
{
	struct buf b = { 0 };

	pack_u32(&b, j->number);
	marshal_reply(&j->call, &j->sizes, &b);
	if (b.len > AGENT_MAX_FRAME - 64) {
		buf_clear(&b);
		pack_u32(&b, j->number);
		pack_text(&b, "room for so much data in one answer");
		channel_send(w->channel, AGENT_LACKS, &b);
	} else {
		channel_send(w->channel, AGENT_RETURN, &b);
	}
	buf_free(&b);
}

/* The kernel sends from such memory when it likes, and more than once. */
static bool keeps_memory(const struct target_call *c)
{
	unsigned flags = marshal_table[c->id].flags;

	return flags && c->result > 0 && c->arg[flags] & MSG_ZEROCOPY;
}

static void end_job(struct crew *w, struct crew_job *j)
{
	size_t used = j->room.used;

	if (keeps_memory(&j->call)) {
		pthread_mutex_lock(&w->lock);
		marshal_room_move(&w->kept, &j->room);
		pthread_mutex_unlock(&w->lock);
	} else {
		marshal_room_free(&j->room);
		atomic_fetch_sub(&w->bytes, used);
	}
	free(j);
	atomic_fetch_add(&w->n_done, 1);
}

static void do_job(struct crew_hand *k, struct crew_job *j)
{
	struct crew *w = k->crew;
	struct guarded was;

	if (guard_before(&w->guard, &j->call, &was)) {
		pthread_mutex_lock(&w->lock);
		k->state = HAND_CALLING;
		pthread_mutex_unlock(&w->lock);
		call_host(&w->caps, &j->call);
		guard_after(&w->guard, &j->call, &was);
	}
	answer(w, j);
	end_job(w, j);
}

static void *hand_main(void *arg)
{
	struct crew_hand *k = arg;
	struct crew *w = k->crew;
	int fd = open("/proc/thread-self/stat", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		fd = guard_own_fd(fd);
	pthread_mutex_lock(&w->lock);
	k->stat_fd = fd;
	for (;;) {
		if (!k->job) {
			pthread_cond_wait(&w->work, &w->lock);
			continue;
		}
		pthread_mutex_unlock(&w->lock);
		do_job(k, k->job);
		pthread_mutex_lock(&w->lock);
		k->state = HAND_IDLE;
		k->job = NULL;
		pthread_cond_broadcast(&w->done);
	}
	return NULL;
}

static struct crew_hand *hand_new(struct crew *w)
{
	struct crew_hand *k = xzalloc(sizeof(*k));
	pthread_t thread;

	k->crew = w;
	k->stat_fd = -1;
	if (pthread_create(&thread, NULL, hand_main, k)) {
		free(k);
		return NULL;
	}
	pthread_detach(thread);
	k->next = w->first;
	w->first = k;
	return k;
}

/* The state letter of a thread, from "PID (NAME) S ...". */
static bool sleeps(const struct crew_hand *k)
{
	char text[512], *end;
	ssize_t n = pread(k->stat_fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return true;
	text[n] = '\0';
	end = strrchr(text, ')');
	return end && (end[2] == 'S' || end[2] == 'D');
}

/* Waits with the lock held, at most for a look's time. */
static void wait_a_little(struct crew *w)
{
	nstime until = clock_now(clock_real()) + LOOK_EVERY;
	struct timespec ts = nstime_to_timespec(until);

	pthread_cond_clockwait(&w->done, &w->lock, CLOCK_MONOTONIC, &ts);
}

/* True once the job is done; false when its call sleeps. With the lock held. */
static bool wait_done(struct crew *w, struct crew_hand *k, const struct crew_job *j)
{
	nstime until = clock_now(clock_real()) + PATIENCE;

	while (k->job == j) {
		if (k->state == HAND_CALLING && sleeps(k))
			return false;
		if (clock_now(clock_real()) >= until)
			return false;
		wait_a_little(w);
	}
	return true;
}

const char *crew_make(struct crew *w, struct crew_job *j)
{
	struct crew_hand *k;
	struct buf b = { 0 };
	bool done;

	if (w->n_open - atomic_load(&w->n_done) >= AGENT_MAX_CALLS)
		return "room for so many calls at a time";
	pack_u32(&b, j->number);
	pthread_mutex_lock(&w->lock);
	for (k = w->first; k && k->job; k = k->next)
		;
	if (!k)
		k = hand_new(w);
	if (!k) {
		pthread_mutex_unlock(&w->lock);
		buf_free(&b);
		return "a thread left for a call";
	}
	w->n_open++;
	atomic_fetch_add(&w->bytes, j->room.used);
	k->job = j;
	k->state = HAND_WAITING;
	pthread_cond_broadcast(&w->work);
	done = wait_done(w, k, j);
	pthread_mutex_unlock(&w->lock);
	if (!done)
		channel_send(w->channel, AGENT_ASLEEP, &b);
	buf_free(&b);
	return NULL;
}
