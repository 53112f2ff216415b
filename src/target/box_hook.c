/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/box_hook.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/command.h"
#include "script/ast.h"
#include "seam/target.h"
#include "sys/symbols.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Text as one word of the shell. */
static void add_quoted(struct buf *b, const char *text)
{
	buf_addc(b, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, *text);
	}
	buf_addc(b, '\'');
}

static void add_args(struct buf *b, const struct syscall_ast *call)
{
	int i, n = expr_list_count(call->args);

	for (i = 0; i < n; i++) {
		struct buf one = { 0 };

		expr_print(expr_list_at(call->args, i), &one);
		buf_addc(b, ' ');
		add_quoted(b, buf_str(&one));
		buf_free(&one);
	}
}

static const char *command_line(const char *command, const struct syscall_ast *call,
				struct arena *a)
{
	struct buf b = { 0 }, line = { 0 };
	const char *text;

	call_print(call, &line);
	buf_adds(&b, "export DRILLPRESS_CALL=");
	add_quoted(&b, buf_str(&line));
	buf_printf(&b, "; %s %s", command, call->name);
	add_args(&b, call);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	buf_free(&line);
	return text;
}

/* "N" or "-1 ENAME"; false on anything else. */
static bool read_result(const char *text, struct target_call *c)
{
	int64_t err = 0;
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (end == text || errno != 0)
		return false;
	c->result = n;
	while (*end == ' ')
		end++;
	if (*end == '\0')
		return n >= 0;
	if (n != -1 || !names_find(symbol_table, end, &err))
		return false;
	c->err = (int)err;
	return true;
}

void box_hook_call(const char *command, nstime patience, struct target_call *c, struct arena *a)
{
	struct command_outcome o = command_run(command_line(command, c->written, a), patience, false, a);
	const char *first = arena_strndup(a, o.output, strcspn(o.output, "\r\n"));

	if (o.failed != NULL)
		c->refused = arena_printf(a, "the hook for %s() failed (%s)%s%s", c->written->name,
					  o.failed, *first ? ": " : "", first);
	else if (*first == '\0')
		c->assumed = true;
	else if (!read_result(first, c))
		c->refused = arena_printf(a, "the hook for %s() printed '%s', which is no result",
					  c->written->name, first);
}
