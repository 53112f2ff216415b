/* SPDX-License-Identifier: BSD-2-Clause */
/* Between mptcp_fill.c and mptcp_fill_addr.c (subflows, addresses); for nobody else. */
#ifndef DP_ENGINE_MPTCP_FILL_H
#define DP_ENGINE_MPTCP_FILL_H

#include "engine/mptcp.h"

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

/* 0 if the side's key is known, else -1 after a diagnostic that says which is not. */
int mptcp_need_key(const struct fill *x, const struct mptcp_side *s, struct span at);
/* A key as an argument: a number, or a name that has a value. 0 or -1 after a diagnostic. */
int mptcp_key_argument(struct mptcp *m, const struct opt_atom *a, uint64_t *key,
		       struct diag_sink *d);
/* The hash a function's name says, else the connection's. */
enum mptcp_hash mptcp_hash_of(const char *call, const struct mptcp_conn *conn);
/* Each fills in one form of option: 0, or -1 after a diagnostic. */
int mptcp_fill_join(struct fill *x);
int mptcp_fill_add_addr(struct fill *x);
int mptcp_fill_prio(struct fill *x);

#endif
