/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/neigh.h"

#include "wire/bytes.h"
#include "wire/checksum.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>

/* RFC 826: hardware Ethernet, protocol IPv4, lengths 6 and 4, then the operation. */
static const uint8_t arp_head[] = { 0, 1, 8, 0, 6, 4 };
enum { ARP_OP = 6, ARP_SENDER_MAC = 8, ARP_SENDER = 14, ARP_TARGET_MAC = 18, ARP_TARGET = 24,
       ARP_LEN = 28 };
enum { ARP_REQUEST = 1, ARP_REPLY = 2 };

/* An IPv6 header, an ND message with a target, one option of a link-layer address. */
enum { IP6_LEN = 40, IP6_SRC = 8, IP6_DST = 24, ND = IP6_LEN, ND_FLAGS = ND + 4, ND_TARGET = ND + 8,
       ND_LEN = 24, ND_OPT = ND + ND_LEN, ND_OPT_LEN = 8 };
#define ND_HOP_LIMIT 255
#define ND_SOLICITED 0x40
#define ND_OVERRIDE 0x20

static const struct ip_addr all_nodes = { AF_INET6, { 0xff, 2, [15] = 1 } };

static struct ip_addr addr_of(int family, const uint8_t *p)
{
	struct ip_addr a = { .family = family };

	memcpy(a.b, p, family == AF_INET ? 4 : 16);
	return a;
}

static bool is_unspecified(const struct ip_addr *a)
{
	const struct ip_addr none = { .family = a->family };

	return ip_addr_equal(a, &none);
}

static bool arp_read(const uint8_t *p, size_t len, struct neigh *n)
{
	uint16_t op;

	if (len < ARP_LEN || memcmp(p, arp_head, sizeof(arp_head)) != 0)
		return false;
	op = get_be16(p + ARP_OP);
	if (op != ARP_REQUEST && op != ARP_REPLY)
		return false;
	n->kind = op == ARP_REQUEST ? NEIGH_ASK : NEIGH_TELL;
	n->sender = addr_of(AF_INET, p + ARP_SENDER);
	n->target = op == ARP_REQUEST ? addr_of(AF_INET, p + ARP_TARGET) : n->sender;
	n->has_mac = true;
	memcpy(n->mac, p + ARP_SENDER_MAC, ETHER_MAC);
	return true;
}

/* The options of an ND message; false if one is malformed (RFC 4861 7.1: length 0). */
static bool read_options(const uint8_t *p, size_t len, uint8_t wanted, struct neigh *n)
{
	size_t at = 0;

	while (at < len) {
		size_t size;

		if (!bytes_fit(len, at, 2))
			return false;
		size = p[at + 1] * 8u;
		if (size == 0 || !bytes_fit(len, at, size))
			return false;
		if (p[at] == wanted) {
			n->has_mac = true;
			memcpy(n->mac, p + at + 2, ETHER_MAC);
		}
		at += size;
	}
	return true;
}

static bool nd_read(const uint8_t *p, size_t len, struct neigh *n)
{
	size_t body;
	uint8_t type;

	if (len < ND + ND_LEN || p[0] >> 4 != 6 || p[6] != IPPROTO_ICMPV6 || p[7] != ND_HOP_LIMIT)
		return false;
	body = get_be16(p + 4);
	type = p[ND];
	if (body < ND_LEN || !bytes_fit(len, ND, body) || p[ND + 1] != 0 ||
	    csum_finish(csum_add(csum_pseudo(p, IPPROTO_ICMPV6, (uint32_t)body), p + ND, body)) != 0)
		return false;
	if (type != ND_NEIGHBOR_SOLICIT && type != ND_NEIGHBOR_ADVERT)
		return false;
	n->kind = type == ND_NEIGHBOR_SOLICIT ? NEIGH_ASK : NEIGH_TELL;
	n->sender = addr_of(AF_INET6, p + IP6_SRC);
	n->target = addr_of(AF_INET6, p + ND_TARGET);
	return read_options(p + ND_OPT, body - ND_LEN,
			    n->kind == NEIGH_ASK ? ND_OPT_SOURCE_LINKADDR : ND_OPT_TARGET_LINKADDR, n);
}

bool neigh_read(uint16_t type, const uint8_t *p, size_t len, struct neigh *n)
{
	*n = (struct neigh){ 0 };
	if (type == ETHERTYPE_ARP)
		return arp_read(p, len, n);
	return type == ETHERTYPE_IPV6 && nd_read(p, len, n);
}

