/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of MPTCP options in packet lines: derived, learnt, or an error that says why not. */
#include "config.h"

#include "engine/mptcp.h"
#include "base/arena.h"
#include "base/diag.h"
#include "wire/bytes.h"

#include <stdlib.h>
#include <string.h>

/* One option being filled in. */
struct fill {
	struct mptcp *m;
	struct flow *f;
	struct mptcp_conn *conn;	/* NULL: the flow belongs to none */
	struct mptcp_side *sender, *receiver;	/* NULL without conn */
	struct mptcp_opt *o;		/* as written, becomes as sent */
	const struct mptcp_opt *live;	/* outbound: what came, in script space; may be NULL */
	const struct pkt *pkt;		/* whose payload a mapping covers */
	const struct pkt_spec *spec;
	bool out;
	struct diag_sink *d;
};

static int no_connection(const struct fill *x, struct span at)
{
	return diag_error(x->d, at, "this packet belongs to no MPTCP connection: no mpcapable or "
			  "mp_join_syn made one");
}

static const char *whose(const struct fill *x, const struct mptcp_side *s)
{
	return s == &x->conn->local ? "the stack's" : "the tool's";
}

static int need_key(const struct fill *x, const struct mptcp_side *s, struct span at)
{
	if (!x->conn)
		return no_connection(x, at);
	if (s->known)
		return 0;
	return diag_error(x->d, at, "%s key is not known yet: no packet before this one told it",
			  whose(x, s));
}

/* The value of a key's name: known, the side's own, or (for the tool's side) made now. */
static int name_value(struct fill *x, struct mptcp_val *v, const struct mptcp_side *side,
		      const struct mptcp_val *live)
{
	struct mptcp_var *var = mptcp_var(x->m, v->name, MPTCP_VAR_KEY, v->span, x->d);

	if (!var)
		return -1;
	if (v->how == MPTCP_SET) {
		var->key = v->n;
		var->known = true;
	}
	if (!var->known && side && side->known) {
		var->key = side->key;
		var->known = true;
	}
	if (!var->known && x->out && live && live->bytes) {
		var->key = live->n;
		var->known = true;
	}
	if (!var->known && !x->out && side == x->sender) {
		var->key = mptcp_random(x->m);
		var->known = true;
	}
	v->n = var->key;
	/* An expected packet without the option fails for that. */
	return var->known || x->out ? 0 :
		diag_error(x->d, v->span, "the key '%s' is not known yet: no packet of the stack "
			   "before this one told it", v->name);
}

/* A key as an argument: a number, or a name that has a value. */
static int key_argument(struct mptcp *m, const struct opt_atom *a, uint64_t *key,
			struct diag_sink *d)
{
	struct mptcp_var *var;

	if (a->kind == ATOM_NUM) {
		*key = strtoull(a->text, NULL, strncmp(a->text, "0x", 2) ? 10 : 16);
		return 0;
	}
	var = mptcp_var(m, a->text, MPTCP_VAR_KEY, a->span, d);
	if (!var)
		return -1;
	*key = var->key;
	return var->known ? 0 : diag_error(d, a->span, "the key '%s' has no value yet", a->text);
}

static enum mptcp_hash hash_of(const char *call, const struct mptcp_conn *conn)
{
	if (strstr(call, "sha1"))
		return MPTCP_SHA1;
	if (strstr(call, "sha256"))
		return MPTCP_SHA256;
	return conn ? conn->hash : MPTCP_SHA256;
}

