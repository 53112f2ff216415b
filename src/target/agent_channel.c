/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_channel.h"
#include "target/agent_pack.h"
#include "target/clock_real.h"
#include "wire/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LENGTH_SIZE 4
#define READ_AT_ONCE 16384
/* How long one that is refused may take to hear of it. */
#define LAST_WORDS NS_PER_SEC

static nstime now(void)
{
	return clock_now(clock_real());
}

void channel_init(struct agent_channel *c, int fd, enum agent_side side)
{
	const int one = 1;

	*c = (struct agent_channel){ .fd = fd, .side = side, .last_heard = now() };
	pthread_mutex_init(&c->sending, NULL);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

void channel_free(struct agent_channel *c)
{
	if (c->fd >= 0)
		close(c->fd);
	pthread_mutex_destroy(&c->sending);
	buf_free(&c->in);
	explicit_bzero(&c->keys, sizeof(c->keys));
	c->fd = -1;
}

void channel_seal(struct agent_channel *c, const struct agent_keys *k)
{
	c->keys = *k;
	c->sealed = true;
}

/* frame: from its length on, without the code. */
static void code_of(const struct agent_channel *c, enum agent_side from, uint64_t number,
		    const void *frame, size_t len, uint8_t code[HMAC_SHA256_SIZE])
{
	uint8_t n[8];
	const struct hmac_part part[] = { { n, sizeof(n) }, { frame, len } };

	put_be32(n, (uint32_t)(number >> 32));
	put_be32(n + 4, (uint32_t)number);
	hmac_sha256(c->keys.seal[from], HMAC_SHA256_SIZE, part, 2, code);
}

/* ---- sending ---- */

/* Waits for the socket. False once the time is up. */
static bool wait_ready(int fd, int wake, short events, nstime until)
{
	struct pollfd p[] = { { .fd = fd, .events = events }, { .fd = wake, .events = POLLIN } };
	nstime left = until - now();
	struct timespec ts = nstime_to_timespec(left > 0 ? left : 0);

	return ppoll(p, 2, &ts, NULL) > 0 && p[0].revents;
}

static int send_all(struct agent_channel *c, const char *p, size_t n)
{
	nstime until = now() + AGENT_SILENCE;
	ssize_t sent;

	while (n) {
		sent = send(c->fd, p, n, MSG_NOSIGNAL);
		if (sent > 0) {
			p += sent;
			n -= (size_t)sent;
		} else if (errno != EINTR && errno != EAGAIN) {
			return -1;
		} else if (now() >= until) {
			return -1;
		} else {
			wait_ready(c->fd, -1, POLLOUT, until);
		}
	}
	return 0;
}

int channel_send(struct agent_channel *c, enum agent_frame_type type, const struct buf *body)
{
	size_t len = 1 + (body ? body->len : 0) + (c->sealed ? HMAC_SHA256_SIZE : 0);
	uint8_t code[HMAC_SHA256_SIZE];
	struct buf b = { 0 };
	int rc;

	if (len > AGENT_MAX_FRAME)
		return -1;
	pack_u32(&b, (uint32_t)len);
	pack_u8(&b, (uint8_t)type);
	if (body && body->len)
		buf_add(&b, body->s, body->len);
	pthread_mutex_lock(&c->sending);
	if (c->sealed) {
		code_of(c, c->side, c->n_sent++, b.s, b.len, code);
		buf_add(&b, code, sizeof(code));
	}
	rc = send_all(c, b.s, b.len);
	pthread_mutex_unlock(&c->sending);
	buf_free(&b);
	return rc;
}

int channel_send_text(struct agent_channel *c, enum agent_frame_type type, const char *text)
{
	struct buf b = { 0 };
	int rc;

	pack_text(&b, text);
	rc = channel_send(c, type, &b);
	buf_free(&b);
	return rc;
}

/* ---- receiving ---- */

/* What was a frame before is only let go of here. */
static void forget_taken(struct agent_channel *c)
{
	if (!c->taken)
		return;
	c->in.len -= c->taken;
	memmove(c->in.s, c->in.s + c->taken, c->in.len);
	c->taken = 0;
}

void channel_feed(struct agent_channel *c, const void *bytes, size_t n)
{
	forget_taken(c);
	if (n)
		buf_add(&c->in, bytes, n);
}

static int check_code(struct agent_channel *c, const uint8_t *frame, size_t len, const char **why)
{
	enum agent_side from = c->side == AGENT_TESTER ? AGENT_AGENT : AGENT_TESTER;
	uint8_t code[HMAC_SHA256_SIZE];

	code_of(c, from, c->n_received++, frame, len, code);
	if (hmac_equal(code, frame + len))
		return 0;
	*why = "a message is not from the peer: its code is wrong";
	return -1;
}

int channel_take(struct agent_channel *c, struct agent_frame *f, const char **why)
{
	size_t code = c->sealed ? HMAC_SHA256_SIZE : 0, len;
	const uint8_t *p;

	forget_taken(c);
	if (c->in.len < LENGTH_SIZE)
		return 0;
	p = (const uint8_t *)c->in.s;
	len = get_be32(p);
	if (len > (c->sealed ? AGENT_MAX_FRAME : AGENT_MAX_GREETING)) {
		*why = c->sealed ? "a message is longer than 1 MiB" :
			"that is no drillpress, or a greeting that is too long";
		return -1;
	}
	if (len < 1 + code) {
		*why = "a message is shorter than any can be";
		return -1;
	}
	if (c->in.len < LENGTH_SIZE + len)
		return 0;
	if (c->sealed && check_code(c, p, LENGTH_SIZE + len - code, why))
		return -1;
	*f = (struct agent_frame){ .type = p[LENGTH_SIZE], .body = p + LENGTH_SIZE + 1,
				   .len = len - 1 - code };
	c->taken = LENGTH_SIZE + len;
	return 1;
}

/* Reads what there is. 0 also if that is nothing. */
static int read_some(struct agent_channel *c, const char **why)
{
	char bytes[READ_AT_ONCE];
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);

	if (n > 0) {
		channel_feed(c, bytes, (size_t)n);
		c->last_heard = now();
		return 0;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	*why = n ? "the connection was lost" : "the connection was closed";
	return -1;
}

/* A frame that has begun must end in time. */
static int check_pace(struct agent_channel *c, const char **why)
{
	if (c->in.len <= c->taken) {
		c->frame_began = 0;
		return 0;
	}
	if (!c->frame_began)
		c->frame_began = now();
	if (now() - c->frame_began < AGENT_FRAME_TIME)
		return 0;
	*why = "half a message came, and not the rest of it";
	return -1;
}

int channel_receive(struct agent_channel *c, int wake, nstime until, struct agent_frame *f,
		    const char **why)
{
	nstime end;
	int rc;

	for (;;) {
		rc = channel_take(c, f, why);
		if (rc) {
			c->frame_began = 0;
			return rc;
		}
		if (check_pace(c, why))
			return -1;
		end = c->frame_began && c->frame_began + AGENT_FRAME_TIME < until ?
			c->frame_began + AGENT_FRAME_TIME : until;
		if (wait_ready(c->fd, wake, POLLIN, end)) {
			if (read_some(c, why))
				return -1;
		} else {
			return check_pace(c, why);
		}
	}
}

void channel_refuse(struct agent_channel *c, const char *why)
{
	nstime until = now() + LAST_WORDS;
	char bytes[READ_AT_ONCE];

	channel_send_text(c, AGENT_REFUSED, why);
	/* Closed while bytes wait to be read, the connection would be reset, and the words with it. */
	shutdown(c->fd, SHUT_WR);
	while (now() < until && wait_ready(c->fd, -1, POLLIN, until) &&
	       recv(c->fd, bytes, sizeof(bytes), 0) > 0)
		;
}
