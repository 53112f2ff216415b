/* SPDX-License-Identifier: BSD-2-Clause */
/* One row per member; a struct more is rows more. */
#include "config.h"

#include "sys/opt_layout.h"
#include "base/arena.h"
#include "base/names.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define OF(type, name, member, sign) \
	{ #type, name, offsetof(type, member), sizeof(((type *)NULL)->member), sign }
/* linux/mptcp.h: it grows at the end, and what it has does not move. */
#define MPTCP(name, offset, width) \
	{ "struct mptcp_info", "mptcpi_" #name, offset, width, false }

const struct opt_member opt_member_table[] = {
	OF(struct linger, "onoff", l_onoff, true),
	OF(struct linger, "linger", l_linger, true),
	OF(struct timeval, "tv_sec", tv_sec, true),
	OF(struct timeval, "tv_usec", tv_usec, true),
	MPTCP(subflows, 0, 1),
	MPTCP(add_addr_signal, 1, 1),
	MPTCP(add_addr_accepted, 2, 1),
	MPTCP(subflows_max, 3, 1),
	MPTCP(add_addr_signal_max, 4, 1),
	MPTCP(add_addr_accepted_max, 5, 1),
	MPTCP(flags, 8, 4),
	MPTCP(token, 12, 4),
	MPTCP(write_seq, 16, 8),
	MPTCP(snd_una, 24, 8),
	MPTCP(rcv_nxt, 32, 8),
	MPTCP(local_addr_used, 40, 1),
	MPTCP(local_addr_max, 41, 1),
	MPTCP(csum_enabled, 42, 1),
	MPTCP(retransmits, 44, 4),
	MPTCP(bytes_retrans, 48, 8),
	MPTCP(bytes_sent, 56, 8),
	MPTCP(bytes_received, 64, 8),
	MPTCP(bytes_acked, 72, 8),
	MPTCP(subflows_total, 80, 1),
	MPTCP(last_data_sent, 84, 4),
	MPTCP(last_data_recv, 88, 4),
	MPTCP(last_ack_recv, 92, 4),
	{ NULL, NULL, 0, 0, false }
};

const struct opt_member *opt_member_find(const char *name)
{
	const struct opt_member *m;

	for (m = opt_member_table; m->name; m++)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

const char *opt_member_nearest(const char *name)
{
	const struct opt_member *m;

	for (m = opt_member_table; m->name; m++)
		if (names_near(name, m->name))
			return m->name;
	return NULL;
}

size_t opt_struct_size(const struct opt_member *m)
{
	size_t size = 0, widest = 1;
	const struct opt_member *o;

	for (o = opt_member_table; o->name; o++) {
		if (strcmp(o->of, m->of))
			continue;
		if ((size_t)o->offset + o->width > size)
			size = (size_t)o->offset + o->width;
		if (o->width > widest)
			widest = o->width;
	}
	return (size + widest - 1) / widest * widest;
}

int opt_struct_members(const struct opt_member *m)
{
	const struct opt_member *o;
	int n = 0;

	for (o = opt_member_table; o->name; o++)
		n += !strcmp(o->of, m->of);
	return n;
}

const char *opt_struct_list(const struct opt_member *m, struct arena *a)
{
	const struct opt_member *o;
	const char *text = "";

	for (o = opt_member_table; o->name; o++)
		if (!strcmp(o->of, m->of))
			text = arena_printf(a, "%s%s%s", text, *text ? ", " : "", o->name);
	return text;
}

void opt_member_write(const struct opt_member *m, void *bytes, int64_t v)
{
	char *at = (char *)bytes + m->offset;
	int8_t v8 = (int8_t)v;
	int16_t v16 = (int16_t)v;
	int32_t v32 = (int32_t)v;

	memcpy(at, m->width == 1 ? (void *)&v8 : m->width == 2 ? (void *)&v16 :
	       m->width == 4 ? (void *)&v32 : (void *)&v, m->width);
}

bool opt_member_read(const struct opt_member *m, const void *bytes, size_t len, int64_t *v)
{
	unsigned unused = 64 - 8u * m->width;
	uint64_t raw = 0;

	if ((size_t)m->offset + m->width > len)
		return false;
	/* At the low end of the number: the rest is filled with what the sign says. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	memcpy((char *)&raw + sizeof(raw) - m->width, (const char *)bytes + m->offset, m->width);
#else
	memcpy(&raw, (const char *)bytes + m->offset, m->width);
#endif
	*v = m->sign ? (int64_t)(raw << unused) >> unused : (int64_t)raw;
	return true;
}

bool opt_value_fits(int64_t v, unsigned width)
{
	return width >= 8 || (v >= -(1LL << (8 * width - 1)) && v < 1LL << (8 * width));
}