int mptcp_join_token(struct mptcp *m, const struct mptcp_opt *o, const struct mptcp_conn *conn,
		     bool outbound, uint32_t *token, struct diag_sink *d)
{
	const struct mptcp_side *receiver = conn ? outbound ? &conn->remote : &conn->local : NULL;
	uint64_t key;

	if (o->token.how == MPTCP_NUMBER) {
		*token = (uint32_t)o->token.n;
		return 0;
	}
	if (o->token.how == MPTCP_CALL) {
		if (key_argument(m, STAILQ_FIRST(&o->token.call->items), &key, d))
			return -1;
		*token = mptcp_token(hash_of(o->token.call->text, conn), key);
		return 0;
	}
	if (!receiver || !receiver->known)
		return diag_error(d, o->token.span, "token=auto needs a connection whose keys are known");
	*token = receiver->token;
	return 0;
}

static int fill_capable(struct fill *x)
{
	struct mptcp_opt *o = x->o;
	const struct mptcp_opt *live = x->live;
	struct mptcp_side *sides[2] = { x->sender, x->receiver };
	int i;

	for (i = 0; i < 2; i++)
		if ((o->key[i].how == MPTCP_NAME || o->key[i].how == MPTCP_SET) &&
		    name_value(x, &o->key[i], sides[i], live ? &live->key[i] : NULL))
			return -1;
	if (!o->cksum.bytes || o->cksum.how == MPTCP_NUMBER)
		return 0;
	if (need_key(x, x->sender, o->span))
		return -1;
	o->cksum.n = mptcp_dss_checksum(x->sender->idsn + 1, 1, (uint16_t)o->dll.n,
					x->pkt->data + x->pkt->payload_off, x->pkt->payload_len);
	return 0;
}

/*
 * A data sequence number: of the side whose numbers it counts in. base is what
 * is subtracted again for an expected packet, which is in script space.
 */
static int fill_number(struct fill *x, struct mptcp_val *v, const struct mptcp_side *side,
		       const struct mptcp_val *live)
{
	uint64_t key;

	if (!v->bytes)
		return 0;
	if (v->how == MPTCP_UNSAID && x->out) {
		v->n = live ? live->n : 0;
		return 0;
	}
	if (v->how == MPTCP_CALL) {
		if (key_argument(x->m, STAILQ_FIRST(&v->call->items), &key, x->d))
			return -1;
		v->n = mptcp_idsn(hash_of(v->call->text, x->conn), key);
	} else if (v->how == MPTCP_UNSAID) {
		v->n = side ? side->next : 0;
	}
	v->n += v->plus;
	if (v->how == MPTCP_CALL || v->how == MPTCP_ABSOLUTE) {
		v->n -= x->out && side && side->known ? side->idsn : 0;
		return 0;
	}
	if (x->out)
		return 0;
	if (need_key(x, side, v->span.line ? v->span : x->o->span))
		return -1;
	v->n += side->idsn;
	return 0;
}

/* The mapping's numbers that are not written follow from the packet that carries it. */
static void fill_mapping(struct fill *x)
{
	struct mptcp_opt *o = x->o;
	const struct mptcp_opt *live = x->live;
	uint32_t payload = x->pkt->payload_len;

	if (o->ssn.how == MPTCP_UNSAID)
		o->ssn.n = x->out ? live ? live->ssn.n : 0 : payload ? x->spec->tcp.seq : 0;
	if (o->dll.how == MPTCP_UNSAID)
		o->dll.n = x->out ? live ? live->dll.n : 0 : payload + o->fin;
}

/* All 64 bits, of which the option may carry half. */
static uint64_t whole_dsn(const struct fill *x, const struct mptcp_val *dsn)
{
	uint64_t n = dsn->n + (x->out && x->sender ? x->sender->idsn : 0), near;

	if (dsn->bytes == 8 || !x->sender)
		return n;
	near = x->sender->idsn + x->sender->next;
	return near + (uint64_t)(int64_t)(int32_t)((uint32_t)n - (uint32_t)near);
}

