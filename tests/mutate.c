/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutate SCRIPT OUTDIR: the script with one expectation made wrong, in every
 * way below, a file each. A tester that is worth something fails every one of
 * them at the line that was changed and says what differs. Besides the
 * mutants OUTDIR gets 000.pkt, the script as it is in the same form, and
 * `manifest`: FILE <tab> LINE <tab> WHAT, WHAT being a word of the report.
 */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "script/ast.h"
#include "script/check.h"
#include "script/parse.h"
#include "sys/args.h"
#include "sys/eval.h"
#include "wire/tcpstate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A walk over all that can be made wrong, up to the one that is. */
struct mutator {
	struct script *script;
	struct arena *arena;
	struct diag_sink diag;
	int pick, n;			/* which one is wanted, how many there were before */
	struct event *at;		/* the walk is here */
	int index;			/* its place in the script, from 0 */
	int member;			/* and in its group, from 1; 0 = in none */
	bool isn_known;			/* a SYN of this connection was expected before */
	uint32_t last_syn;		/* the peer's last initial number: another one, another connection */
	/* What was changed: */
	const char *what;		/* NULL = the walk is not there yet */
	int changed, changed_member;	/* index of its event, place in its group */
};

/* True at the one place where the caller is to change something. */
static bool turn(struct mutator *m, const char *what)
{
	if (m->n++ != m->pick)
		return false;
	m->what = what;
	m->changed = m->index;
	m->changed_member = m->member;
	return true;
}

/* ---- flags ---- */

static const struct {
	uint16_t bit;
	char letter;
	const char *field;
} flag_table[] = {
	{ TCPF_FIN, 'F', "tcp_fin" }, { TCPF_SYN, 'S', "tcp_syn" }, { TCPF_RST, 'R', "tcp_rst" },
	{ TCPF_PSH, 'P', "tcp_psh" }, { TCPF_URG, 'U', "tcp_urg" }, { TCPF_ECE, 'E', "tcp_ece" },
	{ TCPF_CWR, 'W', "tcp_cwr" }, { TCPF_AE, 'A', "tcp_ae" }, { TCPF_ACK, '.', "tcp_ack" },
};

#define N_FLAGS (sizeof(flag_table) / sizeof(flag_table[0]))
#define ECN_FLAGS (TCPF_ECE | TCPF_CWR | TCPF_AE)

/* ace: the counter written as a digit, 0 = as letters; a digit alone would be a number. */
static const char *flags_text(struct arena *a, uint16_t flags, unsigned ace)
{
	char text[N_FLAGS + 2] = "", *at = text;
	size_t i;

	if (!(flags & ~ECN_FLAGS))
		ace = 0;
	if (ace)
		flags &= (uint16_t)~ECN_FLAGS;
	for (i = 0; i < N_FLAGS; i++)
		if (flags & flag_table[i].bit)
			*at++ = flag_table[i].letter;
	if (ace)
		*at++ = (char)('0' + ace);
	return arena_strdup(a, at == text ? "-" : text);
}

static void one_flag(struct mutator *m, struct spec_tcp *t, size_t i)
{
	if (turn(m, flag_table[i].field))
		t->flags_text = flags_text(m->arena, t->flags ^ flag_table[i].bit,
					   t->ace ? t->flags >> 6 & 7 : 0);
}

/* Each flag that is set is cleared; of the others one is set, another one in each event. */
static void flags(struct mutator *m, struct spec_tcp *t)
{
	const uint16_t fixed = t->ace ? ECN_FLAGS : 0;
	size_t i, first = (size_t)m->index % N_FLAGS;

	for (i = 0; i < N_FLAGS; i++)
		if (t->flags & ~fixed & flag_table[i].bit)
			one_flag(m, t, i);
	for (i = first; (t->flags | fixed) & flag_table[i].bit; i = (i + 1) % N_FLAGS)
		;
	one_flag(m, t, i);
	if (t->ace && turn(m, "tcp_ace"))
		t->flags_text = flags_text(m->arena, t->flags, (t->flags >> 6 & 7) % 7 + 1u);
}

/* ---- numbers ---- */

static void number(struct mutator *m, struct spec_num *n, int64_t max, const char *what)
{
	if (!n->set || !turn(m, what))
		return;
	/* Nobody knows what a value comes to, but hardly to 2. */
	n->value = NULL;
	n->v += n->v < max ? 1 : -1;
}