static void arp_make(uint16_t op, const struct ip_addr *sender, const uint8_t mac[ETHER_MAC],
		     const struct ip_addr *target, const uint8_t *target_mac, struct neigh_frame *f)
{
	f->type = ETHERTYPE_ARP;
	f->len = ARP_LEN;
	memcpy(f->data, arp_head, sizeof(arp_head));
	put_be16(f->data + ARP_OP, op);
	memcpy(f->data + ARP_SENDER_MAC, mac, ETHER_MAC);
	memcpy(f->data + ARP_SENDER, sender->b, 4);
	if (target_mac != NULL)
		memcpy(f->data + ARP_TARGET_MAC, target_mac, ETHER_MAC);
	memcpy(f->data + ARP_TARGET, target->b, 4);
}

static void nd_make(uint8_t type, uint8_t flags, uint8_t option, const struct ip_addr *from,
		    const struct ip_addr *to, const struct ip_addr *target,
		    const uint8_t mac[ETHER_MAC], struct neigh_frame *f)
{
	const uint16_t body = ND_LEN + ND_OPT_LEN;
	uint8_t *p = f->data;

	f->type = ETHERTYPE_IPV6;
	f->len = IP6_LEN + body;
	p[0] = 0x60;
	put_be16(p + 4, body);
	p[6] = IPPROTO_ICMPV6;
	p[7] = ND_HOP_LIMIT;
	memcpy(p + IP6_SRC, from->b, 16);
	memcpy(p + IP6_DST, to->b, 16);
	p[ND] = type;
	p[ND_FLAGS] = flags;
	memcpy(p + ND_TARGET, target->b, 16);
	p[ND_OPT] = option;
	p[ND_OPT + 1] = ND_OPT_LEN / 8;
	memcpy(p + ND_OPT + 2, mac, ETHER_MAC);
	put_be16(p + ND + 2, csum_finish(csum_add(csum_pseudo(p, IPPROTO_ICMPV6, body), p + ND, body)));
}

/* RFC 2464 7: a group of IPv6 on Ethernet. */
static void group_mac(const struct ip_addr *group, uint8_t mac[ETHER_MAC])
{
	mac[0] = mac[1] = 0x33;
	memcpy(mac + 2, group->b + 12, 4);
}

/* RFC 4291 2.7.1 */
static struct ip_addr solicited_node(const struct ip_addr *a)
{
	struct ip_addr group = { AF_INET6, { 0xff, 2, [11] = 1, [12] = 0xff } };

	memcpy(group.b + 13, a->b + 13, 3);
	return group;
}

void neigh_ask(const struct ip_addr *target, const struct ip_addr *sender,
	       const uint8_t mac[ETHER_MAC], const uint8_t *to, struct neigh_frame *f)
{
	struct ip_addr group;

	memset(f, 0, sizeof(*f));
	if (target->family == AF_INET) {
		memset(f->to, 0xff, ETHER_MAC);
		arp_make(ARP_REQUEST, sender, mac, target, NULL, f);
	} else {
		group = solicited_node(target);
		group_mac(&group, f->to);
		nd_make(ND_NEIGHBOR_SOLICIT, 0, ND_OPT_SOURCE_LINKADDR, sender, to ? target : &group,
			target, mac, f);
	}
	if (to != NULL)
		memcpy(f->to, to, ETHER_MAC);
}

void neigh_tell(const struct neigh *q, const uint8_t mac[ETHER_MAC], struct neigh_frame *f)
{
	bool probe = is_unspecified(&q->sender);

	memset(f, 0, sizeof(*f));
	if (q->target.family == AF_INET) {
		memcpy(f->to, q->mac, ETHER_MAC);
		arp_make(ARP_REPLY, &q->target, mac, &q->sender, q->mac, f);
		return;
	}
	if (probe)
		group_mac(&all_nodes, f->to);
	else
		memcpy(f->to, q->mac, ETHER_MAC);
	nd_make(ND_NEIGHBOR_ADVERT, (uint8_t)((probe ? 0 : ND_SOLICITED) | ND_OVERRIDE),
		ND_OPT_TARGET_LINKADDR, &q->target, probe ? &all_nodes : &q->sender, &q->target, mac, f);
}
