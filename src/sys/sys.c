/* SPDX-License-Identifier: BSD-2-Clause */
/* The one path all calls take. */
#include "config.h"

#include "sys/sys.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "script/value_bind.h"
#include "sys/args.h"
#include "sys/assertion.h"
#include "sys/eval.h"
#include "sys/expr_find.h"
#include "sys/foreign.h"
#include "sys/sctp.h"
#include "sys/symbols.h"

#include <inttypes.h>
#include <string.h>

static const struct call_desc *find_desc(struct sys_ctx *x, const struct syscall_ast *ast)
{
	const struct call_desc *d = call_find(ast->name);
	const char *near;

	if (!d && x->check_only)
		d = unsupported_call(ast->name);
	if (d)
		return d;
	near = call_nearest(ast->name);
	diag_error(x->diag, ast->name_span, "Unknown system call: '%s'%s%s%s", ast->name,
		   near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	return NULL;
}

static int prepare_result(struct sys_ctx *x, struct sys_call *c)
{
	const struct syscall_ast *ast = c->ast;
	struct expr name = { .kind = EXPR_WORD, .span = ast->err_span, .text = ast->err };

	c->any_result = ast->result->kind == EXPR_ELLIPSIS;
	if (!c->any_result && eval_s32(ast->result, &c->want, x->diag))
		return -1;
	c->any_errno = !ast->err;
	if (!ast->err)
		return 0;
	if (!c->any_result && c->want >= 0)
		return diag_error(x->diag, ast->err_span, "an errno goes with the result -1, not with %d",
				  c->want);
	return eval_int(&name, &c->want_errno, x->diag);
}

/* Too many is an error as much as too few: a missing argument has no default. */
static int check_arity(struct sys_ctx *x, const struct call_desc *d, const struct syscall_ast *ast)
{
	int n = expr_list_count(ast->args);

	if (n >= d->min_args && n <= d->max_args)
		return 0;
	if (d->min_args == d->max_args)
		return diag_error(x->diag, ast->name_span, "%s: Expected %d args but got %d", ast->name,
				  d->min_args, n);
	return diag_error(x->diag, ast->name_span, "%s: Expected %d to %d args but got %d", ast->name,
			  d->min_args, d->max_args, n);
}

/* msg_iov(1)=...: a count goes with the members of a message header only. */
static bool has_stray_count(const struct expr *e)
{
	return e->kind == EXPR_FIELD && e->items && strncmp(e->text, "msg_", 4);
}

static int check_counts(struct sys_ctx *x, const struct syscall_ast *ast)
{
	const struct expr *e = call_find_expr(ast, has_stray_count);

	return e ? diag_error(x->diag, e->span, "%s has no count: write %s=VALUE", e->text, e->text) : 0;
}

struct sys_call *sys_prepare(struct sys_ctx *x, const struct syscall_ast *ast)
{
	const struct call_desc *d = find_desc(x, ast);
	struct sys_call *c;
	int i, n, err;

	if (!d || check_arity(x, d, ast) || check_counts(x, ast))
		return NULL;
	c = arena_new_of(x->arena, struct sys_call);
	c->desc = d;
	c->ast = ast;
	c->script_fd = -1;
	c->live.id = d->id;
	n = expr_list_count(ast->args);
	for (i = 0; i < n; i++)
		c->arg[i] = expr_list_at(ast->args, i);
	err = prepare_result(x, c);
	for (i = 0; i < n; i++)
		err |= arg_codec_table[d->arg[i]].encode(x, c, i);
	return err ? NULL : c;
}

/* "-1 EAGAIN (Resource temporarily unavailable)" or the plain number. */
static const char *outcome(struct sys_ctx *x, intptr_t result, int64_t err, bool any_errno)
{
	char name[24];

	if (result != -1 || any_errno)
		return arena_printf(x->arena, "%" PRIdPTR, result);
	return arena_printf(x->arena, "-1 %s (%s)", errno_name((int)err, name), strerror((int)err));
}

static bool result_ok(const struct sys_call *c)
{
	if (c->any_result)
		return true;
	if (c->desc->result == RESULT_FD && c->want >= 0)
		return c->live.result >= 0;
	return (int32_t)c->live.result == c->want;
}

void sys_register_fd(struct sys_ctx *x, int script, int live, struct mismatch ***tail)
{
	struct fd_entry *old = fdmap_find_live(&x->fds, live);

	/* A number the kernel hands out again was closed behind our back (a failed close). */
	if (old)
		old->closed = true;
	if (!fdmap_add(&x->fds, x->arena, script, live))
		mismatch_add(x, tail, "descriptor", "a number not in use",
			     arena_printf(x->arena, "%d, a duplicate fd in the script", script));
}

static void register_result(struct sys_ctx *x, const struct sys_call *c, struct mismatch ***tail)
{
	struct fd_entry *same = fdmap_find(&x->fds, c->want);

	/* Scripts accept one connection after the other as 4, with none closed: the last is meant. */
	if (same && (c->desc->id == CALL_accept || c->desc->id == CALL_accept4))
		same->script = -1;
	sys_register_fd(x, c->want, (int)c->live.result, tail);
}

/* What socket() asked for; a connection has its listener's. */
static void note_protocol(const struct sys_ctx *x, const struct sys_call *c)
{
	struct fd_entry *e = fdmap_find_live(&x->fds, (int)c->live.result);
	const struct fd_entry *listener = fdmap_find(&x->fds, c->script_fd);

	if (e && c->desc->id == CALL_socket)
		e->protocol = (int)c->live.arg[2];
	else if (e && listener && (c->desc->id == CALL_accept || c->desc->id == CALL_accept4))
		e->protocol = listener->protocol;
}

struct mismatch *sys_verify(struct sys_ctx *x, struct sys_call *c)
{
	struct mismatch *first = NULL, **tail = &first;
	struct fd_entry *e;
	int i;

	if (!result_ok(c))
		mismatch_add(x, &tail, "result", outcome(x, c->want, c->want_errno, c->any_errno),
			     outcome(x, c->live.result, c->live.err, false));
	else if (c->live.result == -1 && !c->any_errno && c->live.err != c->want_errno)
		mismatch_add(x, &tail, "errno", outcome(x, -1, c->want_errno, false),
			     outcome(x, -1, c->live.err, false));
	if (c->desc->result == RESULT_FD && c->live.result >= 0 && c->want >= 0 && !c->any_result)
		register_result(x, c, &tail);
	if (c->live.result >= 0)
		note_protocol(x, c);
	if (c->desc->id == CALL_close && c->live.result == 0) {
		e = fdmap_find(&x->fds, c->script_fd);
		if (e)
			e->closed = true;
	}
	for (i = 0; i < SYS_MAX_ARGS && c->arg[i]; i++)
		if (arg_codec_table[c->desc->arg[i]].verify)
			arg_codec_table[c->desc->arg[i]].verify(x, c, i, &tail);
	return first;
}

bool sys_number_out(const struct sys_call *c, int64_t *v)
{
	int i;

	for (i = 0; i < SYS_MAX_ARGS && c->arg[i]; i++)
		if ((c->desc->arg[i] == ARG_OPT_OUT && arg_opt_out_number(c, i, v)) ||
		    (c->desc->arg[i] == ARG_INT_OUT && arg_int_out_number(c, i, v)))
			return true;
	return false;
}

int64_t sys_script_result(const struct sys_ctx *x, const struct sys_call *c)
{
	const struct fd_entry *e = NULL;

	if (c->desc->result == RESULT_FD && c->live.result >= 0)
		e = fdmap_find_live(&x->fds, (int)c->live.result);
	return e ? e->script : (int64_t)c->live.result;
}

void sys_text(const struct sys_ctx *x, const struct sys_call *c, struct buf *out)
{
	struct syscall_ast shown = *c->ast;
	struct expr result = { .kind = EXPR_INT, .num = sys_script_result(x, c) };
	char name[24];

	shown.result = &result;
	shown.err = NULL;
	shown.note = NULL;
	if (c->live.result == -1) {
		shown.err = errno_name(c->live.err, name);
		shown.note = strerror(c->live.err);
	} else if (!c->ast->err) {
		result.hex = c->ast->result->hex;
		shown.note = c->ast->note;
	}
	call_print(&shown, out);
}

static int check_event(struct sys_ctx *x, const struct event *e)
{
	if (e->kind != EVENT_SYSCALL && e->kind != EVENT_ASSERT)
		return 0;
	e = value_bind_any(e, x->arena, x->diag);
	if (!e)
		return -1;
	if (e->kind == EVENT_ASSERT)
		return assertion_check(e->assertion, x->diag);
	return foreign_call(e->call) || sys_prepare(x, e->call) ? 0 : -1;
}

int sys_check(const struct script *s, struct diag_sink *d)
{
	struct sys_ctx x = { .settings = &s->settings, .arena = s->arena, .diag = d,
			     .check_only = true };
	const struct event *e;
	int err = 0;

	if (sctp_refuse(s, d))
		return -1;
	STAILQ_FOREACH(e, &s->events, next)
		if (!e->faulty && !iteration_is_again(e->loop))
			err |= check_event(&x, e);
	return err;
}

enum call_id sys_call_id(const char *name)
{
	const struct call_desc *d = call_find(name);

	return d ? d->id : CALL_COUNT;
}