/* The first SYN of a connection only names the initial number: any is right. */
static void sequence(struct mutator *m, struct spec_tcp *t)
{
	int by = t->end < UINT32_MAX ? 1 : -1;

	if ((t->flags & TCPF_SYN && !m->isn_known) || t->seq_any || t->seq_value)
		return;
	if (turn(m, "tcp_seq")) {
		t->seq += (uint32_t)by;
		t->end += (uint32_t)by;
	}
}

/* Where no data is expected, more is waited for: without a limit in an event at any time. */
static void length(struct mutator *m, const struct event *e, struct spec_tcp *t)
{
	int by = t->len ? -1 : 1;

	if (!t->len && e->when.kind == WHEN_ANY)
		return;
	if (turn(m, "payload")) {
		t->len = (uint16_t)(t->len + by);
		t->end += (uint32_t)by;
	}
}

/* ---- options ---- */

static struct spec_opt *add_option(struct arena *a, struct spec_tcp *t, const char *name)
{
	struct spec_opt *o = arena_new_of(a, struct spec_opt);

	o->name = name;
	STAILQ_INIT(&o->atoms);
	STAILQ_INSERT_TAIL(&t->opts, o, next);
	return o;
}

/* Time stamps move, and cookies are the stack's: their values are not compared or not known. */
static void option_value(struct mutator *m, const struct spec_opt *o)
{
	struct opt_atom *a = STAILQ_FIRST(&o->atoms);

	if (!a || a->kind == ATOM_WORD ||
	    (strcmp(o->name, "mss") && strcmp(o->name, "wscale") && strcmp(o->name, "sack")))
		return;
	if (!turn(m, "tcp_options"))
		return;
	if (a->kind == ATOM_PAIR)
		a->b++;
	else
		a->text = arena_printf(m->arena, "%lld", (long long)a->a + (a->a ? -1 : 1));
}

/* The SYN of a further subflow, of which the lines behind it take what they need to answer. */
static bool asks_to_join(const struct spec_tcp *t)
{
	const struct spec_opt *o;

	if (t->opts_kind != OPTS_LIST || (t->flags & (TCPF_SYN | TCPF_ACK)) != TCPF_SYN)
		return false;
	STAILQ_FOREACH(o, &t->opts, next)
		if (!strcmp(o->name, "mp_join_syn"))
			return true;
	return false;
}

static void options(struct mutator *m, struct spec_tcp *t)
{
	const struct spec_opt *o;
	int i;

	if (t->opts_kind == OPTS_ANY)
		return;
	if (t->opts_kind == OPTS_LIST) {
		STAILQ_FOREACH(o, &t->opts, next)
			option_value(m, o);
		if (!asks_to_join(t) && turn(m, "tcp_options"))
			t->opts_kind = OPTS_NONE;
	} else if (turn(m, "tcp_options")) {
		t->opts_kind = OPTS_LIST;
		STAILQ_INIT(&t->opts);
		for (i = 0; i < 4; i++)
			add_option(m->arena, t, "nop");
	}
}

static void ip_info(struct mutator *m, struct spec_ip *ip)
{
	static const enum spec_ecn other[] = {
		[ECN_NOECN] = ECN_ECT0, [ECN_ECT0] = ECN_ECT1, [ECN_ECT1] = ECN_ECT0,
		[ECN_CE] = ECN_ECT0, [ECN_ECT01] = ECN_CE,
	};

	if (ip->ecn != ECN_UNSAID && !ip->tos.set && turn(m, "ip_ecn"))
		ip->ecn = other[ip->ecn];
	number(m, &ip->tos, 0xff, "tos");
	number(m, &ip->ttl, 0xfe, "ttl");
}

static void tcp(struct mutator *m, struct event *e)
{
	struct spec_tcp *t = &e->pkt->tcp;

	if (asks_to_join(t))
		m->isn_known = false;
	ip_info(m, &e->pkt->ip);
	flags(m, t);
	/* Those with a name may have had no SYN before, whatever others had. */
	if (!e->pkt->conn.name || !(t->flags & TCPF_SYN))
		sequence(m, t);
	length(m, e, t);
	number(m, &t->ack, UINT32_MAX, "tcp_ack_seq");
	number(m, &t->win, UINT16_MAX, "tcp_window");
	number(m, &t->urg, UINT16_MAX, "tcp_urg_ptr");
	options(m, t);
	if (t->flags & TCPF_SYN && !e->pkt->conn.name)
		m->isn_known = true;
}

