/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapter.h"

#include <string.h>

void address_to_lwip(const struct dp_address *from, ip_addr_t *to)
{
	ip_addr_set_zero(to);
	if (from->family == AF_INET6) {
		IP_SET_TYPE_VAL(*to, IPADDR_TYPE_V6);
		memcpy(ip_2_ip6(to)->addr, from->bytes, 16);
	} else {
		IP_SET_TYPE_VAL(*to, IPADDR_TYPE_V4);
		memcpy(&ip_2_ip4(to)->addr, from->bytes, 4);
	}
}

void address_from_lwip(const ip_addr_t *from, struct dp_address *to)
{
	memset(to, 0, sizeof(*to));
	if (IP_IS_V6(from)) {
		to->family = AF_INET6;
		to->prefix = 128;
		memcpy(to->bytes, ip_2_ip6(from)->addr, 16);
	} else {
		to->family = AF_INET;
		to->prefix = 32;
		memcpy(to->bytes, &ip_2_ip4(from)->addr, 4);
	}
}
