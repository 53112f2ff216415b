/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_link.h"
#include "base/xmem.h"
#include "target/agent_pack.h"
#include "target/clock_real.h"
#include "wire/bytes.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long the agent may take to end what was made through it. */
#define LEAVE_TIME (2 * NS_PER_SEC)

/* With the lock held: nobody waits any more. The first reason stays. */
static void lose(struct agent *a, const char *how)
{
	struct request *r;

	if (!a->lost[0])
		snprintf(a->lost, sizeof(a->lost), "%s", how);
	for (r = a->first; r; r = r->next)
		pthread_cond_signal(&r->changed);
}

static void lost(struct agent *a, const char *how)
{
	pthread_mutex_lock(&a->lock);
	lose(a, how);
	pthread_mutex_unlock(&a->lock);
}

/* ---- the reader ---- */

/* Its last words: shown, but for what is no text. */
static void refused(struct agent *a, const struct agent_frame *f)
{
	struct unpack u = { .at = f->body, .left = f->len };
	char *text = unpack_text(&u), *p, why[AGENT_WHY];

	for (p = text; *p; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
	snprintf(why, sizeof(why), "the agent ended the session: %.200s", text);
	free(text);
	lost(a, why);
}

static bool answers(struct agent *a, const struct agent_frame *f)
{
	struct request *r;
	uint32_t number;
	bool known;

	if (f->len < 4)
		return false;
	number = get_be32(f->body);
	pthread_mutex_lock(&a->lock);
	for (r = a->first; r && r->number != number; r = r->next)
		;
	known = r && !r->done;
	if (known && f->type == AGENT_ASLEEP) {
		r->asleep = true;
	} else if (known) {
		r->type = f->type;
		buf_add(&r->answer, f->body + 4, f->len - 4);
		r->done = true;
		pthread_cond_signal(&r->changed);
	}
	pthread_mutex_unlock(&a->lock);
	/* A call may return before it is told that it sleeps. */
	return known || f->type == AGENT_ASLEEP;
}

/* False: it is over. */
static bool take(struct agent *a, const struct agent_frame *f)
{
	switch (f->type) {
	case AGENT_ALIVE:
		return true;
	case AGENT_REFUSED:
		refused(a, f);
		return false;
	default:
		if (answers(a, f))
			return true;
		lost(a, "the agent answers what it was not asked");
		return false;
	}
}

static bool must_stop(struct agent *a)
{
	bool stop;

	pthread_mutex_lock(&a->lock);
	stop = a->lost[0];
	pthread_mutex_unlock(&a->lock);
	return stop;
}

static void *reader_main(void *arg)
{
	struct agent *a = arg;
	nstime now = clock_now(clock_real()), beat = now + AGENT_HEARTBEAT;
	const char *why = NULL;
	struct agent_frame f;
	int rc;

	while (!must_stop(a)) {
		rc = channel_receive(&a->channel, a->stop[0], beat, &f, &why);
		if (rc > 0 && !take(a, &f))
			return NULL;
		now = clock_now(clock_real());
		if (rc == 0 && now >= a->channel.last_heard + AGENT_SILENCE)
			why = "the agent has been silent for too long";
		if (why) {
			lost(a, why);
			return NULL;
		}
		if (now < beat)
			continue;
		beat = now + AGENT_HEARTBEAT;
		if (channel_send(&a->channel, AGENT_ALIVE, NULL) < 0)
			lost(a, "the connection to the agent was lost");
	}
	return NULL;
}

struct agent *link_new(const struct agent_channel *c)
{
	struct agent *a = xzalloc(sizeof(*a));

	a->channel = *c;
	pthread_mutex_init(&a->channel.sending, NULL);
	pthread_mutex_init(&a->lock, NULL);
	if (pipe2(a->stop, O_CLOEXEC) == 0) {
		if (pthread_create(&a->reader, NULL, reader_main, a) == 0)
			return a;
		close(a->stop[0]);
		close(a->stop[1]);
	}
	channel_free(&a->channel);
	free(a);
	return NULL;
}

/* ---- requests ---- */

static void enter(struct agent *a, struct request *r)
{
	pthread_cond_init(&r->changed, NULL);
	pthread_mutex_lock(&a->lock);
	r->number = ++a->last_number;
	r->next = a->first;
	a->first = r;
	pthread_mutex_unlock(&a->lock);
}

static bool wait_answer(struct agent *a, struct request *r)
{
	struct request **at;
	bool done;

	pthread_mutex_lock(&a->lock);
	while (!r->done && !a->lost[0])
		pthread_cond_wait(&r->changed, &a->lock);
	done = r->done;
	for (at = &a->first; *at != r; at = &(*at)->next)
		;
	*at = r->next;
	pthread_mutex_unlock(&a->lock);
	pthread_cond_destroy(&r->changed);
	return done;
}

int link_request(struct agent *a, struct request *r, enum agent_frame_type type, struct buf *body,
		 enum agent_frame_type want)
{
	if (must_stop(a))
		return -1;
	enter(a, r);
	put_be32((uint8_t *)body->s, r->number);
	if (channel_send(&a->channel, type, body) < 0)
		lost(a, "the connection to the agent was lost");
	if (!wait_answer(a, r))
		return -1;
	if (r->type == want || r->type == AGENT_LACKS)
		return 0;
	lost(a, "the agent answers something else than it was asked");
	return -1;
}

const char *link_lacks(struct agent *a, const struct request *r)
{
	struct unpack u = { .at = (const uint8_t *)r->answer.s, .left = r->answer.len };
	char *text = unpack_text(&u);
	size_t n = strlen(text) + 1;
	struct lack *l = xzalloc(sizeof(*l) + n);

	memcpy(l->text, text, n);
	free(text);
	pthread_mutex_lock(&a->lock);
	l->next = a->lacks;
	a->lacks = l;
	pthread_mutex_unlock(&a->lock);
	return l->text;
}

/* ---- the end ---- */

/* The agent's end of the connection is the last thing it closes. */
static void wait_gone(struct agent *a)
{
	nstime until = clock_now(clock_real()) + LEAVE_TIME;
	struct agent_frame f;
	const char *why;

	while (clock_now(clock_real()) < until &&
	       channel_receive(&a->channel, -1, until, &f, &why) >= 0)
		;
}

void link_end(struct agent *a)
{
	bool first, there;

	pthread_mutex_lock(&a->lock);
	first = !a->ended;
	there = !a->lost[0];
	a->ended = true;
	lose(a, "the tester has left it");
	pthread_mutex_unlock(&a->lock);
	if (!first)
		return;
	close(a->stop[1]);
	pthread_join(a->reader, NULL);
	close(a->stop[0]);
	if (there && channel_send(&a->channel, AGENT_END, NULL) == 0)
		wait_gone(a);
	shutdown(a->channel.fd, SHUT_RDWR);
}

void link_free(struct agent *a)
{
	struct lack *l;

	link_end(a);
	channel_free(&a->channel);
	while ((l = a->lacks)) {
		a->lacks = l->next;
		free(l);
	}
	pthread_mutex_destroy(&a->lock);
	free(a);
}
