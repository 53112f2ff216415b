/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tester for tests/agent.tap: what a target does with an agent, and what no
 * target would do.
 *   agent_tester WHERE SECRET DEED [WORD...]
 */
#include "config.h"

#include "base/arena.h"
#include "base/diag.h"
#include "engine/command.h"
#include "target/agent_client.h"
#include "target/agent_greet.h"
#include "target/agent_pack.h"
#include "target/agent_where.h"
#include "target/clock_real.h"
#include "wire/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct tester {
	const char *where, *secret, *word;
	struct arena *arena;
	struct diag_sink diag;
	struct agent *agent;
};

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	exit(1);
}

#define NEED(x, c) \
	do { \
		if (!(x)) \
			fail("line %d: %s; result %ld, errno %d (%s), lacks %s", __LINE__, #x, \
			     (long)(c).result, (c).err, strerror((c).err), (c).lacks ? (c).lacks : "nothing"); \
	} while (0)

#define CALL(t, name, ...) call((t), (struct target_call){ .id = CALL_##name, .arg = { __VA_ARGS__ } })
#define MEM(p) (intptr_t)(p)

static struct target_call call(struct tester *t, struct target_call c)
{
	agent_call(t->agent, &c);
	return c;
}

static void come(struct tester *t)
{
	t->agent = agent_connect(t->where, t->secret, &t->diag);
	if (!t->agent)
		fail("%s", t->diag.first->msg);
}

struct pair {
	int listener, client, server;
	struct tuple tuple;		/* the client's */
};

