/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/check_conns.h"
#include "base/arena.h"
#include "base/diag.h"
#include "wire/tcpopt_mptcp.h"

#include <string.h>

/* A name that the script has given so far. */
struct known {
	const char *name;
	const struct expr *socket;	/* the result of its socket(), or NULL */
	struct known *next;
};

struct conn_check {
	struct diag_sink *diag;
	struct arena *scratch;
	struct known *names;
};

static struct known *find(const struct conn_check *c, const char *name)
{
	struct known *k = c->names;

	while (k && strcmp(k->name, name))
		k = k->next;
	return k;
}

static void give(struct conn_check *c, const char *name, const struct expr *socket)
{
	struct known *k = arena_new_of(c->scratch, struct known);

	*k = (struct known){ name, socket, c->names };
	c->names = k;
}

static int check_known(struct conn_check *c, const struct spec_conn *conn)
{
	if (find(c, conn->name))
		return 0;
	return diag_error(c->diag, conn->span, "no connection is named @%s yet: an injected packet, "
			  "socket() or connect() gives the name", conn->name);
}

/* ---- calls ---- */

/* What naming means for a call. */
enum naming {
	NAMING_NONE,
	NAMING_GIVES,		/* socket() */
	NAMING_CONNECTS,	/* connect(): gives it, or repeats that of its socket() */
	NAMING_EXPECTS,		/* accept() */
};

static enum naming naming_of(const char *call)
{
	static const struct {
		const char *call;
		enum naming naming;
	} table[] = {
		{ "socket", NAMING_GIVES },
		{ "connect", NAMING_CONNECTS },
		{ "accept", NAMING_EXPECTS },
		{ "accept4", NAMING_EXPECTS },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i].call, call))
			return table[i].naming;
	return NAMING_NONE;
}

static bool same_number(const struct expr *a, const struct expr *b)
{
	return a && b && a->kind == EXPR_INT && b->kind == EXPR_INT && a->num == b->num;
}

static int check_call(struct conn_check *c, const struct syscall_ast *call)
{
	const struct spec_conn *conn = &call->conn;
	enum naming naming = naming_of(call->name);
	const struct known *k = find(c, conn->name);

	if (naming == NAMING_NONE)
		return diag_error(c->diag, conn->span, "%s() makes no connection that could be named: "
				  "socket(), connect() and accept() do", call->name);
	if (naming != NAMING_CONNECTS && call->result->kind == EXPR_INT && call->result->num < 0)
		return diag_error(c->diag, conn->span, "%s() is to fail: there is no connection to name",
				  call->name);
	if (naming == NAMING_EXPECTS)
		return check_known(c, conn);
	if (k && !(naming == NAMING_CONNECTS &&
		   same_number(k->socket, expr_list_at(call->args, 0))))
		return diag_error(c->diag, conn->span, "@%s is the name of another connection already",
				  conn->name);
	if (!k)
		give(c, conn->name, naming == NAMING_GIVES ? call->result : NULL);
	return 0;
}

/* ---- packets ---- */

static bool is_join(const struct pkt_spec *p)
{
	return p->kind == SPEC_TCP && p->tcp.opts_kind == OPTS_LIST &&
		(tcpopt_written(p, "mp_join_syn") || tcpopt_written(p, "mp_join_syn_ack") ||
		 tcpopt_written(p, "mp_join_ack"));
}

static int check_named(struct conn_check *c, const struct pkt_spec *p)
{
	const struct spec_conn *conn = &p->conn;

	if (p->src.var || p->dst.var)
		return diag_error(c->diag, p->src.var ? p->src.span : p->dst.span,
				  "addr[...] chooses among the subflows of MPTCP, @%s names a "
				  "connection: write one of them", conn->name);
	if (is_join(p))
		return diag_error(c->diag, conn->span, "a subflow that joins is chosen by its addresses, "
				  "not by a name");
	if (p->dir == PKT_IN && (p->kind == SPEC_TCP || p->kind == SPEC_UDP ||
				 p->kind == SPEC_UDPLITE)) {
		if (!find(c, conn->name))
			give(c, conn->name, NULL);
		return 0;
	}
	return check_known(c, conn);
}

