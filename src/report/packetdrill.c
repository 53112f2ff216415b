/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/packetdrill.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/packetdrill_text.h"
#include "report/run_log.h"

#include <stdlib.h>
#include <string.h>

struct packetdrill {
	struct reporter reporter;	/* first: what others hold */
	struct packetdrill_options options;
	struct run_log *run;		/* the one under way */
};

/* ---- standard output, with -v ---- */

static void print_live(struct packetdrill *p, const struct result *r, const char *what)
{
	struct buf when = { 0 };

	format_seconds(&when, r->actual, 6);
	fprintf(p->options.out, "%s packet: %9s %s\n", what, buf_str(&when), r->live);
	buf_free(&when);
}

static void print_call(struct packetdrill *p, const struct result *r)
{
	struct buf when = { 0 };

	format_seconds(&when, r->wall, 6);
	fprintf(p->options.out, "%s syscall: %9s\n", r->call, buf_str(&when));
	buf_free(&when);
}

static void print_event(struct packetdrill *p, const struct result *r)
{
	if (r->live && r->event == EVK_INBOUND)
		print_live(p, r, "inbound injected");
	else if (r->live)
		print_live(p, r, "outbound sniffed");
	else if (r->call && !result_is_call_start(r))
		print_call(p, r);
}

static void print_debug(struct packetdrill *p, const struct result *r)
{
	struct buf when = { 0 };
	FILE *f = p->options.out;

	format_seconds(&when, r->actual, 6);
	if (r->kind == RES_STATE)
		fprintf(f, "state: %9s %s -> %s\n", buf_str(&when), r->state_from, r->state_to);
	else if (r->kind == RES_NOTE && !r->printed)
		fprintf(f, "note: %9s %s\n", buf_str(&when), format_one_line(p->run->arena, r->message));
	else if (r->kind == RES_PACKET)
		fprintf(f, "packet not asked for: %9s %s\n", buf_str(&when), r->text);
	buf_free(&when);
}

/* ---- standard error ---- */

/* How late the tester was with what it does itself; the stack's doing counts as 0. */
static nstime own_lateness(const struct result *r)
{
	nstime late = r->lateness;

	if (r->event == EVK_CALL && nstime_diff(r->actual, r->planned) > late)
		late = nstime_diff(r->actual, r->planned);
	return r->kind == RES_EVENT ? late : 0;
}

static const struct result *latest(const struct run_log *run)
{
	const struct result *worst = NULL;
	const struct record *rec;

	for (rec = run->first; rec; rec = rec->next)
		if (own_lateness(&rec->r) > (worst ? own_lateness(worst) : 0))
			worst = &rec->r;
	return worst;
}

/*
 * Packetdrill would have blamed the event it was late with, so that is what
 * comes first; what then went differently may be the tester's doing or not.
 */
static void say_late(const struct run_log *run, const struct result *r, const struct result *end,
		     struct buf *out)
{
	const struct result *late = latest(run);
	const char *hint = r->hint ? r->hint : end->hint;

	if (late && own_lateness(late) > late->tolerance) {
		packetdrill_place(run, late, out);
		packetdrill_timing(late, out);
		buf_addc(out, '\n');
	}
	if (r != end)
		packetdrill_event(run, r, out);
	else
		buf_printf(out, "%s: %s\n", run->script, failure_message(run, r, end));
	if (hint)	/* an interrupted run has none: there is nothing to add */
		buf_printf(out, "%s: inconclusive: %s\n", run->script,
			   format_one_line(run->arena, hint));
}

static void say_failure(const struct run_log *run, const struct result *r,
			const struct result *end, struct buf *out)
{
	const char *hint = r->hint ? r->hint : end->hint;

	if (r != end && r->verdict != VERDICT_SKIP) {
		packetdrill_event(run, r, out);
	} else {
		packetdrill_place(run, r, out);
		buf_printf(out, "%s%s\n", end->verdict == VERDICT_SKIP ? "skipped: " : "",
			   failure_message(run, r, end));
	}
	if (hint)
		buf_printf(out, "%s: hint: %s\n", run->script, format_one_line(run->arena, hint));
}

/* What may explain a failure: overridden options, code that was not run ... */
static void say_notes(const struct run_log *run, struct buf *out)
{
	const struct record *rec = NULL;

	while ((rec = run_log_next(run, rec, RES_NOTE))) {
		if (!rec->r.message || rec->r.printed)
			continue;
		packetdrill_place(run, &rec->r, out);
		buf_printf(out, "note: %s\n", format_one_line(run->arena, rec->r.message));
	}
}

