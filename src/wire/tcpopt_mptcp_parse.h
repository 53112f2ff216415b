/* SPDX-License-Identifier: BSD-2-Clause */
/* Between tcpopt_mptcp_parse.c (words) and tcpopt_mptcp_value.c (values); for nobody else. */
#ifndef DP_WIRE_TCPOPT_MPTCP_PARSE_H
#define DP_WIRE_TCPOPT_MPTCP_PARSE_H

#include "wire/tcpopt_mptcp.h"

/* What a value may be besides a number in range. */
enum { MAY_AUTO = 1, MAY_NAME = 2, MAY_CALL = 4, MAY_ABSOLUTE = 8, MAY_PLUS = 16 };

/* An option being read. */
struct reader {
	const char *option;
	int family;
	struct mptcp_opt *m;
	struct diag_sink *d;
	const struct opt_atom *next;	/* atoms not read yet */
	struct mptcp_val *last;		/* what "+ N" belongs to; NULL if it cannot follow */
	uint32_t seen;			/* rows of the table that were written */
	bool keys_said, version_said, nocs;
};

/*
 * A number from 0 to max; what names it in messages. The scanner's own number
 * is signed, this one has all 64 bits. 0, or -1 after a diagnostic.
 */
int mptcp_read_number(struct reader *r, const struct opt_atom *a, uint64_t max, const char *what,
		      uint64_t *n);
/* The same for whatever a value may be (MAY_*), into v. */
int mptcp_read_value(struct reader *r, struct mptcp_val *v, const struct opt_atom *a,
		     uint64_t max, unsigned may, const char *what);

#endif
