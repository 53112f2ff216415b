/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of a result event's fields, the names of its values, and what needs only them. */
#include "config.h"

#include "engine/result_codec.h"
#include "base/arena.h"

static const char *const result_kind_names[] = {
	[RES_BEGIN] = "begin",
	[RES_EVENT] = "event",
	[RES_PACKET] = "packet",
	[RES_STATE] = "state",
	[RES_NOTE] = "note",
	[RES_END] = "end",
};

static const char *const event_kind_names[] = {
	[EVK_NONE] = "none",
	[EVK_INBOUND] = "inbound",
	[EVK_OUTBOUND] = "outbound",
	[EVK_SILENCE] = "silence",
	[EVK_CALL] = "call",
	[EVK_CALL_RETURN] = "call-return",
	[EVK_COMMAND] = "command",
	[EVK_CODE] = "code",
	[EVK_ASSERT] = "assert",
};

static const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_NONE] = "NONE",
	[VERDICT_PASS] = "PASS",
	[VERDICT_FAIL] = "FAIL",
	[VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
	[VERDICT_SKIP] = "SKIP",
	[VERDICT_BADSCRIPT] = "BADSCRIPT",
	[VERDICT_ENVIRONMENT] = "ENVIRONMENT",
	[VERDICT_XFAIL] = "XFAIL",
	[VERDICT_XPASS] = "XPASS",
};

#define COUNT(table) ((unsigned)(sizeof(table) / sizeof((table)[0])))
#define FIELD(member, k) { .name = #member, .kind = (k), .offset = offsetof(struct result, member) }
#define FIELD_ENUM(member, table) { .name = #member, .kind = RESULT_ENUM, \
	.offset = offsetof(struct result, member), .names = (table), .n_names = COUNT(table) }

/* A new member of struct result needs a row here; result_codec_test.c looks for gaps. */
const struct result_field result_field_table[] = {
	FIELD_ENUM(kind, result_kind_names),
	FIELD_ENUM(event, event_kind_names),
	FIELD_ENUM(verdict, verdict_names),
	FIELD(script, RESULT_STRING),
	FIELD(variant, RESULT_STRING),
	FIELD(span, RESULT_SPAN),
	FIELD(whole, RESULT_SPAN),
	FIELD(planned, RESULT_TIME),
	FIELD(planned_end, RESULT_TIME),
	FIELD(actual, RESULT_TIME),
	FIELD(lateness, RESULT_TIME),
	FIELD(tolerance, RESULT_TIME),
	FIELD(origin, RESULT_TIME),
	FIELD(wall, RESULT_TIME),
	FIELD(relative, RESULT_BOOL),
	FIELD(off_time, RESULT_BOOL),
	FIELD(text, RESULT_STRING),
	FIELD(written, RESULT_STRING),
	FIELD(live, RESULT_STRING),
	FIELD(call, RESULT_STRING),
	FIELD(conn, RESULT_STRING),
	FIELD(iteration, RESULT_STRING),
	FIELD(kept, RESULT_STRING),
	FIELD(want, RESULT_STRING),
	FIELD(got, RESULT_STRING),
	FIELD(printed, RESULT_STRING),
	FIELD(message, RESULT_STRING),
	FIELD(hint, RESULT_STRING),
	FIELD(state_from, RESULT_STRING),
	FIELD(state_to, RESULT_STRING),
	FIELD(unobservable, RESULT_BOOL),
	FIELD(mismatches, RESULT_MISMATCHES),
	FIELD(frames, RESULT_FRAMES),
	FIELD(duration, RESULT_TIME),
	FIELD(environment, RESULT_STRING),
	FIELD(target, RESULT_STRING),
	FIELD(requirements, RESULT_STRING),
	FIELD(deviates, RESULT_STRING),
};
const size_t result_field_count = COUNT(result_field_table);

_Static_assert(sizeof(enum result_kind) == sizeof(unsigned), "RESULT_ENUM reads an unsigned");
_Static_assert(sizeof(enum event_kind) == sizeof(unsigned), "RESULT_ENUM reads an unsigned");
_Static_assert(sizeof(enum verdict) == sizeof(unsigned), "RESULT_ENUM reads an unsigned");

const char *verdict_name(enum verdict v)
{
	return verdict_names[(unsigned)v < COUNT(verdict_names) ? v : VERDICT_NONE];
}

const char *result_kind_name(enum result_kind k)
{
	return (unsigned)k < COUNT(result_kind_names) ? result_kind_names[k] : "?";
}

const char *event_kind_name(enum event_kind k)
{
	return (unsigned)k < COUNT(event_kind_names) ? event_kind_names[k] : "?";
}

static const char *copy_string(const char *s, struct arena *a)
{
	return s ? arena_strdup(a, s) : NULL;
}

static struct mismatch *copy_mismatches(const struct mismatch *m, struct arena *a)
{
	struct mismatch *first = NULL, **last = &first;

	for (; m; m = m->next) {
		*last = arena_new_of(a, struct mismatch);
		(*last)->field = copy_string(m->field, a);
		(*last)->want = copy_string(m->want, a);
		(*last)->got = copy_string(m->got, a);
		last = &(*last)->next;
	}
	return first;
}

static const struct wire_frame *copy_frames(const struct wire_frame *f, struct arena *a)
{
	const struct wire_frame *first = NULL, **last = &first;

	for (; f; f = f->next) {
		struct wire_frame *copy = arena_memdup(a, f, sizeof(*f));

		copy->data = arena_memdup(a, f->data, f->len);
		*last = copy;
		last = &copy->next;
	}
	return first;
}

void result_copy(const struct result *from, struct arena *a, struct result *to)
{
	size_t i;

	*to = *from;
	for (i = 0; i < result_field_count; i++) {
		void *p = (char *)to + result_field_table[i].offset;

		if (result_field_table[i].kind == RESULT_STRING)
			*(const char **)p = copy_string(*(const char **)p, a);
		else if (result_field_table[i].kind == RESULT_MISMATCHES)
			*(struct mismatch **)p = copy_mismatches(*(struct mismatch **)p, a);
		else if (result_field_table[i].kind == RESULT_FRAMES)
			*(const struct wire_frame **)p = copy_frames(*(const struct wire_frame **)p, a);
	}
}
