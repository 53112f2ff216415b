/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/box_calls.h"

#include "base/arena.h"
#include "base/buf.h"

#include <inttypes.h>
#include <string.h>

#define APP(a) (1u << BOX_APP_##a)
#define ANY_APP (APP(NONE) | APP(ECHO) | APP(DISCARD) | APP(CHARGEN))
#define READERS (APP(ECHO) | APP(DISCARD) | APP(CHARGEN))

/* What a check works with. */
struct call {
	struct box_story *s;
	const struct syscall_ast *ast;
	struct arena *a;
	int64_t result;			/* wanted; -1 also if it is not a number */
	int fd;				/* the first argument, -1 if it is none */
};

static const struct expr *arg(const struct call *c, int n)
{
	return expr_list_at(c->ast->args, n);
}

/* True if one of the words is among the argument's, however they are joined. */
static bool mentions(const struct expr *e, const char *const *words)
{
	struct buf b = { 0 };
	bool found = false;

	if (e == NULL)
		return false;
	expr_print(e, &b);
	for (; *words != NULL && !found; words++)
		found = strstr(buf_str(&b), *words) != NULL;
	buf_free(&b);
	return found;
}

static const char *at_once(const struct call *c)
{
	nstime late = c->s->now - c->s->injected_at;
	char text[NSTIME_TEXT];

	if (late <= c->s->settings->tolerance)
		return NULL;
	return arena_printf(c->a, "the device does it as soon as it can, not %s later",
			    nstime_words(late, text));
}

static const char *do_socket(struct call *c)
{
	static const char *const stream[] = { "SOCK_STREAM", NULL };

	return mentions(arg(c, 1), stream) ? NULL : "only TCP services are known";
}

static const char *do_option(struct call *c)
{
	static const char *const harmless[] = { "SO_REUSEADDR", "SO_REUSEPORT", NULL };

	return mentions(arg(c, 2), harmless) ? NULL : "the option cannot be set there";
}

static const char *do_fcntl(struct call *c)
{
	static const char *const harmless[] = { "F_GETFL", "F_SETFL", NULL };

	return mentions(arg(c, 1), harmless) ? NULL : "it cannot be done there";
}

static const char *do_listen(struct call *c)
{
	c->s->listener = c->fd;
	return NULL;
}

static const char *do_accept(struct call *c)
{
	c->s->connection = (int)c->result;
	return NULL;
}

static const char *do_read(struct call *c)
{
	struct box_story *s = c->s;
	const struct expr *into = arg(c, 1);

	if (into == NULL || into->kind != EXPR_ELLIPSIS)
		return "what it reads is not seen: write ... for the buffer";
	if (c->result == 0)
		return s->fin && s->taken == s->received ? NULL : "the device has not read all yet";
	if (c->result > (int64_t)(s->received - s->taken))
		return "so much was not sent to the device";
	s->taken += (uint32_t)c->result;
	s->owed += (uint32_t)c->result;
	return NULL;
}

static const char *do_write(struct call *c)
{
	struct box_story *s = c->s;

	if (s->app == BOX_APP_CHARGEN)
		return NULL;
	if (c->result == 0 || c->result != s->owed)
		return arena_printf(c->a, "an echo service writes what it has just read, %u bytes here",
				    s->owed);
	s->owed = 0;
	return at_once(c);
}

/* At the end of a script it matters to nobody. */
static const char *do_close(struct call *c)
{
	if (c->s->over)
		return NULL;
	if (c->fd == c->s->listener)
		return "the device goes on listening";
	if (!(READERS & 1u << c->s->app) || c->s->app == BOX_APP_CHARGEN)
		return "the device cannot be asked to close (see app= and hook=)";
	if (!c->s->fin)
		return "the service closes when its peer has closed";
	return at_once(c);
}

/* What is not here is done by no application. */
static const struct {
	const char *name;
	unsigned apps;
	const char *(*check)(struct call *c);	/* NULL: nothing to check */
} call_table[] = {
	{ "socket", ANY_APP, do_socket },
	{ "bind", ANY_APP, NULL },
	{ "listen", ANY_APP, do_listen },
	{ "accept", ANY_APP, do_accept },
	{ "accept4", ANY_APP, do_accept },
	{ "setsockopt", ANY_APP, do_option },
	{ "fcntl", ANY_APP, do_fcntl },
	{ "close", ANY_APP, do_close },
	{ "read", READERS, do_read },
	{ "recv", READERS, do_read },
	{ "write", APP(ECHO) | APP(CHARGEN), do_write },
	{ "send", APP(ECHO) | APP(CHARGEN), do_write },
};

#define CALLS (sizeof(call_table) / sizeof(call_table[0]))

static int64_t number(const struct expr *e)
{
	return e != NULL && e->kind == EXPR_INT ? e->num : -1;
}

const char *box_call_refused(struct box_story *s, const struct event *e, struct arena *a)
{
	struct call c = { .s = s, .ast = e->call, .a = a, .result = number(e->call->result) };
	size_t i;

	c.fd = (int)number(arg(&c, 0));
	for (i = 0; i < CALLS && strcmp(call_table[i].name, e->call->name) != 0; i++)
		;
	if (i == CALLS || !(call_table[i].apps & 1u << s->app))
		return arena_printf(a, "with app=%s the device does not make this call (see app= and "
				    "hook=)", box_app_name(s->app));
	if (c.result < 0 || e->call->err != NULL)
		return "what it returns there cannot be seen";
	if (e->when.has_end)
		return "when it returns there cannot be seen";
	return call_table[i].check != NULL ? call_table[i].check(&c) : NULL;
}
