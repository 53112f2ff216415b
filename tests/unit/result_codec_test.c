/* SPDX-License-Identifier: BSD-2-Clause */
/* Result events survive the pipe; nothing a crashed child leaves in it does harm. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct mismatch second = { .field = "options", .want = NULL, .got = "<mss 1460>" };
static struct mismatch first = { .field = "ack", .want = "1", .got = "2", .next = &second };

static const uint8_t packet[] = { 0x45, 0, 0, 40, 0xff, 0 };
static const struct wire_frame rest = { .stamp = -7, .data = packet, .len = 2, .wire_len = 2 };
static const struct wire_frame piece = { .stamp = 100000123, .data = packet, .len = sizeof(packet),
					 .wire_len = 40, .next = &rest };

static const struct result full = {
	.kind = RES_EVENT,
	.event = EVK_OUTBOUND,
	.verdict = VERDICT_FAIL,
	.script = "scripts/a.pkt",
	.variant = "ipv4",
	.span = { 10, 5, 10, 40 },
	.whole = { 9, 1, 12, 3 },
	.planned = 100000000,
	.planned_end = NSTIME_NEVER,
	.actual = -3,
	.lateness = 12345,
	.tolerance = 4000000,
	.text = "S. 0:0(0) ack 2 win 65535",
	.iteration = "iteration 3 of 100",
	.kept = "isn = 0x1234abcd, w = 65535",
	.want = "S. 0:0(0) ack 1 win 65535",
	.got = "",
	.message = "caf\xc3\xa9",
	.hint = NULL,
	.state_from = "LISTEN",
	.state_to = "SYN-RECEIVED",
	.unobservable = true,
	.mismatches = &first,
	.frames = &piece,
	.duration = 310000000,
	.environment = "kernel Linux\n",
};

static void assert_same_string(const char *a, const char *b)
{
	assert_true(!a == !b);
	if (a)
		assert_string_equal(a, b);
}

/* Compares by the table: what has no row is found by every_member_has_a_row. */
static void assert_same(const struct result *a, const struct result *b)
{
	const struct mismatch *m, *n;
	const struct wire_frame *one, *other;
	size_t i;

	for (i = 0; i < result_field_count; i++) {
		const struct result_field *f = &result_field_table[i];
		const void *p = result_field_at(a, f), *q = result_field_at(b, f);

		if (f->kind == RESULT_STRING)
			assert_same_string(*(const char *const *)p, *(const char *const *)q);
		else if (f->kind == RESULT_TIME)
			assert_true(*(const nstime *)p == *(const nstime *)q);
		else if (f->kind == RESULT_ENUM)
			assert_int_equal(*(const unsigned *)p, *(const unsigned *)q);
		else if (f->kind == RESULT_SPAN)
			assert_memory_equal(p, q, sizeof(struct span));
		else if (f->kind == RESULT_BOOL)
			assert_int_equal(*(const bool *)p, *(const bool *)q);
	}
	for (m = a->mismatches, n = b->mismatches; m && n; m = m->next, n = n->next) {
		assert_same_string(m->field, n->field);
		assert_same_string(m->want, n->want);
		assert_same_string(m->got, n->got);
	}
	assert_true(!m && !n);
	for (one = a->frames, other = b->frames; one && other;
	     one = one->next, other = other->next) {
		assert_true(one->stamp == other->stamp);
		assert_int_equal(one->wire_len, other->wire_len);
		assert_int_equal(one->len, other->len);
		assert_memory_equal(one->data, other->data, one->len);
	}
	assert_true(!one && !other);
}

static void round_trip(void **state)
{
	const struct result empty = { 0 };
	struct arena *a = arena_new();
	struct buf b = { 0 };
	struct result r;
	size_t used, one;

	result_encode(&full, &b);
	one = b.len;
	result_encode(&empty, &b);
	assert_int_equal(result_decode((uint8_t *)b.s, b.len, &used, a, &r), 1);
	assert_int_equal(used, one);
	assert_same(&full, &r);
	assert_int_equal(result_decode((uint8_t *)b.s + one, b.len - one, &used, a, &r), 1);
	assert_int_equal(used, b.len - one);
	assert_same(&empty, &r);
	buf_free(&b);
	arena_free(a);
}

/* The bytes do not depend on the machine, so that a recorded stream can travel. */
static void byte_order(void **state)
{
	struct buf b = { 0 };

	result_encode(&full, &b);
	assert_int_equal((uint8_t)b.s[0] | (uint8_t)b.s[1] << 8, b.len - 4);
	assert_int_equal((uint8_t)b.s[4], RES_EVENT);
	assert_int_equal((uint8_t)b.s[8], EVK_OUTBOUND);
	buf_free(&b);
}

