/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts behind packetdrill's interface, on stacks that no sane person writes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "target/clock_real.h"
#include "target/pd_call.h"
#include "target/pd_capture.h"
#include "target/pd_clock.h"
#include "target/pd_fds.h"
#include "target/pd_interface.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* Begin of its time, in us. */
#define T 1000000000LL

struct given {
	size_t len;
	long long usecs;
};

/* Gives its packets one after the other, the last one again and again. */
struct stack {
	pthread_mutex_t lock;		/* held: netdev_receive() waits */
	const struct given *packets;
	int n_packets, n, i;
	int failures;			/* calls that fail before the first packet */
	bool deaf;			/* no signal gets it out of netdev_receive() */
	long long now;
	bool broken_clock;
	struct pd_interface ifc;
	struct pd_clock clock;
};

static bool give_one(struct stack *s, size_t *n, long long *usecs)
{
	const struct given *g;

	if (s->i == s->n)
		return false;
	g = &s->packets[s->i < s->n_packets ? s->i : s->n_packets - 1];
	s->i++;
	*n = g->len;
	*usecs = g->usecs;
	return true;
}

static int give(void *u, void *packet, size_t *n, long long *usecs)
{
	struct stack *s = u;
	bool some = false, fails;

	pthread_mutex_lock(&s->lock);
	fails = s->failures-- > 0;
	if (!fails)
		some = give_one(s, n, usecs);
	pthread_mutex_unlock(&s->lock);
	if (!fails && !some)
		do
			pause();
		while (s->deaf);
	return some ? 0 : -1;
}

static int stack_time(void *u, struct timeval *tv, struct timezone *tz)
{
	const struct stack *s = u;

	tv->tv_sec = s->now / 1000000;
	tv->tv_usec = s->now % 1000000;
	return s->broken_clock ? -1 : 0;
}

static int stack_sleep(void *u, useconds_t us)
{
	((struct stack *)u)->now += us;
	return 0;
}

/* Starts the capture; nothing is received before the lock is released. */
static struct pd_capture *begin(struct stack *s, const struct given *packets, int n_packets, int n)
{
	struct pd_capture *c;

	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_lock(&s->lock);
	s->packets = packets;
	s->n_packets = n_packets;
	s->n = n;
	s->now = T;
	s->ifc = (struct pd_interface){ .userdata = s, .netdev_receive = give,
					.gettimeofday = stack_time, .usleep = stack_sleep };
	assert_true(pd_clock_init(&s->clock, &s->ifc));
	c = pd_capture_start(&s->ifc, &s->clock);
	assert_non_null(c);
	return c;
}

static void end(struct stack *s, struct pd_capture *c)
{
	assert_true(pd_capture_stop(c));
	pd_capture_free(c);
	pthread_mutex_destroy(&s->lock);
}

/* The next packet; the stack's clock stands still, so only the packet can end it. */
static int next(struct stack *s, struct pd_capture *c, struct arena *a, struct target_packet *p,
		const char **why)
{
	return pd_capture_next(c, clock_now(&s->clock.clock) + NS_PER_SEC, a, p, why);
}

static void test_stamps(void **state)
{
	static const struct given packets[] = {
		{ 40, T + 100 },		/* before the tester acted, which is at T + 200 */
		{ 41, T + 200 },
		{ 42, T + 100 },		/* older than the one before */
		{ 43, T + 900 },		/* from the future */
	};
	static const long long want[] = { T + 100, T + 200, T + 500, T + 500 };
	struct stack s = { .failures = 2 };
	struct pd_capture *c = begin(&s, packets, 4, 4);
	struct arena *a = arena_new();
	struct target_packet p;
	const char *why;
	int i;

	s.now = T + 500;
	pd_capture_acted(c, pd_clock_from_usecs(&s.clock, T + 200));
	pthread_mutex_unlock(&s.lock);
	for (i = 0; i < 4; i++) {
		assert_int_equal(next(&s, c, a, &p, &why), 1);
		assert_int_equal(p.len, 40 + i);
		/* What the thread had to wait comes off, but no more than is possible. */
		assert_true(p.stamp <= pd_clock_from_usecs(&s.clock, want[i]));
		assert_true(p.stamp >= pd_clock_from_usecs(&s.clock, want[i]) - p.doubt);
		if (i < 2)
			assert_true(p.stamp == pd_clock_from_usecs(&s.clock, want[i]));
	}
	assert_int_equal(pd_capture_next(c, 0, a, &p, &why), 0);
	assert_int_equal(pd_capture_lost(c), 0);
	arena_free(a);
	end(&s, c);
}

static void test_too_long(void **state)
{
	static const struct given packet = { 70000, T };
	struct stack s = { 0 };
	struct pd_capture *c = begin(&s, &packet, 1, 1);
	struct arena *a = arena_new();
	struct target_packet p;
	const char *why = NULL;

	pthread_mutex_unlock(&s.lock);
	assert_int_equal(next(&s, c, a, &p, &why), -1);
	assert_non_null(strstr(why, "70000 bytes"));
	arena_free(a);
	end(&s, c);
}

