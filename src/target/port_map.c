/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/port_map.h"

#include "wire/bytes.h"

#include <netinet/in.h>
#include <stdbool.h>

#define IPV6_BYTES 40
#define ICMP_BYTES 8

/* The transport header: its protocol (0: none that can be found) and place. */
static uint8_t transport(const uint8_t *ip, size_t len, size_t *at)
{
	if (len >= 20 && ip[0] >> 4 == 4) {
		*at = (size_t)(ip[0] & 15) * 4;
		return get_be16(ip + 6) & 0x1fff ? 0 : ip[9];
	}
	*at = IPV6_BYTES;
	return len >= IPV6_BYTES && ip[0] >> 4 == 6 ? ip[6] : 0;
}

static bool has_ports(uint8_t protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE;
}

/* RFC 1624: HC' = ~(~HC + ~m + m') */
static void fix_checksum(uint8_t *csum, uint16_t from, uint16_t to)
{
	uint32_t sum = (uint16_t)~get_be16(csum) + (uint32_t)(uint16_t)~from + to;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	put_be16(csum, (uint16_t)~sum);
}

/* Changes the port at its place; quoting: the checksum of the ICMP message around it, or NULL. */
static void change(uint8_t *ip, size_t len, bool source, uint16_t from, uint16_t to,
		   uint8_t *quoting)
{
	size_t at, csum;
	uint8_t protocol = transport(ip, len, &at), *port;
	uint16_t old;

	if (!has_ports(protocol) || !bytes_fit(len, at, 4))
		return;
	port = ip + at + (source ? 0 : 2);
	if (get_be16(port) != from)
		return;
	put_be16(port, to);
	if (quoting != NULL)
		fix_checksum(quoting, from, to);
	csum = at + (protocol == IPPROTO_TCP ? 16 : 6);
	if (!bytes_fit(len, csum, 2) || (protocol == IPPROTO_UDP && get_be16(ip + csum) == 0))
		return;
	old = get_be16(ip + csum);
	fix_checksum(ip + csum, from, to);
	if (quoting != NULL)
		fix_checksum(quoting, old, get_be16(ip + csum));
}

static bool is_icmp_error(const uint8_t *ip, size_t len, size_t *at)
{
	uint8_t protocol = transport(ip, len, at);

	if (!bytes_fit(len, *at, ICMP_BYTES))
		return false;
	if (protocol == IPPROTO_ICMPV6)
		return ip[*at] < 128;
	return protocol == IPPROTO_ICMP && (ip[*at] == 3 || ip[*at] == 4 || ip[*at] == 5 ||
					    ip[*at] == 11 || ip[*at] == 12);
}

/* An error quotes a packet that went the other way. */
static void map(uint8_t *ip, size_t len, bool out, uint16_t from, uint16_t to)
{
	size_t at;

	if (from == to)
		return;
	if (is_icmp_error(ip, len, &at))
		change(ip + at + ICMP_BYTES, len - at - ICMP_BYTES, !out, from, to, ip + at + 2);
	else
		change(ip, len, out, from, to, NULL);
}

void port_map_in(const struct port_map *m, uint8_t *ip, size_t len)
{
	map(ip, len, false, m->script, m->device);
}

void port_map_out(const struct port_map *m, uint8_t *ip, size_t len)
{
	map(ip, len, true, m->device, m->script);
}
