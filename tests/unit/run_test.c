/* SPDX-License-Identifier: BSD-2-Clause */
/* The engine on a made-up stack with a made-up clock: what the kernel cannot be made to do. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"
#include "engine/command.h"
#include "engine/run.h"
#include "script/check.h"
#include "script/meta.h"
#include "script/parse.h"
#include "wire/pkt.h"

#include <pthread.h>
#include <string.h>

/* What the fake stack does when the n-th packet is injected. */
struct reply {
	nstime after;		/* it sends a packet this much later; 0 = none */
	uint16_t flags;
	uint32_t ack_off;	/* added to the right acknowledgement number */
	enum tcp_state state;	/* and is in this state */
};

struct fake {
	struct target target;
	struct clock clock;
	pthread_mutex_t lock;
	nstime now;
	nstime oversleep;	/* how late each wait that really waits returns */
	int oversleep_at;	/* only the n-th such wait, 0 = all */
	int waits;
	const struct reply *replies;
	int injected, accepted;
	enum tcp_state state;
	unsigned lost;
	nstime doubt;		/* of its stamps */
	bool no_accept;		/* it lacks that call */
	enum tcp_state untold;	/* it cannot tell this state */
	bool several;		/* each of the peer's ports has a state of its own */
	uint16_t ports;		/* of the peer, handed out so far */
	enum tcp_state of_port[4];
	uint8_t spoil;		/* bits of the TCP checksums it sends that are wrong */
	bool offloaded;		/* because the device was to fill them in */
	struct pkt *queued[8];
	int n_queued, taken;
	nstime call_takes;	/* how long read() lasts, in script time */
	struct arena *arena;
	const struct stall_log *stalls;
	bool may_retry;
	nstime command_takes, command_held_up;
};

static struct fake *of_clock(struct clock *c)
{
	return (struct fake *)((char *)c - offsetof(struct fake, clock));
}

static nstime fake_now(struct clock *c)
{
	struct fake *f = of_clock(c);
	nstime now;

	pthread_mutex_lock(&f->lock);
	now = f->now;
	pthread_mutex_unlock(&f->lock);
	return now;
}

static void fake_wait_until(struct clock *c, nstime t)
{
	struct fake *f = of_clock(c);

	pthread_mutex_lock(&f->lock);
	if (f->now < t) {
		f->waits++;
		f->now = t;
		if (!f->oversleep_at || f->waits == f->oversleep_at)
			f->now += f->oversleep;
	}
	pthread_mutex_unlock(&f->lock);
}

static nstime fake_step(struct clock *c)
{
	return 0;
}

static const struct clock_ops clock_ops = {
	.now = fake_now, .wait_until = fake_wait_until, .timer_step = fake_step,
	.good_start = fake_now,
};

static void fake_call(struct target *t, struct target_call *c)
{
	struct fake *f = (struct fake *)t;

	c->result = c->id == CALL_socket ? 7 : c->id == CALL_accept ? 8 + f->accepted++ : 0;
	if (c->id == CALL_listen)
		f->state = TCPS_LISTEN;
	if (c->id == CALL_read && f->call_takes)
		fake_wait_until(&f->clock, fake_now(&f->clock) + f->call_takes);
}

static bool fake_has_call(struct target *t, enum call_id id)
{
	return id != CALL_accept || !((struct fake *)t)->no_accept;
}

/* A segment of the stack, as an answer to one that was injected. */
static void answer(struct fake *f, const struct pkt *in, const struct reply *r)
{
	struct pkt *out = pkt_copy(in, f->arena);
	uint32_t len = pkt_tcp_flags(in) & (TCPF_SYN | TCPF_FIN) ? 1 : 0;
	struct pkt_ends e, back;

	pkt_get_ends(in, &e);
	back = (struct pkt_ends){ e.dst, e.src, e.dst_port, e.src_port };
	pkt_set_ends(out, &back);
	pkt_tcp_set_seq(out, r->flags & TCPF_SYN ? 5000 : 5001);
	pkt_tcp_set_ack(out, pkt_tcp_seq(in) + in->payload_len + len + r->ack_off);
	pkt_bytes(out, pkt_transport(out))[13] = (uint8_t)r->flags;
	pkt_fill_checksums(out, NULL);
	pkt_bytes(out, pkt_transport(out))[17] ^= f->spoil;
	out->flags = f->offloaded ? PKT_CSUM_OFFLOADED : 0;
	out->stamp = f->now + r->after;
	f->queued[f->n_queued++] = out;
}

#define FIRST_PORT 40000

static unsigned in_port(const struct pkt *in)
{
	struct pkt_ends e;

	pkt_get_ends(in, &e);
	assert_in_range(e.src_port, FIRST_PORT, FIRST_PORT + 3);
	return e.src_port - FIRST_PORT;
}