static void test_what_is_not_fetched_is_lost(void **state)
{
	static const struct given packet = { 20, T };
	struct stack s = { 0 };
	struct pd_capture *c = begin(&s, &packet, 1, 5000);

	pthread_mutex_unlock(&s.lock);
	while (pd_capture_lost(c) < 5000 - 4096)
		usleep(1000);
	end(&s, c);
}

static void test_stuck_stack_is_left_alone(void **state)
{
	/* Both outlive the test, as the thread does. */
	static struct stack s = { .deaf = true };
	struct pd_capture *c = begin(&s, NULL, 0, 0);

	pthread_mutex_unlock(&s.lock);
	usleep(10000);
	assert_false(pd_capture_stop(c));
}

static void test_clock(void **state)
{
	struct stack s = { .now = T };
	const struct pd_interface own = { .userdata = &s, .gettimeofday = stack_time,
					  .usleep = stack_sleep };
	const struct pd_interface none = { 0 };
	struct pd_clock c;
	nstime now;

	assert_true(pd_clock_init(&c, &own));
	now = clock_now(&c.clock);
	assert_true(now > 0);
	/* It moves only when it is slept on. */
	clock_wait_until(&c.clock, now + 3600 * NS_PER_SEC);
	assert_true(s.now >= T + 3600000000LL);
	assert_true(clock_now(&c.clock) >= now + 3600 * NS_PER_SEC);
	assert_true(clock_now(&c.clock) + clock_wall_offset(&c.clock) == (nstime)s.now * NS_PER_US);
	s.broken_clock = true;
	assert_false(pd_clock_init(&c, &own));

	assert_true(pd_clock_init(&c, &none));
	now = clock_now(clock_real());
	assert_true(clock_now(&c.clock) >= now);
	clock_wait_until(&c.clock, now + NS_PER_MS);
	assert_true(clock_now(clock_real()) >= now + NS_PER_MS);
}

static struct tuple tuple_to(uint8_t last, uint16_t port)
{
	struct tuple t = { .local_port = 80, .remote_port = port };

	t.remote = (struct ip_addr){ AF_INET, { 10, 0, 0, last } };
	return t;
}

/* As the engine does: learn from a call with this address as its second argument. */
static void learn(struct pd_fds *f, enum call_id id, int fd, uint8_t last, uint16_t port, int result,
		  int err)
{
	struct ip_addr ip = { AF_INET, { 10, 0, 0, last } };
	struct sockaddr_storage ss;
	struct target_call c = { .id = id, .result = result, .err = err };

	ip_addr_to_sockaddr(&ip, port, IP_VERSION_4, &ss);
	c.arg[0] = fd;
	c.arg[1] = (intptr_t)&ss;
	pd_fds_learn(f, &c);
}

static void test_descriptors(void **state)
{
	struct pd_fds *f = pd_fds_new();
	struct tuple listener = { .local_port = 80 }, one = tuple_to(1, 5000), two = tuple_to(2, 5000);

	assert_int_equal(pd_fds_find(f, &listener), -1);
	learn(f, CALL_bind, 3, 0, 80, 0, 0);
	assert_int_equal(pd_fds_find(f, &listener), -1);
	learn(f, CALL_listen, 3, 0, 0, 0, 0);
	assert_int_equal(pd_fds_find(f, &listener), 3);
	learn(f, CALL_accept, 3, 1, 5000, 4, 0);
	assert_int_equal(pd_fds_find(f, &one), 4);
	learn(f, CALL_accept, 3, 2, 5000, -1, EAGAIN);
	assert_int_equal(pd_fds_find(f, &two), -1);
	learn(f, CALL_connect, 5, 2, 5000, -1, EINPROGRESS);
	assert_int_equal(pd_fds_find(f, &two), 5);
	learn(f, CALL_close, 4, 0, 0, 0, 0);
	assert_int_equal(pd_fds_find(f, &one), -1);
	/* Numbers come back. */
	learn(f, CALL_accept, 3, 1, 5000, 3, 0);
	assert_int_equal(pd_fds_find(f, &one), 3);
	assert_int_equal(pd_fds_find(f, &listener), -1);
	pd_fds_free(f);
}

static int answer(void *u, int fd, int backlog)
{
	errno = EDOM;
	return *(int *)u + fd + backlog;
}

static void test_calls(void **state)
{
	int userdata = 100;
	const struct pd_interface ifc = { .userdata = &userdata, .listen = answer };
	struct target_call c = { .id = CALL_listen, .arg = { 3, 5 } };

	assert_true(pd_has_call(&ifc, CALL_listen));
	assert_false(pd_has_call(&ifc, CALL_shutdown));
	assert_false(pd_has_call(&ifc, CALL_accept4));
	pd_call(&ifc, &c);
	assert_int_equal(c.result, 108);
	assert_int_equal(c.err, 0);
	userdata = -9;
	pd_call(&ifc, &c);
	assert_int_equal(c.result, -1);
	assert_int_equal(c.err, EDOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_what_is_not_fetched_is_lost),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_stuck_stack_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
