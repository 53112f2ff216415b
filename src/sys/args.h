/* SPDX-License-Identifier: BSD-2-Clause */
/* Argument codecs and call rows: the inside of sys/. */
#ifndef DP_SYS_ARGS_H
#define DP_SYS_ARGS_H

#include "sys/sys.h"

#include <sys/socket.h>

struct iovec;

enum arg_kind {
	ARG_NONE,
	ARG_FD,			/* a script descriptor */
	ARG_INT,		/* 32 bits, signed or not */
	ARG_LONG,		/* 64 bits */
	ARG_DOMAIN,		/* ... = the IP version's socket family */
	ARG_LOCAL_ADDR,		/* ... = local_ip:bind_port, or an address written out */
	ARG_REMOTE_ADDR,	/* ... = remote_ip:connect_port, a bare family, or an address */
	ARG_ADDR_LEN,		/* ...: length of the address before it */
	ARG_ADDR_OUT,		/* ...: filled in by the call; one written out is compared */
	ARG_ADDR_OUT_LEN,	/* ...: its length */
	ARG_BUF_IN,		/* ... = zero bytes, "text", or NULL; as long as the next argument says */
	ARG_BUF_OUT,		/* ... or NULL, or "text" to compare with */
	ARG_IOV_IN,		/* [{..., N}, {iov_base="text", iov_len=N}] to send */
	ARG_IOV_OUT,		/* to receive into */
	ARG_IOV_COUNT,		/* must agree with the list before it */
	ARG_MSG_IN,		/* {msg_name(...)=..., msg_iov(N)=[...], ...} to send */
	ARG_MSG_OUT,
	ARG_OPT_IN,		/* setsockopt value */
	ARG_OPT_IN_LEN,		/* its length; ... = as long as it is */
	ARG_OPT_OUT,		/* getsockopt value */
	ARG_OPT_OUT_LEN,	/* [N]; [...] or ... = not compared */
	ARG_INT_OUT,		/* [N]: compared after the call */
	ARG_POLLFDS,
	ARG_PATH,		/* "name of a file" or NULL */
	ARG_OFFSET,		/* [N], 64 bits behind a pointer, not compared; or NULL */
	ARG_PIPE,		/* [N, M]: what the two ends are called from now on */
	ARG_EPOLL_IN,		/* {events=M, fd=N}; ptr=, u32=, u64= for fd=; or NULL */
	ARG_EPOLL_OUT,		/* one or a list of them to compare with; ... or NULL */
	ARG_CAP_SET,		/* CAP_EFFECTIVE */
	ARG_SPI,		/* [N]: what the association is called from now on */
	ARG_KINDS
};

enum call_result {
	RESULT_EXACT,	/* the number written */
	RESULT_FD,	/* any descriptor; the number written becomes its name */
};

struct call_desc {
	const char *name;
	enum call_id id;
	enum call_result result;
	int min_args, max_args;
	enum arg_kind arg[SYS_MAX_ARGS];
};

/*
 * encode fills c->live.arg[i] from c->arg[i] (0, or -1 after a diagnostic);
 * verify, if any, appends what the call left differently than written.
 */
struct arg_codec {
	int (*encode)(struct sys_ctx *x, struct sys_call *c, int i);
	void (*verify)(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
};

extern const struct arg_codec arg_codec_table[ARG_KINDS];
/* The row of a call, or NULL. */
const struct call_desc *call_find(const char *name);
/* The nearest name to a misspelt one, or NULL. */
const char *call_nearest(const char *name);

/* The row of a call of the language that can be checked but not made yet, or NULL. */
const struct call_desc *unsupported_call(const char *name);

/* Sizes a script may ask for; above, it is a mistake, and memory is finite. */
#define SYS_MAX_BUFFER (64 * 1024 * 1024)

/* Appends one difference; the texts are kept in the run's arena. */
void mismatch_add(struct sys_ctx *x, struct mismatch ***tail, const char *field, const char *want,
		  const char *got);
void mismatch_add_num(struct sys_ctx *x, struct mismatch ***tail, const char *field, int64_t want,
		      int64_t got);
/* A zeroed buffer of the run; NULL after a diagnostic if the size is absurd. */
void *arg_buffer(struct sys_ctx *x, const struct expr *at, int64_t size);
/* Fails unless e is `...`. */
int arg_want_ellipsis(struct sys_ctx *x, const struct expr *e);
/* The live descriptor of a script one, or -1 after a diagnostic. */
int arg_fd_of(struct sys_ctx *x, const struct expr *e, int *live);
/* Enters a descriptor the kernel gave us in the map; a name in use is a mismatch. */
void sys_register_fd(struct sys_ctx *x, int script, int live, struct mismatch ***tail);

/* Codecs, by file. */
int arg_fd_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_int_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_long_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_domain_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_int_out_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_int_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
int arg_local_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_remote_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_addr_len_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_addr_out_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_addr_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
int arg_addr_out_len_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_buf_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_buf_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
void arg_iov_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
int arg_iov_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_iov_count_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_msg_in_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_msg_out_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_msg_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
int arg_opt_in_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_opt_in_len_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_opt_out_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_opt_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
int arg_opt_out_len_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_opt_out_len_verify(struct sys_ctx *x, struct sys_call *c, int i,
			    struct mismatch ***tail);
int arg_pollfds_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_pollfds_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
int arg_path_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_offset_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_pipe_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_pipe_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
int arg_epoll_in_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_epoll_out_encode(struct sys_ctx *x, struct sys_call *c, int i);
void arg_epoll_out_verify(struct sys_ctx *x, struct sys_call *c, int i, struct mismatch ***tail);
int arg_cap_set_encode(struct sys_ctx *x, struct sys_call *c, int i);
int arg_spi_encode(struct sys_ctx *x, struct sys_call *c, int i);

/* The number that a call wrote into argument i, which is of this kind; false if it wrote none. */
bool arg_opt_out_number(const struct sys_call *c, int i, int64_t *v);
bool arg_int_out_number(const struct sys_call *c, int i, int64_t *v);

/*
 * An array of struct iovec from a list expression, its length in *n; bytes
 * written out are filled in if it is to be sent. NULL after a diagnostic.
 */
struct iovec *arg_iov_from(struct sys_ctx *x, const struct expr *list, bool send, int *n);
/* Compares what `result` bytes received there are with the bytes that the list writes out. */
void arg_iov_compare(struct sys_ctx *x, const struct expr *list, const struct iovec *v,
		     intptr_t result, struct mismatch ***tail);
/*
 * Compares an address that the kernel filled in (len 0: it did not) with the
 * one evaluated from e; nothing is compared unless e writes one out.
 */
void arg_addr_mismatch(struct sys_ctx *x, const struct expr *e, const struct sockaddr_storage *want,
		       const struct sockaddr_storage *ss, socklen_t len, const char *field,
		       struct mismatch ***tail);

#endif