static int fake_inject(struct target *t, const struct target_frame *frame, struct arena *a,
		       const char **why)
{
	struct fake *f = (struct fake *)t;
	const struct reply *r = &f->replies[f->injected++];
	struct pkt in;

	assert_int_equal(pkt_decode(frame->data, frame->len, a, &in, why), DECODE_OK);
	if (r->after)
		answer(f, &in, r);
	if (r->state != TCPS_UNKNOWN && f->several)
		f->of_port[in_port(&in)] = r->state;
	else if (r->state != TCPS_UNKNOWN)
		f->state = r->state;
	return 0;
}

static int fake_next(struct target *t, nstime until, struct arena *a, struct target_packet *p,
		     const char **why)
{
	struct fake *f = (struct fake *)t;
	struct pkt *q;

	if (f->taken == f->n_queued || f->queued[f->taken]->stamp > (until > f->now ? until : f->now)) {
		if (until > f->now)
			f->now = until;
		return 0;
	}
	q = f->queued[f->taken++];
	if (f->now < q->stamp)
		f->now = q->stamp;
	*p = (struct target_packet){ .data = q->data, .len = q->len, .wire_len = q->len,
				     .stamp = q->stamp, .doubt = f->doubt,
				     .csum_offloaded = q->flags & PKT_CSUM_OFFLOADED };
	return 1;
}

static int fake_conn(struct target *t, const struct tuple *tuple, struct conn_info *info)
{
	struct fake *f = (struct fake *)t;

	*info = (struct conn_info){ .state = f->several && tuple->remote_port ?
				    f->of_port[tuple->remote_port - FIRST_PORT] : f->state };
	return f->untold == info->state ? -1 : 0;
}

static int fake_fd_state(struct target *t, int fd, struct conn_info *info)
{
	return -1;
}

static unsigned fake_lost(struct target *t)
{
	return ((struct fake *)t)->lost;
}

static uint16_t fake_port(struct target *t)
{
	struct fake *f = (struct fake *)t;

	return (uint16_t)(FIRST_PORT + (f->several ? f->ports++ : 0));
}

static void fake_nothing(struct target *t)
{
}

static const char *fake_environment(struct target *t, struct arena *a)
{
	return "made up\n";
}

static int fake_command(struct target *t, const char *text, nstime patience, struct arena *a,
			struct command_outcome *o, const char **why)
{
	struct fake *f = (struct fake *)t;

	fake_wait_until(&f->clock, fake_now(&f->clock) + f->command_takes);
	*o = (struct command_outcome){ .output = "", .held_up = f->command_held_up };
	return 0;
}

static const struct target_ops target_ops = {
	.name = "fake",
	.command = fake_command,
	.call = fake_call,
	.has_call = fake_has_call,
	.inject = fake_inject,
	.next_packet = fake_next,
	.conn = fake_conn,
	.fd_state = fake_fd_state,
	.environment = fake_environment,
	.lost = fake_lost,
	.peer_port = fake_port,
	.reset = fake_nothing,
	.close = fake_nothing,
};

/* What the run said: the last of each that matters. */
struct log {
	struct reporter reporter;
	enum verdict verdict;
	uint32_t line;			/* of the event that was not as written */
	char message[200], field[40], hint[200];
	bool unobservable;
	nstime worst, last_inbound;
	unsigned in, out;		/* frames */
	nstime off;			/* of a frame's stamp from its event's time */
	char environment[40], deviates[40];
};

static void log_frames(struct log *l, const struct result *e)
{
	const struct wire_frame *f;

	for (f = e->frames; f; f = f->next) {
		assert_int_equal(f->len, f->wire_len);
		assert_int_equal(f->data[0] >> 4, 4);
		l->off += f->stamp - e->actual;
		if (e->event == EVK_INBOUND)
			l->in++;
		else
			l->out++;
	}
}

static void log_event(struct reporter *r, unsigned run, const struct result *e)
{
	struct log *l = (struct log *)r;

	log_frames(l, e);
	if (e->kind == RES_END) {
		snprintf(l->environment, sizeof(l->environment), "%s",
			 e->environment ? e->environment : "");
		snprintf(l->deviates, sizeof(l->deviates), "%s", e->deviates ? e->deviates : "");
		l->verdict = e->verdict;
		l->worst = e->lateness;
	}
	if (e->kind == RES_STATE && e->unobservable)
		l->unobservable = true;
	if (e->event == EVK_INBOUND)
		l->last_inbound = e->actual;
	if (e->kind != RES_EVENT || e->verdict == VERDICT_NONE)
		return;
	l->line = e->span.line;
	snprintf(l->message, sizeof(l->message), "%s", e->message);
	snprintf(l->hint, sizeof(l->hint), "%s", e->hint ? e->hint : "");
	if (e->mismatches)
		snprintf(l->field, sizeof(l->field), "%s", e->mismatches->field);
}

