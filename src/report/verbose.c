/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as lines of a script: what is printed parses again. */
#include "config.h"

#include "report/verbose.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/format.h"
#include "report/run_log.h"
#include "report/states.h"

#include <string.h>

/* Less than this is no news on any machine. */
#define LATENESS_SHOWN NS_PER_MS

static void add_time(struct buf *out, nstime t)
{
	format_seconds(out, t, 6);
}

/* When a call that just returned was made: its first event has the same place. */
static const struct result *call_of(const struct run_log *run, const struct result *ret)
{
	const struct record *rec;
	const struct result *call = NULL;

	for (rec = run->first; rec; rec = rec->next)
		if (rec->r.kind == RES_EVENT && result_is_call_start(&rec->r) &&
		    rec->r.span.line == ret->span.line && rec->r.span.col == ret->span.col)
			call = &rec->r;
	return call;
}

/* Commands and code keep their lines; the rest is on one line anyway. */
static const char *script_text(struct run_log *run, const struct result *r)
{
	if (r->text && r->event == EVK_COMMAND)
		return *r->text == '`' ? r->text : arena_printf(run->arena, "`%s`", r->text);
	if (r->text && r->event == EVK_CODE)
		return *r->text == '%' ? r->text : arena_printf(run->arena, "%%{ %s }%%", r->text);
	return format_event(run->arena, r, r->text);
}

static void add_remarks(struct run_log *run, const struct result *r, struct buf *out)
{
	if (r->lateness > LATENESS_SHOWN) {
		buf_adds(out, "  // tester ");
		format_duration(out, r->lateness);
		buf_adds(out, " late");
	}
	buf_addc(out, '\n');
	if (r->verdict <= VERDICT_PASS && !result_is_warning(r))
		return;
	buf_printf(out, "// %s", result_is_warning(r) ? "deviation" : verdict_name(r->verdict));
	if (r->span.line)
		buf_printf(out, " line %u", r->span.line);
	buf_printf(out, ": %s\n", format_one_line(run->arena, r->message));
	if (r->want)
		buf_printf(out, "//   expected %s\n", format_value(run->arena, r, r->want));
	if (r->got && !result_is_absence(r) && (!r->text || strcmp(r->got, r->text)))
		buf_printf(out, "//   actual   %s\n", format_value(run->arena, r, r->got));
}

/* In the packets of what is shown their numbers stand, and nothing is kept any more. */
static bool is_about_values(const struct result *r)
{
	return r->event == EVK_ASSERT && r->text && strchr(r->text, '$');
}

/* What cannot be a line of a script: it did not happen, or not yet, or is no event. */
static bool add_as_comment(const struct result *r, const char *text, struct buf *out)
{
	bool call = r->event == EVK_CALL || r->event == EVK_CALL_RETURN;
	const char *result = call_result(text);

	if (result_is_absence(r)) {
		buf_adds(out, "// nothing until ");
		add_time(out, r->actual);
	} else if (r->event == EVK_SILENCE && r->got) {
		buf_adds(out, "// not silent");
	} else if (result_is_call_start(r)) {
		/* The line for the script comes when it returns. */
		buf_adds(out, "// calls ");
		add_time(out, r->actual);
		buf_printf(out, " %.*s", result ? (int)(result - text) : (int)strlen(text), text);
	} else if (r->event == EVK_NONE || !r->text || (call && !result) || is_about_values(r)) {
		buf_adds(out, "// at ");
		add_time(out, r->actual);
		buf_printf(out, "%s%s", r->text ? " " : "", r->text ? text : "");
	} else {
		return false;
	}
	return true;
}

/* What the script asked for and what came of it. */
static void add_event(struct run_log *run, const struct result *r, struct buf *out)
{
	const char *text = script_text(run, r);
	bool silence = r->event == EVK_SILENCE && r->planned_end > r->planned;
	const struct result *call = r->event == EVK_CALL_RETURN ? call_of(run, r) : NULL;

	if (!add_as_comment(r, text, out)) {
		add_time(out, call ? call->actual : silence ? r->planned : r->actual);
		if (call || silence) {
			buf_adds(out, "...");
			add_time(out, silence ? r->planned_end : r->actual);
		}
		buf_printf(out, " %s", text);
	}
	add_remarks(run, r, out);
}

static void add_begin(struct run_log *run, const struct result *r, struct buf *out)
{
	buf_printf(out, "// %s\n", run_log_title(run));
	if (r->text)
		buf_printf(out, "// %s\n", format_one_line(run->arena, r->text));
}

static void add_packet(struct run_log *run, const struct result *r, struct buf *out)
{
	buf_adds(out, "// seen  ");
	add_time(out, r->actual);
	buf_printf(out, " %s", format_event(run->arena, r, r->text));
	if (r->message)
		buf_printf(out, "  (%s)", format_one_line(run->arena, r->message));
	buf_addc(out, '\n');
}

static void add_state(struct run_log *run, const struct result *r, struct buf *out)
{
	buf_printf(out, "// state: %s", state_change_text(run->arena, r));
	buf_adds(out, "  at ");
	add_time(out, r->actual);
	buf_adds(out, r->unobservable ? ", (?) could not be observed" : "");
	add_remarks(run, r, out);
}

static void add_note(struct run_log *run, const struct result *r, struct buf *out)
{
	const char *note = r->message ? r->message : r->text;

	buf_printf(out, "// note: %s\n", format_one_line(run->arena, note));
}

void verbose_add(struct run_log *run, const struct result *r, struct buf *out)
{
	static void (*const add[])(struct run_log *, const struct result *, struct buf *) = {
		[RES_BEGIN] = add_begin,
		[RES_EVENT] = add_event,
		[RES_PACKET] = add_packet,
		[RES_STATE] = add_state,
		[RES_NOTE] = add_note,
		[RES_END] = NULL,
	};

	if (add[r->kind])
		add[r->kind](run, r, out);
}