/* What is tried on a packet before it is taken must not have learnt anything by that. */
static int check_tried(struct conn_check *c, const struct pkt_spec *p, const char *what)
{
	enum mptcp_form form;
	const struct spec_opt *o;

	if (p->kind == SPEC_NOTHING)
		return diag_error(c->diag, p->span, "`nothing` cannot be %s", what);
	if (p->kind != SPEC_TCP || p->tcp.opts_kind != OPTS_LIST)
		return 0;
	STAILQ_FOREACH(o, &p->tcp.opts, next)
		if (mptcp_opt_form(o->name, &form))
			return diag_error(c->diag, o->span, "a packet with options of MPTCP cannot be %s",
					  what);
	return 0;
}

static int check_packet(struct conn_check *c, const struct event *e)
{
	int err = e->pkt->conn.name ? check_named(c, e->pkt) : 0;

	if (!e->pkt->optional)
		return err;
	if (e->when.kind == WHEN_ANY)
		err |= diag_error(c->diag, e->when.span, "an optional packet needs a time: until then "
				  "it is awaited");
	return err | check_tried(c, e->pkt, "optional");
}

static int check_group(struct conn_check *c, const struct event *group)
{
	const struct event *e;
	int err = 0;

	STAILQ_FOREACH(e, &group->group->events, next) {
		if (e->pkt->dir == PKT_IN)
			err |= diag_error(c->diag, e->pkt->span, "only packets of the stack come in any "
					  "order: `>`");
		else if (e->pkt->optional)
			err |= diag_error(c->diag, e->pkt->span, "all packets of a group must come: none "
					  "is optional");
		else
			err |= check_tried(c, e->pkt, "in a group");
		if (e->pkt->conn.name)
			err |= check_named(c, e->pkt);
	}
	return err;
}

/* ---- annotations ---- */

static bool same_conn(const struct spec_conn *a, const struct spec_conn *b)
{
	return a && b ? !strcmp(a->name, b->name) : a == b;
}

static int check_states(struct conn_check *c, const struct event *e)
{
	const struct states_ast *s, *before;
	int err = 0;

	for (s = e->states; s; s = s->more) {
		if (s->conn.name)
			err |= check_known(c, &s->conn);
		before = e->states;
		while (before != s && !same_conn(states_conn(e, before), states_conn(e, s)))
			before = before->more;
		if (before != s)
			err |= diag_error(c->diag, s->span, "two annotations of one connection: "
					  "write => A -> B");
	}
	return err;
}

static int check_event(struct conn_check *c, const struct event *e)
{
	switch (e->kind) {
	case EVENT_PACKET:
		return check_packet(c, e);
	case EVENT_GROUP:
		return check_group(c, e);
	case EVENT_SYSCALL:
		return e->call->conn.name ? check_call(c, e->call) : 0;
	case EVENT_ASSERT:
		return e->assertion->conn.name ? check_known(c, &e->assertion->conn) : 0;
	case EVENT_COMMAND:
	case EVENT_CODE:
		break;
	}
	return 0;
}

int check_conns(const struct script *s, bool whole, struct diag_sink *d)
{
	struct conn_check c = { .diag = d, .scratch = arena_new() };
	const struct event *e;
	int err = 0;

	STAILQ_FOREACH(e, &s->events, next) {
		if (!whole || e->faulty)
			break;
		/* A name given in a repeat is given anew each time, which is no mistake. */
		if (iteration_is_again(e->loop))
			continue;
		err |= check_event(&c, e);
		err |= check_states(&c, e);
	}
	arena_free(c.scratch);
	return err;
}
