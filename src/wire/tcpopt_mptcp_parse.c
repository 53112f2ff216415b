/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script writes of an MPTCP option: its words, looked up in a table. */
#include "config.h"

#include "wire/tcpopt_mptcp_parse.h"
#include "base/diag.h"
#include "base/names.h"

#include <stddef.h>
#include <string.h>

#define IN(form) (1u << MPTCP_##form)

/* An option's name in scripts. */
struct form_desc {
	const char *name;
	enum mptcp_form form;
	const char *usage;
	/* Reads a piece that no word of the table begins: 1 = read, 0 = not mine, -1 = bad. */
	int (*bare)(struct reader *r, const struct opt_atom *a);
};

static const struct name_value capable_flags[] = {
	{ "flag_a", 0x80 }, { "flag_b", 0x40 }, { "flag_c", 0x20 }, { "flag_d", 0x10 },
	{ "flag_e", 0x08 }, { "flag_f", 0x04 }, { "flag_g", 0x02 }, { "flag_h", 0x01 },
	{ "no_flags", 0 }, { NULL, 0 }
};

static const struct name_value rst_flags[] = {
	{ "flag_u", 0x08 }, { "flag_v", 0x04 }, { "flag_w", 0x02 }, { "flag_t", MPTCP_FLAG_T },
	{ "no_flags", 0 }, { NULL, 0 }
};

/* A word that stands for itself. */
static int read_alone(struct reader *r, const struct opt_atom *a)
{
	return a->kind == ATOM_WORD ? 0 :
		diag_error(r->d, a->span, "%s %s takes no value", r->option, a->text);
}

/* flags[name, name] or flags 0xN. */
static int read_flags(struct reader *r, const struct opt_atom *a)
{
	const struct name_value *names = r->m->form == MPTCP_RST ? rst_flags : capable_flags;
	const struct opt_atom *item;
	const char *near;
	uint64_t n;
	int64_t bit;

	if (a->kind != ATOM_INDEX) {
		if (a->kind != ATOM_WORD || !r->next)
			return diag_error(r->d, a->span, "flags are written flags[flag_h] or flags 0xN");
		if (mptcp_read_number(r, r->next, r->m->form == MPTCP_RST ? 0xf : 0xff, "flags", &n))
			return -1;
		r->m->flags = (uint8_t)n;
		r->next = STAILQ_NEXT(r->next, next);
		return 0;
	}
	STAILQ_FOREACH(item, &a->items, next) {
		if (item->kind == ATOM_WORD && names_find(names, item->text, &bit)) {
			r->m->flags |= (uint8_t)bit;
			continue;
		}
		near = names_nearest(names, item->text);
		return diag_error(r->d, item->span, "unknown flag '%s' in %s%s%s%s", item->text,
				  r->option, near ? "; did you mean '" : "", near ? near : "",
				  near ? "'?" : "");
	}
	return 0;
}

static int read_keys(struct reader *r, const struct opt_atom *a)
{
	const struct opt_atom *item;
	unsigned n = 0;

	if (r->keys_said)
		return diag_error(r->d, a->span, "%s says both nokey and key[...]", r->option);
	STAILQ_FOREACH(item, &a->items, next) {
		if (n == 2)
			return diag_error(r->d, item->span, "%s has at most two keys", r->option);
		r->m->key[n].bytes = 8;
		if (mptcp_read_value(r, &r->m->key[n], item, UINT64_MAX, MAY_NAME, "key"))
			return -1;
		n++;
	}
	r->last = NULL;
	r->keys_said = true;
	return n ? 0 : diag_error(r->d, a->span, "key[] names no key; write nokey");
}

static int read_nokey(struct reader *r, const struct opt_atom *a)
{
	if (r->keys_said)
		return diag_error(r->d, a->span, "%s says both nokey and key[...]", r->option);
	r->keys_said = true;
	return read_alone(r, a);
}

static int read_nocs(struct reader *r, const struct opt_atom *a)
{
	r->nocs = true;
	return read_alone(r, a);
}