static void every_truncation_waits(void **state)
{
	struct buf b = { 0 };
	size_t n;

	result_encode(&full, &b);
	for (n = 0; n < b.len; n++) {
		struct arena *a = arena_new();
		/* A block of its own, so that a read past its end is noticed. */
		uint8_t *part = malloc(n ? n : 1);
		struct result r = { .hint = "untouched" };
		size_t used = 99;

		memcpy(part, b.s, n);
		assert_int_equal(result_decode(part, n, &used, a, &r), 0);
		assert_int_equal(used, 0);
		assert_string_equal(r.hint, "untouched");
		free(part);
		arena_free(a);
	}
	buf_free(&b);
}

/* The length says that all is there, but the fields go on past it. */
static void every_short_length_is_malformed(void **state)
{
	struct buf b = { 0 };
	size_t n;

	result_encode(&full, &b);
	for (n = 0; n + 4 < b.len; n++) {
		struct arena *a = arena_new();
		uint8_t *part = malloc(n + 4);
		struct result r;
		size_t used;

		memcpy(part, b.s, n + 4);
		part[0] = (uint8_t)n;
		part[1] = (uint8_t)(n >> 8);
		assert_int_equal(result_decode(part, n + 4, &used, a, &r), -1);
		free(part);
		arena_free(a);
	}
	buf_free(&b);
}

static void assert_malformed(const struct buf *b, size_t at, uint8_t value)
{
	struct arena *a = arena_new();
	uint8_t *bytes = malloc(b->len);
	struct result r;
	size_t used;

	memcpy(bytes, b->s, b->len);
	bytes[at] = value;
	assert_int_equal(result_decode(bytes, b->len, &used, a, &r), -1);
	assert_int_equal(used, 0);
	free(bytes);
	arena_free(a);
}

static void bad_values_are_malformed(void **state)
{
	struct buf b = { 0 };

	result_encode(&full, &b);
	assert_malformed(&b, 3, 0xff);			/* length beyond the bound */
	assert_malformed(&b, 4, RES_END + 1);		/* kind */
	assert_malformed(&b, 8, EVK_ASSERT + 1);
	assert_malformed(&b, 12, VERDICT_COUNT);
	assert_malformed(&b, 19, 0x80);			/* length of the script's name */
	assert_malformed(&b, 22, '\0');			/* a NUL inside of it */
	buf_free(&b);
}

/* What a frame says of itself is believed only as far as it can be true. */
static void bad_frames_are_malformed(void **state)
{
	const struct wire_frame whole = { .data = packet, .len = sizeof(packet),
					  .wire_len = sizeof(packet) };
	const struct result r = { .frames = &whole };
	struct buf b = { 0 };
	size_t at;

	result_encode(&r, &b);
	/* After the bytes come the duration (8) and four strings (4 each), nothing else. */
	at = b.len - 24 - sizeof(packet);
	assert_malformed(&b, at - 8, sizeof(packet) - 1);	/* longer than it was */
	assert_malformed(&b, at - 4, sizeof(packet) + 1);	/* goes on into the next field */
	assert_malformed(&b, at - 4, sizeof(packet) - 1);
	assert_malformed(&b, at - 1, 0x80);
	assert_malformed(&b, at - 20, 2);			/* one more than there are */
	assert_malformed(&b, at - 20, RESULT_MAX_FRAMES + 1);
	buf_free(&b);
}

/* Every byte replaced in turn, then whole blocks of noise: no crash, no read out of bounds. */
static void garbage(void **state)
{
	struct buf b = { 0 };
	uint32_t seed = 1;
	size_t i, j;

	result_encode(&full, &b);
	for (i = 0; i < 20000; i++) {
		struct arena *a = arena_new();
		uint8_t *bytes = malloc(b.len);
		struct result r;
		size_t used;
		int n;

		memcpy(bytes, b.s, b.len);
		for (j = i < 10000 ? 1 : b.len; j-- > 0;) {
			seed = seed * 1664525 + 1013904223;
			bytes[(seed >> 8) % b.len] = (uint8_t)(seed >> 24);
		}
		n = result_decode(bytes, b.len, &used, a, &r);
		assert_in_range(n + 1, 0, 2);
		assert_true(used <= b.len);
		free(bytes);
		arena_free(a);
	}
	buf_free(&b);
}

