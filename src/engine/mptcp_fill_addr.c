/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the options that add subflows and addresses. */
#include "config.h"

#include "engine/mptcp_fill.h"
#include "base/diag.h"
#include "wire/bytes.h"

#include <string.h>

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

		if (mptcp_key_argument(x->m, first, &sender, x->d) ||
		    mptcp_key_argument(x->m, STAILQ_NEXT(first, next), &receiver, x->d))
			return -1;
	} else {
		if (mptcp_need_key(x, x->sender, v->span) || mptcp_need_key(x, x->receiver, v->span))
			return -1;
		sender = x->sender->key;
		receiver = x->receiver->key;
	}
	put_be32(msg, x->out ? x->f->nonce_local : x->f->nonce_remote);
	put_be32(msg + 4, x->out ? x->f->nonce_remote : x->f->nonce_local);
	mptcp_hmac_keys(mptcp_hash_of(v->call ? v->call->text : "", x->conn), sender, receiver, msg,
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

int mptcp_fill_join(struct fill *x)
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
	if (mptcp_need_key(x, x->sender, o->hmac.span) || mptcp_need_key(x, x->receiver, o->hmac.span))
		return -1;
	msg[0] = (uint8_t)o->id.n;
	memcpy(msg + 1, o->ip.b, o->addr.bytes);
	put_be16(msg + 1 + o->addr.bytes, (uint16_t)o->port.n);
	n = mptcp_hmac_keys(x->conn->hash, x->sender->key, x->receiver->key, msg,
			    1u + o->addr.bytes + 2u, digest);
	o->hmac.n = (uint64_t)get_be32(digest + n - 8) << 32 | get_be32(digest + n - 4);
	return 0;
}

int mptcp_fill_add_addr(struct fill *x)
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

int mptcp_fill_prio(struct fill *x)
{
	fill_id(x, &x->f->live.remote);
	return 0;
}
