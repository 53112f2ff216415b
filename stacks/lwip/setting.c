/* SPDX-License-Identifier: BSD-2-Clause */
/* Sysctls of Linux whose value says what lwIP does anyhow. It has none to change. */
#include "adapter.h"

#include <string.h>

static const struct {
	const char *name, *value;
} settings[] = {
	{ "net.ipv4.ip_default_ttl", "255" },
	{ "net.ipv4.ip_no_pmtu_disc", "1" },		/* DF is never set */
	{ "net.ipv4.tcp_autocorking", "0" },
	{ "net.ipv4.tcp_congestion_control", "reno" },
	{ "net.ipv4.tcp_dsack", "0" },
	{ "net.ipv4.tcp_early_retrans", "0" },
	{ "net.ipv4.tcp_ecn", "0" },
	{ "net.ipv4.tcp_fack", "0" },
	{ "net.ipv4.tcp_fastopen", "0" },
	{ "net.ipv4.tcp_fin_timeout", "20" },
	{ "net.ipv4.tcp_frto", "0" },
	{ "net.ipv4.tcp_invalid_ratelimit", "0" },
	{ "net.ipv4.tcp_keepalive_intvl", "75" },
	{ "net.ipv4.tcp_keepalive_probes", "9" },
	{ "net.ipv4.tcp_keepalive_time", "7200" },
	{ "net.ipv4.tcp_moderate_rcvbuf", "0" },
	{ "net.ipv4.tcp_mtu_probing", "0" },
	{ "net.ipv4.tcp_no_metrics_save", "1" },
	{ "net.ipv4.tcp_recovery", "0" },
	{ "net.ipv4.tcp_rfc1337", "1" },		/* TIME-WAIT ignores RST */
	{ "net.ipv4.tcp_sack", "0" },
	{ "net.ipv4.tcp_slow_start_after_idle", "0" },
	{ "net.ipv4.tcp_syn_retries", "6" },
	{ "net.ipv4.tcp_syncookies", "0" },
	{ "net.ipv4.tcp_thin_linear_timeouts", "0" },
	{ "net.ipv4.tcp_timestamps", "0" },
	{ "net.ipv4.tcp_tw_reuse", "0" },
	{ "net.ipv4.tcp_window_scaling", "1" },
};

int setting_want(struct dp_stack *s, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (!strcmp(settings[i].name, name))
			return strcmp(settings[i].value, value) ? DP_LACKS : 0;
	return DP_LACKS;
}