/* ---- times ---- */

/* What the tool grants an event that is due t after the one before. */
static nstime tolerance(const struct settings *s, nstime t)
{
	nstime share = (nstime)((double)t * s->tolerance_percent / 100);

	return share > s->tolerance ? share : s->tolerance;
}

/* A kernel of 100 Hz has timers that are up to this much later than the scripts'. */
#define COARSE_TICK (9 * NS_PER_MS)

/* True if what happens at real, as late or early as allowed, is wrong where wrong is expected. */
static bool clearly_apart(const struct settings *s, nstime real, nstime wrong)
{
	nstime apart = real > wrong ? real - wrong : wrong - real;

	return apart > tolerance(s, real) + tolerance(s, wrong) + COARSE_TICK;
}

/* The tool waits a second more, for a packet to be late; past that it was not sent. */
#define FORGOTTEN (1750 * NS_PER_MS)

static void packet_time(struct mutator *m, struct when *w)
{
	const struct settings *s = &m->script->settings;
	bool range = w->kind == WHEN_REL_RANGE || w->kind == WHEN_ABS_RANGE;
	bool relative = w->kind == WHEN_REL || w->kind == WHEN_REL_RANGE;
	nstime last = range ? w->t2 : w->t, shift = 2 * last + NS_PER_SEC;

	if (w->kind == WHEN_ANY || !m->index)
		return;
	if (clearly_apart(s, last, w->t + shift) && turn(m, "early")) {
		w->t += shift;
		w->t2 += shift;
	}
	if (relative && w->t < FORGOTTEN && clearly_apart(s, w->t, w->t / 2) && turn(m, "late"))
		w->t = w->t2 = w->t / 2;
	if (relative && w->t >= FORGOTTEN && turn(m, "send"))
		w->t = w->t2 = w->t / 4;
}

static void return_time(struct mutator *m, struct when *w)
{
	const struct settings *s = &m->script->settings;
	nstime takes = w->end - w->t;

	if (clearly_apart(s, takes, 2 * takes + NS_PER_SEC) && turn(m, "early"))
		w->end += takes + NS_PER_SEC;
	if (clearly_apart(s, takes, takes / 2) && turn(m, "late"))
		w->end -= takes / 2;
}

static bool same_conn(const struct pkt_spec *a, const struct pkt_spec *b)
{
	return a->conn.name && b->conn.name ? !strcmp(a->conn.name, b->conn.name) :
		a->conn.name == b->conn.name;
}

/* A silence is wrong when it lasts until after the packet that is expected next. */
static void silence_time(struct mutator *m, struct event *e)
{
	const struct event *next = STAILQ_NEXT(e, next);
	nstime until;

	if (!next || next->kind != EVENT_PACKET || next->pkt->dir != PKT_OUT ||
	    next->pkt->kind == SPEC_NOTHING || next->pkt->optional || !same_conn(e->pkt, next->pkt))
		return;
	if (next->when.kind != WHEN_REL && next->when.kind != WHEN_REL_RANGE)
		return;
	until = next->when.kind == WHEN_REL ? next->when.t : next->when.t2;
	if (turn(m, "silence"))
		e->when.end += 2 * until + NS_PER_SEC;
}

/* No packet where there is one, unless the script needs a number of it. */
static void silence_instead(struct mutator *m, struct event *e)
{
	struct when *w = &e->when;
	nstime last = w->kind == WHEN_REL_RANGE ? w->t2 : w->t;

	if (e->keep || (w->kind != WHEN_REL && w->kind != WHEN_REL_RANGE) || !turn(m, "silence"))
		return;
	e->pkt->kind = SPEC_NOTHING;
	w->kind = WHEN_REL;
	w->has_end = true;
	w->end = 2 * last + NS_PER_SEC;
}

static void packet(struct mutator *m, struct event *e)
{
	/* What need not come may differ in anything. */
	if (e->pkt->dir == PKT_IN || e->pkt->optional)
		return;
	if (e->pkt->kind == SPEC_NOTHING) {
		silence_time(m, e);
		return;
	}
	if (e->pkt->kind == SPEC_TCP)
		tcp(m, e);
	packet_time(m, &e->when);
	silence_instead(m, e);
}