static const struct reporter_ops log_ops = { log_event, NULL };

#define SERVER "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
	"+0 bind(3, ..., ...) = 0\n" \
	"+0 listen(3, 1) = 0\n" /* line 3 */

static void play_with(struct fake *f, const char *text, const struct reply *replies,
		      bool evidence, struct log *l)
{
	struct arena *a = arena_new();
	struct script_info info;
	struct run_config cfg = { .info = &info, .target_name = "fake", .evidence = evidence,
				  .stalls = f->stalls, .may_retry = f->may_retry };
	struct diag_sink d;
	struct script *s;
	enum verdict v;

	diag_init(&d, a);
	s = script_parse(source_from_text("t", text, strlen(text), a, &d), NULL, a, &d);
	assert_non_null(s);
	assert_int_equal(settings_finish(&s->settings, &d), 0);
	assert_int_equal(script_check(s, &d), 0);
	assert_int_equal(script_info_read(s, &info, &d), 0);
	*l = (struct log){ .reporter = { &log_ops } };
	f->target.ops = &target_ops;
	f->target.name = "fake";
	f->clock.ops = &clock_ops;
	f->target.clock = &f->clock;
	pthread_mutex_init(&f->lock, NULL);
	f->replies = replies;
	f->state = TCPS_CLOSED;
	f->arena = a;
	cfg.script = s;
	cfg.out = &l->reporter;
	v = run_script(&cfg, &f->target);
	assert_int_equal(v, l->verdict);
	pthread_mutex_destroy(&f->lock);
	arena_free(a);
}

static void play(struct fake *f, const char *text, const struct reply *replies, struct log *l)
{
	play_with(f, text, replies, false, l);
}

static const struct reply handshake[] = {
	{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV },
	{ 0, 0, 0, TCPS_ESTABLISHED },
	{ 0, 0, 0, TCPS_UNKNOWN },
};

static void test_as_written(void **state)
{
	struct fake f = { 0 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100 => SYN-RECEIVED\n+0 > S. 0:0(0) ack 1\n"
	     "+.1 < . 1:1(0) ack 1 win 100 => ESTABLISHED\n", handshake, &l);
	assert_int_equal(l.verdict, VERDICT_PASS);
	assert_true(l.last_inbound == 200 * NS_PER_MS + NS_PER_US);
	assert_true(l.worst == 0);
}

