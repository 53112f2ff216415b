/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/tcp_fields.h"
#include "base/names.h"

#include <string.h>

#define WHOLE(name, source, off, bytes) { #name, TCP_FIELD_##source, off, bytes, 0, 0 }
#define BITS(name, source, off, bytes, shift, bits) \
	{ #name, TCP_FIELD_##source, off, bytes, shift, bits }

/*
 * linux/tcp.h, linux/inet_diag.h and linux/sock_diag.h. Linux 6.18 returns 280
 * bytes of tcp_info. Its last word is laid out as in Linux 7.0; before, the two
 * accecn_ fields in it were numbers of 16 bits each.
 */
const struct tcp_field tcp_field_table[] = {
	WHOLE(tcpi_state, INFO, 0, 1),
	WHOLE(tcpi_ca_state, INFO, 1, 1),
	WHOLE(tcpi_retransmits, INFO, 2, 1),
	WHOLE(tcpi_probes, INFO, 3, 1),
	WHOLE(tcpi_backoff, INFO, 4, 1),
	WHOLE(tcpi_options, INFO, 5, 1),
	BITS(tcpi_snd_wscale, INFO, 6, 1, 0, 4),
	BITS(tcpi_rcv_wscale, INFO, 6, 1, 4, 4),
	BITS(tcpi_delivery_rate_app_limited, INFO, 7, 1, 0, 1),
	BITS(tcpi_fastopen_client_fail, INFO, 7, 1, 1, 2),
	WHOLE(tcpi_rto, INFO, 8, 4),
	WHOLE(tcpi_ato, INFO, 12, 4),
	WHOLE(tcpi_snd_mss, INFO, 16, 4),
	WHOLE(tcpi_rcv_mss, INFO, 20, 4),
	WHOLE(tcpi_unacked, INFO, 24, 4),
	WHOLE(tcpi_sacked, INFO, 28, 4),
	WHOLE(tcpi_lost, INFO, 32, 4),
	WHOLE(tcpi_retrans, INFO, 36, 4),
	WHOLE(tcpi_fackets, INFO, 40, 4),
	WHOLE(tcpi_last_data_sent, INFO, 44, 4),
	WHOLE(tcpi_last_ack_sent, INFO, 48, 4),
	WHOLE(tcpi_last_data_recv, INFO, 52, 4),
	WHOLE(tcpi_last_ack_recv, INFO, 56, 4),
	WHOLE(tcpi_pmtu, INFO, 60, 4),
	WHOLE(tcpi_rcv_ssthresh, INFO, 64, 4),
	WHOLE(tcpi_rtt, INFO, 68, 4),
	WHOLE(tcpi_rttvar, INFO, 72, 4),
	WHOLE(tcpi_snd_ssthresh, INFO, 76, 4),
	WHOLE(tcpi_snd_cwnd, INFO, 80, 4),
	WHOLE(tcpi_advmss, INFO, 84, 4),
	WHOLE(tcpi_reordering, INFO, 88, 4),
	WHOLE(tcpi_total_retrans, INFO, 100, 4),
	WHOLE(tcpi_pacing_rate, INFO, 104, 8),
	WHOLE(tcpi_max_pacing_rate, INFO, 112, 8),
	WHOLE(tcpi_rcv_rtt, INFO, 92, 4),
	WHOLE(tcpi_rcv_space, INFO, 96, 4),
	WHOLE(tcpi_bytes_acked, INFO, 120, 8),
	WHOLE(tcpi_bytes_received, INFO, 128, 8),
	WHOLE(tcpi_segs_out, INFO, 136, 4),
	WHOLE(tcpi_segs_in, INFO, 140, 4),
	WHOLE(tcpi_notsent_bytes, INFO, 144, 4),
	WHOLE(tcpi_min_rtt, INFO, 148, 4),
	WHOLE(tcpi_data_segs_in, INFO, 152, 4),
	WHOLE(tcpi_data_segs_out, INFO, 156, 4),
	WHOLE(tcpi_delivery_rate, INFO, 160, 8),
	WHOLE(tcpi_busy_time, INFO, 168, 8),
	WHOLE(tcpi_rwnd_limited, INFO, 176, 8),
	WHOLE(tcpi_sndbuf_limited, INFO, 184, 8),
	WHOLE(tcpi_delivered, INFO, 192, 4),
	WHOLE(tcpi_delivered_ce, INFO, 196, 4),
	WHOLE(tcpi_bytes_sent, INFO, 200, 8),
	WHOLE(tcpi_bytes_retrans, INFO, 208, 8),
	WHOLE(tcpi_dsack_dups, INFO, 216, 4),
	WHOLE(tcpi_reord_seen, INFO, 220, 4),
	WHOLE(tcpi_rcv_ooopack, INFO, 224, 4),
	WHOLE(tcpi_snd_wnd, INFO, 228, 4),
	WHOLE(tcpi_rcv_wnd, INFO, 232, 4),
	WHOLE(tcpi_rehash, INFO, 236, 4),
	WHOLE(tcpi_total_rto, INFO, 240, 2),
	WHOLE(tcpi_total_rto_recoveries, INFO, 242, 2),
	WHOLE(tcpi_total_rto_time, INFO, 244, 4),
	BITS(tcpi_ecn_mode, INFO, 276, 4, 0, 2),
	BITS(tcpi_accecn_opt_seen, INFO, 276, 4, 2, 2),
	BITS(tcpi_accecn_fail_mode, INFO, 276, 4, 4, 4),
	BITS(tcpi_options2, INFO, 276, 4, 8, 24),
	WHOLE(tcpi_received_ce, INFO, 248, 4),
	WHOLE(tcpi_delivered_e1_bytes, INFO, 252, 4),
	WHOLE(tcpi_delivered_e0_bytes, INFO, 256, 4),
	WHOLE(tcpi_delivered_ce_bytes, INFO, 260, 4),
	WHOLE(tcpi_received_e1_bytes, INFO, 264, 4),
	WHOLE(tcpi_received_e0_bytes, INFO, 268, 4),
	WHOLE(tcpi_received_ce_bytes, INFO, 272, 4),
	WHOLE(bbr_bw_lo, BBR, 0, 4),
	WHOLE(bbr_bw_hi, BBR, 4, 4),
	WHOLE(bbr_bw, BBR, 0, 8),
	WHOLE(bbr_min_rtt, BBR, 8, 4),
	WHOLE(bbr_pacing_gain, BBR, 12, 4),
	WHOLE(bbr_cwnd_gain, BBR, 16, 4),
	WHOLE(dctcp_enabled, DCTCP, 0, 2),
	WHOLE(dctcp_ce_state, DCTCP, 2, 2),
	WHOLE(dctcp_alpha, DCTCP, 4, 4),
	WHOLE(dctcp_ab_ecn, DCTCP, 8, 4),
	WHOLE(dctcp_ab_tot, DCTCP, 12, 4),
	WHOLE(tcpv_enabled, VEGAS, 0, 4),
	WHOLE(tcpv_rttcnt, VEGAS, 4, 4),
	WHOLE(tcpv_rtt, VEGAS, 8, 4),
	WHOLE(tcpv_minrtt, VEGAS, 12, 4),
	/* What packetdrill calls the two. */
	WHOLE(tcp_rtt, VEGAS, 8, 4),
	WHOLE(tcp_minrtt, VEGAS, 12, 4),
	WHOLE(SK_MEMINFO_RMEM_ALLOC, MEMINFO, 0, 4),
	WHOLE(SK_MEMINFO_RCVBUF, MEMINFO, 4, 4),
	WHOLE(SK_MEMINFO_WMEM_ALLOC, MEMINFO, 8, 4),
	WHOLE(SK_MEMINFO_SNDBUF, MEMINFO, 12, 4),
	WHOLE(SK_MEMINFO_FWD_ALLOC, MEMINFO, 16, 4),
	WHOLE(SK_MEMINFO_WMEM_QUEUED, MEMINFO, 20, 4),
	WHOLE(SK_MEMINFO_OPTMEM, MEMINFO, 24, 4),
	WHOLE(SK_MEMINFO_BACKLOG, MEMINFO, 28, 4),
	WHOLE(SK_MEMINFO_DROPS, MEMINFO, 32, 4),
};

const size_t tcp_field_count = sizeof(tcp_field_table) / sizeof(tcp_field_table[0]);

const struct tcp_field *tcp_field_find(const char *name)
{
	size_t i;

	for (i = 0; i < tcp_field_count; i++)
		if (!strcmp(tcp_field_table[i].name, name))
			return &tcp_field_table[i];
	return NULL;
}

const char *tcp_field_nearest(const char *name)
{
	size_t i;

	for (i = 0; i < tcp_field_count; i++)
		if (names_near(name, tcp_field_table[i].name))
			return tcp_field_table[i].name;
	return NULL;
}

static uint64_t load(const unsigned char *p, int bytes)
{
	uint16_t half;
	uint32_t word;
	uint64_t wide;

	switch (bytes) {
	case 1:
		return *p;
	case 2:
		memcpy(&half, p, sizeof(half));
		return half;
	case 4:
		memcpy(&word, p, sizeof(word));
		return word;
	default:
		memcpy(&wide, p, sizeof(wide));
		return wide;
	}
}

bool tcp_field_read(const struct tcp_field *f, const void *bytes, size_t len, uint64_t *v)
{
	const unsigned char *p = (const unsigned char *)bytes + f->off;
	int shift = f->shift;

	if (len < (size_t)f->off + f->bytes)
		return false;
	/* BBR's bandwidth is two words, the low one first on every machine. */
	*v = f->source == TCP_FIELD_BBR && f->bytes == 8 ? load(p, 4) | load(p + 4, 4) << 32 :
		load(p, f->bytes);
	if (!f->bits)
		return true;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	/* There the compiler fills a word from its high end. */
	shift = f->bytes * 8 - f->shift - f->bits;
#endif
	*v = *v >> shift & ((UINT64_C(1) << f->bits) - 1);
	return true;
}