static void fill_checksum(struct fill *x)
{
	struct mptcp_opt *o = x->o;
	uint32_t data = (uint32_t)o->dll.n - o->fin;

	if (!o->cksum.bytes || o->cksum.how == MPTCP_NUMBER)
		return;
	if (data == x->pkt->payload_len)
		o->cksum.n = mptcp_dss_checksum(whole_dsn(x, &o->dsn), (uint32_t)o->ssn.n,
						(uint16_t)o->dll.n,
						x->pkt->data + x->pkt->payload_off, data);
	else if (x->out && x->live)
		/* A mapping of several segments: only all of them would tell. */
		o->cksum.n = x->live->cksum.n;
}

static int fill_dss(struct fill *x)
{
	if (fill_number(x, &x->o->dack, x->receiver, x->live ? &x->live->dack : NULL) ||
	    fill_number(x, &x->o->dsn, x->sender, x->live ? &x->live->dsn : NULL))
		return -1;
	if (x->o->dsn.bytes) {
		fill_mapping(x);
		fill_checksum(x);
	}
	return 0;
}

static bool id_of(const struct mptcp_side *s, const struct ip_addr *ip, uint8_t *id)
{
	const struct mptcp_addr *a;

	for (a = s ? s->addrs : NULL; a; a = a->next) {
		if (ip_addr_equal(&a->ip, ip)) {
			*id = a->id;
			return true;
		}
	}
	return false;
}

/* The tool's own ids: 0 for the address the connection began with, then counting. */
static uint8_t own_id(const struct fill *x, const struct ip_addr *ip)
{
	const struct mptcp_addr *a;
	uint8_t id = 0;

	if (x->conn && ip_addr_equal(ip, &x->conn->first->live.remote))
		return 0;
	if (id_of(x->sender, ip, &id))
		return id;
	for (a = x->sender ? x->sender->addrs : NULL; a; a = a->next)
		if (a->id > id)
			id = a->id;
	return (uint8_t)(id + 1);
}

/* The id of a join or a prio, when none is written. */
static void fill_id(struct fill *x, const struct ip_addr *ip)
{
	struct mptcp_val *id = &x->o->id;

	if (!id->bytes || id->how == MPTCP_NUMBER)
		return;
	if (x->out)
		id->n = x->live ? x->live->id.n : 0;
	else
		id->n = own_id(x, ip);
}

static void fill_nonce(struct fill *x)
{
	uint32_t *nonce = x->out ? &x->f->nonce_local : &x->f->nonce_remote;

	if (x->o->rand.how == MPTCP_UNSAID)
		x->o->rand.n = x->out ? x->live ? x->live->rand.n : 0 :
			(uint32_t)mptcp_random(x->m);
	*nonce = (uint32_t)x->o->rand.n;
}

/* MP_JOIN's HMAC: the sender's key and nonce come first (RFC 8684 3.2). */
static int join_hmac(struct fill *x, uint8_t out[MPTCP_DIGEST_MAX])
{
	const struct mptcp_val *v = &x->o->hmac;
	uint64_t sender, receiver;
	uint8_t msg[8];

	if (v->how == MPTCP_CALL) {
		const struct opt_atom *first = STAILQ_FIRST(&v->call->items);

		if (key_argument(x->m, first, &sender, x->d) ||
		    key_argument(x->m, STAILQ_NEXT(first, next), &receiver, x->d))
			return -1;
	} else {
		if (need_key(x, x->sender, v->span) || need_key(x, x->receiver, v->span))
			return -1;
		sender = x->sender->key;
		receiver = x->receiver->key;
	}
	put_be32(msg, x->out ? x->f->nonce_local : x->f->nonce_remote);
	put_be32(msg + 4, x->out ? x->f->nonce_remote : x->f->nonce_local);
	mptcp_hmac_keys(hash_of(v->call ? v->call->text : "", x->conn), sender, receiver, msg,
			sizeof(msg), out);
	return 0;
}