static void print_end(struct packetdrill *p, const struct result *end)
{
	const struct result *r = failure_event(p->run, end);
	struct buf out = { 0 };

	if (end->verdict == VERDICT_PASS)
		return;
	if (end->verdict == VERDICT_INCONCLUSIVE)
		say_late(p->run, r, end, &out);
	else
		say_failure(p->run, r, end, &out);
	say_notes(p->run, &out);
	fputs(buf_str(&out), p->options.err);
	buf_free(&out);
}

static void print_warning(struct packetdrill *p, const struct result *r)
{
	struct buf out = { 0 };

	packetdrill_event(p->run, r, &out);
	fputs(buf_str(&out), p->options.err);
	buf_free(&out);
}

static void packetdrill_event_in(struct reporter *rep, unsigned id, const struct result *e)
{
	struct packetdrill *p = (struct packetdrill *)rep;
	const struct result *r;

	if (!p->run)
		p->run = run_log_new(id);
	r = run_log_add(p->run, e);
	if (r->kind == RES_NOTE && r->printed)
		fprintf(p->options.out, "%s\n", r->printed);
	if (p->options.verbose && r->kind == RES_EVENT)
		print_event(p, r);
	if (p->options.debug)
		print_debug(p, r);
	if (result_is_warning(r) && (r->call || r->written))
		print_warning(p, r);
	if (r->kind != RES_END)
		return;
	fflush(p->options.out);
	print_end(p, r);
	run_log_free(p->run);
	p->run = NULL;
}

static int packetdrill_close(struct reporter *rep)
{
	struct packetdrill *p = (struct packetdrill *)rep;
	int lost = fflush(p->options.out) || ferror(p->options.out) ? -1 : 0;

	run_log_free(p->run);
	free(p);
	return lost;
}

static const struct reporter_ops packetdrill_ops = {
	.event = packetdrill_event_in, .close = packetdrill_close,
};

struct reporter *report_packetdrill_new(const struct packetdrill_options *o)
{
	struct packetdrill *p = xzalloc(sizeof(*p));

	p->reporter.ops = &packetdrill_ops;
	p->options = *o;
	p->options.verbose |= p->options.debug;
	return &p->reporter;
}

/* ---- before a script can run ---- */

/* The parser's own errors name what it found; packetdrill names the token. */
static void print_syntax(FILE *err, const struct diag_sink *d, const struct diag *one)
{
	size_t len;
	const char *line = d->src ? source_line(d->src, one->span.line, &len) : NULL;
	uint32_t from = one->span.col - 1, to = one->span.end_col - 1;

	if (!line || !one->span.col || from >= len || one->span.end_line != one->span.line || to > len)
		fprintf(err, "parse error at '': syntax error");
	else
		fprintf(err, "parse error at '%.*s': syntax error", (int)(to - from), line + from);
	fprintf(err, ": %s\n", one->msg);
}

static void print_error(FILE *err, const char *path, const struct diag_sink *d,
			const struct diag *one)
{
	static const char first[] = "first event should be", back[] = "time goes backward";
	bool syntax = !strncmp(one->msg, "unexpected ", 11) || strstr(one->msg, " ends here, but ");

	if (!d->src) {
		/* A file that could not be read is named in the message. */
		fprintf(err, "%s\n", one->msg);
	} else if (!one->span.line) {
		fprintf(err, "%s: %s\n", path, one->msg);
	} else if (!strncmp(one->msg, "option '", 8) || !strncmp(one->msg, "bad --", 6)) {
		/* packetdrill knows no lines of its options */
		fprintf(err, "%s: %s\n", path, one->msg);
	} else {
		fprintf(err, "%s:%u: ", path, one->span.line);
		if (syntax)
			print_syntax(err, d, one);
		else if (!strncmp(one->msg, first, sizeof(first) - 1) ||
			 !strncmp(one->msg, back, sizeof(back) - 1))
			fprintf(err, "%s\n", one->msg);
		else
			fprintf(err, "semantic error: %s\n", one->msg);
	}
}

void report_packetdrill_errors(FILE *err, const char *path, const struct diag_sink *d)
{
	const struct diag *one;

	for (one = d->first; one; one = one->next)
		if (one->level == DIAG_ERROR)
			print_error(err, path, d, one);
}
