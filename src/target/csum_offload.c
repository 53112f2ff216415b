/* SPDX-License-Identifier: BSD-2-Clause */
/* Recognises CHECKSUM_PARTIAL packets by their checksum field. */
#include "config.h"

#include "target/csum_offload.h"

#include "wire/bytes.h"
#include "wire/checksum.h"

#include <netinet/in.h>

struct l4 {
	unsigned proto;
	size_t at, len;		/* where it starts; the length the IP header gives it */
};

static bool find_l4(const uint8_t *p, size_t len, struct l4 *l)
{
	if (len >= 20 && p[0] >> 4 == 4) {
		*l = (struct l4){ .proto = p[9], .at = (p[0] & 15) * 4 };
		if (get_be16(p + 2) < l->at)
			return false;
		l->len = get_be16(p + 2) - l->at;
		return true;
	}
	if (len < 40 || p[0] >> 4 != 6)
		return false;
	*l = (struct l4){ .proto = p[6], .at = 40, .len = get_be16(p + 4) };
	return true;
}

bool csum_is_offloaded(const uint8_t *p, size_t len)
{
	struct l4 l;
	uint64_t pseudo;
	unsigned field;

	if (!find_l4(p, len, &l))
		return false;
	if (l.proto == IPPROTO_IPIP || l.proto == IPPROTO_IPV6 || l.proto == IPPROTO_GRE)
		return true;
	if ((l.proto != IPPROTO_TCP && l.proto != IPPROTO_UDP) ||
	    !bytes_fit(len, l.at, l.len))
		return false;
	if (l.len < (l.proto == IPPROTO_TCP ? 20 : 8))
		return false;
	pseudo = csum_pseudo(p, l.proto, l.len);
	field = get_be16(p + l.at + (l.proto == IPPROTO_TCP ? 16 : 6));
	if (field != (uint16_t)~csum_finish(pseudo))
		return false;
	/* One real checksum in 65536 has this value too; but then it is right. */
	return csum_finish(csum_add(pseudo, p + l.at, l.len)) != 0;
}