static int fill_join_hmac(struct fill *x)
{
	uint8_t digest[MPTCP_DIGEST_MAX];

	if (x->o->hmac.how == MPTCP_NUMBER)
		return 0;
	if (join_hmac(x, digest))
		return -1;
	if (x->o->form == MPTCP_JOIN_ACK)
		memcpy(x->o->hmac_bytes, digest, MPTCP_HMAC_BYTES);
	else
		x->o->hmac.n = (uint64_t)get_be32(digest) << 32 | get_be32(digest + 4);
	return 0;
}

static int fill_join(struct fill *x)
{
	uint32_t token = 0;

	fill_id(x, &x->f->live.remote);
	if (x->o->rand.bytes)
		fill_nonce(x);
	if (x->o->form != MPTCP_JOIN_SYN)
		return fill_join_hmac(x);
	if (mptcp_join_token(x->m, x->o, x->conn, x->out, &token, x->d))
		return -1;
	x->o->token.n = token;
	return 0;
}

static int fill_addr(struct fill *x)
{
	struct mptcp_opt *o = x->o;
	struct mptcp_var *var;

	if (o->addr.how == MPTCP_NUMBER)
		return 0;
	var = mptcp_var(x->m, o->addr.name, MPTCP_VAR_ADDR, o->addr.span, x->d);
	if (!var)
		return -1;
	if (o->addr.how == MPTCP_SET) {
		var->addr = o->ip;
		var->known = true;
	}
	if (!var->known && x->out && x->live) {
		var->addr = x->live->ip;
		var->known = true;
	}
	if (!var->known && !x->out && mptcp_allocate(x->m, var, o->addr.span, x->d))
		return -1;
	if (var->known && var->addr.family != o->ip.family)
		return diag_error(x->d, o->addr.span, "addr[%s] is an address of the other IP version: "
				  "write addr[%s=%s(...)] so that its size is known", o->addr.name,
				  o->addr.name, var->addr.family == AF_INET ? "inet_addr" : "inet6_addr");
	if (var->known)
		o->ip = var->addr;
	return 0;
}

/* ADD_ADDR's HMAC covers id, address and port (RFC 8684 3.4.1). */
static int fill_addr_hmac(struct fill *x)
{
	struct mptcp_opt *o = x->o;
	uint8_t msg[1 + 16 + 2], digest[MPTCP_DIGEST_MAX];
	size_t n;

	if (!o->hmac.bytes || o->hmac.how == MPTCP_NUMBER)
		return 0;
	if (need_key(x, x->sender, o->hmac.span) || need_key(x, x->receiver, o->hmac.span))
		return -1;
	msg[0] = (uint8_t)o->id.n;
	memcpy(msg + 1, o->ip.b, o->addr.bytes);
	put_be16(msg + 1 + o->addr.bytes, (uint16_t)o->port.n);
	n = mptcp_hmac_keys(x->conn->hash, x->sender->key, x->receiver->key, msg,
			    1u + o->addr.bytes + 2u, digest);
	o->hmac.n = (uint64_t)get_be32(digest + n - 8) << 32 | get_be32(digest + n - 4);
	return 0;
}

static int fill_add_addr(struct fill *x)
{
	struct mptcp_opt *o = x->o;
	uint8_t id;

	if (fill_addr(x))
		return -1;
	if (o->id.how != MPTCP_NUMBER) {
		/* An echo repeats the id of the side that owns the address. */
		if (x->out)
			o->id.n = x->live ? x->live->id.n : 0;
		else if (o->echo)
			o->id.n = id_of(x->receiver, &o->ip, &id) ? id : 0;
		else
			o->id.n = own_id(x, &o->ip);
	}
	return fill_addr_hmac(x);
}

static int fill_fastclose(struct fill *x)
{
	struct mptcp_val *key = &x->o->key[0];

	if (key->how == MPTCP_NUMBER) {
		key->n += key->plus;
		return 0;
	}
	if (key->how != MPTCP_UNSAID) {
		if (name_value(x, key, NULL, x->live ? &x->live->key[0] : NULL))
			return -1;
		key->n += key->plus;
		return 0;
	}
	if (need_key(x, x->receiver, x->o->span))
		return -1;
	key->n = x->receiver->key + key->plus;
	return 0;
}

