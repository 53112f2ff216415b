/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MPTCP options (RFC 8684 section 3; RFC 6824 for version 0): one struct for
 * what a script writes and for what a packet carries. The rows of
 * tcpopt_table use the codec below; the engine fills in what only a
 * connection knows: keys, tokens, HMACs, data sequence numbers.
 */
#ifndef DP_WIRE_TCPOPT_MPTCP_H
#define DP_WIRE_TCPOPT_MPTCP_H

#include "wire/tcpopt_table.h"

enum { TCPO_MPTCP = 30, MPTCP_HMAC_BYTES = 20, MPTCP_MAX_IDS = 36 };

enum mptcp_form {
	MPTCP_CAPABLE, MPTCP_JOIN_SYN, MPTCP_JOIN_SYN_ACK, MPTCP_JOIN_ACK, MPTCP_DSS,
	MPTCP_ADD_ADDR, MPTCP_REMOVE_ADDR, MPTCP_PRIO, MPTCP_FAIL, MPTCP_FASTCLOSE, MPTCP_RST,
	MPTCP_FORMS
};

/* Flags of MP_CAPABLE: A (checksums) to H (HMAC-SHA256; SHA-1 in version 0). MP_TCPRST: T. */
enum { MPTCP_FLAG_A = 0x80, MPTCP_FLAG_H = 0x01, MPTCP_FLAG_T = 0x01 };

enum mptcp_how {
	MPTCP_UNSAID,	/* nothing is written: derived, or taken as it comes */
	MPTCP_NUMBER,	/* N; data sequence numbers count from the initial one */
	MPTCP_ABSOLUTE,	/* N!: as on the wire */
	MPTCP_NAME,	/* a variable */
	MPTCP_SET,	/* NAME=N: a variable gets a value */
	MPTCP_AUTO,	/* auto: must be what follows from the keys */
	MPTCP_CALL,	/* sha256_32(KEY) and its like */
};

/* One value of an option. */
struct mptcp_val {
	enum mptcp_how how;
	uint8_t bytes;			/* on the wire; 0: the option has no such field */
	uint64_t n;			/* the number, 0 while it is not known */
	uint64_t plus;			/* ... + N */
	const char *name;		/* MPTCP_NAME, MPTCP_SET */
	const struct opt_atom *call;	/* MPTCP_CALL */
	struct span span;
};

struct mptcp_opt {
	enum mptcp_form form;
	struct span span;
	uint8_t version, flags;		/* MP_CAPABLE, MP_TCPRST */
	bool backup, fin, echo;
	struct mptcp_val key[2];	/* MP_CAPABLE; MP_FASTCLOSE has one */
	struct mptcp_val token, rand, id;
	struct mptcp_val dack, dsn, ssn, dll, cksum;	/* DSS; MP_CAPABLE: dll, cksum; MP_FAIL: dsn */
	struct mptcp_val hmac;		/* of 8 bytes in n; of 20 in hmac_bytes */
	uint8_t hmac_bytes[MPTCP_HMAC_BYTES];
	struct mptcp_val addr;		/* how the address is written; bytes 4 or 16 */
	struct ip_addr ip;
	struct mptcp_val port;
	struct mptcp_val reason;
	uint8_t ids[MPTCP_MAX_IDS];	/* REMOVE_ADDR */
	uint8_t n_ids;
};

/* The form an option name of a script stands for; false if it is no MPTCP option. */
bool mptcp_opt_form(const char *name, enum mptcp_form *form);
/*
 * Reads what a script writes. family: of an address that is only a name.
 * 0, or -1 after a diagnostic at the word that is wrong. Names stay names.
 */
int mptcp_opt_parse(const struct spec_opt *o, int family, struct mptcp_opt *m,
		    struct diag_sink *d);
/* Reads the bytes after kind and length; false if a script could not write them. */
bool mptcp_opt_decode(const uint8_t *data, size_t len, struct mptcp_opt *m);
/* Writes the bytes after kind and length (at most TCPOPT_MAX_BYTES); returns how many. */
size_t mptcp_opt_put(const struct mptcp_opt *m, uint8_t *data);
/* Appends what a script says after the name. */
void mptcp_opt_print(const struct mptcp_opt *m, struct buf *out);

/* One field of an option as text, for naming what differs. */
struct mptcp_field_text {
	const char *field, *text;
};
#define MPTCP_MAX_TEXTS 12
/* All fields of an option with their values, texts in the arena. Returns how many. */
struct arena;
size_t mptcp_opt_fields(const struct mptcp_opt *m, struct arena *a,
			struct mptcp_field_text out[MPTCP_MAX_TEXTS]);

extern const struct tcpopt_codec mptcp_codec;
/* True if the bytes after kind and length belong to the row of that name. */
bool mptcp_opt_matches(const struct tcpopt_desc *t, const uint8_t *data, size_t len);

#endif
