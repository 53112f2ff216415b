/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One row per system call: its name in scripts and man pages, what its result
 * means, and the kind of each argument. A new call of known kinds needs a row
 * here, a row in TARGET_CALLS (seam/target.h) and a script that uses it.
 */
#include "config.h"

#include "sys/args.h"
#include "base/names.h"

#include <string.h>

#define ROW(name) #name, CALL_##name

static const struct call_desc call_table[] = {
	{ ROW(socket), RESULT_FD, 3, 3, { ARG_DOMAIN, ARG_INT, ARG_INT } },
	{ ROW(bind), RESULT_EXACT, 3, 3, { ARG_FD, ARG_LOCAL_ADDR, ARG_ADDR_LEN } },
	{ ROW(listen), RESULT_EXACT, 2, 2, { ARG_FD, ARG_INT } },
	{ ROW(accept), RESULT_FD, 3, 3, { ARG_FD, ARG_ADDR_OUT, ARG_ADDR_OUT_LEN } },
	{ ROW(connect), RESULT_EXACT, 3, 3, { ARG_FD, ARG_REMOTE_ADDR, ARG_ADDR_LEN } },
	{ ROW(read), RESULT_EXACT, 3, 3, { ARG_FD, ARG_BUF_OUT, ARG_LONG } },
	{ ROW(readv), RESULT_EXACT, 3, 3, { ARG_FD, ARG_IOV_OUT, ARG_IOV_COUNT } },
	{ ROW(recv), RESULT_EXACT, 4, 4, { ARG_FD, ARG_BUF_OUT, ARG_LONG, ARG_INT } },
	{ ROW(recvfrom), RESULT_EXACT, 6, 6,
	  { ARG_FD, ARG_BUF_OUT, ARG_LONG, ARG_INT, ARG_ADDR_OUT, ARG_ADDR_OUT_LEN } },
	{ ROW(recvmsg), RESULT_EXACT, 3, 3, { ARG_FD, ARG_MSG_OUT, ARG_INT } },
	{ ROW(write), RESULT_EXACT, 3, 3, { ARG_FD, ARG_BUF_IN, ARG_LONG } },
	{ ROW(writev), RESULT_EXACT, 3, 3, { ARG_FD, ARG_IOV_IN, ARG_IOV_COUNT } },
	{ ROW(send), RESULT_EXACT, 4, 4, { ARG_FD, ARG_BUF_IN, ARG_LONG, ARG_INT } },
	{ ROW(sendto), RESULT_EXACT, 6, 6,
	  { ARG_FD, ARG_BUF_IN, ARG_LONG, ARG_INT, ARG_REMOTE_ADDR, ARG_ADDR_LEN } },
	{ ROW(sendmsg), RESULT_EXACT, 3, 3, { ARG_FD, ARG_MSG_IN, ARG_INT } },
	{ ROW(fcntl), RESULT_EXACT, 2, 3, { ARG_FD, ARG_INT, ARG_INT } },
	{ ROW(ioctl), RESULT_EXACT, 2, 3, { ARG_FD, ARG_INT, ARG_INT_OUT } },
	{ ROW(close), RESULT_EXACT, 1, 1, { ARG_FD } },
	{ ROW(shutdown), RESULT_EXACT, 2, 2, { ARG_FD, ARG_INT } },
	{ ROW(getsockopt), RESULT_EXACT, 5, 5,
	  { ARG_FD, ARG_INT, ARG_INT, ARG_OPT_OUT, ARG_OPT_OUT_LEN } },
	{ ROW(setsockopt), RESULT_EXACT, 5, 5,
	  { ARG_FD, ARG_INT, ARG_INT, ARG_OPT_IN, ARG_OPT_IN_LEN } },
	{ ROW(poll), RESULT_EXACT, 3, 3, { ARG_POLLFDS, ARG_INT, ARG_INT } },
	{ ROW(accept4), RESULT_FD, 4, 4, { ARG_FD, ARG_ADDR_OUT, ARG_ADDR_OUT_LEN, ARG_INT } },
	{ ROW(epoll_create), RESULT_FD, 1, 1, { ARG_INT } },
	{ ROW(epoll_create1), RESULT_FD, 1, 1, { ARG_INT } },
	{ ROW(epoll_ctl), RESULT_EXACT, 4, 4, { ARG_FD, ARG_INT, ARG_FD, ARG_EPOLL_IN } },
	{ ROW(epoll_wait), RESULT_EXACT, 4, 4, { ARG_FD, ARG_EPOLL_OUT, ARG_INT, ARG_INT } },
	{ ROW(open), RESULT_FD, 2, 3, { ARG_PATH, ARG_INT, ARG_INT } },
	{ ROW(pipe), RESULT_EXACT, 1, 1, { ARG_PIPE } },
	{ ROW(splice), RESULT_EXACT, 6, 6,
	  { ARG_FD, ARG_OFFSET, ARG_FD, ARG_OFFSET, ARG_LONG, ARG_INT } },
	{ ROW(sendfile), RESULT_EXACT, 4, 4, { ARG_FD, ARG_FD, ARG_OFFSET, ARG_LONG } },
	{ ROW(cap_set), RESULT_EXACT, 3, 3, { ARG_CAP_SET, ARG_INT, ARG_INT } },
};

