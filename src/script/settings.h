/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run can be told: packetdrill's options and ours, the same table for
 * the command line (--name=value) and the top of a script.
 */
#ifndef DP_SCRIPT_SETTINGS_H
#define DP_SCRIPT_SETTINGS_H

#include "base/nstime.h"
#include "base/source.h"
#include "wire/addr.h"

#include <stdbool.h>
#include <sys/queue.h>

struct arena;
struct buf;
struct diag_sink;

struct sysctl_setting {
	const char *name, *value;	/* "net.ipv4.tcp_timestamps", "0" */
	struct span span;
	STAILQ_ENTRY(sysctl_setting) next;
};

/* -D NAME=VALUE: replaces the word NAME everywhere in the script. */
struct define {
	const char *name, *value;
	STAILQ_ENTRY(define) next;
};

enum wire_choice { WIRE_AUTO, WIRE_VETH, WIRE_TUN };
/* The protocol under test travels in UDP (RFC 6951 for SCTP): nplab's dialect. */
enum udp_encap { UDP_ENCAP_NONE, UDP_ENCAP_TCP, UDP_ENCAP_SCTP };
enum non_fatal { NON_FATAL_PACKET = 1, NON_FATAL_SYSCALL = 2 };

/* Whose defaults are taken where the dialects of the language differ. */
enum dialect { DIALECT_GOOGLE, DIALECT_NPLAB, DIALECT_MPTCP };
/* How the stack's segments may be cut: as one line's pieces, over lines, not at all. */
enum segments { SEGMENTS_JOINED, SEGMENTS_ANY, SEGMENTS_EXACT };
/* Checks that packetdrill does not make, so that a script which passes there may fail. */
enum strict {
	STRICT_ECR = 1,		/* TS ecr of what the stack sends */
	STRICT_STRAYS = 2,	/* packets of the connection that no line expects */
	STRICT_TUPLES = 4,	/* written ports and addresses */
	STRICT_ICMP = 8,	/* written mtu and id of ICMP messages */
	STRICT_ACKS = 16,	/* a pure ACK before expected data is a packet of its own */
	STRICT_PIECES = 32,	/* pieces of a line are of one size but the last; packetdrill does */
};

struct settings {
	struct arena *arena;		/* strings and lists below live here */
	enum ip_version ip_version;
	/* Families 0 until settings_finish(), which gives the version's defaults. */
	struct ip_addr local_ip, remote_ip, gateway_ip;
	int local_prefix, remote_prefix;	/* -1 = default */
	uint16_t bind_port, connect_port;
	int mtu;			/* 0 = the version's default */
	int speed;			/* Mbit/s, 0 = leave */
	int mss;			/* >0: injected TCP packets carry this GSO size */
	enum wire_choice wire;
	bool offload;			/* the stack may send segments above the MTU (TSO) */
	uint64_t given[2];		/* options that were set, a bit each in the table's order */
	nstime tolerance;
	double tolerance_percent;
	nstime timeout;			/* whole script, real time */
	int tcp_ts_tick_usecs;
	bool tcp_ts_ecr_scaled, is_anyip, send_omit_free, dry_run;
	enum dialect dialect;
	enum segments segments;
	unsigned strict;		/* enum strict */
	unsigned non_fatal;		/* enum non_fatal */
	const char *init_scripts;	/* comma list or NULL */
	const char *code_command, *code_format, *code_sockopt;
	int psp_udp_port;
	struct ip_addr local_linklocal_ip, gateway_linklocal_ip;	/* family 0: none */
	bool verbose, debug;		/* of the packetdrill personality */
	bool no_cleanup;		/* connections are left alone at the end */
	/* Kept for the environment of commands; nothing else has a use for them. */
	int wire_server_port;
	const char *wire_client_dev, *wire_server_dev;
	/* A stack made for packetdrill's interface and what it is told; NULL: none. */
	const char *so_filename, *so_flags;
	enum udp_encap udp_encapsulation;
	const char *tcp_md5_secret;	/* key of "md5 valid" (RFC 2385), or NULL */
	STAILQ_HEAD(, sysctl_setting) sysctls;
	STAILQ_HEAD(define_list, define) defines;
};

/* Packetdrill's defaults; strings set later live in the arena. */
void settings_init(struct settings *s, struct arena *a);

enum setting_result { SETTING_OK, SETTING_UNKNOWN, SETTING_BAD };
/*
 * Sets one option by name; value NULL when none was written. SETTING_BAD comes
 * with *why: what is wrong with the value, in the arena of the settings.
 * SETTING_UNKNOWN with *why: the nearest name, or NULL.
 */
enum setting_result settings_set(struct settings *s, const char *name, const char *value,
				 struct span at, const char **why);
/* True if somebody has set the option, be it to its default. */
bool settings_given(const struct settings *s, const char *name);
/* True if the option exists and wants a value. */
bool settings_wants_value(const char *name);
/* Gives the addresses and the MTU left open the defaults of the IP version and checks them. */
int settings_finish(struct settings *s, struct diag_sink *d);
/* The value of a defined symbol, or NULL. */
const char *settings_define(const struct settings *s, const char *name);
/* Appends "  --name=VALUE  help" lines for --help and the man page. */
void settings_help(struct buf *out);

#endif
