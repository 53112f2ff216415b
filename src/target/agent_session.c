/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_session.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "target/agent_chores.h"
#include "target/agent_crew.h"
#include "target/agent_greet.h"
#include "target/agent_jail.h"
#include "target/agent_pack.h"
#include "target/agent_state.h"
#include "target/clock_real.h"
#include "target/fingerprint.h"
#include "target/sockdiag.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct session {
	const struct agent_rules *rules;
	struct agent_channel channel;
	int lifeline;
	struct crew crew;
	struct sockdiag *diag;	/* NULL: no states can be told */
	struct chores chores;
};

static const char malformed[] = "a message makes no sense";

/* ---- requests: each returns NULL, or why the tester is to go ---- */

static void lacks(struct session *s, uint32_t number, const char *what)
{
	struct buf b = { 0 };

	pack_u32(&b, number);
	pack_text(&b, what);
	channel_send(&s->channel, AGENT_LACKS, &b);
	buf_free(&b);
}

static const char *on_call(struct session *s, uint32_t number, struct unpack *u)
{
	struct crew_job *j = xzalloc(sizeof(*j));
	const char *lack = NULL;
	int rc;

	j->number = number;
	j->room.most = crew_room(&s->crew);
	rc = marshal_read_request(u, &j->room, &j->call, &j->sizes, &lack);
	if (rc == 0 && !lack)
		lack = guard_refuses(&j->call);
	if (rc == 0 && !lack)
		lack = crew_make(&s->crew, j);
	if (rc == 0 && !lack)
		return NULL;
	if (rc == 0)
		lacks(s, number, lack);
	marshal_room_free(&j->room);
	free(j);
	return rc == 0 ? NULL : malformed;
}

static void send_state(struct session *s, uint32_t number, int rc, const struct conn_info *info)
{
	struct buf b = { 0 };

	pack_u32(&b, number);
	state_put(&b, rc, info);
	channel_send(&s->channel, AGENT_STATE, &b);
	buf_free(&b);
}

static const char *on_conn(struct session *s, uint32_t number, struct unpack *u)
{
	struct conn_info info = { 0 };
	struct tuple t;
	int rc;

	state_get_tuple(u, &t);
	if (!unpack_done(u))
		return malformed;
	rc = s->diag && t.local.family ? sockdiag_find(s->diag, &t, &info) : -1;
	send_state(s, number, rc, &info);
	return NULL;
}

static const char *on_fd_state(struct session *s, uint32_t number, struct unpack *u)
{
	struct conn_info info = { 0 };
	int fd = (int)unpack_u32(u);

	if (!unpack_done(u))
		return malformed;
	send_state(s, number, guard_owns(&s->crew.guard, fd) ? sockdiag_of_fd(fd, &info) : -1, &info);
	return NULL;
}

static const char *on_details(struct session *s, uint32_t number, struct unpack *u)
{
	struct conn_details d = { 0 };
	struct arena *a;
	struct buf b = { 0 };
	struct tuple t;
	int rc;

	state_get_tuple(u, &t);
	if (!unpack_done(u))
		return malformed;
	a = arena_new();
	rc = s->diag && t.local.family ? sockdiag_details(s->diag, &t, a, &d) : -1;
	pack_u32(&b, number);
	state_put_details(&b, rc, &d);
	channel_send(&s->channel, AGENT_DETAILS_ARE, &b);
	buf_free(&b);
	arena_free(a);
	return NULL;
}

static const char *on_environment(struct session *s, uint32_t number, struct unpack *u)
{
	struct buf text = { 0 }, b = { 0 };

	if (!unpack_done(u))
		return malformed;
	fingerprint(clock_timer_step(clock_real()), &text);
	pack_u32(&b, number);
	pack_text(&b, buf_str(&text));
	channel_send(&s->channel, AGENT_ENVIRONMENT_IS, &b);
	buf_free(&b);
	buf_free(&text);
	return NULL;
}

static const char *on_sysctl(struct session *s, uint32_t number, struct unpack *u)
{
	char *name = unpack_text(u), *value = unpack_text(u);
	bool ok = unpack_done(u);

	if (ok && !s->rules->allow_sysctl)
		lacks(s, number, "leave to set sysctls (drillpress agent --allow-sysctl)");
	else if (ok)
		chores_sysctl(&s->chores, number, name, value);
	free(name);
	free(value);
	return ok ? NULL : malformed;
}

