/* SPDX-License-Identifier: BSD-2-Clause */
/* The code blocks of a script that went well, run as one program, and what came of it. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/write_all.h"
#include "engine/code_program.h"
#include "engine/code_report.h"
#include "engine/command.h"
#include "engine/events.h"
#include "sys/assertion.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Programs and reports are in memory: whatever happens, no file is left behind. */
struct code_files {
	int program, report;
};

/* The command inherits both. */
static int open_files(struct run *r, struct code_files *f)
{
	struct buf b = { 0 };
	int err = -1;

	f->program = memfd_create("code", 0);
	f->report = memfd_create("report", 0);
	if (f->program >= 0 && f->report >= 0) {
		code_program(&r->code, r->script->src->name, f->report, &b);
		err = write_all(f->program, buf_str(&b), b.len);
	}
	buf_free(&b);
	return err;
}

static void close_files(struct code_files *f)
{
	if (f->program >= 0)
		close(f->program);
	if (f->report >= 0)
		close(f->report);
}

static void read_report(struct run *r, int fd, struct code_report *rep)
{
	struct buf b = { 0 };
	char chunk[4096];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, chunk, sizeof(chunk), at)) > 0) {
		buf_add(&b, chunk, (size_t)n);
		at += n;
	}
	code_report_read(buf_str(&b), b.len, r->arena, rep);
	buf_free(&b);
}

static const struct code_block *block_at(const struct run *r, int nth)
{
	const struct code_block *b = STAILQ_FIRST(&r->code);

	while (b && nth-- > 0)
		b = STAILQ_NEXT(b, next);
	return b ? b : STAILQ_FIRST(&r->code);
}

/* The block that a line of the script belongs to; several may stand on one line. */
static const struct code_block *block_of(const struct run *r, const struct code_report *rep)
{
	const struct code_block *b;

	if (rep->block >= 0 || !rep->line)
		return block_at(r, rep->block);
	STAILQ_FOREACH(b, &r->code, next)
		if (rep->line >= b->span.line && rep->line <= b->span.end_line)
			return b;
	return STAILQ_FIRST(&r->code);
}

/* The line of a block that is to blame, or all of it. */
static struct span place_of(const struct run *r, const struct code_block *b, uint32_t line)
{
	size_t len, blank = 0;
	const char *text = source_line(r->script->src, line, &len);

	if (line <= b->span.line || line > b->span.end_line || !text)
		return b->span;
	while (blank < len && (text[blank] == ' ' || text[blank] == '\t'))
		blank++;
	return (struct span){ line, (uint32_t)blank + 1, line, (uint32_t)len + 1 };
}

/* ", line 3 of the code" where the block has several. */
static const char *offset_text(struct run *r, const struct code_block *b, uint32_t line)
{
	if (line < b->span.line || b->span.end_line == b->span.line)
		return "";
	return arena_printf(r->arena, " (line %u of the code)", line - b->span.line + 1);
}

/* NULL, or why a name that is not defined is one the kernel did not tell. */
static const char *missing_field(struct run *r, const struct code_block *b,
				 const struct code_report *rep)
{
	const char *name = strchr(rep->message, '\''), *end = name ? strchr(name + 1, '\'') : NULL;

	if (strcmp(rep->type, "NameError") || !end)
		return NULL;
	name = arena_strndup(r->arena, name + 1, (size_t)(end - name - 1));
	return tcp_field_find(name) ? tcp_field_missing(&b->sample, name, r->arena) : NULL;
}

static const char *failure_text(struct run *r, const struct code_block *b,
				const struct code_report *rep)
{
	const char *where = offset_text(r, b, rep->line);

	if (!strcmp(rep->type, "AssertionError"))
		return arena_printf(r->arena, "assertion failed: %s%s", rep->message, where);
	return arena_printf(r->arena, "error in Python code: %s%s%s%s", rep->type,
			    *rep->message ? ": " : "", rep->message, where);
}

static const char *failure_hint(struct run *r, const struct code_report *rep)
{
	const char *hint = "";

	if (rep->inner_line != rep->line)
		hint = arena_printf(r->arena, "it failed in %s(), line %u; ", rep->function,
				    rep->inner_line);
	if (*rep->values)
		hint = arena_printf(r->arena, "%swith %s", hint, rep->values);
	return *hint ? hint : NULL;
}

/* The block's own event, as it is judged now. */
static struct result judged(struct run *r, const struct code_block *b, uint32_t line)
{
	struct result res = b->event;