static void bounds_hold(void **state)
{
	struct arena *a = arena_new();
	struct mismatch many[RESULT_MAX_MISMATCHES + 9] = { 0 };
	struct wire_frame frames[RESULT_MAX_FRAMES + 9] = { 0 };
	struct result r = { 0 }, back;
	struct buf b = { 0 }, text = { 0 };
	const struct mismatch *m;
	const struct wire_frame *f;
	size_t used, i, n = 0;

	buf_pad(&text, 'x', RESULT_MAX_STRING + 10);
	for (i = 0; i + 1 < sizeof(many) / sizeof(many[0]); i++)
		many[i].next = &many[i + 1];
	for (i = 0; i < sizeof(many) / sizeof(many[0]); i++)
		many[i].field = many[i].want = many[i].got = text.s;
	for (i = 0; i < result_field_count; i++)
		if (result_field_table[i].kind == RESULT_STRING)
			*(const char **)((char *)&r + result_field_table[i].offset) = text.s;
	r.mismatches = many;
	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		frames[i] = (struct wire_frame){ .data = (uint8_t *)text.s,
						 .len = RESULT_MAX_FRAME + 1,
						 .wire_len = RESULT_MAX_FRAME + 1,
						 .next = i ? &frames[i - 1] : NULL };
	r.frames = &frames[i - 1];
	result_encode(&r, &b);
	assert_true(b.len <= RESULT_MAX_BYTES);
	assert_int_equal(result_decode((uint8_t *)b.s, b.len, &used, a, &back), 1);
	assert_int_equal(strlen(back.text), RESULT_MAX_STRING);
	assert_string_equal(back.text + RESULT_MAX_STRING - 4, "x...");
	for (m = back.mismatches; m; m = m->next)
		n++;
	assert_int_equal(n, RESULT_MAX_MISMATCHES);
	for (n = 0, f = back.frames; f; f = f->next, n++) {
		assert_int_equal(f->len, RESULT_MAX_FRAME);
		assert_int_equal(f->wire_len, RESULT_MAX_FRAME + 1);
	}
	assert_int_equal(n, RESULT_MAX_FRAMES);
	buf_free(&b);
	buf_free(&text);
	arena_free(a);
}

static size_t size_of_kind(enum result_field_kind k)
{
	static const size_t size[] = {
		[RESULT_ENUM] = sizeof(unsigned), [RESULT_BOOL] = sizeof(bool),
		[RESULT_TIME] = sizeof(nstime), [RESULT_STRING] = sizeof(char *),
		[RESULT_SPAN] = sizeof(struct span), [RESULT_MISMATCHES] = sizeof(void *),
		[RESULT_FRAMES] = sizeof(void *),
	};

	return size[k];
}

/* Between two rows there is nothing but padding. */
static void every_member_has_a_row(void **state)
{
	size_t i, end = 0;

	for (i = 0; i < result_field_count; i++) {
		const struct result_field *f = &result_field_table[i];

		assert_true(f->offset >= end);
		assert_true(f->offset - end < sizeof(void *));
		assert_int_equal(f->kind == RESULT_ENUM, f->names != NULL);
		end = f->offset + size_of_kind(f->kind);
	}
	assert_true(sizeof(struct result) - end < sizeof(void *));
}

static void copies_outlive_the_event(void **state)
{
	struct arena *a = arena_new(), *b = arena_new();
	struct buf bytes = { 0 };
	struct result r, copy;
	size_t used;

	result_encode(&full, &bytes);
	assert_int_equal(result_decode((uint8_t *)bytes.s, bytes.len, &used, a, &r), 1);
	result_copy(&r, b, &copy);
	arena_free(a);
	buf_free(&bytes);
	assert_same(&full, &copy);
	arena_free(b);
}

static void names(void **state)
{
	assert_string_equal(verdict_name(VERDICT_PASS), "PASS");
	assert_string_equal(verdict_name(VERDICT_INCONCLUSIVE), "INCONCLUSIVE");
	assert_string_equal(verdict_name(VERDICT_XPASS), "XPASS");
	assert_string_equal(verdict_name((enum verdict)1000), "NONE");
	assert_string_equal(result_kind_name(RES_END), "end");
	assert_string_equal(result_kind_name((enum result_kind)1000), "?");
	assert_string_equal(event_kind_name(EVK_CALL_RETURN), "call-return");
	assert_string_equal(event_kind_name((enum event_kind)1000), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(byte_order),
		cmocka_unit_test(every_truncation_waits),
		cmocka_unit_test(every_short_length_is_malformed),
		cmocka_unit_test(bad_values_are_malformed),
		cmocka_unit_test(bad_frames_are_malformed),
		cmocka_unit_test(garbage),
		cmocka_unit_test(bounds_hold),
		cmocka_unit_test(every_member_has_a_row),
		cmocka_unit_test(copies_outlive_the_event),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests_name("result_codec", tests, NULL, NULL);
}