static int read_backup(struct reader *r, const struct opt_atom *a)
{
	uint64_t n;

	if (mptcp_read_number(r, a->kind == ATOM_ASSIGN ? a->value : a, 1, "backup", &n))
		return -1;
	r->m->backup = n;
	return 0;
}

/* inet_addr("192.0.2.1") */
static int literal_addr(struct reader *r, const struct opt_atom *a)
{
	const struct opt_atom *text = STAILQ_FIRST(&a->items);
	int family = !strcmp(a->text, "inet_addr") ? AF_INET :
		!strcmp(a->text, "inet6_addr") ? AF_INET6 : 0;

	if (a->kind != ATOM_CALL || !family || !text || text->kind != ATOM_STRING ||
	    STAILQ_NEXT(text, next))
		return diag_error(r->d, a->span, "an address is written addr[NAME], "
				  "addr[NAME=inet_addr(\"192.0.2.2\")] or with inet6_addr");
	if (!ip_addr_parse(text->text, &r->m->ip) || r->m->ip.family != family)
		return diag_error(r->d, text->span, "\"%s\" is no %s address", text->text,
				  family == AF_INET ? "IPv4" : "IPv6");
	return 0;
}

static int read_addr(struct reader *r, const struct opt_atom *a)
{
	const struct opt_atom *item = STAILQ_FIRST(&a->items);
	struct mptcp_val *v = &r->m->addr;

	if (!item || STAILQ_NEXT(item, next))
		return diag_error(r->d, a->span, "addr[...] wants one address");
	v->span = item->span;
	r->m->ip.family = r->family;
	v->how = item->kind == ATOM_WORD ? MPTCP_NAME :
		item->kind == ATOM_ASSIGN ? MPTCP_SET : MPTCP_NUMBER;
	if (v->how != MPTCP_NUMBER)
		v->name = item->text;
	if (v->how != MPTCP_NAME &&
	    literal_addr(r, v->how == MPTCP_SET ? item->value : item))
		return -1;
	v->bytes = r->m->ip.family == AF_INET ? 4 : 16;
	return 0;
}

/* remove_address address_id=[1, 2] */
static int read_ids(struct reader *r, const struct opt_atom *a)
{
	const struct opt_atom *item;
	uint64_t n;

	if (a->kind != ATOM_ASSIGN || a->value->kind != ATOM_INDEX || *a->value->text)
		return diag_error(r->d, a->span, "remove_address is written address_id=[N, ...]");
	STAILQ_FOREACH(item, &a->value->items, next) {
		if (r->m->n_ids == MPTCP_MAX_IDS)
			return diag_error(r->d, item->span, "too many address ids");
		if (mptcp_read_number(r, item, UINT8_MAX, "address_id", &n))
			return -1;
		r->m->ids[r->m->n_ids++] = (uint8_t)n;
	}
	return r->m->n_ids ? 0 : diag_error(r->d, a->span, "remove_address needs an address id");
}

/* Keys without a word before them, flags without brackets: the older MP_CAPABLE. */
static int bare_capable(struct reader *r, const struct opt_atom *a)
{
	int i = r->m->key[0].bytes ? 1 : 0;
	int64_t bit;

	if (a->kind == ATOM_WORD && names_find(capable_flags, a->text, &bit)) {
		r->m->flags = bit ? r->m->flags | (uint8_t)bit : 0;
		r->seen |= UINT32_C(1) << 31;
		return 1;
	}
	if ((a->kind != ATOM_WORD && a->kind != ATOM_ASSIGN && a->kind != ATOM_NUM) ||
	    r->m->key[i].bytes)
		return 0;
	r->m->key[i].bytes = 8;
	r->keys_said = true;
	return mptcp_read_value(r, &r->m->key[i], a, UINT64_MAX, MAY_NAME, "key") ? -1 : 1;
}