/* ---- states ---- */

/* True if the oracle may grant the state without having seen it on the way from one to the next. */
static bool may_lie_between(const struct states_ast *s, enum tcp_state x)
{
	const struct state_want *a, *b;
	enum tcp_state middle;

	STAILQ_FOREACH(a, &s->states, next)
		STAILQ_FOREACH(b, &s->states, next)
			if (tcp_edge_between(a->state, b->state, &middle) == EDGE_THROUGH && middle == x)
				return true;
	return false;
}

static bool is_named(const struct states_ast *s, enum tcp_state x)
{
	const struct state_want *w;

	STAILQ_FOREACH(w, &s->states, next)
		if (w->state == x)
			return true;
	return false;
}

/* CLOSED may be said of a listener whose connection is gone: never a mutant. */
static enum tcp_state other_state(const struct states_ast *s, enum tcp_state not)
{
	unsigned x = not;

	do
		x = x % (TCPS_COUNT - 1) + 1;
	while (x == TCPS_CLOSED || is_named(s, (enum tcp_state)x) ||
	       may_lie_between(s, (enum tcp_state)x));
	return (enum tcp_state)x;
}

static void states(struct mutator *m, const struct states_ast *s)
{
	struct state_want *w;

	STAILQ_FOREACH(w, &s->states, next)
		if (turn(m, "state"))
			w->state = other_state(s, w->state);
}

/* ---- system calls ---- */

static struct expr *new_number(struct mutator *m, int64_t v)
{
	struct expr *e = expr_new(m->arena, EXPR_INT, (struct span){ 0 });

	e->num = v;
	return e;
}

/* e as a number n was changed into, in its place in a list. */
static void replace(struct expr *e, const struct expr *by)
{
	e->kind = by->kind;
	e->num = by->num;
	e->hex = false;
}

static bool value_of(struct mutator *m, const struct expr *e, int64_t *v)
{
	return e && e->kind != EXPR_ELLIPSIS && e->kind != EXPR_VALUE && eval_int(e, v, &m->diag) == 0;
}

static void plus_one(struct mutator *m, struct expr *e, const char *what)
{
	int64_t v;

	if (value_of(m, e, &v) && turn(m, what))
		replace(e, new_number(m, v + 1));
}

/* A descriptor's number is only a name: there the call has to fail to be wrong. */
static int64_t other_result(const struct call_desc *d, int64_t v)
{
	if (v < 0)
		return d->result == RESULT_FD ? 99 : 0;
	if (d->result == RESULT_FD)
		return -1;
	return v ? v - 1 : 1;
}

static void outcome(struct mutator *m, const struct call_desc *d, struct syscall_ast *c)
{
	int64_t v;

	if (!value_of(m, c->result, &v))
		return;
	/* Nothing could be said of what never was. */
	if (d->id == CALL_socket && c->conn.name)
		return;
	if (c->err && turn(m, "errno"))
		c->err = strcmp(c->err, "EINVAL") ? "EINVAL" : "EPERM";
	if (turn(m, "result")) {
		c->result = new_number(m, other_result(d, v));
		c->err = NULL;
		if (d->result == RESULT_FD)
			c->conn.name = NULL;
	}
}

static void text(struct mutator *m, struct expr *e, const char *what)
{
	char *s;

	if (!e->len || !turn(m, what))
		return;
	s = arena_strndup(m->arena, e->text, e->len);
	s[0] = s[0] == 'x' ? 'y' : 'x';
	e->text = s;
}

static void fields(struct mutator *m, struct expr *e, const char *field, const char *what)
{
	struct expr *f;

	if (e->items)
		STAILQ_FOREACH(f, e->items, next)
			if (f->kind == EXPR_FIELD && (!field || !strcmp(f->text, field)))
				plus_one(m, f->value, what);
}

static void option_out(struct mutator *m, struct expr *e)
{
	if (e->kind == EXPR_LIST)
		plus_one(m, expr_list_at(e->items, 0), "option value");
	else if (e->kind == EXPR_STRING)
		text(m, e, "option value");
	else if (e->kind == EXPR_STRUCT)
		fields(m, e, NULL, "option value");
}