	res.span = place_of(r, b, line);
	res.whole = b->span;
	res.text = NULL;
	return res;
}

static void stop(struct run *r, struct result *res, enum verdict v)
{
	r->verdict = res->verdict = v;
	r->message = res->message;
	r->hint = res->hint;
	run_emit(r, res);
}

static void judge_failure(struct run *r, const struct code_block *b, const struct code_report *rep)
{
	struct result res = judged(r, b, rep->line);

	res.message = missing_field(r, b, rep);
	if (res.message) {
		stop(r, &res, VERDICT_SKIP);
		return;
	}
	res.message = failure_text(r, b, rep);
	res.mismatches = rep->mismatches;
	res.hint = failure_hint(r, rep);
	run_fail(r, &res);
}

/* The program said nothing of an error, but its command failed. */
static void judge_command(struct run *r, const struct code_block *b, const struct code_report *rep,
			  const struct command_outcome *o)
{
	struct result res = judged(r, b, 0);

	res.message = arena_printf(r->arena, "error executing code: `%s`: %s", r->set->code_command,
				   o->failed);
	if (*o->output)
		res.hint = arena_printf(r->arena, "it printed: %s", o->output);
	if (rep->block < 0)
		stop(r, &res, VERDICT_ENVIRONMENT);
	else
		run_fail(r, &res);
}

static void judge(struct run *r, const struct code_report *rep, const struct command_outcome *o)
{
	const struct code_block *b = block_of(r, rep);
	struct result res;

	if (rep->end == CODE_FAILED) {
		judge_failure(r, b, rep);
	} else if (rep->end == CODE_SYNTAX) {
		res = judged(r, b, rep->line);
		res.message = arena_printf(r->arena, "the code is no Python: %s%s", rep->message,
					   offset_text(r, b, rep->line));
		stop(r, &res, VERDICT_BADSCRIPT);
	} else if (rep->end == CODE_EXITED && *rep->message) {
		res = judged(r, b, 0);
		res.message = arena_printf(r->arena, "the code ended with status %s", rep->message);
		run_fail(r, &res);
	} else if (o->failed) {
		judge_command(r, b, rep, o);
	} else if (rep->end != CODE_ENDED) {
		run_note(r, b->span, rep->end == CODE_EXITED ? "the code ended the program here" :
			 "`%s` ran the code and reported nothing", r->set->code_command);
	}
}

static void note_text(struct run *r, struct span at, const char *text, const char *message)
{
	struct result res = { .kind = RES_NOTE, .span = at, .message = message, .printed = text };

	res.planned = res.planned_end = res.actual = clock_now(r->clock);
	run_emit(r, &res);
}

static void note_printed(struct run *r, const struct code_report *rep,
			 const struct command_outcome *o)
{
	const struct code_printed *p;

	for (p = rep->printed; p; p = p->next)
		note_text(r, block_at(r, p->block)->span, p->text,
			  arena_printf(r->arena, "the code in line %u printed: %s",
				       block_at(r, p->block)->span.line, p->text));
	if (*o->output && !o->failed)
		note_text(r, STAILQ_FIRST(&r->code)->span, o->output,
			  arena_printf(r->arena, "the code printed: %s", o->output));
}

static void run_all(struct run *r)
{
	nstime patience = r->deadline - clock_now(r->clock);
	struct code_files f = { -1, -1 };
	struct command_outcome o;
	struct code_report rep;
	struct result res;

	if (open_files(r, &f)) {
		res = judged(r, STAILQ_FIRST(&r->code), 0);
		res.message = arena_printf(r->arena, "no memory file for the code: %s", strerror(errno));
		stop(r, &res, VERDICT_ENVIRONMENT);
	} else {
		o = command_run(arena_printf(r->arena, "%s /proc/self/fd/%d", r->set->code_command,
					     f.program), patience, false, r->arena);
		read_report(r, f.report, &rep);
		note_printed(r, &rep, &o);
		judge(r, &rep, &o);
	}
	close_files(&f);
}

void code_run(struct run *r)
{
	const struct event *e;
	int n = 0;

	STAILQ_FOREACH(e, &r->script->events, next)
		n += e->kind == EVENT_CODE;
	if (!n)
		return;
	if (r->verdict == VERDICT_NONE)
		run_all(r);
	else
		run_note(r, (struct span){ 0 }, "%d code block%s not executed: the script ended before",
			 n, n == 1 ? " was" : "s were");
}