/* A connection over the agent's loopback, to the port that was named. */
static void connect_pair(struct tester *t, struct pair *p)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) },
				  .sin_port = htons((uint16_t)atoi(t->word)) }, peer = { 0 };
	socklen_t len = sizeof(peer);
	const int one = 1;
	struct target_call c;

	c = CALL(t, socket, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	NEED(c.result >= 0, c);
	p->listener = (int)c.result;
	c = CALL(t, setsockopt, p->listener, SOL_SOCKET, SO_REUSEADDR, MEM(&one), sizeof(one));
	NEED(c.result == 0, c);
	c = CALL(t, bind, p->listener, MEM(&to), sizeof(to));
	NEED(c.result == 0, c);
	c = CALL(t, listen, p->listener, 5);
	NEED(c.result == 0, c);
	c = CALL(t, socket, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	NEED(c.result >= 0, c);
	p->client = (int)c.result;
	c = CALL(t, connect, p->client, MEM(&to), sizeof(to));
	NEED(c.result == 0, c);
	c = CALL(t, accept, p->listener, MEM(&peer), MEM(&len));
	NEED(c.result >= 0 && len == sizeof(peer) && peer.sin_family == AF_INET, c);
	p->server = (int)c.result;
	p->tuple = (struct tuple){ .local = { AF_INET, { 127, 0, 0, 1 } }, .remote = { AF_INET, { 127, 0, 0, 1 } },
				   .local_port = ntohs(peer.sin_port), .remote_port = ntohs(to.sin_port) };
}

struct blocked {
	struct tester *t;
	struct target_call c;
};

static void *block(void *arg)
{
	struct blocked *b = arg;

	agent_call(b->t->agent, &b->c);
	return NULL;
}

/* A blocking call in a thread of its own, once it sleeps over there. */
static pthread_t start(struct blocked *b)
{
	pthread_t thread;

	pthread_create(&thread, NULL, block, b);
	while (!agent_call_settled(b->t->agent, &b->c))
		poll(NULL, 0, 1);
	return thread;
}

/* ---- deeds ---- */

static void echo(struct tester *t)
{
	struct conn_details d;
	struct conn_info info;
	struct pair p;
	struct blocked b = { .t = t };
	struct target_call c;
	pthread_t thread;
	char bytes[16] = "";

	come(t);
	connect_pair(t, &p);
	if (agent_conn(t->agent, &p.tuple, &info) || info.state != TCPS_ESTABLISHED)
		fail("state %d, not ESTABLISHED", info.state);
	if (agent_fd_state(t->agent, p.server, &info) || info.state != TCPS_ESTABLISHED)
		fail("state %d of the descriptor, not ESTABLISHED", info.state);
	if (agent_fd_state(t->agent, 2, &info) == 0)
		fail("the agent told of a descriptor of its own");
	if (agent_details(t->agent, &p.tuple, t->arena, &d) || !d.info.len)
		fail("no details");
	if (!agent_environment(t->agent, t->arena))
		fail("no environment");
	b.c = (struct target_call){ .id = CALL_read, .arg = { p.server, MEM(bytes), sizeof(bytes) } };
	thread = start(&b);
	if (b.c.result)
		fail("a read that should block returned");
	c = CALL(t, write, p.client, MEM("hello"), 5);
	NEED(c.result == 5, c);
	pthread_join(thread, NULL);
	NEED(b.c.result == 5 && !memcmp(bytes, "hello", 6), b.c);
	agent_close(t->agent);
	puts("done");
}

static void line(const char *text)
{
	puts(text);
	fflush(stdout);
}

/* Opens connections, closes one, and waits in an accept until it is killed, or the agent is. */
static void hold(struct tester *t)
{
	struct blocked b = { .t = t };
	struct target_call c;
	struct pair p;
	pthread_t thread;

	come(t);
	connect_pair(t, &p);
	c = CALL(t, close, p.client);
	NEED(c.result == 0, c);
	b.c = (struct target_call){ .id = CALL_accept, .arg = { p.listener } };
	thread = start(&b);
	line("holding");
	pthread_join(thread, NULL);
	NEED(b.c.result == -1 && agent_lost(t->agent), b.c);
	printf("lost: %s\n", agent_lost(t->agent));
	agent_close(t->agent);
}

/* A tester that is there and says nothing: the reading thread, too, is stopped. */
static void fall_silent(struct tester *t)
{
	struct pair p;

	come(t);
	connect_pair(t, &p);
	line("silent");
	raise(SIGSTOP);
}

static void refuse_deeds(struct tester *t)
{
	struct target_call c;
	struct pollfd polled = { .fd = 0, .events = POLLIN };

	come(t);
	c = CALL(t, socket, AF_UNIX, SOCK_STREAM, 0);
	NEED(c.result == -1 && c.lacks, c);
	c = CALL(t, open, MEM("/etc/passwd"), O_RDONLY);
	NEED(c.result == -1 && c.lacks, c);
	c = CALL(t, close, 2);
	NEED(c.result == -1 && c.err == EBADF, c);
	c = CALL(t, poll, MEM(&polled), 1, 0);
	NEED(c.result == 1 && polled.revents == POLLNVAL && polled.fd == 0, c);
	agent_close(t->agent);
	puts("done");
}

static void set_sysctl(struct tester *t)
{
	const char *why;
	int rc;

	come(t);
	rc = agent_sysctl(t->agent, "net.ipv4.tcp_retries2", t->word, t->arena, &why);
	puts(rc == 0 ? "done" : why);
	fflush(stdout);
	getchar();
	agent_close(t->agent);
}

static void run_command(struct tester *t)
{
	struct command_outcome o;
	const char *why;

	come(t);
	if (agent_command(t->agent, t->word, 5 * NS_PER_SEC, t->arena, &o, &why))
		puts(why);
	else
		printf("%s%s%s\n", o.output, o.failed ? "; " : "", o.failed ? o.failed : "");
	fflush(stdout);
	getchar();
	agent_close(t->agent);
}

/* ---- raw bytes ---- */

static int raw_connect(const struct tester *t)
{
	struct sockaddr_storage ss;
	socklen_t len;
	int fd;

	if (where_parse(t->where, &ss, &len))
		fail("bad address");
	fd = socket(ss.ss_family, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&ss, len))
		fail("cannot connect: %s", strerror(errno));
	return fd;
}

/* What the agent has to say, until it closes. */
static void print_refusal(struct agent_channel *c)
{
	struct unpack u;
	struct agent_frame f;
	const char *why = "silence";
	char *text;
	int rc;

	while ((rc = channel_receive(c, -1, c->last_heard + 20 * NS_PER_SEC, &f, &why)) > 0) {
		if (f.type != AGENT_REFUSED)
			continue;
		u = (struct unpack){ .at = f.body, .left = f.len };
		text = unpack_text(&u);
		printf("refused: %s\n", text);
		free(text);
	}
	puts(why);
}

