/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of MPTCP options in packet lines: derived, learnt, or an error that says why not. */
#include "config.h"

#include "engine/mptcp_fill.h"
#include "base/arena.h"
#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

static int no_connection(const struct fill *x, struct span at)
{
	return diag_error(x->d, at, "this packet belongs to no MPTCP connection: no mpcapable or "
			  "mp_join_syn made one");
}

static const char *whose(const struct fill *x, const struct mptcp_side *s)
{
	return s == &x->conn->local ? "the stack's" : "the tool's";
}

int mptcp_need_key(const struct fill *x, const struct mptcp_side *s, struct span at)
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
int mptcp_key_argument(struct mptcp *m, const struct opt_atom *a, uint64_t *key,
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

enum mptcp_hash mptcp_hash_of(const char *call, const struct mptcp_conn *conn)
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
		if (mptcp_key_argument(m, STAILQ_FIRST(&o->token.call->items), &key, d))
			return -1;
		*token = mptcp_token(mptcp_hash_of(o->token.call->text, conn), key);
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
	if (mptcp_need_key(x, x->sender, o->span))
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
		if (mptcp_key_argument(x->m, STAILQ_FIRST(&v->call->items), &key, x->d))
			return -1;
		v->n = mptcp_idsn(mptcp_hash_of(v->call->text, x->conn), key);
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
	if (mptcp_need_key(x, side, v->span.line ? v->span : x->o->span))
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
	if (mptcp_need_key(x, x->receiver, x->o->span))
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
		return mptcp_fill_join(x);
	case MPTCP_DSS:
		return fill_dss(x);
	case MPTCP_FAIL:
		/* It names the data that failed, which the other side has sent. */
		return fill_number(x, &x->o->dsn, x->receiver, x->live ? &x->live->dsn : NULL);
	case MPTCP_ADD_ADDR:
		return mptcp_fill_add_addr(x);
	case MPTCP_FASTCLOSE:
		return fill_fastclose(x);
	case MPTCP_PRIO:
		return mptcp_fill_prio(x);
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