static int bare_fastclose(struct reader *r, const struct opt_atom *a)
{
	if (r->m->key[0].how != MPTCP_UNSAID)
		return 0;
	return mptcp_read_value(r, &r->m->key[0], a, UINT64_MAX, MAY_NAME | MAY_PLUS, "key") ? -1 : 1;
}

static int bare_rst(struct reader *r, const struct opt_atom *a)
{
	if (a->kind != ATOM_NUM || r->m->reason.how != MPTCP_UNSAID)
		return 0;
	return mptcp_read_value(r, &r->m->reason, a, UINT8_MAX, 0, "reason") ? -1 : 1;
}

static const struct form_desc form_table[] = {
	{ "mpcapable", MPTCP_CAPABLE,
	  "mpcapable v1 flags[flag_h] nokey|key[NAME, NAME] [mpcdatalen N]", NULL },
	{ "mp_capable", MPTCP_CAPABLE, "mp_capable KEY [KEY] [flag_a ...]", bare_capable },
	{ "mp_capable_no_cs", MPTCP_CAPABLE, "mp_capable_no_cs KEY [KEY] [flag_h ...]",
	  bare_capable },
	{ "mp_join_syn", MPTCP_JOIN_SYN,
	  "mp_join_syn [backup=N] [address_id=N] token=N|auto|sha256_32(KEY) [rand=N]", NULL },
	{ "mp_join_syn_ack", MPTCP_JOIN_SYN_ACK,
	  "mp_join_syn_ack [backup=N] [address_id=N] sender_hmac=auto|trunc_l64_hmac(...) [rand=N]",
	  NULL },
	{ "mp_join_ack", MPTCP_JOIN_ACK, "mp_join_ack sender_hmac=auto|full_160_hmac(...)", NULL },
	{ "dss", MPTCP_DSS, "dss [dack4|dack8[=N]] [dsn4|dsn8[=N]] [ssn=N] [dll=N] "
	  "[nocs|cksum=N] [fin]", NULL },
	{ "add_address", MPTCP_ADD_ADDR, "add_address [address_id=N] addr[NAME] [port=N] "
	  "hmac=auto|hmac=N|addr_echo", NULL },
	{ "remove_address", MPTCP_REMOVE_ADDR, "remove_address address_id=[N, ...]", NULL },
	{ "mp_prio", MPTCP_PRIO, "mp_prio [backup=N] [address_id=N]", NULL },
	{ "mp_fail", MPTCP_FAIL, "mp_fail dsn8[=N]", NULL },
	{ "mp_fastclose", MPTCP_FASTCLOSE, "mp_fastclose [KEY] [+ N]", bare_fastclose },
	{ "mp_reset", MPTCP_RST, "mp_reset REASON [flags[flag_t]]", bare_rst },
	{ NULL, MPTCP_FORMS, NULL, NULL }
};

