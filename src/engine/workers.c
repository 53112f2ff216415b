/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/workers.h"
#include "base/run_delay.h"
#include "base/xmem.h"
#include "engine/workers_inline.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum worker_state { WORKER_IDLE, WORKER_WAITING, WORKER_CALLING };

struct worker {
	struct workers *all;
	pthread_t thread;
	struct job *job;
	enum worker_state state;
	int stat_fd, sched_fd;	/* this thread's /proc stat and schedstat files */
	struct worker *next;
};

struct workers {
	struct target *target;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct worker *first;
	bool quit;
};

/* The target needs no threads. */
static bool is_inline(const struct workers *w)
{
	return w->target->ops->begin != NULL;
}

/* What a job's worker is doing, or NULL once the job is done. */
static struct worker *worker_of(const struct workers *w, const struct job *j)
{
	struct worker *k;

	for (k = w->first; k; k = k->next)
		if (k->job == j)
			return k;
	return NULL;
}

static void do_job(struct worker *k, struct job *j)
{
	struct workers *w = k->all;
	nstime delay = run_delay(k->sched_fd);

	clock_wait_until(w->target->clock, j->start_at);
	pthread_mutex_lock(&w->lock);
	j->started = clock_now(w->target->clock);
	k->state = WORKER_CALLING;
	pthread_cond_broadcast(&w->done);
	pthread_mutex_unlock(&w->lock);
	w->target->ops->call(w->target, j->call);
	j->ended = clock_now(w->target->clock);
	j->starved = run_delay(k->sched_fd) - delay;
}

static void *worker_main(void *arg)
{
	struct worker *k = arg;
	struct workers *w = k->all;

	pthread_mutex_lock(&w->lock);
	k->stat_fd = open("/proc/thread-self/stat", O_RDONLY | O_CLOEXEC);
	k->sched_fd = run_delay_open();
	while (!w->quit) {
		if (!k->job) {
			pthread_cond_wait(&w->work, &w->lock);
			continue;
		}
		pthread_mutex_unlock(&w->lock);
		do_job(k, k->job);
		pthread_mutex_lock(&w->lock);
		k->state = WORKER_IDLE;
		k->job = NULL;
		pthread_cond_broadcast(&w->done);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct workers *workers_new(struct target *t)
{
	struct workers *w = xzalloc(sizeof(*w));

	w->target = t;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->work, NULL);
	pthread_cond_init(&w->done, NULL);
	return w;
}

static struct worker *worker_new(struct workers *w)
{
	struct worker *k = xzalloc(sizeof(*k));

	k->all = w;
	k->stat_fd = k->sched_fd = -1;
	if (pthread_create(&k->thread, NULL, worker_main, k)) {
		free(k);
		return NULL;
	}
	k->next = w->first;
	w->first = k;
	return k;
}

int workers_submit(struct workers *w, struct job *j)
{
	struct worker *k;

	if (is_inline(w)) {
		inline_submit(w->target, j);
		return 0;
	}
	pthread_mutex_lock(&w->lock);
	k = worker_of(w, NULL);
	if (!k)
		k = worker_new(w);
	if (k) {
		k->job = j;
		k->state = WORKER_WAITING;
		pthread_cond_broadcast(&w->work);
	}
	pthread_mutex_unlock(&w->lock);
	return k ? 0 : -1;
}

bool workers_done(struct workers *w, struct job *j)
{
	bool done;

	if (is_inline(w))
		return inline_done(j);
	pthread_mutex_lock(&w->lock);
	done = !worker_of(w, j);
	pthread_mutex_unlock(&w->lock);
	return done;
}

static struct timespec host_deadline(nstime patience)
{
	struct timespec now;

	/* Host time, not script time: this only bounds how long another thread is awaited. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	return nstime_to_timespec(nstime_from_timespec(now) + patience);
}

bool workers_wait(struct workers *w, struct job *j, nstime patience)
{
	struct timespec until = host_deadline(patience);
	int err = 0;
	bool done;

	if (is_inline(w))
		return inline_wait(w->target, j, patience);
	pthread_mutex_lock(&w->lock);
	while (worker_of(w, j) && err != ETIMEDOUT)
		err = pthread_cond_clockwait(&w->done, &w->lock, CLOCK_MONOTONIC, &until);
	done = !worker_of(w, j);
	pthread_mutex_unlock(&w->lock);
	return done;
}

/* The state letter of a thread, from "PID (NAME) S ...". */
static bool thread_sleeps(int stat_fd)
{
	char text[512], *end;
	ssize_t n = pread(stat_fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return true;
	text[n] = '\0';
	end = strrchr(text, ')');
	return end && (end[2] == 'S' || end[2] == 'D');
}

/* How often to look; each look costs microseconds. */
#define ASLEEP_POLL (20 * NS_PER_US)

void workers_wait_asleep(struct workers *w, struct job *j, nstime patience)
{
	struct timespec until = host_deadline(patience), now;
	bool over = is_inline(w);

	while (!over) {
		struct worker *k;
		bool calling;

		pthread_mutex_lock(&w->lock);
		k = worker_of(w, j);
		if (k && k->state != WORKER_CALLING)
			pthread_cond_clockwait(&w->done, &w->lock, CLOCK_MONOTONIC, &until);
		k = worker_of(w, j);
		calling = k && k->state == WORKER_CALLING;
		pthread_mutex_unlock(&w->lock);
		if (!k || (calling && thread_sleeps(k->stat_fd)))
			return;
		workers_wait(w, j, ASLEEP_POLL);
		clock_gettime(CLOCK_MONOTONIC, &now);
		over = nstime_from_timespec(now) > nstime_from_timespec(until);
	}
}

int workers_free(struct workers *w)
{
	struct worker *k;

	pthread_mutex_lock(&w->lock);
	w->quit = true;
	pthread_cond_broadcast(&w->work);
	for (k = w->first; k && !k->job; k = k->next)
		;
	pthread_mutex_unlock(&w->lock);
	if (k)
		return -1;
	while ((k = w->first)) {
		pthread_join(k->thread, NULL);
		if (k->stat_fd >= 0)
			close(k->stat_fd);
		if (k->sched_fd >= 0)
			close(k->sched_fd);
		w->first = k->next;
		free(k);
	}
	pthread_cond_destroy(&w->work);
	pthread_cond_destroy(&w->done);
	pthread_mutex_destroy(&w->lock);
	free(w);
	return 0;
}