#define N_CALLS (sizeof(call_table) / sizeof(call_table[0]))

const struct call_desc *call_find(const char *name)
{
	size_t i;

	for (i = 0; i < N_CALLS; i++)
		if (!strcmp(call_table[i].name, name))
			return &call_table[i];
	return NULL;
}

const char *call_nearest(const char *name)
{
	size_t i;

	for (i = 0; i < N_CALLS; i++)
		if (names_near(name, call_table[i].name))
			return call_table[i].name;
	return NULL;
}

const struct arg_codec arg_codec_table[ARG_KINDS] = {
	[ARG_FD] = { arg_fd_encode, NULL },
	[ARG_INT] = { arg_int_encode, NULL },
	[ARG_LONG] = { arg_long_encode, NULL },
	[ARG_DOMAIN] = { arg_domain_encode, NULL },
	[ARG_LOCAL_ADDR] = { arg_local_encode, NULL },
	[ARG_REMOTE_ADDR] = { arg_remote_encode, NULL },
	[ARG_ADDR_LEN] = { arg_addr_len_encode, NULL },
	[ARG_ADDR_OUT] = { arg_addr_out_encode, arg_addr_out_verify },
	[ARG_ADDR_OUT_LEN] = { arg_addr_out_len_encode, NULL },
	[ARG_BUF_IN] = { arg_buf_encode, NULL },
	[ARG_BUF_OUT] = { arg_buf_encode, arg_buf_out_verify },
	[ARG_IOV_IN] = { arg_iov_encode, NULL },
	[ARG_IOV_OUT] = { arg_iov_encode, arg_iov_out_verify },
	[ARG_IOV_COUNT] = { arg_iov_count_encode, NULL },
	[ARG_MSG_IN] = { arg_msg_in_encode, NULL },
	[ARG_MSG_OUT] = { arg_msg_out_encode, arg_msg_out_verify },
	[ARG_OPT_IN] = { arg_opt_in_encode, NULL },
	[ARG_OPT_IN_LEN] = { arg_opt_in_len_encode, NULL },
	[ARG_OPT_OUT] = { arg_opt_out_encode, arg_opt_out_verify },
	[ARG_OPT_OUT_LEN] = { arg_opt_out_len_encode, arg_opt_out_len_verify },
	[ARG_INT_OUT] = { arg_int_out_encode, arg_int_out_verify },
	[ARG_POLLFDS] = { arg_pollfds_encode, arg_pollfds_verify },
	[ARG_PATH] = { arg_path_encode, NULL },
	[ARG_OFFSET] = { arg_offset_encode, NULL },
	[ARG_PIPE] = { arg_pipe_encode, arg_pipe_verify },
	[ARG_EPOLL_IN] = { arg_epoll_in_encode, NULL },
	[ARG_EPOLL_OUT] = { arg_epoll_out_encode, arg_epoll_out_verify },
	[ARG_CAP_SET] = { arg_cap_set_encode, NULL },
	[ARG_SPI] = { arg_spi_encode, NULL },
};
