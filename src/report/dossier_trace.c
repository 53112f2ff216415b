/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/dossier_trace.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/format.h"
#include "report/pcapng.h"
#include "report/run_log.h"
#include "report/states.h"

#include <stdlib.h>
#include <string.h>

/* More than one event says something of a frame when lines shared it. */
#define COMMENTS_MAX 8

struct traced {
	nstime t;		/* since 1970, or of the script if that is not known */
	size_t nth;		/* in the stream */
	const struct wire_frame *frame;	/* NULL: only a comment, on the frame before */
	bool inbound;
	const char *comments[COMMENTS_MAX];
	size_t n_comments;
};

struct trace {
	const struct run_log *run;
	struct traced *at;
	size_t n;
	nstime epoch;		/* the script's time zero */
	const char *state;	/* of the connection under test, where the walk is */
};

static const char *take(const struct trace *t, struct buf *b)
{
	struct buf clean = { 0 };
	const char *text;

	format_utf8(&clean, buf_str(b), b->len);
	text = arena_strndup(t->run->arena, buf_str(&clean), clean.len);
	buf_free(&clean);
	buf_free(b);
	return text;
}

static const char *line(const struct trace *t, const char *text)
{
	return format_one_line(t->run->arena, text);
}

/* The state after the event, if it changed; *unseen: another lay between. */
static const char *state_after(const struct record *rec, bool *unseen)
{
	const char *state = NULL;
	const struct record *next;

	*unseen = false;
	for (next = rec->next; next && next->r.kind == RES_STATE; next = next->next) {
		/* What changed before another line was done is not this one's. */
		if (next->r.span.line && next->r.span.line != rec->r.span.line)
			break;
		if (!result_same_conn(&next->r, &rec->r))
			continue;
		state = next->r.state_to;
		*unseen |= next->r.unobservable;
	}
	return state;
}

/* That of the connection under test is known; those with a name are few. */
static const char *state_before(const struct trace *t, const struct record *rec)
{
	const struct record *old;
	const char *state = NULL;

	if (!rec->r.conn)
		return t->state;
	for (old = t->run->first; old != rec; old = old->next)
		if (old->r.kind == RES_STATE && result_same_conn(&old->r, &rec->r))
			state = old->r.state_to;
	return state;
}

static void add_states(struct buf *b, const struct trace *t, const struct record *rec)
{
	bool unseen;
	const char *before = state_before(t, rec), *after = state_after(rec, &unseen);

	if (!before && !after)
		return;
	buf_printf(b, "\nstate: %s", before ? line(t, before) : "?");
	if (after)
		buf_printf(b, " -> %s%s", unseen ? "(?) -> " : "", line(t, after));
}

static void add_times(struct buf *b, const struct result *r)
{
	buf_adds(b, "\ntime: ");
	if (r->kind == RES_EVENT && r->tolerance != NSTIME_NEVER) {
		buf_adds(b, "due ");
		format_seconds(b, r->planned, 6);
		if (r->planned_end > r->planned) {
			buf_adds(b, "~");
			format_seconds(b, r->planned_end, 6);
		}
		buf_adds(b, ", ");
	}
	buf_adds(b, result_is_absence(r) ? "given up at " : "was ");
	format_seconds(b, r->actual, 6);
	buf_printf(b, " s%s", r->off_time ? ", outside the tolerance" : "");
	if (r->lateness) {
		buf_adds(b, "\ntester's lateness: ");
		format_duration(b, r->lateness);
	}
}

static void add_differences(struct buf *b, const struct trace *t, const struct result *r)
{
	const struct mismatch *m;

	for (m = r->mismatches; m; m = m->next)
		buf_printf(b, "\n  %s: expected %s, got %s", line(t, m->field),
			   m->want ? line(t, m->want) : "none", m->got ? line(t, m->got) : "none");
}

static const char *verdict_of(const struct result *r)
{
	if (r->kind != RES_EVENT)
		return NULL;
	if (result_is_warning(r))
		return "PASS with a warning";
	return verdict_name(r->verdict == VERDICT_NONE ? VERDICT_PASS : r->verdict);
}

/* What the script had for it, what became of it, and around which states. */
static const char *comment(const struct trace *t, const struct record *rec)
{
	const struct result *r = &rec->r;
	const char *wanted = r->written ? r->written : r->want, *verdict = verdict_of(r);
	struct buf b = { 0 };

	if (r->kind == RES_PACKET)
		buf_adds(&b, "no line expects it");
	else if (r->span.line)
		buf_printf(&b, "line %u", r->span.line);
	else
		buf_adds(&b, "no line");
	if (wanted)
		buf_printf(&b, ": %s %s", r->event == EVK_INBOUND ? "<" : ">",
			   format_conn(t->run->arena, r, line(t, wanted)));
	if (verdict)
		buf_printf(&b, "\nverdict: %s", verdict);
	if (r->message)
		buf_printf(&b, "%s %s", verdict ? " --" : ":", line(t, r->message));
	add_differences(&b, t, r);
	if (r->event == EVK_OUTBOUND && r->text)
		buf_printf(&b, "\nseen: > %s", format_conn(t->run->arena, r, line(t, r->text)));
	add_times(&b, r);
	add_states(&b, t, rec);
	return take(t, &b);
}

/*
 * What makes times of the script times since 1970. One for all frames: the
 * engine reads it with every event, and each reading is some ns off.
 */
