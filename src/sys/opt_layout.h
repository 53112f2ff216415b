/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The structs that socket options take or tell, as literals name them:
 * {onoff=1, linger=30}. What TCP_INFO and its kin tell is in tcp_fields.h.
 */
#ifndef DP_SYS_OPT_LAYOUT_H
#define DP_SYS_OPT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* One member of one struct; member names are unique over all structs. */
struct opt_member {
	const char *of;		/* the struct: "struct linger" */
	const char *name;	/* as literals write it */
	uint16_t offset;	/* bytes */
	uint8_t width;		/* bytes: 1, 2, 4 or 8 */
	bool sign;		/* a negative value is possible */
};

/* All members, struct by struct; the last row has a NULL name. */
extern const struct opt_member opt_member_table[];

/* A member by its name, or NULL. */
const struct opt_member *opt_member_find(const char *name);
/* The member nearest to a misspelt name, or NULL. */
const char *opt_member_nearest(const char *name);
/* Bytes of the struct of this member, padding at its end included. */
size_t opt_struct_size(const struct opt_member *m);
/* The number of members it has. */
int opt_struct_members(const struct opt_member *m);
/* "onoff, linger": its members, for messages. */
const char *opt_struct_list(const struct opt_member *m, struct arena *a);
/* Stores a value in a struct that begins at bytes, in the machine's byte order. */
void opt_member_write(const struct opt_member *m, void *bytes, int64_t v);
/* The value in the len bytes of a struct; false if it is not within them. */
bool opt_member_read(const struct opt_member *m, const void *bytes, size_t len, int64_t *v);
/* True if a number of this width, in bytes, can be v: as signed or as unsigned. */
bool opt_value_fits(int64_t v, unsigned width);

#endif