static void test_difference_is_named(void **state)
{
	static const struct reply wrong[] = { { NS_PER_US, TCPF_SYN | TCPF_ACK, 1, TCPS_SYN_RECV } };
	struct fake f = { 0 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n", wrong, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_int_equal(l.line, 5);
	assert_string_equal(l.field, "tcp_ack_seq");
}

/* What the stack sends has the right checksum, unless the device was to fill it in. */
static void test_wrong_checksum(void **state)
{
	static const char text[] = SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n";
	struct fake f = { .spoil = 1 }, again = { .spoil = 1, .offloaded = true };
	struct log l;

	play(&f, text, handshake, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_string_equal(l.field, "tcp_checksum");
	play(&again, text, handshake, &l);
	assert_int_equal(l.verdict, VERDICT_PASS);
}

/* The tester sleeps 20 ms too long once: absolute times move with it, and nothing fails. */
static void test_lateness_moves_the_timeline(void **state)
{
	struct fake f = { .oversleep = 20 * NS_PER_MS, .oversleep_at = 2 };
	struct log l;

	play(&f, SERVER "0.1 < S 0:0(0) win 100\n0.1 > S. 0:0(0) ack 1\n"
	     "0.2 < . 1:1(0) ack 1 win 100\n", handshake, &l);
	assert_int_equal(l.verdict, VERDICT_PASS);
	assert_true(l.worst == 20 * NS_PER_MS);
	assert_true(l.last_inbound == 220 * NS_PER_MS);
}

/* A deviation after such a delay may be the tester's own doing. */
static void test_late_tester_cannot_judge(void **state)
{
	static const struct reply wrong[] = { { NS_PER_US, TCPF_SYN | TCPF_ACK, 1, TCPS_SYN_RECV } };
	struct fake f = { .oversleep = 20 * NS_PER_MS };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n", wrong, &l);
	assert_int_equal(l.verdict, VERDICT_INCONCLUSIVE);
}

/* One that is late within its tolerance moves the stack's timers, too: another try may show. */
static void test_slightly_late_tester_tries_again(void **state)
{
	static const struct reply wrong[] = {
		{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV },
		{ NS_PER_US, TCPF_ACK, 1, TCPS_ESTABLISHED },
	};
	static const char text[] = SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n"
		"+.1 < P. 1:11(10) ack 1 win 100\n+0 > . 1:1(0) ack 11\n";
	static const struct {
		nstime late;
		int at;
		bool may_retry;
		enum verdict v;
	} cases[] = {
		{ 600 * NS_PER_US, 0, true, VERDICT_INCONCLUSIVE },
		{ 600 * NS_PER_US, 2, true, VERDICT_INCONCLUSIVE },	/* the SYN: it went well since */
		{ 600 * NS_PER_US, 0, false, VERDICT_FAIL },
		{ 200 * NS_PER_US, 0, true, VERDICT_FAIL },
		{ 0, 0, true, VERDICT_FAIL },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fake f = { .oversleep = cases[i].late, .oversleep_at = cases[i].at,
				  .may_retry = cases[i].may_retry };
		struct log l;

		play(&f, text, wrong, &l);
		assert_int_equal(l.line, 7);
		assert_int_equal(l.verdict, cases[i].v);
		if (i == 1)
			assert_string_equal(l.hint, "the tester was up to 600 us late");
	}
}

/* The stack's timers run on while a command does. What the machine adds to it is not the script's. */
static void test_slow_commands(void **state)
{
	static const char text[] = SERVER "+.1 `true`\n" "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n";
	static const struct reply wrong[] = { { NS_PER_US, TCPF_SYN | TCPF_ACK, 1, TCPS_SYN_RECV } };
	static const struct {
		nstime takes, held_up;
		bool may_retry;
		enum verdict v;
	} cases[] = {
		{ 50 * NS_PER_MS, 5 * NS_PER_MS, true, VERDICT_INCONCLUSIVE },
		{ 50 * NS_PER_MS, 5 * NS_PER_MS, false, VERDICT_FAIL },
		{ 50 * NS_PER_MS, 40 * NS_PER_MS, false, VERDICT_INCONCLUSIVE },
		{ 200 * NS_PER_MS, 175 * NS_PER_MS, false, VERDICT_INCONCLUSIVE },
		{ 200 * NS_PER_MS, 100 * NS_PER_MS, false, VERDICT_FAIL },
		{ 15 * NS_PER_MS, 14 * NS_PER_MS, true, VERDICT_FAIL },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fake f = { .command_takes = cases[i].takes, .may_retry = cases[i].may_retry,
				  .command_held_up = cases[i].held_up };
		struct log l;

		play(&f, text, wrong, &l);
		assert_int_equal(l.verdict, cases[i].v);
		if (i == 2)
			assert_string_equal(l.hint, "a command had to wait 40 ms for the machine, "
					    "while the stack's timers ran on");
	}
}

static void test_lost_packets_cannot_be_judged(void **state)
{
	struct fake f = { .lost = 1 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 2\n", handshake, &l);
	assert_int_equal(l.verdict, VERDICT_INCONCLUSIVE);
}

/* Nor packets whose stamps are not to be trusted. */
static void test_doubtful_stamps_cannot_be_judged(void **state)
{
	struct fake f = { .doubt = 50 * NS_PER_MS };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+.01 > S. 0:0(0) ack 1\n", handshake, &l);
	assert_int_equal(l.verdict, VERDICT_INCONCLUSIVE);
}

static void test_missing_call(void **state)
{
	struct fake f = { .no_accept = true };
	struct log l;

	play(&f, SERVER "+0 accept(3, ..., ...) = 4\n", NULL, &l);
	assert_int_equal(l.verdict, VERDICT_SKIP);
	assert_int_equal(l.line, 4);
	assert_string_equal(l.message, "fake has no accept()");
}

/* Unseen states are neither confirmed nor held against what comes after them. */
static void test_untold_states(void **state)
{
	static const char text[] = SERVER "+.1 < S 0:0(0) win 100%s\n+0 > S. 0:0(0) ack 1\n"
		"+.1 < . 1:1(0) ack 1 win 100\n+.1 < . 1:1(0) ack 1 win 100%s\n";
	static const struct reply replies[] = {
		{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV }, { 0, 0, 0, TCPS_SYN_RECV },
		{ 0, 0, 0, TCPS_LAST_ACK },
	};
	static const struct {
		const char *first, *last;
		enum verdict verdict;
		uint32_t line;
	} table[] = {
		{ "", "", VERDICT_PASS, 0 },
		{ "", " => LAST-ACK", VERDICT_PASS, 0 },
		{ "", " => CLOSING", VERDICT_FAIL, 7 },
		{ " => SYN-RECEIVED", "", VERDICT_SKIP, 4 },
		{ "", " => SYN-RECEIVED -> LAST-ACK", VERDICT_SKIP, 7 },
	};
	char script[400];
	struct log l;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct fake f = { .untold = TCPS_SYN_RECV };

		snprintf(script, sizeof(script), text, table[i].first, table[i].last);
		play(&f, script, replies, &l);
		assert_int_equal(l.verdict, table[i].verdict);
		assert_int_equal(l.line, table[i].line);
	}
}

static void test_never_came(void **state)
{
	static const struct reply silent[] = { { 0, 0, 0, TCPS_UNKNOWN } };
	struct fake f = { 0 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n", silent, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_int_equal(l.line, 5);
	assert_non_null(strstr(l.message, "did not send"));
}

static void test_late_packet(void **state)
{
	static const struct reply late[] = { { 50 * NS_PER_MS, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV } };
	struct fake f = { 0 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n", late, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_non_null(strstr(l.message, "50 ms too late"));
	f = (struct fake){ 0 };
	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+.04~+.05 > S. 0:0(0) ack 1\n", late, &l);
	assert_int_equal(l.verdict, VERDICT_PASS);
	f = (struct fake){ 0 };
	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+.1 > S. 0:0(0) ack 1\n", late, &l);
	assert_non_null(strstr(l.message, "50 ms too early"));
}

/* A machine that stood still once, from the n-th ms on. */
static struct stall_log stood_still(nstime ms, nstime lasted)
{
	struct stall_log log = { .period = 2 * NS_PER_MS, .n_cpus = 1 };

	stall_write(&log, 0, ms * NS_PER_MS, ms * NS_PER_MS + lasted);
	return log;
}

#define ANSWER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n"

/* What the machine's stalls explain is not held against the stack; what they do not, is. */
static void test_stalls_make_packets_late(void **state)
{
	static const struct reply late[] = { { 50 * NS_PER_MS, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV } };
	static const struct {
		nstime ms, lasted;
		enum verdict v;
	} cases[] = {
		{ 100, 49 * NS_PER_MS, VERDICT_INCONCLUSIVE },
		{ 60, 45 * NS_PER_MS, VERDICT_INCONCLUSIVE },
		{ 100, 40 * NS_PER_MS, VERDICT_FAIL },		/* 46 ms more than the tolerance */
		{ 20, 50 * NS_PER_MS, VERDICT_FAIL },		/* over long before the SYN */
		{ 151, 50 * NS_PER_MS, VERDICT_FAIL },		/* after the packet came */
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct stall_log log = stood_still(cases[i].ms, cases[i].lasted);
		struct fake f = { .stalls = &log };
		struct log l;

		play(&f, SERVER ANSWER, late, &l);
		assert_int_equal(l.verdict, cases[i].v);
		assert_non_null(strstr(l.message, "50 ms too late"));
		assert_true(l.worst == 0);
		assert_int_equal(strstr(l.hint, "the machine stood still for") != NULL,
				 cases[i].v == VERDICT_INCONCLUSIVE);
		if (i == 0)
			assert_non_null(strstr(l.hint, "for 49 ms at 0.100 s"));
	}
}

/* What a time counts from was seen late: then what follows seems early. */
static void test_stalls_make_packets_early(void **state)
{
	static const struct reply soon[] = { { 50 * NS_PER_MS, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV } };
	struct stall_log before = stood_still(80, 18 * NS_PER_MS);
	struct stall_log long_before = stood_still(50, 18 * NS_PER_MS);
	struct fake f = { .stalls = &before };
	struct log l;
	static const char text[] = SERVER "+.1 < S 0:0(0) win 100\n+.07 > S. 0:0(0) ack 1\n";

	play(&f, text, soon, &l);
	assert_non_null(strstr(l.message, "20 ms too early"));
	assert_int_equal(l.verdict, VERDICT_INCONCLUSIVE);
	f = (struct fake){ .stalls = &long_before };
	play(&f, text, soon, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
}

/* Wrong is wrong, however late. */
static void test_stalls_do_not_explain_content(void **state)
{
	static const struct reply wrong[] = { { 50 * NS_PER_MS, TCPF_SYN | TCPF_ACK, 1, TCPS_SYN_RECV } };
	struct stall_log log = stood_still(100, 50 * NS_PER_MS);
	struct fake f = { .stalls = &log };
	struct log l;

	play(&f, SERVER ANSWER, wrong, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
}

static const struct reply wrong_answer[] = {
	{ NS_PER_US, TCPF_SYN | TCPF_ACK, 1, TCPS_SYN_RECV }
};

/* What may have come of other times than the script's is tried again; in the end wrong is wrong. */
static void test_stalls_are_reason_to_try_again(void **state)
{
	static const struct {
		nstime ms, lasted;
		bool may_retry;
		enum verdict v;
	} cases[] = {
		{ 1050, 3 * NS_PER_MS, true, VERDICT_INCONCLUSIVE },
		{ 1050, 3 * NS_PER_MS, false, VERDICT_FAIL },
		{ 1050, 2 * NS_PER_MS, true, VERDICT_FAIL },	/* half the tolerance */
		{ 95, 3 * NS_PER_MS, true, VERDICT_FAIL },	/* more than 1 s before */
		{ 1150, 3 * NS_PER_MS, true, VERDICT_FAIL },	/* after the packet came */
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct stall_log log = stood_still(cases[i].ms, cases[i].lasted);
		struct fake f = { .stalls = &log, .may_retry = cases[i].may_retry };
		struct log l;

		play(&f, SERVER "+1.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n", wrong_answer, &l);
		assert_int_equal(l.verdict, cases[i].v);
		assert_string_equal(l.field, "tcp_ack_seq");
		if (i == 0)
			assert_string_equal(l.hint, "the machine stood still for 3 ms at 1.050 s");
	}
}

static void test_stalls_and_what_never_came(void **state)
{
	static const struct reply silent[] = { { 0, 0, 0, TCPS_UNKNOWN } };
	struct stall_log shorter = stood_still(100, 900 * NS_PER_MS);
	struct stall_log longer = stood_still(100, 1100 * NS_PER_MS);
	struct fake f = { .stalls = &shorter };
	struct log l;

	play(&f, SERVER ANSWER, silent, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	f = (struct fake){ .stalls = &longer };
	play(&f, SERVER ANSWER, silent, &l);
	assert_non_null(strstr(l.message, "did not send"));
	assert_int_equal(l.verdict, VERDICT_INCONCLUSIVE);
}

static void test_stalls_and_returning_calls(void **state)
{
	static const char text[] = SERVER "0.1...0.11 read(3, ..., 10) = 0\n";
	struct stall_log log = stood_still(110, 62 * NS_PER_MS), small = stood_still(110, 40 * NS_PER_MS);
	struct fake f = { .stalls = &log, .call_takes = 72 * NS_PER_MS };
	struct log l;

	play(&f, text, NULL, &l);
	assert_string_equal(l.message, "read() returned 62 ms too late");
	assert_int_equal(l.verdict, VERDICT_INCONCLUSIVE);
	f = (struct fake){ .stalls = &small, .call_takes = 72 * NS_PER_MS };
	play(&f, text, NULL, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	f = (struct fake){ .call_takes = 72 * NS_PER_MS };
	play(&f, text, NULL, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
}

/* Who would not have been over in time anyway fails; whom a stall held up does not. */
static void test_stalls_and_timeout(void **state)
{
	struct stall_log log = stood_still(100, 60 * NS_PER_MS);
	struct fake f = { .stalls = &log };
	struct log l;

	play(&f, "--timeout=.2\n" SERVER "+.25 close(3) = 0\n", NULL, &l);
	assert_non_null(strstr(l.message, "--timeout"));
	assert_int_equal(l.verdict, VERDICT_INCONCLUSIVE);
	f = (struct fake){ .stalls = &log };
	play(&f, "--timeout=.2\n" SERVER "+.3 close(3) = 0\n", NULL, &l);
	assert_non_null(strstr(l.message, "--timeout"));
	assert_int_equal(l.verdict, VERDICT_FAIL);
}

static void test_silence(void **state)
{
	static const struct reply later[] = { { 30 * NS_PER_MS, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV } };
	struct fake f = { 0 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+0...0.02 > nothing\n+.01 > S. 0:0(0) ack 1\n", later,
	     &l);
	assert_int_equal(l.verdict, VERDICT_PASS);
	f = (struct fake){ 0 };
	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+0...0.04 > nothing\n+0 > S. 0:0(0) ack 1\n", later,
	     &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_int_equal(l.line, 5);
}

/* RFC 9293 has no way from ESTABLISHED to LISTEN: it fails though the script never asked. */
static void test_illegal_edge(void **state)
{
	static const struct reply broken[] = {
		{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV },
		{ 0, 0, 0, TCPS_ESTABLISHED },
		{ 0, 0, 0, TCPS_SYN_SENT },
	};
	struct fake f = { 0 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n"
	     "+.1 < . 1:1(0) ack 1 win 100\n+.1 < . 1:1(0) ack 1 win 100\n", broken, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_int_equal(l.line, 7);
	assert_non_null(strstr(l.message, "ESTABLISHED to SYN-SENT"));
}

/* A listener makes one connection after the other; without it, nothing comes after CLOSED. */
static void test_connections_of_one_listener(void **state)
{
	static const struct reply twice[] = {
		{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV },
		{ 0, 0, 0, TCPS_ESTABLISHED },
		{ 0, 0, 0, TCPS_CLOSED },
		{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV },
		{ 0, 0, 0, TCPS_ESTABLISHED },
	};
	static const char first[] = SERVER
		"+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n+.1 < . 1:1(0) ack 1 win 100\n"
		"+0 accept(3, ..., ...) = 4\n+.1 < R. 1:1(0) ack 1 win 100 => CLOSED\n";
	static const char second[] =
		"+.1 < S 700:700(0) win 100 => LISTEN -> SYN-RECEIVED\n"
		"+0 > S. 0:0(0) ack 701\n+.1 < . 701:701(0) ack 1 win 100 => ESTABLISHED\n"
		"+0 accept(3, ..., ...) = 5\n+0 close(4) = 0\n+0 close(5) = 0\n";
	struct fake f = { 0 };
	char text[sizeof(first) + sizeof(second) + 32];
	struct log l;

	snprintf(text, sizeof(text), "%s%s", first, second);
	play(&f, text, twice, &l);
	assert_string_equal(l.message, "");
	assert_int_equal(l.verdict, VERDICT_PASS);
	f = (struct fake){ 0 };
	snprintf(text, sizeof(text), "%s+0 close(3) = 0\n%s", first, second);
	play(&f, text, twice, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_int_equal(l.line, 10);
	assert_non_null(strstr(l.message, "CLOSED to SYN-RECEIVED"));
}

/* Each connection with a name is watched for itself, also while the script is about another. */
static void test_illegal_edge_of_one(void **state)
{
	static const struct reply broken[] = {
		{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV },	/* @a */
		{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV },	/* @b */
		{ 0, 0, 0, TCPS_ESTABLISHED },				/* @b */
		{ 0, 0, 0, TCPS_ESTABLISHED },				/* @a */
		{ 0, 0, 0, TCPS_SYN_SENT },				/* @a */
	};
	struct fake f = { .several = true };
	struct log l;

	play(&f, SERVER "+.1 < @a S 0:0(0) win 100 => SYN-RECEIVED\n"
	     "+0 > @a S. 0:0(0) ack 1\n"
	     "+.1 < @b S 0:0(0) win 100 => @b LISTEN -> SYN-RECEIVED => @a SYN-RECEIVED\n"
	     "+0 > @b S. 0:0(0) ack 1\n"
	     "+.1 < @b . 1:1(0) ack 1 win 100 => ESTABLISHED => @a SYN-RECEIVED\n"
	     "+.1 < @a . 1:1(0) ack 1 win 100 => ESTABLISHED\n"
	     "+.1 < @a . 1:1(0) ack 1 win 100\n", broken, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_int_equal(l.line, 10);
	assert_non_null(strstr(l.message, "@a went from ESTABLISHED to SYN-SENT"));
	assert_string_equal(l.hint, "all states: LISTEN -> SYN-RECEIVED -> ESTABLISHED -> SYN-SENT");
}

static void assert_bad_script(const char *text, uint32_t line, const char *words)
{
	struct fake f = { .several = true };
	struct log l;

	play(&f, text, handshake, &l);
	assert_int_equal(l.verdict, VERDICT_BADSCRIPT);
	assert_int_equal(l.line, line);
	assert_non_null(strstr(l.message, words));
}

/* A packet that cannot be of the connection it names. */
static void test_names_that_do_not_fit(void **state)
{
	assert_bad_script(SERVER "+.1 < @a 40001 > 8080 S 0:0(0) win 100\n"
			  "+.1 < @a 40002 > 8080 . 1:1(0) ack 1 win 100\n", 5, "has other ports");
	assert_bad_script(SERVER "+.1 < @a S 0:0(0) win 100\n+.1 < @a udp (5)\n", 5,
			  "is of another protocol");
	assert_bad_script("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3 @a\n"
			  "+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n"
			  "+0 < @a S 0:0(0) win 100\n", 4, "the name of a listener");
	assert_bad_script("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3 @a\n"
			  "+0 < @a S 0:0(0) win 100\n", 2, "has no peer yet");
}

static void test_wrong_state(void **state)
{
	struct fake f = { 0 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100 => ESTABLISHED\n", handshake, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_int_equal(l.line, 4);
	assert_string_equal(l.field, "state");
}

/* One segment takes SYN-RECEIVED through ESTABLISHED to CLOSE-WAIT: the middle cannot be seen. */
static void test_unobservable_state(void **state)
{
	static const struct reply through[] = {
		{ NS_PER_US, TCPF_SYN | TCPF_ACK, 0, TCPS_SYN_RECV },
		{ 0, 0, 0, TCPS_CLOSE_WAIT },
	};
	struct fake f = { 0 };
	struct log l;

	play(&f, SERVER "+.1 < S 0:0(0) win 100 => SYN-RECEIVED\n+0 > S. 0:0(0) ack 1\n"
	     "+.1 < F. 1:1(0) ack 1 win 100 => ESTABLISHED -> CLOSE-WAIT\n", through, &l);
	assert_int_equal(l.verdict, VERDICT_PASS);
	assert_true(l.unobservable);
	f = (struct fake){ 0 };
	play(&f, SERVER "+.1 < S 0:0(0) win 100 => SYN-RECEIVED\n+0 > S. 0:0(0) ack 1\n"
	     "+.1 < F. 1:1(0) ack 1 win 100 => ESTABLISHED -> FIN-WAIT-1 -> CLOSE-WAIT\n", through, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_string_equal(l.field, "state");
}

static void test_expected_failure(void **state)
{
	struct fake f = { 0 };
	struct log l;

	play(&f, "//@ expect-fail fake \"it always does\"\n" SERVER
	     "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 7\n", handshake, &l);
	assert_int_equal(l.verdict, VERDICT_XFAIL);
	f = (struct fake){ 0 };
	play(&f, "//@ expect-fail fake \"it always does\"\n" SERVER
	     "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n", handshake, &l);
	assert_int_equal(l.verdict, VERDICT_XPASS);
	assert_string_equal(l.deviates, "");
}

/* From which of its requirements a script says that the target deviates; no word on a pass. */
static void test_expected_failure_of(void **state)
{
	static const char head[] = "//@ requirement R:1 R:2 R:3\n//@ expect-fail other R:1 \"no\"\n"
		"//@ expect-fail fake R:3 R:2 \"so\"\n" SERVER "+.1 < S 0:0(0) win 100\n";
	struct fake f = { 0 };
	char text[600];
	struct log l;

	snprintf(text, sizeof(text), "%s+0 > S. 0:0(0) ack 7\n", head);
	play(&f, text, handshake, &l);
	assert_int_equal(l.verdict, VERDICT_XFAIL);
	assert_string_equal(l.deviates, "R:3 R:2");
	f = (struct fake){ 0 };
	snprintf(text, sizeof(text), "%s+0 > S. 0:0(0) ack 1\n", head);
	play(&f, text, handshake, &l);
	assert_int_equal(l.verdict, VERDICT_XPASS);
	assert_string_equal(l.deviates, "");
}

/* Packets travel with results only for who asked; the environment only with what went wrong. */
static void test_evidence(void **state)
{
	static const char passes[] = SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n";
	static const char fails[] = SERVER "+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 2\n";
	static const char deviates[] = "//@ expect-fail fake \"it does\"\n" SERVER
		"+.1 < S 0:0(0) win 100\n+0 > S. 0:0(0) ack 1\n";
	struct fake f[4] = { 0 };
	struct log l;

	play_with(&f[0], fails, handshake, false, &l);
	assert_int_equal(l.verdict, VERDICT_FAIL);
	assert_int_equal(l.in + l.out, 0);
	assert_string_equal(l.environment, "");
	play_with(&f[1], passes, handshake, true, &l);
	assert_int_equal(l.verdict, VERDICT_PASS);
	assert_int_equal(l.in, 1);
	assert_int_equal(l.out, 1);
	assert_true(l.off == 0);
	assert_string_equal(l.environment, "");
	play_with(&f[2], fails, handshake, true, &l);
	assert_int_equal(l.out, 1);
	assert_string_equal(l.environment, "made up\n");
	play_with(&f[3], deviates, handshake, true, &l);
	assert_int_equal(l.verdict, VERDICT_XPASS);
	assert_string_equal(l.environment, "made up\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_written),
		cmocka_unit_test(test_difference_is_named),
		cmocka_unit_test(test_wrong_checksum),
		cmocka_unit_test(test_lateness_moves_the_timeline),
		cmocka_unit_test(test_late_tester_cannot_judge),
		cmocka_unit_test(test_slow_commands),
		cmocka_unit_test(test_slightly_late_tester_tries_again),
		cmocka_unit_test(test_lost_packets_cannot_be_judged),
		cmocka_unit_test(test_doubtful_stamps_cannot_be_judged),
		cmocka_unit_test(test_missing_call),
		cmocka_unit_test(test_untold_states),
		cmocka_unit_test(test_never_came),
		cmocka_unit_test(test_late_packet),
		cmocka_unit_test(test_stalls_make_packets_late),
		cmocka_unit_test(test_stalls_make_packets_early),
		cmocka_unit_test(test_stalls_do_not_explain_content),
		cmocka_unit_test(test_stalls_are_reason_to_try_again),
		cmocka_unit_test(test_stalls_and_what_never_came),
		cmocka_unit_test(test_stalls_and_returning_calls),
		cmocka_unit_test(test_stalls_and_timeout),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_illegal_edge),
		cmocka_unit_test(test_connections_of_one_listener),
		cmocka_unit_test(test_illegal_edge_of_one),
		cmocka_unit_test(test_names_that_do_not_fit),
		cmocka_unit_test(test_wrong_state),
		cmocka_unit_test(test_unobservable_state),
		cmocka_unit_test(test_expected_failure),
		cmocka_unit_test(test_expected_failure_of),
		cmocka_unit_test(test_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
