/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_greet.h"
#include "target/agent_pack.h"
#include "target/clock_real.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int send_bytes(struct agent_channel *c, enum agent_frame_type type, const void *p, size_t n)
{
	struct buf b = { 0 };
	int rc;

	buf_add(&b, p, n);
	rc = channel_send(c, type, &b);
	buf_free(&b);
	return rc;
}

/* NULL if that frame is from one who has the secret. */
static const char *check_proof(const struct agent_frame *f, const struct agent_keys *k,
			       enum agent_side from)
{
	if (f->type != AGENT_PROOF || f->len != HMAC_SHA256_SIZE)
		return "that is no proof of the secret";
	return hmac_equal(f->body, k->proof[from]) ? NULL : "wrong secret";
}

/* The next frame; NULL, or why there is none. */
static const char *next_frame(struct agent_channel *c, nstime until, struct agent_frame *f)
{
	const char *why;
	int rc;

	do
		rc = channel_receive(c, -1, until, f, &why);
	while (!rc && clock_now(clock_real()) < until);
	return rc > 0 ? NULL : rc < 0 ? why : "no greeting came in time";
}

/* ---- the agent ---- */

static const char *exchange(struct agent_channel *c, const struct agent_secret *s, nstime until,
			    struct agent_keys *k, char text[AGENT_WHY])
{
	uint8_t theirs[AGENT_HELLO_SIZE], ours[AGENT_HELLO_SIZE];
	struct agent_hello mine, other;
	struct agent_frame f;
	const char *why = next_frame(c, until, &f);

	if (why)
		return why;
	why = f.type == AGENT_HELLO ? agent_hello_get(f.body, f.len, &other) :
		"that is no greeting of drillpress";
	if (why)
		return why;
	if (agent_hello_new(&mine) < 0)
		return "no random numbers are to be had";
	why = agent_hello_differs(&mine, &other, text);
	if (why)
		return why;
	memcpy(theirs, f.body, sizeof(theirs));
	agent_hello_put(&mine, ours);
	if (send_bytes(c, AGENT_HELLO, ours, sizeof(ours)) < 0)
		return "the connection was lost";
	agent_keys_make(s, theirs, ours, k);
	why = next_frame(c, until, &f);
	return why ? why : check_proof(&f, k, AGENT_TESTER);
}

int agent_greet_tester(struct agent_channel *c, const struct agent_secret *s,
		       const char *(*admit)(void *arg), void *arg)
{
	nstime until = clock_now(clock_real()) + AGENT_GREETING_TIME;
	struct agent_keys k = { 0 };
	char text[AGENT_WHY];
	const char *why = exchange(c, s, until, &k, text);

	if (!why && admit)
		why = admit(arg);
	if (!why && send_bytes(c, AGENT_PROOF, k.proof[AGENT_AGENT], HMAC_SHA256_SIZE) < 0)
		why = "the connection was lost";
	if (why)
		channel_refuse(c, why);
	else
		channel_seal(c, &k);
	explicit_bzero(&k, sizeof(k));
	return why ? -1 : 0;
}

/* ---- the tester ---- */

/* Whoever it is that refuses has not proved anything: its words are shown, not its control codes. */
static void said(const struct agent_frame *f, char why[AGENT_WHY])
{
	struct unpack u = { .at = f->body, .left = f->len };
	char *text = unpack_text(&u), *p;

	for (p = text; *p; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
	snprintf(why, AGENT_WHY, "the agent refuses: %.200s", text);
	free(text);
}

/* 0 if the next frame is of this type. */
static int expect(struct agent_channel *c, nstime until, enum agent_frame_type type,
		  struct agent_frame *f, char why[AGENT_WHY])
{
	const char *wrong = next_frame(c, until, f);

	if (!wrong && f->type == AGENT_REFUSED)
		said(f, why);
	else if (!wrong && f->type != type)
		snprintf(why, AGENT_WHY, "what answers there is no agent of drillpress");
	else if (wrong)
		snprintf(why, AGENT_WHY, "%s", wrong);
	else
		return 0;
	return -1;
}

static int give(struct agent_channel *c, enum agent_frame_type type, const void *p, size_t n,
		char why[AGENT_WHY])
{
	if (send_bytes(c, type, p, n) == 0)
		return 0;
	snprintf(why, AGENT_WHY, "the connection was lost");
	return -1;
}

static int meet(struct agent_channel *c, const struct agent_secret *s, struct agent_keys *k,
		char why[AGENT_WHY])
{
	/* The agent may wait for a moment until the tester before this one has gone. */
	nstime until = clock_now(clock_real()) + 2 * AGENT_GREETING_TIME;
	uint8_t ours[AGENT_HELLO_SIZE];
	struct agent_hello mine, other;
	struct agent_frame f;
	const char *wrong;

	if (agent_hello_new(&mine) < 0) {
		snprintf(why, AGENT_WHY, "no random numbers are to be had");
		return -1;
	}
	agent_hello_put(&mine, ours);
	if (give(c, AGENT_HELLO, ours, sizeof(ours), why) ||
	    expect(c, until, AGENT_HELLO, &f, why))
		return -1;
	wrong = agent_hello_get(f.body, f.len, &other);
	if (wrong)
		snprintf(why, AGENT_WHY, "%s", wrong);
	if (wrong || agent_hello_differs(&mine, &other, why))
		return -1;
	agent_keys_make(s, ours, f.body, k);
	if (give(c, AGENT_PROOF, k->proof[AGENT_TESTER], HMAC_SHA256_SIZE, why) ||
	    expect(c, until, AGENT_PROOF, &f, why))
		return -1;
	wrong = check_proof(&f, k, AGENT_AGENT);
	if (wrong)
		snprintf(why, AGENT_WHY, "the agent does not know the secret itself");
	return wrong ? -1 : 0;
}

int agent_greet_agent(struct agent_channel *c, const struct agent_secret *s,
		      char why[AGENT_WHY])
{
	struct agent_keys k = { 0 };
	int rc = meet(c, s, &k, why);

	if (rc == 0)
		channel_seal(c, &k);
	explicit_bzero(&k, sizeof(k));
	return rc;
}
