/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables, connections, and what packets tell of them. */
#include "config.h"

#include "engine/mptcp.h"
#include "base/arena.h"
#include "base/diag.h"

#include <string.h>

void mptcp_init(struct mptcp *m, const struct settings *settings, struct arena *a)
{
	*m = (struct mptcp){ .arena = a, .settings = settings,
			     .random = UINT64_C(0x9e3779b97f4a7c15) };
}

/* xorshift64* (Marsaglia, Vigna): good enough for numbers that only have to differ. */
uint64_t mptcp_random(struct mptcp *m)
{
	m->random ^= m->random >> 12;
	m->random ^= m->random << 25;
	m->random ^= m->random >> 27;
	return m->random * UINT64_C(0x2545f4914f6cdd1d);
}

struct mptcp_var *mptcp_var(struct mptcp *m, const char *name, enum mptcp_var_kind kind,
			    struct span at, struct diag_sink *d)
{
	struct mptcp_var *v;

	for (v = m->vars; v; v = v->next)
		if (!strcmp(v->name, name))
			break;
	if (v && v->kind != kind) {
		diag_error(d, at, "'%s' is %s here, but %s in line %d", name,
			   kind == MPTCP_VAR_KEY ? "a key" : "an address",
			   kind == MPTCP_VAR_KEY ? "an address" : "a key", v->first.line);
		return NULL;
	}
	if (v)
		return v;
	v = arena_new_of(m->arena, struct mptcp_var);
	v->name = name;
	v->kind = kind;
	v->first = at;
	v->next = m->vars;
	m->vars = v;
	return v;
}

static bool is_named(const struct mptcp *m, const struct ip_addr *a)
{
	const struct mptcp_var *v;

	for (v = m->vars; v; v = v->next)
		if (v->kind == MPTCP_VAR_ADDR && v->known && ip_addr_equal(&v->addr, a))
			return true;
	return false;
}

/* The remote address plus n, staying in its prefix as far as one byte goes. */
static struct ip_addr nth_remote(const struct mptcp *m, unsigned n)
{
	struct ip_addr a = m->settings->remote_ip;
	uint8_t *last = &a.b[a.family == AF_INET ? 3 : 15];

	*last = (uint8_t)(*last + n);
	return a;
}

int mptcp_allocate(struct mptcp *m, struct mptcp_var *v, struct span at, struct diag_sink *d)
{
	bool v4 = m->settings->remote_ip.family == AF_INET;
	int host_bits = (v4 ? 32 : 128) - m->settings->remote_prefix;
	unsigned n, most = host_bits >= 8 ? 256 : 1u << host_bits;

	for (n = 0; n < most; n++) {
		v->addr = nth_remote(m, n);
		/* .0 and .255 may be the network's and the broadcast address. */
		if (v4 && n && host_bits >= 8 && (v->addr.b[3] == 0 || v->addr.b[3] == 255))
			continue;
		if (!is_named(m, &v->addr)) {
			v->known = true;
			return 0;
		}
	}
	return diag_error(d, at, "no address is left for '%s': give --remote_ip a prefix, such as "
			  "192.0.2.1/24", v->name);
}

struct mptcp_conn *mptcp_by_token(const struct mptcp *m, bool local, uint32_t token)
{
	struct mptcp_conn *c;

	for (c = m->conns; c; c = c->next) {
		const struct mptcp_side *s = local ? &c->local : &c->remote;

		if (s->known && s->token == token)
			return c;
	}
	return NULL;
}

static struct mptcp_conn *new_conn(struct mptcp *m, struct flow *f)
{
	struct mptcp_conn *c = arena_new_of(m->arena, struct mptcp_conn);

	c->hash = MPTCP_SHA256;
	c->local.next = c->remote.next = 1;
	c->first = f;
	c->next = m->conns;
	m->conns = c;
	f->mptcp = c;
	return c;
}

static void rehash(struct mptcp_conn *c, struct mptcp_side *s)
{
	s->token = mptcp_token(c->hash, s->key);
	s->idsn = mptcp_idsn(c->hash, s->key);
}

static void learn_key(struct mptcp_conn *c, struct mptcp_side *s, uint64_t key)
{
	if (s->known)
		return;
	s->known = true;
	s->key = key;
	rehash(c, s);
}

static void track_capable(struct mptcp *m, struct flow *f, const struct mptcp_opt *o,
			  uint16_t flags, bool from_stack)
{
	bool syn = flags & TCPF_SYN;
	struct mptcp_conn *c = f->mptcp;
	struct mptcp_side *sender;

	if (syn && !(flags & TCPF_ACK) && (!c || c->local.known || c->remote.known))
		c = new_conn(m, f);
	if (!c)
		return;
	if (syn) {
		c->hash = o->version ? MPTCP_SHA256 : MPTCP_SHA1;
		rehash(c, &c->local);
		rehash(c, &c->remote);
	}
	sender = from_stack ? &c->local : &c->remote;
	if (o->key[0].bytes)
		learn_key(c, sender, o->key[0].n);
	if (o->dll.bytes && sender->next < 1 + o->dll.n)
		sender->next = 1 + o->dll.n;
}

static void track_dss(struct mptcp_conn *c, const struct mptcp_opt *o, bool from_stack)
{
	struct mptcp_side *sender = from_stack ? &c->local : &c->remote;
	uint64_t from, end;

	if (!sender->known || !o->dsn.bytes)
		return;
	from = o->dsn.n - sender->idsn;
	/* Half a number: the one next to what was sent before. */
	if (o->dsn.bytes == 4)
		from = sender->next + (uint64_t)(int64_t)(int32_t)((uint32_t)from -
								   (uint32_t)sender->next);
	end = from + o->dll.n;
	if ((int64_t)(end - sender->next) > 0)
		sender->next = end;
}

