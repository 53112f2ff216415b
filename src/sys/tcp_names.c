/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of the kernel's ABI (net/tcp_states.h, linux/tcp.h): they never change. */
#include "config.h"

#include "sys/tcp_names.h"
#include "base/buf.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

const struct name_value tcp_state_names[] = {
	{ "TCP_ESTABLISHED", 1 },
	{ "TCP_SYN_SENT", 2 },
	{ "TCP_SYN_RECV", 3 },
	{ "TCP_FIN_WAIT1", 4 },
	{ "TCP_FIN_WAIT2", 5 },
	{ "TCP_TIME_WAIT", 6 },
	{ "TCP_CLOSE", 7 },
	{ "TCP_CLOSE_WAIT", 8 },
	{ "TCP_LAST_ACK", 9 },
	{ "TCP_LISTEN", 10 },
	{ "TCP_CLOSING", 11 },
	{ "TCPI_ESTABLISHED", 1 },
	{ "TCPI_SYN_SENT", 2 },
	{ "TCPI_SYN_RECEIVED", 3 },
	{ "TCPI_FIN_WAIT_1", 4 },
	{ "TCPI_FIN_WAIT_2", 5 },
	{ "TCPI_TIME_WAIT", 6 },
	{ "TCPI_CLOSED", 7 },
	{ "TCPI_CLOSE_WAIT", 8 },
	{ "TCPI_LAST_ACK", 9 },
	{ "TCPI_LISTEN", 10 },
	{ "TCPI_CLOSING", 11 },
	{ "TCPI_NEW_SYN_RECV", 12 },
	{ NULL, 0 }
};

const struct name_value tcp_ca_names[] = {
	{ "TCP_CA_Open", 0 },
	{ "TCP_CA_Disorder", 1 },
	{ "TCP_CA_CWR", 2 },
	{ "TCP_CA_Recovery", 3 },
	{ "TCP_CA_Loss", 4 },
	{ NULL, 0 }
};

const struct name_value tcp_option_names[] = {
	{ "TCPI_OPT_TIMESTAMPS", 1 },
	{ "TCPI_OPT_SACK", 2 },
	{ "TCPI_OPT_WSCALE", 4 },
	{ "TCPI_OPT_ECN", 8 },
	{ "TCPI_OPT_ECN_SEEN", 16 },
	{ "TCPI_OPT_SYN_DATA", 32 },
	{ "TCPI_OPT_USEC_TS", 64 },
	{ "TCPI_OPT_TFO_CHILD", 128 },
	{ NULL, 0 }
};

const struct name_value *const tcp_name_tables[] = {
	tcp_state_names, tcp_ca_names, tcp_option_names, NULL
};

void tcp_value_print(const char *field, uint64_t value, struct buf *out)
{
	const char *name = NULL;

	if (!strcmp(field, "tcpi_options")) {
		names_bits(tcp_option_names, value, out);
		if (value)
			buf_printf(out, " (%" PRIu64 ")", value);
		return;
	}
	if (!strcmp(field, "tcpi_state"))
		name = names_text(tcp_state_names, (int64_t)value);
	else if (!strcmp(field, "tcpi_ca_state"))
		name = names_text(tcp_ca_names, (int64_t)value);
	if (name)
		buf_printf(out, "%s (%" PRIu64 ")", name, value);
	else
		buf_printf(out, "%" PRIu64, value);
}
