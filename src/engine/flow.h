/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections of a script: which one a packet line means, and what is known
 * of each in script space and on the wire (packetdrill's rules, section 7 of
 * the language).
 */
#ifndef DP_ENGINE_FLOW_H
#define DP_ENGINE_FLOW_H

#include "script/ast.h"
#include "wire/pkt.h"
#include "wire/tcpstate.h"

struct arena;
struct mptcp_conn;
struct oracle;

enum flow_state {
	FLOW_NEW,		/* socket() */
	FLOW_CONNECTING,	/* connect() or sendto() under way, no packet seen */
	FLOW_SYN_SENT,		/* its SYN was expected by the script */
	FLOW_SYN_ACKED,		/* the script answered with SYN,ACK */
	FLOW_LISTENING,
	FLOW_PACKET_RECEIVED,	/* child of a listener, made by an injected packet */
	FLOW_SYNACK_SENT,
	FLOW_SYNACK_ACKED,
};

struct ts_pair {
	uint32_t script, live;
	struct ts_pair *next;
};

struct isn_pair {
	uint32_t local, remote;
};

struct flow {
	enum flow_state state;
	int protocol;			/* IPPROTO_TCP, IPPROTO_UDP ... */
	int script_fd, live_fd;		/* -1 when none */
	bool passive;
	struct tuple live;		/* ports 0 while unknown */
	bool tuple_known;
	struct isn_pair script, wire;	/* initial sequence numbers in script space and on the wire */
	struct ts_pair *ts;		/* timestamps seen, newest first */
	struct ts_pair ts_base;		/* the first pair */
	bool have_ts_base;
	/* Whose number of the stack an ACK has as long as this one's is not known; NULL: none. */
	const struct flow *stand_in;
	bool foreign;			/* made by written ports, not by a socket of the script */
	uint32_t flow_label_script, flow_label_live;
	struct mptcp_conn *mptcp;	/* the connection this is a subflow of, or NULL */
	bool joined;			/* a subflow that MP_JOIN added: no call is about it */
	uint32_t nonce_local, nonce_remote;	/* of its MP_JOIN handshake */
	const char *name;		/* @NAME of the script, without @, or NULL */
	struct oracle *watch;		/* of a named connection: what is known of its states */
	uint16_t bound_port;		/* what bind() gave it, 0 = none */
	unsigned order;			/* of connect(), or of the ACK that completed it; 0 = not yet */
	struct flow *sut_before;	/* what was under test when its socket was made */
	struct flow *next;
};

struct flow_set {
	struct flow *all;		/* newest first */
	struct flow *sut;		/* the socket under test; never a named connection */
	int n_named;
	unsigned last_order;
	struct arena *arena;
	const struct settings *settings;
};

void flow_init(struct flow_set *s, const struct settings *settings, struct arena *a);
/* A flow nobody has said anything of; the socket under test stays what it is. */
struct flow *flow_add(struct flow_set *s, int protocol);
/* The connection that a packet to a listener makes; becomes the socket under test. */
struct flow *flow_child(struct flow_set *s, const struct pkt *script_pkt, uint16_t peer_port);
/*
 * Another connection of the same ends, after the one before is over; it begins with the
 * next packet. The old one keeps its descriptor and nothing else. What is under test stays.
 */
struct flow *flow_again(struct flow_set *s, struct flow *old, bool passive);
/* True if a socket of the script listens for TCP at the port. */
bool flow_listens(const struct flow_set *s, uint16_t port);
/* True for the same flow, and for two subflows of one MPTCP connection. */
bool flow_related(const struct flow *a, const struct flow *b);
/* What system calls mean for flows. */
void flow_socket(struct flow_set *s, int protocol, int script_fd, int live_fd);
/* bind() to an address: where a listener then is. */
void flow_bound(struct flow_set *s, int script_fd, const struct sockaddr_storage *at);
/* AF_UNSPEC in `to` makes the socket new again; an address with a port is the peer's. */
void flow_connecting(struct flow_set *s, int script_fd, const struct sockaddr_storage *to);
void flow_listening(struct flow_set *s, int script_fd);
/* Attaches an accepted descriptor to its connection; NULL if there is none. */
struct flow *flow_accepted(struct flow_set *s, int script_fd, int live_fd);
void flow_attach(struct flow *f, int script_fd, int live_fd);
/* True for a connection that accept() has not given yet, but may. */
bool flow_acceptable(const struct flow *f);
struct flow *flow_by_fd(const struct flow_set *s, int script_fd);

/*
 * The flow an injected packet belongs to; a TCP packet to a listener makes a
 * child whose remote port is peer_port. NULL if no socket fits (*why).
 */
struct flow *flow_for_inbound(struct flow_set *s, const struct pkt_spec *spec,
			      const struct pkt *script_pkt, uint16_t peer_port, const char **why);
/* What follows for its flow from a packet that a line expects. */
void flow_expected(struct flow *f, const struct pkt_spec *spec, const struct pkt *script_pkt);
/* True for a flow of the protocol that a packet line is about, or an ICMP message about it. */
bool flow_protocol_fits(const struct flow *f, const struct pkt_spec *spec);
/* The flow an expected packet belongs to; flow_expected() has to be told when it is awaited. */
struct flow *flow_for_outbound(struct flow_set *s, const struct pkt_spec *spec, const char **why);
/*
 * The flow of written ports that are not those of the socket under test, made
 * if need be; NULL if the line means that socket.
 */
struct flow *flow_foreign_inbound(struct flow_set *s, const struct pkt_spec *spec,
				  const struct pkt *script_pkt);
/* The flow that a line with written ports expects a packet of; NULL if there is none. */
struct flow *flow_foreign_outbound(const struct flow_set *s, const struct pkt_spec *spec);
/*
 * State changes that follow from an injected packet; `now` is the state the
 * stack is in before it. An answer it will refuse settles nothing.
 */
void flow_injected(struct flow_set *s, struct flow *f, const struct pkt *script_pkt, enum tcp_state now);
/* True if a captured packet belongs to the flow; learns its local end from a first packet. */
bool flow_owns(struct flow *f, const struct pkt *live);
/* True for TCP, UDP, UDP-Lite: ICMP messages about it are not its own packets. */
bool flow_has_ports(const struct flow *f);
/* True if the stack complains of a packet that was injected into the flow (ICMP). */
bool flow_is_quoted(const struct flow *f, const struct pkt *live);
/* Before the first outbound SYN or SYN,ACK is compared: its sequence number is the wire's ISN. */
void flow_learn_isn(struct flow *f, const struct pkt *script_pkt, const struct pkt *live);

#endif