static void argument(struct mutator *m, enum arg_kind kind, const struct syscall_ast *c, int i)
{
	struct expr *e = expr_list_at(c->args, i), *item;

	switch (kind) {
	case ARG_OPT_OUT:
		option_out(m, e);
		break;
	case ARG_OPT_OUT_LEN:
		/* Of text the kernel gives as much as is asked for. */
		if (expr_list_at(c->args, i - 1)->kind == EXPR_LIST)
			plus_one(m, expr_list_at(e->items, 0), "option length");
		break;
	case ARG_INT_OUT:
		if (e->kind == EXPR_LIST)
			plus_one(m, expr_list_at(e->items, 0), "value");
		break;
	case ARG_BUF_OUT:
		if (e->kind == EXPR_STRING)
			text(m, e, "data");
		break;
	case ARG_MSG_OUT:
		fields(m, e, "msg_flags", "msg_flags");
		break;
	case ARG_POLLFDS:
		STAILQ_FOREACH(item, e->items, next)
			fields(m, item, "revents", "revents");
		break;
	default:
		break;
	}
}

static void call(struct mutator *m, const struct event *e)
{
	const struct call_desc *d = call_find(e->call->name);
	int i, n = expr_list_count(e->call->args);

	if (!d)
		return;
	if (d->id == CALL_socket || d->id == CALL_connect)
		m->isn_known = false;
	outcome(m, d, e->call);
	for (i = 0; i < n; i++)
		argument(m, d->arg[i], e->call, i);
}

/* ---- assertions ---- */

/* Of a range; decimals are rounded up. */
static bool upper_end(struct mutator *m, const struct condition *c, int64_t *v)
{
	const struct expr *e = c->high;

	if (e->kind != EXPR_VALUE || e->use->expr->op != VALUE_LITERAL)
		return value_of(m, e, v);
	*v = (int64_t)e->use->expr->number + 1;
	return true;
}

/* The comparison that holds where the one written does not; bits have none. */
static void condition(struct mutator *m, struct condition *c)
{
	static const enum condition_op opposite[] = {
		[CONDITION_EQ] = CONDITION_NE, [CONDITION_NE] = CONDITION_EQ,
		[CONDITION_LT] = CONDITION_GE, [CONDITION_GE] = CONDITION_LT,
		[CONDITION_LE] = CONDITION_GT, [CONDITION_GT] = CONDITION_LE,
	};
	/* A formula is longer than a line of the report. */
	const char *what = c->left ? "expected" : c->field;
	int64_t high;

	if (c->op < CONDITION_BITS && turn(m, what))
		c->op = opposite[c->op];
	if (c->op == CONDITION_RANGE && upper_end(m, c, &high) && turn(m, what)) {
		c->value = new_number(m, high + 1);
		c->high = new_number(m, high + 2);
	}
}

static void assertion(struct mutator *m, const struct assert_ast *a)
{
	struct condition *c;

	STAILQ_FOREACH(c, &a->conditions, next)
		condition(m, c);
}

/* ---- a script ---- */

static void peer_opens(struct mutator *m, const struct pkt_spec *s)
{
	if (s->dir != PKT_IN || s->kind != SPEC_TCP || (s->tcp.flags & (TCPF_SYN | TCPF_ACK)) != TCPF_SYN)
		return;
	if (s->tcp.seq != m->last_syn || s->src.port.set)
		m->isn_known = false;
	m->last_syn = s->tcp.seq;
}

/* Their time is the group's, and the packet that fits none is compared with the nearest. */
static void group(struct mutator *m, struct group_ast *g)
{
	struct event *e;

	STAILQ_FOREACH(e, &g->events, next) {
		m->member++;
		if (e->pkt->kind == SPEC_TCP)
			tcp(m, e);
	}
	m->member = 0;
}

static void event(struct mutator *m, struct event *e)
{
	const struct states_ast *s;

	if (e->kind == EVENT_PACKET)
		peer_opens(m, e->pkt);
	if (e->kind == EVENT_PACKET)
		packet(m, e);
	if (e->kind == EVENT_SYSCALL)
		call(m, e);
	if (e->kind == EVENT_SYSCALL && e->when.has_end)
		return_time(m, &e->when);
	if (e->kind == EVENT_ASSERT)
		assertion(m, e->assertion);
	if (e->kind == EVENT_GROUP)
		group(m, e->group);
	for (s = e->states; s; s = s->more)
		states(m, s);
}

