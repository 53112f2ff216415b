/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a run may be off what a script writes: the room that stamps are given. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/timeline.h"

#define MS NS_PER_MS

static struct timeline started(void)
{
	struct settings s = { .tolerance = 4 * MS };
	struct timeline t;

	timeline_init(&t, &s, 1000 * MS, 0);
	return t;
}

/* A call written at +after, made `late` after that and taking `took`. */
static void call(struct timeline *t, nstime after, nstime late, nstime took)
{
	struct event e = { .kind = EVENT_SYSCALL, .when = { .kind = WHEN_REL, .t = after } };
	struct plan p = timeline_plan(t, &e);

	timeline_acted(t, &e, &p, p.due + late, p.due + late + took);
}

static void saw(struct timeline *t, enum when_kind kind, nstime after, nstime stamp)
{
	struct pkt_spec spec = { .dir = PKT_OUT, .kind = SPEC_TCP };
	struct event e = { .kind = EVENT_PACKET, .pkt = &spec,
			   .when = { .kind = kind, .t = after, .t2 = after } };
	struct plan p = timeline_plan(t, &e);

	timeline_saw(t, &e, &p, stamp);
}

static void relative_times_add_up(void **state)
{
	struct timeline t = started();
	int i;

	(void)state;
	call(&t, 0, 0, 0);
	for (i = 0; i < 10; i++)
		call(&t, 10 * MS, MS / 2, MS / 2);
	assert_true(t.drift_high == 10 * MS);
	assert_true(t.drift_low == 0);
}

static void time_zero_is_the_first_event(void **state)
{
	struct timeline t = started();

	(void)state;
	call(&t, 0, 7 * MS, 0);
	assert_true(t.drift_high == 0);
	assert_true(t.start == 1007 * MS);
}

static void an_early_packet_moves_what_follows(void **state)
{
	struct timeline t = started();

	(void)state;
	call(&t, 0, 0, 0);
	saw(&t, WHEN_REL, 200 * MS, 1198 * MS);
	assert_true(t.drift_low == -2 * MS);
	call(&t, 10 * MS, 0, 0);
	assert_true(t.drift_low == -2 * MS && t.drift_high == 0);
}

static void what_has_no_time_is_no_drift(void **state)
{
	struct timeline t = started();

	(void)state;
	call(&t, 0, 0, 0);
	saw(&t, WHEN_ANY, 0, 1500 * MS);
	saw(&t, WHEN_REL_RANGE, 10 * MS, 1550 * MS);
	call(&t, 0, 0, 300 * MS);
	assert_true(t.drift_high == 0);
	assert_true(t.written == 850 * MS);
}

static void what_is_passed_over_takes_its_time(void **state)
{
	struct timeline t = started();
	struct pkt_spec spec = { .dir = PKT_OUT, .kind = SPEC_TCP, .optional = true };
	struct event e = { .kind = EVENT_PACKET, .pkt = &spec,
			   .when = { .kind = WHEN_REL_RANGE, .t = 100 * MS, .t2 = 300 * MS } };
	struct plan p;

	(void)state;
	call(&t, 0, 0, 0);
	saw(&t, WHEN_REL, 10 * MS, 1010 * MS);
	p = timeline_plan(&t, &e);
	timeline_passed_over(&t, &e, &p);
	assert_true(t.anchor == 1310 * MS);
	assert_true(t.active == 1010 * MS);
	assert_true(t.drift_low == 0 && t.drift_high == 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(relative_times_add_up),
		cmocka_unit_test(time_zero_is_the_first_event),
		cmocka_unit_test(an_early_packet_moves_what_follows),
		cmocka_unit_test(what_has_no_time_is_no_drift),
		cmocka_unit_test(what_is_passed_over_takes_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
