/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_client.h"
#include "base/arena.h"
#include "base/diag.h"
#include "engine/command.h"
#include "target/agent_greet.h"
#include "target/agent_link.h"
#include "target/agent_marshal.h"
#include "target/agent_pack.h"
#include "target/agent_state.h"
#include "target/agent_where.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_MS 5000

/* ---- coming and going ---- */

static struct agent *fail(int fd, struct diag_sink *d, const char *where, const char *why)
{
	const struct span nowhere = { 0 };

	if (fd >= 0)
		close(fd);
	diag_error(d, nowhere, "no agent at %s: %s", where, why);
	return NULL;
}

static struct agent *start(int fd, const char *where, const char *secret, struct diag_sink *d)
{
	const struct span nowhere = { 0 };
	struct agent_secret s;
	struct agent_channel c;
	struct agent *a = NULL;
	char why[AGENT_WHY];
	int rc;

	if (agent_secret_read(secret, &s, why) < 0) {
		close(fd);
		diag_error(d, nowhere, "%s", why);
		return NULL;
	}
	channel_init(&c, fd, AGENT_TESTER);
	rc = agent_greet_agent(&c, &s, why);
	explicit_bzero(&s, sizeof(s));
	if (rc < 0) {
		channel_free(&c);
		return fail(-1, d, where, why);
	}
	a = link_new(&c);
	explicit_bzero(&c.keys, sizeof(c.keys));
	return a ? a : fail(-1, d, where, "no thread can be made");
}

struct agent *agent_start(int fd, const char *secret, struct diag_sink *d)
{
	return start(fd, "the other end of the socket", secret, d);
}

/* NULL once connected. */
static const char *connect_in_time(int fd, const struct sockaddr_storage *ss, socklen_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t n = sizeof(int);
	int err = 0;

	if (connect(fd, (const struct sockaddr *)ss, len) == 0)
		return NULL;
	if (errno != EINPROGRESS)
		return strerror(errno);
	if (poll(&p, 1, CONNECT_MS) <= 0)
		return "it does not answer";
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &n);
	return err ? strerror(err) : NULL;
}

struct agent *agent_connect(const char *where, const char *secret, struct diag_sink *d)
{
	struct sockaddr_storage ss;
	socklen_t len;
	const char *why = where_parse(where, &ss, &len);
	int fd;

	if (why)
		return fail(-1, d, where, why);
	fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	why = fd < 0 ? strerror(errno) : connect_in_time(fd, &ss, len);
	return why ? fail(fd, d, where, why) : start(fd, where, secret, d);
}

void agent_end(struct agent *a)
{
	link_end(a);
}

void agent_close(struct agent *a)
{
	link_free(a);
}

const char *agent_lost(struct agent *a)
{
	const char *lost;

	pthread_mutex_lock(&a->lock);
	lost = a->lost[0] ? a->lost : NULL;
	pthread_mutex_unlock(&a->lock);
	return lost;
}

/* ---- calls ---- */

bool agent_has_call(enum call_id id)
{
	return !marshal_table[id].lacks;
}

static struct buf new_body(void)
{
	struct buf b = { 0 };

	pack_u32(&b, 0);	/* the request's number */
	return b;
}

static struct unpack answer_of(const struct request *r)
{
	return (struct unpack){ .at = (const uint8_t *)r->answer.s, .left = r->answer.len };
}

static void call_failed(struct target_call *c, int err, const char *lacks)
{
	c->result = -1;
	c->err = err;
	c->lacks = lacks;
}

void agent_call(struct agent *a, struct target_call *c)
{
	struct request r = { .call = c };
	struct buf body = new_body();
	struct marshal_sizes sizes;
	const char *lacks = marshal_request(c, &sizes, &body);
	struct unpack u;

	c->lacks = NULL;
	if (lacks) {
		call_failed(c, ENOSYS, lacks);
	} else if (link_request(a, &r, AGENT_CALL, &body, AGENT_RETURN) < 0) {
		call_failed(c, ENOTCONN, NULL);
	} else if (r.type == AGENT_LACKS) {
		call_failed(c, ENOSYS, link_lacks(a, &r));
	} else {
		u = answer_of(&r);
		if (marshal_read_reply(c, &sizes, &u) < 0)
			call_failed(c, EPROTO, NULL);
	}
	buf_free(&body);
	buf_free(&r.answer);
}

