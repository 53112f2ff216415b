/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MPTCP (RFC 8684; RFC 6824 for version 0): variables of a script, what is
 * known of each connection, and the values of options that follow from it.
 */
#ifndef DP_ENGINE_MPTCP_H
#define DP_ENGINE_MPTCP_H

#include "engine/flow.h"
#include "wire/mptcp_hash.h"
#include "wire/tcpopt_mptcp.h"

struct diag_sink;

enum mptcp_var_kind { MPTCP_VAR_KEY, MPTCP_VAR_ADDR };

/* A name in a script; a value once something gave it one. */
struct mptcp_var {
	const char *name;
	enum mptcp_var_kind kind;
	struct span first;		/* where it stands first */
	bool known;
	uint64_t key;
	struct ip_addr addr;
	struct mptcp_var *next;
};

/* An address and the id its side gave it (RFC 8684 3.4.1). */
struct mptcp_addr {
	struct ip_addr ip;
	uint8_t id;
	struct mptcp_addr *next;
};

/* One side of a connection. */
struct mptcp_side {
	bool known;			/* its key */
	uint64_t key, idsn;
	uint32_t token;
	uint64_t next;			/* after the data it has sent, from its IDSN */
	struct mptcp_addr *addrs;
};

/* A connection; its subflows are the flows that point to it. */
struct mptcp_conn {
	enum mptcp_hash hash;
	struct mptcp_side local, remote;	/* the stack's side and the tool's */
	struct flow *first;
	struct mptcp_conn *next;
};

struct mptcp {
	struct arena *arena;
	const struct settings *settings;
	struct mptcp_var *vars;
	struct mptcp_conn *conns;	/* newest first */
	uint64_t random;		/* state of the generator of keys and nonces */
};

void mptcp_init(struct mptcp *m, const struct settings *settings, struct arena *a);
/* Reproducible numbers for keys and nonces: the same in every run of a script. */
uint64_t mptcp_random(struct mptcp *m);

/*
 * The variable of this name and kind, made at its first use; NULL after a
 * diagnostic if the name is used for the other kind.
 */
struct mptcp_var *mptcp_var(struct mptcp *m, const char *name, enum mptcp_var_kind kind,
			    struct span at, struct diag_sink *d);
/*
 * The address of a variable on the tool's side: one of the remote prefix that
 * no other name has. 0, or -1 after a diagnostic when there is none left.
 */
int mptcp_allocate(struct mptcp *m, struct mptcp_var *v, struct span at, struct diag_sink *d);

/* The connection with this token on the stack's side (or the tool's); NULL if there is none. */
struct mptcp_conn *mptcp_by_token(const struct mptcp *m, bool local, uint32_t token);
/*
 * The token a written MP_JOIN SYN means. 0, or -1 after a diagnostic. conn:
 * for `auto`; may be NULL.
 */
int mptcp_join_token(struct mptcp *m, const struct mptcp_opt *o, const struct mptcp_conn *conn,
		     bool outbound, uint32_t *token, struct diag_sink *d);

/*
 * Learns from the bytes of a packet on the wire: keys, nonces, ids, how far
 * the data went. from_stack: it is one of the stack's.
 */
void mptcp_track(struct mptcp *m, struct flow *f, const struct pkt *live, bool from_stack);
/*
 * Fills the MPTCP options of a packet to inject, built from spec, in place:
 * values of the wire. 0, or -1 after a diagnostic at what cannot be known.
 */
int mptcp_fill_inbound(struct mptcp *m, struct flow *f, const struct pkt_spec *spec,
		       struct pkt *p, struct diag_sink *d);
/*
 * The same for an expected packet, in script space; what the script leaves
 * open is taken from the packet that came, names without value learn theirs.
 */
int mptcp_fill_outbound(struct mptcp *m, struct flow *f, const struct pkt_spec *spec,
			struct pkt *p, const struct pkt *live, struct diag_sink *d);
/* Makes data sequence numbers of a packet of the stack relative to the initial ones. */
void mptcp_to_script(const struct flow *f, struct pkt *p);
/*
 * Two segments taken for one packet: if the mapping of the second (whose
 * header merged has) continues the first's, merged gets one that is both.
 * Checksums cover one mapping, so those with one stay apart.
 */
void mptcp_merge(struct pkt *merged, const struct pkt *first, const struct pkt *second);
/* The first MPTCP option of this form in a packet; false if there is none. */
bool mptcp_find(const struct pkt *p, enum mptcp_form form, struct mptcp_opt *o);
/* The same in a script line, as written; 1 = found, 0 = none, -1 after a diagnostic. */
int mptcp_find_written(const struct mptcp *m, const struct pkt_spec *spec, enum mptcp_form form,
		       struct mptcp_opt *o, struct diag_sink *d);

#endif