static const char *on_command(struct session *s, uint32_t number, struct unpack *u)
{
	nstime patience = (nstime)unpack_u64(u);
	char *text = unpack_text(u);
	const char *lack = NULL;
	bool ok = unpack_done(u);

	if (ok)
		lack = s->rules->allow_commands ? chores_command(&s->chores, number, text, patience) :
			"leave to run commands (drillpress agent --allow-commands)";
	if (lack)
		lacks(s, number, lack);
	free(text);
	return ok ? NULL : malformed;
}

static const struct {
	const char *(*serve)(struct session *s, uint32_t number, struct unpack *u);
} request_table[AGENT_FRAME_TYPES] = {
	[AGENT_CALL] = { on_call },
	[AGENT_CONN] = { on_conn },
	[AGENT_FD_STATE] = { on_fd_state },
	[AGENT_DETAILS] = { on_details },
	[AGENT_ENVIRONMENT] = { on_environment },
	[AGENT_SYSCTL] = { on_sysctl },
	[AGENT_COMMAND] = { on_command },
};

static const char *serve(struct session *s, const struct agent_frame *f)
{
	struct unpack u = { .at = f->body, .left = f->len };
	uint32_t number;

	if (f->type == AGENT_ALIVE)
		return channel_send(&s->channel, AGENT_ALIVE, NULL) < 0 ? "gone" : NULL;
	if (f->type >= AGENT_FRAME_TYPES || !request_table[f->type].serve)
		return malformed;
	number = unpack_u32(&u);
	return u.bad ? malformed : request_table[f->type].serve(s, number, &u);
}

/* ---- the whole stay ---- */

static bool must_end(const struct session *s)
{
	struct pollfd p = { .fd = s->lifeline, .events = POLLIN };

	return s->lifeline >= 0 && poll(&p, 1, 0) > 0;
}

/* Why it ended; NULL: the tester said so. */
static const char *stay(struct session *s)
{
	struct agent_frame f;
	const char *why;
	int rc;

	for (;;) {
		rc = channel_receive(&s->channel, s->lifeline,
				     s->channel.last_heard + AGENT_SILENCE, &f, &why);
		if (rc < 0)
			return why;
		if (must_end(s))
			return "the agent was told to end";
		if (rc > 0 && f.type == AGENT_END)
			return NULL;
		if (rc > 0)
			why = serve(s, &f);
		else
			why = clock_now(clock_real()) < s->channel.last_heard + AGENT_SILENCE ? NULL :
				"the tester has been silent for too long";
		if (why)
			return why;
	}
}

/* Nothing of the tester's outlives this and the exit that follows. */
static void leave(struct session *s, const char *why)
{
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

	if (s->rules->leaving)
		s->rules->leaving(s->rules->arg);
	guard_end(&s->crew.guard, s->diag);
	chores_end(&s->chores);
	if (s->rules->allow_commands)
		jail_end_children();
	if (why)
		channel_refuse(&s->channel, why);
	else	/* nor does this connection, which nobody wants to hear from any more */
		setsockopt(s->channel.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

enum agent_end agent_session(int fd, int lifeline, const struct agent_rules *rules)
{
	struct session *s = xzalloc(sizeof(*s));

	jail_enter(rules->allow_sysctl || rules->allow_commands);
	if (rules->allow_commands)
		jail_adopt();
	s->rules = rules;
	s->lifeline = lifeline >= 0 ? guard_own_fd(lifeline) : -1;
	channel_init(&s->channel, guard_own_fd(fd), AGENT_AGENT);
	if (agent_greet_tester(&s->channel, rules->secret, rules->admit, rules->arg) < 0) {
		channel_free(&s->channel);
		free(s);
		return AGENT_TURNED_AWAY;
	}
	crew_init(&s->crew, &s->channel);
	chores_init(&s->chores, &s->channel);
	s->diag = sockdiag_open();
	leave(s, stay(s));
	/* Threads may still use it: the end of the process frees it all. */
	return AGENT_LEFT;
}