static const struct form_desc *find_form(const char *name)
{
	const struct form_desc *f;

	for (f = form_table; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

bool mptcp_opt_form(const char *name, enum mptcp_form *form)
{
	const struct form_desc *f = find_form(name);

	if (!f)
		return false;
	*form = f->form;
	return true;
}

/* The words of options. WORD alone, WORD=V, WORD N, or read by a function. */
enum shape { IS_FLAG, IS_VALUE, IS_SIZED, IS_NEXT, IS_READ };

#define VAL(member) offsetof(struct mptcp_opt, member)
static const struct word_desc {
	const char *word;
	unsigned forms;
	enum shape shape;
	size_t at;
	uint8_t bytes;		/* IS_FLAG: the value it gives */
	uint64_t max;
	unsigned may;
	int (*read)(struct reader *r, const struct opt_atom *a);
} word_table[] = {
	{ "v0", IN(CAPABLE), IS_FLAG, VAL(version), 0, 0, 0, NULL },
	{ "v1", IN(CAPABLE), IS_FLAG, VAL(version), 1, 0, 0, NULL },
	{ "none", IN(CAPABLE), IS_FLAG, VAL(version), 1, 0, 0, NULL },
	{ "flags", IN(CAPABLE) | IN(RST), IS_READ, 0, 0, 0, 0, read_flags },
	{ "nokey", IN(CAPABLE), IS_READ, 0, 0, 0, 0, read_nokey },
	{ "key", IN(CAPABLE), IS_READ, 0, 0, 0, 0, read_keys },
	{ "mpcdatalen", IN(CAPABLE), IS_NEXT, VAL(dll), 2, UINT16_MAX, 0, NULL },
	{ "backup", IN(JOIN_SYN) | IN(JOIN_SYN_ACK) | IN(PRIO), IS_READ, 0, 0, 0, 0, read_backup },
	{ "address_id", IN(JOIN_SYN) | IN(JOIN_SYN_ACK) | IN(ADD_ADDR) | IN(PRIO), IS_VALUE,
	  VAL(id), 1, UINT8_MAX, MAY_AUTO, NULL },
	{ "address_id", IN(REMOVE_ADDR), IS_READ, 0, 0, 0, 0, read_ids },
	{ "token", IN(JOIN_SYN), IS_VALUE, VAL(token), 4, UINT32_MAX, MAY_AUTO | MAY_CALL, NULL },
	{ "rand", IN(JOIN_SYN) | IN(JOIN_SYN_ACK), IS_VALUE, VAL(rand), 4, UINT32_MAX, 0, NULL },
	{ "sender_hmac", IN(JOIN_SYN_ACK), IS_VALUE, VAL(hmac), 8, UINT64_MAX,
	  MAY_AUTO | MAY_CALL, NULL },
	{ "sender_hmac", IN(JOIN_ACK), IS_VALUE, VAL(hmac), MPTCP_HMAC_BYTES, 0,
	  MAY_AUTO | MAY_CALL, NULL },
	{ "dack4", IN(DSS), IS_SIZED, VAL(dack), 4, UINT32_MAX,
	  MAY_CALL | MAY_ABSOLUTE | MAY_PLUS, NULL },
	{ "dack8", IN(DSS), IS_SIZED, VAL(dack), 8, UINT64_MAX,
	  MAY_CALL | MAY_ABSOLUTE | MAY_PLUS, NULL },
	{ "dsn4", IN(DSS), IS_SIZED, VAL(dsn), 4, UINT32_MAX,
	  MAY_CALL | MAY_ABSOLUTE | MAY_PLUS, NULL },
	{ "dsn8", IN(DSS) | IN(FAIL), IS_SIZED, VAL(dsn), 8, UINT64_MAX,
	  MAY_CALL | MAY_ABSOLUTE | MAY_PLUS, NULL },
	{ "ssn", IN(DSS), IS_VALUE, VAL(ssn), 4, UINT32_MAX, 0, NULL },
	{ "dll", IN(DSS), IS_VALUE, VAL(dll), 2, UINT16_MAX, 0, NULL },
	{ "cksum", IN(DSS) | IN(CAPABLE), IS_VALUE, VAL(cksum), 2, UINT16_MAX, MAY_AUTO, NULL },
	{ "nocs", IN(DSS) | IN(CAPABLE), IS_READ, 0, 0, 0, 0, read_nocs },
	{ "fin", IN(DSS), IS_FLAG, VAL(fin), 1, 0, 0, NULL },
	{ "addr", IN(ADD_ADDR), IS_READ, 0, 0, 0, 0, read_addr },
	{ "port", IN(ADD_ADDR), IS_VALUE, VAL(port), 2, UINT16_MAX, 0, NULL },
	{ "hmac", IN(ADD_ADDR), IS_VALUE, VAL(hmac), 8, UINT64_MAX, MAY_AUTO, NULL },
	{ "addr_echo", IN(ADD_ADDR), IS_FLAG, VAL(echo), 1, 0, 0, NULL },
	{ NULL, 0, IS_FLAG, 0, 0, 0, 0, NULL }
};

static bool may_begin(const struct word_desc *w, const struct reader *r, const struct opt_atom *a)
{
	return w->forms & 1u << r->m->form && !strcmp(w->word, a->text) &&
		(a->kind == ATOM_WORD || a->kind == ATOM_ASSIGN || a->kind == ATOM_INDEX);
}

static int unknown_word(struct reader *r, const struct opt_atom *a)
{
	struct name_value names[sizeof(word_table) / sizeof(word_table[0])] = { 0 };
	const struct word_desc *w;
	const char *near;
	size_t n = 0;

	for (w = word_table; w->word; w++)
		if (w->forms & 1u << r->m->form)
			names[n++].name = w->word;
	near = names_nearest(names, a->text);
	if (near)
		return diag_error(r->d, a->span, "unknown word '%s' in %s; did you mean '%s'?",
				  a->text, r->option, near);
	return diag_error(r->d, a->span, "unknown word '%s' in %s, which is written '%s'", a->text,
			  r->option, find_form(r->option)->usage);
}

static int read_sized(struct reader *r, const struct word_desc *w, struct mptcp_val *v,
		      const struct opt_atom *a)
{
	if (v->bytes)
		return diag_error(r->d, a->span, "%s says '%s' after the same with another size",
				  r->option, w->word);
	if (a->kind == ATOM_INDEX)
		return diag_error(r->d, a->span, "%s is written %s or %s=VALUE", w->word, w->word,
				  w->word);
	v->bytes = w->bytes;
	r->last = v;
	v->span = a->span;
	return a->kind == ATOM_ASSIGN ? mptcp_read_value(r, v, a->value, w->max, w->may, w->word) : 0;
}

static int read_word(struct reader *r, const struct word_desc *w, const struct opt_atom *a)
{
	struct mptcp_val *v = (void *)((char *)r->m + w->at);
	const struct opt_atom *n = r->next;

	r->last = NULL;
	switch (w->shape) {
	case IS_FLAG:
		if (w->at == VAL(version) && r->version_said)
			return diag_error(r->d, a->span, "%s says its version twice", r->option);
		*((uint8_t *)r->m + w->at) = w->bytes;
		r->version_said |= w->at == VAL(version);
		return read_alone(r, a);
	case IS_READ:
		return w->read(r, a);
	case IS_SIZED:
		return read_sized(r, w, v, a);
	case IS_VALUE:
		if (a->kind != ATOM_ASSIGN)
			return diag_error(r->d, a->span, "%s is written %s=VALUE", w->word, w->word);
		v->bytes = w->bytes;
		return mptcp_read_value(r, v, a->value, w->max, w->may, w->word);
	case IS_NEXT:
		if (!n || a->kind != ATOM_WORD)
			return diag_error(r->d, a->span, "%s is written %s N", w->word, w->word);
		v->bytes = w->bytes;
		r->next = STAILQ_NEXT(n, next);
		return mptcp_read_value(r, v, n, w->max, w->may, w->word);
	}
	return -1;
}

static int read_atom(struct reader *r, const struct form_desc *f, const struct opt_atom *a)
{
	const struct word_desc *w;
	uint32_t bit;
	int mine;

	if (a->kind == ATOM_PLUS) {
		if (!r->last)
			return diag_error(r->d, a->span, "nothing that '+' could add to");
		if (a->a < 0)
			return diag_error(r->d, a->span, "a negative number cannot be added");
		r->last->plus = (uint64_t)a->a;
		r->last = NULL;
		return 0;
	}
	for (w = word_table; w->word && !may_begin(w, r, a); w++)
		;
	if (w->word && !(f->bare == bare_capable && w->shape != IS_FLAG)) {
		bit = UINT32_C(1) << (w - word_table);
		if (r->seen & bit)
			return diag_error(r->d, a->span, "%s says '%s' twice", r->option, w->word);
		r->seen |= bit;
		return read_word(r, w, a);
	}
	mine = f->bare ? f->bare(r, a) : 0;
	return mine > 0 ? 0 : mine < 0 ? -1 : unknown_word(r, a);
}

static int bad_usage(struct reader *r, const struct spec_opt *o, const struct form_desc *f)
{
	return diag_error(r->d, o->span, "TCP option %s is written '%s'", f->name, f->usage);
}

/*
 * A checksum that has no place. ssn and dll without a dsn mean nothing as well,
 * but scripts of the multipath-tcp fork write them.
 */
static int check_cksum(const struct reader *r)
{
	const struct mptcp_opt *m = r->m;
	bool dss = m->form == MPTCP_DSS;

	if (!m->cksum.how)
		return 0;
	if (r->nocs)
		return diag_error(r->d, m->cksum.span, "%s says both nocs and cksum", r->option);
	if (dss ? m->dsn.bytes : m->dll.bytes)
		return 0;
	return diag_error(r->d, m->cksum.span, "%s has no cksum without %s", r->option,
			  dss ? "dsn4 or dsn8" : "mpcdatalen");
}

/* Fields that the option has although nothing was written of them. */
static void add_unsaid(struct mptcp_opt *m, bool nocs)
{
	switch (m->form) {
	case MPTCP_JOIN_SYN:
	case MPTCP_JOIN_SYN_ACK:
		m->id.bytes = 1;
		m->rand.bytes = 4;
		break;
	case MPTCP_DSS:
		m->ssn.bytes = m->dsn.bytes ? 4 : 0;
		m->dll.bytes = m->dsn.bytes ? 2 : 0;
		m->cksum.bytes = m->dsn.bytes && !nocs ? 2 : 0;
		break;
	case MPTCP_CAPABLE:
		m->cksum.bytes = m->dll.bytes && !nocs &&
			(m->flags & MPTCP_FLAG_A || m->cksum.how) ? 2 : 0;
		break;
	case MPTCP_ADD_ADDR:
		m->id.bytes = 1;
		break;
	case MPTCP_FASTCLOSE:
		m->key[0].bytes = 8;
		break;
	default:
		break;
	}
}

static bool complete(const struct reader *r, const struct form_desc *f)
{
	const struct mptcp_opt *m = r->m;

	switch (m->form) {
	case MPTCP_CAPABLE:
		return r->keys_said && (f->bare || r->version_said) &&
			(!m->dll.bytes || m->key[1].bytes);
	case MPTCP_JOIN_SYN:
		return m->token.bytes;
	case MPTCP_JOIN_SYN_ACK:
	case MPTCP_JOIN_ACK:
		return m->hmac.bytes;
	case MPTCP_ADD_ADDR:
		return m->addr.bytes && m->echo == !m->hmac.bytes;
	case MPTCP_REMOVE_ADDR:
		return m->n_ids;
	case MPTCP_FAIL:
		return m->dsn.bytes;
	case MPTCP_RST:
		return m->reason.how;
	default:
		return true;
	}
}

int mptcp_opt_parse(const struct spec_opt *o, int family, struct mptcp_opt *m,
		    struct diag_sink *d)
{
	const struct form_desc *f = find_form(o->name);
	struct reader r = { .option = o->name, .family = family, .m = m, .d = d,
			    .next = STAILQ_FIRST(&o->atoms) };
	const struct opt_atom *a;

	memset(m, 0, sizeof(*m));
	m->form = f->form;
	m->span = o->span;
	while ((a = r.next)) {
		r.next = STAILQ_NEXT(a, next);
		if (read_atom(&r, f, a))
			return -1;
	}
	/* The older spelling means checksums unless it says otherwise. */
	if (f->bare == bare_capable && !(r.seen & UINT32_C(1) << 31))
		m->flags = MPTCP_FLAG_H | (strcmp(f->name, "mp_capable") ? 0 : MPTCP_FLAG_A);
	if (m->form == MPTCP_RST)
		m->reason.bytes = 1;
	if (check_cksum(&r))
		return -1;
	add_unsaid(m, r.nocs);
	return complete(&r, f) ? 0 : bad_usage(&r, o, f);
}