static int fill_one(struct fill *x)
{
	switch (x->o->form) {
	case MPTCP_CAPABLE:
		return fill_capable(x);
	case MPTCP_JOIN_SYN:
	case MPTCP_JOIN_SYN_ACK:
	case MPTCP_JOIN_ACK:
		return fill_join(x);
	case MPTCP_DSS:
		return fill_dss(x);
	case MPTCP_FAIL:
		return fill_number(x, &x->o->dsn, x->sender, x->live ? &x->live->dsn : NULL);
	case MPTCP_ADD_ADDR:
		return fill_add_addr(x);
	case MPTCP_FASTCLOSE:
		return fill_fastclose(x);
	case MPTCP_PRIO:
		fill_id(x, &x->f->live.remote);
		return 0;
	default:
		return 0;
	}
}

/* The n-th MPTCP option of this form in what came. */
static const struct mptcp_opt *find_live(const struct pkt *live, enum mptcp_form form, int n,
					 struct mptcp_opt *o)
{
	size_t len = 0, pos = 0;
	const uint8_t *opts = live ? pkt_tcp_opts(live, &len) : NULL;
	struct tcpopt t;

	while (tcpopt_next(opts, len, &pos, &t) == 1)
		if (t.kind == TCPO_MPTCP && mptcp_opt_decode(t.data, t.len, o) &&
		    o->form == form && !n--)
			return o;
	return NULL;
}

static int fill_all(struct fill *x, struct pkt *p, const struct pkt *live)
{
	int family = ip_version_family(x->m->settings->ip_version), nth[MPTCP_FORMS] = { 0 };
	const struct spec_opt *so;
	struct mptcp_opt o, came;
	enum mptcp_form form;
	size_t len;
	uint8_t *at = pkt_tcp_opts(p, &len), *end = at + len;

	STAILQ_FOREACH(so, &x->spec->tcp.opts, next) {
		size_t n;

		if (at + 2 > end)
			break;
		n = tcpopt_written_bytes(so, at);
		if (mptcp_opt_form(so->name, &form)) {
			if (mptcp_opt_parse(so, family, &o, x->d))
				return -1;
			x->o = &o;
			x->live = find_live(live, form, nth[form]++, &came);
			if (fill_one(x))
				return -1;
			mptcp_opt_put(&o, at + 2);
		}
		at += n;
	}
	return 0;
}

static bool has_list(const struct pkt_spec *spec)
{
	return spec->kind == SPEC_TCP && spec->tcp.opts_kind == OPTS_LIST;
}

int mptcp_fill_inbound(struct mptcp *m, struct flow *f, const struct pkt_spec *spec,
		       struct pkt *p, struct diag_sink *d)
{
	struct mptcp_conn *c = f->mptcp;
	struct fill x = { .m = m, .f = f, .conn = c, .pkt = p, .spec = spec, .d = d,
			  .sender = c ? &c->remote : NULL, .receiver = c ? &c->local : NULL };

	return has_list(spec) ? fill_all(&x, p, NULL) : 0;
}

int mptcp_fill_outbound(struct mptcp *m, struct flow *f, const struct pkt_spec *spec,
			struct pkt *p, const struct pkt *live, struct diag_sink *d)
{
	struct mptcp_conn *c = f->mptcp;
	struct fill x = { .m = m, .f = f, .conn = c, .pkt = live, .spec = spec, .out = true, .d = d,
			  .sender = c ? &c->local : NULL, .receiver = c ? &c->remote : NULL };
	struct pkt *came;

	if (!has_list(spec))
		return 0;
	came = pkt_copy(live, m->arena);
	mptcp_to_script(f, came);
	return fill_all(&x, p, came);
}
