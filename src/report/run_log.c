/* SPDX-License-Identifier: BSD-2-Clause */
/* What one run has said so far, kept until its end. */
#include "config.h"

#include "report/run_log.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "report/format.h"

#include <stdlib.h>
#include <string.h>

struct run_log *run_log_new(unsigned id)
{
	struct run_log *run = xzalloc(sizeof(*run));

	run->id = id;
	run->arena = arena_new();
	run->script = run->variant = "";
	run->last = &run->first;
	return run;
}

void run_log_free(struct run_log *run)
{
	if (!run)
		return;
	buf_free(&run->pending);
	arena_free(run->arena);
	free(run);
}

const struct result *run_log_add(struct run_log *run, const struct result *e)
{
	struct record *rec = arena_new_of(run->arena, struct record);

	result_copy(e, run->arena, &rec->r);
	*run->last = rec;
	run->last = &rec->next;
	if (e->script)
		run->script = format_one_line(run->arena, rec->r.script);
	if (e->variant)
		run->variant = format_one_line(run->arena, rec->r.variant);
	return &rec->r;
}

static struct run_log **find(struct run_log **at, unsigned id)
{
	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

struct run_log **run_log_open(struct run_log **runs, unsigned id, const struct result *e)
{
	struct run_log **at = find(runs, id);

	if (*at && e->kind == RES_BEGIN) {
		run_log_drop(at);
		at = find(runs, id);
	}
	if (!*at)
		*at = run_log_new(id);
	return at;
}

void run_log_drop(struct run_log **at)
{
	struct run_log *run = *at;

	*at = run->next;
	run_log_free(run);
}

const struct result *run_log_add_orphan_end(struct run_log *run)
{
	const struct result end = {
		.kind = RES_END,
		.verdict = VERDICT_ENVIRONMENT,
		.message = "the run did not end",
	};

	return run_log_add(run, &end);
}

const char *run_log_title(const struct run_log *run)
{
	const char *name = *run->script ? run->script : "(no name)";

	if (!*run->variant)
		return name;
	return arena_printf(run->arena, "%s (%s)", name, run->variant);
}

const struct record *run_log_next(const struct run_log *run, const struct record *after,
				  enum result_kind kind)
{
	const struct record *rec = after ? after->next : run->first;

	while (rec && rec->r.kind != kind)
		rec = rec->next;
	return rec;
}

bool result_is_absence(const struct result *r)
{
	return r->kind == RES_EVENT && r->event == EVK_OUTBOUND && r->want && !r->text;
}

bool result_same_conn(const struct result *a, const struct result *b)
{
	return a->conn && b->conn ? !strcmp(a->conn, b->conn) : a->conn == b->conn;
}

const char *call_result(const char *text)
{
	const char *at = NULL;

	/* The last one: a string among the arguments may hold anything. */
	while (text && (text = strstr(text, ") = ")))
		at = ++text;
	return at;
}

/* Its text may have the result the script expects; then only the message tells. */
bool result_is_call_start(const struct result *r)
{
	if (r->kind != RES_EVENT || r->event != EVK_CALL || r->got)
		return false;
	if (r->verdict == VERDICT_NONE && r->message)
		return true;
	return r->verdict <= VERDICT_PASS && !call_result(r->text);
}

bool result_is_warning(const struct result *r)
{
	return r->kind == RES_EVENT && r->verdict <= VERDICT_PASS && r->message &&
	       !result_is_call_start(r);
}