static void walk(struct mutator *m)
{
	STAILQ_FOREACH(m->at, &m->script->events, next) {
		/* What is repeated is printed once: it is wrong in every iteration. */
		if (!iteration_is_again(m->at->loop))
			event(m, m->at);
		m->index++;
	}
}

/* In one IP version, and without the announcement that it fails. */
static void trim_metas(struct mutator *m)
{
	struct meta *one, *next;

	for (one = STAILQ_FIRST(&m->script->metas); one; one = next) {
		next = STAILQ_NEXT(one, next);
		if (!strcmp(one->key, "ip"))
			one->rest = arena_strndup(m->arena, one->rest, strcspn(one->rest, " \t"));
		if (!strcmp(one->key, "expect-fail"))
			STAILQ_REMOVE(&m->script->metas, one, meta, next);
	}
}

/* What the words of some packets mean depends on the IP version. */
static void take_ip_version(struct script *s)
{
	const struct meta *one;

	STAILQ_FOREACH(one, &s->metas, next)
		if (!strcmp(one->key, "ip"))
			ip_version_parse(one->rest, &s->settings.ip_version);
}

/* Line of the event with this index in the text, or of a packet of its group; 0: no good script. */
static uint32_t line_of(const struct buf *b, int index, int member, struct arena *a,
			struct diag_sink *d)
{
	struct source *src = source_from_text("mutant", buf_str(b), b->len, a, d);
	struct script *s = src ? script_parse(src, NULL, a, d) : NULL;
	const struct event *e;

	if (!s)
		return 0;
	take_ip_version(s);
	if (script_check(s, d) || sys_check(s, d))
		return 0;
	for (e = STAILQ_FIRST(&s->events); e && index; index--)
		e = STAILQ_NEXT(e, next);
	for (e = e && member ? STAILQ_FIRST(&e->group->events) : e; e && member > 1; member--)
		e = STAILQ_NEXT(e, next);
	return e ? e->span.line : 1;
}

static int write_file(const char *dir, const char *name, const struct buf *b, struct arena *a)
{
	const char *path = arena_printf(a, "%s/%s", dir, name);
	FILE *f = fopen(path, "w");
	int err;

	if (!f) {
		perror(path);
		return -1;
	}
	err = fwrite(b->s, 1, b->len, f) != b->len;
	err |= fclose(f);
	if (err)
		perror(path);
	return err ? -1 : 0;
}

/* Writes the mutant and its row. */
static int put(struct mutator *m, const char *dir, struct buf *manifest)
{
	const char *name = arena_printf(m->arena, "%03d.pkt", m->pick + 1);
	struct buf b = { 0 };
	uint32_t line;
	int err = -1;

	trim_metas(m);
	script_print(m->script, &b);
	line = line_of(&b, m->what ? m->changed : 0, m->what ? m->changed_member : 0, m->arena,
		       &m->diag);
	if (line)
		err = write_file(dir, name, &b, m->arena);
	else
		fprintf(stderr, "mutate: %s is no good script:\n%s\n", name, buf_str(&b));
	if (line && m->what)
		buf_printf(manifest, "%s\t%u\t%s\n", name, line, m->what);
	buf_free(&b);
	return err;
}

/* Mutant `pick`, or the script itself for -1. 1 when done, 0 past the last, -1 after a message. */
static int one_mutant(const char *path, int pick, const char *dir, struct buf *manifest)
{
	struct mutator m = { .pick = pick, .arena = arena_new() };
	struct source *src;
	int ret = -1;

	diag_init(&m.diag, m.arena);
	src = source_load(path, m.arena, &m.diag);
	m.script = src ? script_parse(src, NULL, m.arena, &m.diag) : NULL;
	if (m.script) {
		walk(&m);
		ret = pick >= 0 && !m.what ? 0 : put(&m, dir, manifest) ? -1 : 1;
	}
	if (ret < 0)
		diag_print_all(stderr, &m.diag, false);
	arena_free(m.arena);
	return ret;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct buf manifest = { 0 };
	int pick = -1, ret = 1;

	if (argc != 3) {
		fprintf(stderr, "usage: mutate SCRIPT OUTDIR\n");
		return 2;
	}
	while (ret == 1)
		ret = one_mutant(argv[1], pick++, argv[2], &manifest);
	if (ret == 0)
		ret = write_file(argv[2], "manifest", &manifest, a);
	buf_free(&manifest);
	arena_free(a);
	return ret ? EXIT_FAILURE : 0;
}