static void throw(struct tester *t, const void *bytes, size_t n)
{
	struct agent_channel c;

	channel_init(&c, raw_connect(t), AGENT_TESTER);
	if (n && send(c.fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n)
		fail("cannot send");
	print_refusal(&c);
	channel_free(&c);
}

static void garbage(struct tester *t)
{
	throw(t, "GET / HTTP/1.1\r\nHost: agent\r\n\r\n", 31);
}

static void small_garbage(struct tester *t)
{
	throw(t, "\0\0\0\5\1none", 9);
}

static void half_greeting(struct tester *t)
{
	throw(t, "\0\0\0\105\1drill", 10);
}

static void other_abi(struct tester *t)
{
	uint8_t bytes[5 + AGENT_HELLO_SIZE];
	struct agent_hello h;

	agent_hello_new(&h);
	strcpy(h.machine, "vax");
	h.word_bytes = 4;
	put_be32(bytes, 1 + AGENT_HELLO_SIZE);
	bytes[4] = AGENT_HELLO;
	agent_hello_put(&h, bytes + 5);
	throw(t, bytes, sizeof(bytes));
}

static void other_version(struct tester *t)
{
	uint8_t bytes[5 + AGENT_HELLO_SIZE];
	struct agent_hello h;

	agent_hello_new(&h);
	h.version = 77;
	put_be32(bytes, 1 + AGENT_HELLO_SIZE);
	bytes[4] = AGENT_HELLO;
	agent_hello_put(&h, bytes + 5);
	throw(t, bytes, sizeof(bytes));
}

/* One who has the secret, and then sends bytes of his own. */
static void known(struct tester *t, struct agent_channel *c)
{
	struct agent_secret s;
	char why[AGENT_WHY];

	channel_init(c, raw_connect(t), AGENT_TESTER);
	if (agent_secret_read(t->secret, &s, why) || agent_greet_agent(c, &s, why))
		fail("%s", why);
}

static void send_raw(struct tester *t, const void *bytes, size_t n)
{
	struct agent_channel c;

	known(t, &c);
	if (send(c.fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n)
		fail("cannot send");
	print_refusal(&c);
	channel_free(&c);
}

static void oversized(struct tester *t)
{
	send_raw(t, "\x7f\xff\xff\xff\6", 5);
}

static void half_sent(struct tester *t)
{
	struct agent_channel c;
	int i;

	known(t, &c);
	/* A byte a second: it is alive, and does not come to an end. */
	for (i = 0; i < 13; i++) {
		if (send(c.fd, i ? "x" : "\0\0\1\0", i ? 1 : 4, MSG_NOSIGNAL) < 0)
			break;
		poll(NULL, 0, 1000);
	}
	print_refusal(&c);
	channel_free(&c);
}

static void forged(struct tester *t)
{
	uint8_t bytes[4 + 1 + 32] = { 0, 0, 0, 33, AGENT_ALIVE };

	send_raw(t, bytes, sizeof(bytes));
}

static void malformed(struct tester *t)
{
	struct buf b = { 0 };
	struct agent_channel c;

	known(t, &c);
	pack_u32(&b, 1);
	pack_u8(&b, CALL_read);
	channel_send(&c, AGENT_CALL, &b);
	print_refusal(&c);
	channel_free(&c);
	buf_free(&b);
}

/* A message that was heard before is heard again. */
static void repeated(struct tester *t)
{
	struct agent_channel c;

	known(t, &c);
	channel_send(&c, AGENT_ALIVE, NULL);
	c.n_sent--;
	channel_send(&c, AGENT_ALIVE, NULL);
	print_refusal(&c);
	channel_free(&c);
}

/* ---- a tester gone mad ---- */

/* xorshift (Marsaglia 2003): the same bytes for the same seed. */
static uint32_t dice(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	return *seed ^= *seed << 5;
}

/* Numbers as calls have them, some small, some odd. */
static uint64_t any_number(uint32_t *seed)
{
	static const uint64_t odd[] = { 0, 1, 2, 6, 10, 16, 128, 4096, 0x541b, 0x5421, 0x7fffffff,
					0xffffffff, 0x100000010, (uint64_t)-1, (uint64_t)-4096,
					UINT64_C(1) << 63, 1 << 20 };
	uint32_t r = dice(seed);

	return r & 1 ? r >> 8 & 15 : odd[r / 2 % (sizeof(odd) / sizeof(odd[0]))];
}

/* Some block, and then a thread of the agent's stands for each: that has its limit, too. */
static void any_call(struct buf *b, uint32_t *seed)
{
	static const uint8_t calls[] = {
		CALL_socket, CALL_bind, CALL_listen, CALL_connect, CALL_write, CALL_writev, CALL_send,
		CALL_sendto, CALL_sendmsg, CALL_fcntl, CALL_ioctl, CALL_close, CALL_shutdown,
		CALL_getsockopt, CALL_setsockopt, CALL_pipe, CALL_epoll_create, CALL_epoll_ctl,
		CALL_epoll_create1, CALL_recvmsg, CALL_recv, CALL_accept4, CALL_readv, CALL_splice,
		CALL_poll, CALL_epoll_wait, CALL_accept, CALL_read,
	};
	uint32_t i, n = dice(seed) % 80;

	pack_u8(b, calls[dice(seed) % sizeof(calls)]);
	for (i = 0; i < 6; i++)
		pack_u64(b, any_number(seed));
	for (i = 0; i < n; i++)
		pack_u8(b, dice(seed) % 3 ? 0 : (uint8_t)dice(seed));
}

/* A session of it: until the agent has had enough. */
static unsigned rave(struct tester *t, uint32_t *seed, nstime until)
{
	struct agent_channel c;
	struct agent_frame f;
	struct buf b = { 0 };
	const char *why;
	unsigned n = 0;
	int rc = 0;

	known(t, &c);
	while (rc >= 0 && clock_now(clock_real()) < until) {
		buf_clear(&b);
		pack_u32(&b, ++n);
		if (dice(seed) % 16)
			any_call(&b, seed);
		else
			pack_u64(&b, any_number(seed));
		if (channel_send(&c, dice(seed) % 16 ? AGENT_CALL : dice(seed) % (AGENT_FRAME_TYPES + 1), &b))
			break;
		while ((rc = channel_receive(&c, -1, clock_now(clock_real()), &f, &why)) > 0)
			;
	}
	channel_free(&c);
	buf_free(&b);
	return n;
}

/* For so many seconds. The agent must be there afterwards. */
static void fuzz(struct tester *t)
{
	nstime until = clock_now(clock_real()) + atoi(t->word) * NS_PER_SEC;
	unsigned n = 0, sessions = 0;
	uint32_t seed = 2463534242;

	while (clock_now(clock_real()) < until) {
		n += rave(t, &seed, until);
		sessions++;
	}
	come(t);
	agent_close(t->agent);
	printf("done: %u messages in %u sessions\n", n, sessions);
}

static const struct {
	const char *name;
	void (*deed)(struct tester *t);
} deed_table[] = {
	{ "echo", echo }, { "hold", hold }, { "silent", fall_silent }, { "guarded", refuse_deeds },
	{ "sysctl", set_sysctl }, { "command", run_command },
	{ "garbage", garbage }, { "small-garbage", small_garbage }, { "half-greeting", half_greeting },
	{ "abi", other_abi }, { "version", other_version }, { "oversized", oversized },
	{ "half-sent", half_sent }, { "forged", forged }, { "malformed", malformed },
	{ "repeated", repeated }, { "fuzz", fuzz },
};

int main(int argc, char **argv)
{
	struct tester t = { .arena = arena_new() };
	size_t i;

	if (argc < 4)
		fail("usage: agent_tester WHERE SECRET DEED [WORD]");
	t.where = argv[1];
	t.secret = argv[2];
	t.word = argc > 4 ? argv[4] : "0";
	diag_init(&t.diag, t.arena);
	for (i = 0; i < sizeof(deed_table) / sizeof(deed_table[0]); i++)
		if (!strcmp(deed_table[i].name, argv[3]))
			deed_table[i].deed(&t);
	arena_free(t.arena);
	return 0;
}