bool agent_call_settled(struct agent *a, const struct target_call *c)
{
	const struct request *r;
	bool settled = false;

	pthread_mutex_lock(&a->lock);
	for (r = a->first; r; r = r->next)
		if (r->call == c)
			settled = r->done || r->asleep;
	settled |= a->lost[0] != '\0';
	pthread_mutex_unlock(&a->lock);
	return settled;
}

/* ---- states ---- */

static int ask_state(struct agent *a, enum agent_frame_type type, struct buf *body,
		     struct conn_info *info)
{
	struct request r = { 0 };
	struct unpack u;
	int rc = -1;

	*info = (struct conn_info){ 0 };
	if (link_request(a, &r, type, body, AGENT_STATE) == 0 && r.type == AGENT_STATE) {
		u = answer_of(&r);
		rc = state_get(&u, info);
	}
	buf_free(body);
	buf_free(&r.answer);
	return rc;
}

int agent_conn(struct agent *a, const struct tuple *t, struct conn_info *info)
{
	struct buf body = new_body();

	state_put_tuple(&body, t);
	return ask_state(a, AGENT_CONN, &body, info);
}

int agent_fd_state(struct agent *a, int fd, struct conn_info *info)
{
	struct buf body = new_body();

	pack_u32(&body, (uint32_t)fd);
	return ask_state(a, AGENT_FD_STATE, &body, info);
}

int agent_details(struct agent *a, const struct tuple *t, struct arena *arena,
		  struct conn_details *d)
{
	struct buf body = new_body();
	struct request r = { 0 };
	struct unpack u;
	int rc = -1;

	*d = (struct conn_details){ 0 };
	state_put_tuple(&body, t);
	if (link_request(a, &r, AGENT_DETAILS, &body, AGENT_DETAILS_ARE) == 0 &&
	    r.type == AGENT_DETAILS_ARE) {
		u = answer_of(&r);
		rc = state_get_details(&u, arena, d);
	}
	buf_free(&body);
	buf_free(&r.answer);
	return rc;
}

/* ---- what is asked for with a text, and answered with one ---- */

/* As agent_sysctl() returns. *u is what the answer says, within r. */
static int ask(struct agent *a, struct request *r, enum agent_frame_type type, struct buf *body,
	       enum agent_frame_type want, struct arena *arena, const char **why, struct unpack *u)
{
	int rc = link_request(a, r, type, body, want);

	buf_free(body);
	if (rc == 0 && r->type == AGENT_LACKS) {
		*why = link_lacks(a, r);
		return 1;
	}
	if (rc == 0)
		*u = answer_of(r);
	else
		*why = arena_strdup(arena, agent_lost(a));
	return rc;
}

static const char *text_of(struct unpack *u, struct arena *arena)
{
	char *text = unpack_text(u);
	const char *copy = arena_strdup(arena, text);

	free(text);
	return copy;
}

const char *agent_environment(struct agent *a, struct arena *arena)
{
	struct buf body = new_body();
	struct request r = { 0 };
	const char *text = NULL, *why;
	struct unpack u;

	if (ask(a, &r, AGENT_ENVIRONMENT, &body, AGENT_ENVIRONMENT_IS, arena, &why, &u) == 0)
		text = text_of(&u, arena);
	buf_free(&r.answer);
	return text;
}

int agent_sysctl(struct agent *a, const char *name, const char *value, struct arena *arena,
		 const char **why)
{
	struct buf body = new_body();
	struct request r = { 0 };
	struct unpack u;
	int rc;

	pack_text(&body, name);
	pack_text(&body, value);
	rc = ask(a, &r, AGENT_SYSCTL, &body, AGENT_SYSCTL_DONE, arena, why, &u);
	if (rc == 0) {
		*why = text_of(&u, arena);
		rc = **why ? -1 : 0;
	}
	buf_free(&r.answer);
	return rc;
}

int agent_command(struct agent *a, const char *text, nstime patience, struct arena *arena,
		  struct command_outcome *out, const char **why)
{
	struct buf body = new_body();
	struct request r = { 0 };
	struct unpack u;
	int rc;

	*out = (struct command_outcome){ .output = "" };
	pack_u64(&body, (uint64_t)patience);
	pack_text(&body, text);
	rc = ask(a, &r, AGENT_COMMAND, &body, AGENT_COMMAND_DONE, arena, why, &u);
	if (rc == 0) {
		out->not_run = unpack_u8(&u);
		out->output = text_of(&u, arena);
		out->failed = text_of(&u, arena);
		if (!*out->failed)
			out->failed = NULL;
	}
	buf_free(&r.answer);
	return rc;
}