static void track_addr(struct mptcp *m, struct mptcp_side *s, const struct ip_addr *ip, uint8_t id)
{
	struct mptcp_addr *a;

	for (a = s->addrs; a; a = a->next)
		if (ip_addr_equal(&a->ip, ip))
			break;
	if (!a) {
		a = arena_new_of(m->arena, struct mptcp_addr);
		a->ip = *ip;
		a->next = s->addrs;
		s->addrs = a;
	}
	a->id = id;
}

static void track_option(struct mptcp *m, struct flow *f, const struct mptcp_opt *o,
			 uint16_t flags, bool from_stack)
{
	struct mptcp_conn *c = f->mptcp;
	struct mptcp_side *sender = c ? from_stack ? &c->local : &c->remote : NULL;

	if (o->form == MPTCP_CAPABLE) {
		track_capable(m, f, o, flags, from_stack);
		return;
	}
	if (o->form == MPTCP_JOIN_SYN || o->form == MPTCP_JOIN_SYN_ACK) {
		*(from_stack ? &f->nonce_local : &f->nonce_remote) = (uint32_t)o->rand.n;
		if (c)
			track_addr(m, sender, from_stack ? &f->live.local : &f->live.remote,
				   (uint8_t)o->id.n);
	}
	if (c && o->form == MPTCP_DSS)
		track_dss(c, o, from_stack);
	if (c && o->form == MPTCP_ADD_ADDR && !o->echo)
		track_addr(m, sender, &o->ip, (uint8_t)o->id.n);
}

void mptcp_track(struct mptcp *m, struct flow *f, const struct pkt *live, bool from_stack)
{
	size_t len, pos = 0;
	const uint8_t *opts = pkt_tcp_opts(live, &len);
	struct tcpopt t;
	struct mptcp_opt o;

	while (tcpopt_next(opts, len, &pos, &t) == 1)
		if (t.kind == TCPO_MPTCP && mptcp_opt_decode(t.data, t.len, &o))
			track_option(m, f, &o, pkt_tcp_flags(live), from_stack);
}

void mptcp_merge(struct pkt *merged, const struct pkt *first, const struct pkt *second)
{
	size_t len, pos = 0;
	uint8_t *opts = pkt_tcp_opts(merged, &len);
	struct mptcp_opt a, b;
	struct tcpopt t;

	if (!mptcp_find(first, MPTCP_DSS, &a) || !mptcp_find(second, MPTCP_DSS, &b) ||
	    !a.dsn.bytes || a.dsn.bytes != b.dsn.bytes || a.cksum.bytes || b.cksum.bytes ||
	    b.ssn.n != a.ssn.n + a.dll.n || b.dsn.n != a.dsn.n + a.dll.n)
		return;
	b.dsn.n = a.dsn.n;
	b.ssn.n = a.ssn.n;
	b.dll.n += a.dll.n;
	while (tcpopt_next(opts, len, &pos, &t) == 1)
		if (t.kind == TCPO_MPTCP && mptcp_opt_decode(t.data, t.len, &a) &&
		    a.form == MPTCP_DSS)
			mptcp_opt_put(&b, opts + (t.data - opts));
}

bool mptcp_find(const struct pkt *p, enum mptcp_form form, struct mptcp_opt *o)
{
	size_t len, pos = 0;
	const uint8_t *opts = pkt_tcp_opts(p, &len);
	struct tcpopt t;

	while (tcpopt_next(opts, len, &pos, &t) == 1)
		if (t.kind == TCPO_MPTCP && mptcp_opt_decode(t.data, t.len, o) && o->form == form)
			return true;
	return false;
}

int mptcp_find_written(const struct mptcp *m, const struct pkt_spec *spec, enum mptcp_form form,
		       struct mptcp_opt *o, struct diag_sink *d)
{
	int family = ip_version_family(m->settings->ip_version);
	const struct spec_opt *so;
	enum mptcp_form f;

	if (spec->kind != SPEC_TCP || spec->tcp.opts_kind != OPTS_LIST)
		return 0;
	STAILQ_FOREACH(so, &spec->tcp.opts, next)
		if (mptcp_opt_form(so->name, &f) && f == form)
			return mptcp_opt_parse(so, family, o, d) ? -1 : 1;
	return 0;
}

void mptcp_to_script(const struct flow *f, struct pkt *p)
{
	size_t len, pos = 0;
	uint8_t *opts = pkt_tcp_opts(p, &len);
	const struct mptcp_conn *c = f->mptcp;
	struct tcpopt t;
	const struct mptcp_side *of_dsn;
	struct mptcp_opt o;

	while (c && tcpopt_next(opts, len, &pos, &t) == 1) {
		if (t.kind != TCPO_MPTCP || !mptcp_opt_decode(t.data, t.len, &o) ||
		    (o.form != MPTCP_DSS && o.form != MPTCP_FAIL))
			continue;
		if (c->remote.known)
			o.dack.n -= c->remote.idsn;
		of_dsn = o.form == MPTCP_FAIL ? &c->remote : &c->local;
		if (of_dsn->known)
			o.dsn.n -= of_dsn->idsn;
		mptcp_opt_put(&o, opts + (t.data - opts));
	}
}
