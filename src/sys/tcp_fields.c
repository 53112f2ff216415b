/* SPDX-License-Identifier: BSD-2-Clause */
/* One row per field; a new one of the kernel's is a row at the end of its struct. */
#include "config.h"

#include "sys/tcp_fields.h"
#include "base/names.h"

#include <string.h>

#define INFO_BYTES(name, offset, width) \
	{ "tcpi_" #name, TCP_SOURCE_INFO, offset, width, 0, 0, offset + width }
#define INFO_BITS(name, offset, width, shift, bits) \
	{ "tcpi_" #name, TCP_SOURCE_INFO, offset, width, shift, bits, offset + width }
/* The answers of congestion controls overlap: which one it is shows in the length. */
#define BBR(name, offset, width) { "bbr_" #name, TCP_SOURCE_CC, offset, width, 0, 0, 20 }
#define DCTCP(name, offset, width) { "dctcp_" #name, TCP_SOURCE_CC, offset, width, 0, 0, 16 }
#define VEGAS(name, offset) { name, TCP_SOURCE_CC, offset, 4, 0, 0, 16 }
#define MEMINFO(name, index) \
	{ "SK_MEMINFO_" #name, TCP_SOURCE_MEMINFO, (index) * 4, 4, 0, 0, (index) * 4 + 4 }

const struct tcp_field tcp_field_table[] = {
	INFO_BYTES(state, 0, 1),
	INFO_BYTES(ca_state, 1, 1),
	INFO_BYTES(retransmits, 2, 1),
	INFO_BYTES(probes, 3, 1),
	INFO_BYTES(backoff, 4, 1),
	INFO_BYTES(options, 5, 1),
	INFO_BITS(snd_wscale, 6, 1, 0, 4),
	INFO_BITS(rcv_wscale, 6, 1, 4, 4),
	INFO_BITS(delivery_rate_app_limited, 7, 1, 0, 1),
	INFO_BITS(fastopen_client_fail, 7, 1, 1, 2),
	INFO_BYTES(rto, 8, 4),
	INFO_BYTES(ato, 12, 4),
	INFO_BYTES(snd_mss, 16, 4),
	INFO_BYTES(rcv_mss, 20, 4),
	INFO_BYTES(unacked, 24, 4),
	INFO_BYTES(sacked, 28, 4),
	INFO_BYTES(lost, 32, 4),
	INFO_BYTES(retrans, 36, 4),
	INFO_BYTES(fackets, 40, 4),
	INFO_BYTES(last_data_sent, 44, 4),
	INFO_BYTES(last_ack_sent, 48, 4),
	INFO_BYTES(last_data_recv, 52, 4),
	INFO_BYTES(last_ack_recv, 56, 4),
	INFO_BYTES(pmtu, 60, 4),
	INFO_BYTES(rcv_ssthresh, 64, 4),
	INFO_BYTES(rtt, 68, 4),
	INFO_BYTES(rttvar, 72, 4),
	INFO_BYTES(snd_ssthresh, 76, 4),
	INFO_BYTES(snd_cwnd, 80, 4),
	INFO_BYTES(advmss, 84, 4),
	INFO_BYTES(reordering, 88, 4),
	INFO_BYTES(rcv_rtt, 92, 4),
	INFO_BYTES(rcv_space, 96, 4),
	INFO_BYTES(total_retrans, 100, 4),
	INFO_BYTES(pacing_rate, 104, 8),
	INFO_BYTES(max_pacing_rate, 112, 8),
	INFO_BYTES(bytes_acked, 120, 8),
	INFO_BYTES(bytes_received, 128, 8),
	INFO_BYTES(segs_out, 136, 4),
	INFO_BYTES(segs_in, 140, 4),
	INFO_BYTES(notsent_bytes, 144, 4),
	INFO_BYTES(min_rtt, 148, 4),
	INFO_BYTES(data_segs_in, 152, 4),
	INFO_BYTES(data_segs_out, 156, 4),
	INFO_BYTES(delivery_rate, 160, 8),
	INFO_BYTES(busy_time, 168, 8),
	INFO_BYTES(rwnd_limited, 176, 8),
	INFO_BYTES(sndbuf_limited, 184, 8),
	INFO_BYTES(delivered, 192, 4),
	INFO_BYTES(delivered_ce, 196, 4),
	INFO_BYTES(bytes_sent, 200, 8),
	INFO_BYTES(bytes_retrans, 208, 8),
	INFO_BYTES(dsack_dups, 216, 4),
	INFO_BYTES(reord_seen, 220, 4),
	INFO_BYTES(rcv_ooopack, 224, 4),
	INFO_BYTES(snd_wnd, 228, 4),
	INFO_BYTES(rcv_wnd, 232, 4),
	INFO_BYTES(rehash, 236, 4),
	INFO_BYTES(total_rto, 240, 2),
	INFO_BYTES(total_rto_recoveries, 242, 2),
	INFO_BYTES(total_rto_time, 244, 4),
	INFO_BYTES(received_ce, 248, 4),
	INFO_BYTES(delivered_e1_bytes, 252, 4),
	INFO_BYTES(delivered_e0_bytes, 256, 4),
	INFO_BYTES(delivered_ce_bytes, 260, 4),
	INFO_BYTES(received_e1_bytes, 264, 4),
	INFO_BYTES(received_e0_bytes, 268, 4),
	INFO_BYTES(received_ce_bytes, 272, 4),
	INFO_BITS(ecn_mode, 276, 4, 0, 2),
	INFO_BITS(accecn_opt_seen, 276, 4, 2, 2),
	INFO_BITS(accecn_fail_mode, 276, 4, 4, 4),
	INFO_BITS(options2, 276, 4, 8, 24),
	BBR(bw_lo, 0, 4),
	BBR(bw_hi, 4, 4),
	BBR(bw, 0, 8),
	BBR(min_rtt, 8, 4),
	BBR(pacing_gain, 12, 4),
	BBR(cwnd_gain, 16, 4),
	DCTCP(enabled, 0, 2),
	DCTCP(ce_state, 2, 2),
	DCTCP(alpha, 4, 4),
	DCTCP(ab_ecn, 8, 4),
	DCTCP(ab_tot, 12, 4),
	VEGAS("tcpv_enabled", 0),
	VEGAS("tcpv_rttcnt", 4),
	VEGAS("tcp_rtt", 8),		/* packetdrill's names of tcpv_rtt and tcpv_minrtt */
	VEGAS("tcp_minrtt", 12),
	MEMINFO(RMEM_ALLOC, 0),
	MEMINFO(RCVBUF, 1),
	MEMINFO(WMEM_ALLOC, 2),
	MEMINFO(SNDBUF, 3),
	MEMINFO(FWD_ALLOC, 4),
	MEMINFO(WMEM_QUEUED, 5),
	MEMINFO(OPTMEM, 6),
	MEMINFO(BACKLOG, 7),
	MEMINFO(DROPS, 8),
	{ NULL, TCP_SOURCES, 0, 0, 0, 0, 0 }
};

const struct tcp_field *tcp_field_find(const char *name)
{
	const struct tcp_field *f;

	for (f = tcp_field_table; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

const char *tcp_field_nearest(const char *name)
{
	const struct tcp_field *f;

	for (f = tcp_field_table; f->name; f++)
		if (names_near(name, f->name))
			return f->name;
	return NULL;
}

/* The machine's own byte order: the kernel fills the structs in it. */
static uint64_t load(const uint8_t *p, unsigned width)
{
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	switch (width) {
	case 1:
		return *p;
	case 2:
		memcpy(&v16, p, sizeof(v16));
		return v16;
	case 4:
		memcpy(&v32, p, sizeof(v32));
		return v32;
	default:
		memcpy(&v64, p, sizeof(v64));
		return v64;
	}
}

/* bbr_bw is not one number to the kernel but two halves, the lower one first. */
static uint64_t load_halves(const uint8_t *p)
{
	return load(p, 4) | load(p + 4, 4) << 32;
}

bool tcp_field_read(const struct tcp_field *f, const void *answer, size_t len, uint64_t *value)
{
	const uint8_t *p = (const uint8_t *)answer + f->offset;
	unsigned shift = f->shift;

	if (len < f->needs)
		return false;
	if (f->source == TCP_SOURCE_CC && f->width == 8) {
		*value = load_halves(p);
		return true;
	}
	*value = load(p, f->width);
	if (!f->bits)
		return true;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	shift = f->width * 8u - f->shift - f->bits;
#endif
	*value = *value >> shift & ((1ULL << f->bits) - 1);
	return true;
}