static nstime epoch(const struct run_log *run)
{
	const struct record *rec;

	for (rec = run->first; rec; rec = rec->next)
		if (rec->r.wall && rec->r.frames)
			return nstime_diff(rec->r.wall, rec->r.actual);
	return 0;
}

static struct traced *add(struct trace *t, nstime at, const struct wire_frame *f)
{
	struct traced *one = &t->at[t->n];

	*one = (struct traced){ .t = nstime_sum(t->epoch, at), .nth = t->n, .frame = f };
	t->n++;
	return one;
}

static void add_frames(struct trace *t, const struct record *rec)
{
	const struct result *r = &rec->r;
	const struct wire_frame *f;
	const char *text = comment(t, rec);
	unsigned pieces = 0, n = 0;
	struct traced *one;

	for (f = r->frames; f; f = f->next)
		pieces++;
	for (f = r->frames; f; f = f->next) {
		one = add(t, f->stamp, f);
		one->inbound = r->event == EVK_INBOUND;
		one->comments[one->n_comments++] = pieces < 2 ? text :
			arena_printf(t->run->arena, "piece %u of %u of %s", ++n, pieces, text);
	}
	if (!pieces) {
		one = add(t, r->actual, NULL);
		one->comments[one->n_comments++] =
			arena_printf(t->run->arena, "no packet for %s", text);
	}
}

static bool is_traced(const struct result *r)
{
	return r->frames || result_is_absence(r);
}

static void collect(struct trace *t)
{
	const struct wire_frame *f;
	const struct record *rec;
	size_t n = 0;

	for (rec = t->run->first; rec; rec = rec->next) {
		n += is_traced(&rec->r);
		for (f = rec->r.frames; f; f = f->next)
			n++;
	}
	t->at = arena_alloc(t->run->arena, (n ? n : 1) * sizeof(*t->at));
	for (rec = t->run->first; rec; rec = rec->next) {
		if (rec->r.kind == RES_STATE && !rec->r.conn)
			t->state = rec->r.state_to;
		if (is_traced(&rec->r))
			add_frames(t, rec);
	}
}

static int by_time(const void *x, const void *y)
{
	const struct traced *a = x, *b = y;

	if (a->t != b->t)
		return a->t < b->t ? -1 : 1;
	return a->nth < b->nth ? -1 : a->nth > b->nth;
}

static bool same_frame(const struct traced *a, const struct traced *b)
{
	return a->frame && b->frame && a->inbound == b->inbound &&
	       a->frame->stamp == b->frame->stamp && a->frame->len == b->frame->len &&
	       !memcmp(a->frame->data, b->frame->data, a->frame->len);
}

/* One frame, however many events speak of it; what speaks of none goes to the frame before. */
static void join(struct trace *t)
{
	size_t i, n = 0;

	for (i = 0; i < t->n; i++) {
		struct traced *one = &t->at[i], *before = n ? &t->at[n - 1] : NULL;

		if (!before || (one->frame && !same_frame(before, one)))
			t->at[n++] = *one;
		else if (before->n_comments < COMMENTS_MAX)
			before->comments[before->n_comments++] = one->comments[0];
	}
	t->n = n;
}

static const char *utf8(const struct trace *t, const char *text)
{
	struct buf b = { 0 };

	buf_adds(&b, text ? text : "");
	return take(t, &b);
}

/* "kernel   Linux 6.1 ..." of the environment, which is all about the stack. */
static const char *system_of(const struct trace *t, const struct result *end)
{
	const char *at = end->environment ? strstr(end->environment, "\nkernel ") : NULL;

	if (!at)
		return NULL;
	at += strlen("\nkernel ");
	at += strspn(at, " ");
	return arena_strndup(t->run->arena, at, strcspn(at, "\n"));
}

static void begin(const struct trace *t, struct buf *out, const struct result *end,
		  const char *script, const char *comment)
{
	const struct pcapng_section s = { .comment = script ? utf8(t, script) : NULL,
					  .os = system_of(t, end), .program = PACKAGE_STRING };
	const struct pcapng_interface i = {
		.name = "tun0", .comment = comment, .linktype = PCAPNG_LINKTYPE_RAW,
		.description = arena_printf(t->run->arena, "the stack under test: %s, %s",
					    utf8(t, run_log_title(t->run)),
					    verdict_name(end->verdict)),
	};

	pcapng_section(out, &s);
	pcapng_interface(out, &i);
}

void dossier_trace(struct buf *out, const struct run_log *run, const struct result *end,
		   const char *script)
{
	struct trace t = { .run = run, .epoch = epoch(run) };
	size_t i = 0;

	collect(&t);
	qsort(t.at, t.n, sizeof(*t.at), by_time);
	join(&t);
	/* Packets wanted before the first that was seen. */
	if (t.n && !t.at[0].frame)
		i++;
	begin(&t, out, end, script, i ? t.at[0].comments[0] : NULL);
	for (; i < t.n; i++) {
		const struct traced *one = &t.at[i];
		const struct pcapng_packet p = {
			.t = one->t, .data = one->frame->data, .len = one->frame->len,
			.wire_len = one->frame->wire_len, .inbound = one->inbound,
			.comments = one->comments, .n_comments = one->n_comments,
		};

		pcapng_packet(out, &p);
	}
}
