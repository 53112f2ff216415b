/* SPDX-License-Identifier: BSD-2-Clause */
/* lwIP's one interface: made, fed with packets, listened to. */
#include "adapter.h"

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/pbuf.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_PACKET 0xffff

static struct dp_stack the_stack;
static bool started;

struct dp_stack *adapter_stack(void)
{
	return &the_stack;
}

void adapter_log(const char *text)
{
	const struct dp_host *host = the_stack.host;

	if (host)
		host->log(host, text);
}

static void send_out(const struct pbuf *p)
{
	const struct dp_host *host = the_stack.host;
	uint8_t *whole;

	if (!host)
		return;
	if (p->len == p->tot_len) {
		host->output(host, p->payload, p->len);
		return;
	}
	whole = malloc(p->tot_len);
	if (!whole) {
		adapter_log("no memory for a packet: it is lost");
		return;
	}
	pbuf_copy_partial(p, whole, p->tot_len, 0);
	host->output(host, whole, p->tot_len);
	free(whole);
}

static err_t output4(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
	send_out(p);
	return ERR_OK;
}

static err_t output6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{
	send_out(p);
	return ERR_OK;
}

/* Without flags of Ethernet, IGMP and MLD nothing is ever sent unasked. */
static err_t interface_init(struct netif *netif)
{
	netif->name[0] = 'd';
	netif->name[1] = 'p';
	netif->output = output4;
	netif->output_ip6 = output6;
	return ERR_OK;
}

static void add_ipv4(struct netif *netif, const struct dp_address *local,
		     const struct dp_address *gateway)
{
	ip4_addr_t address, mask, router = { 0 };

	memcpy(&address.addr, local->bytes, 4);
	mask.addr = local->prefix ? lwip_htonl(~0u << (32 - local->prefix)) : 0;
	if (gateway->family == AF_INET)
		memcpy(&router.addr, gateway->bytes, 4);
	netif_set_addr(netif, &address, &mask, &router);
}

static void add_ipv6(struct netif *netif, int slot, const struct dp_address *local)
{
	ip_addr_t address;

	address_to_lwip(local, &address);
	netif_ip6_addr_set(netif, (s8_t)slot, ip_2_ip6(&address));
	/* No duplicate address detection: nobody else is on the link. */
	netif_ip6_addr_set_state(netif, (s8_t)slot, IP6_ADDR_PREFERRED);
}

/* NULL, or why lwIP cannot be so. */
static const char *refusal(const struct dp_config *config)
{
	unsigned ipv4 = 0, ipv6 = 0;
	uint32_t i;

	if (started)
		return "lwIP can be started once in a process";
	if (config->options && config->options[0])
		return "the lwIP adapter has no options";
	if (config->mtu < 68 || config->mtu > LONGEST_PACKET)
		return "lwIP's MTU is 68 to 65535";
	for (i = 0; i < config->n_local; i++)
		*(config->local[i].family == AF_INET6 ? &ipv6 : &ipv4) += 1;
	if (ipv4 > 1)
		return "lwIP has one IPv4 address on an interface";
	if (ipv6 > LWIP_IPV6_NUM_ADDRESSES)
		return "this lwIP has at most 6 IPv6 addresses on an interface";
	for (i = 0; i < config->n_local; i++)
		if (config->local[i].prefix > (config->local[i].family == AF_INET6 ? 128 : 32))
			return "an address's prefix is too long";
	return NULL;
}

static struct dp_stack *create(const struct dp_host *host, const struct dp_config *config,
			       const char **why)
{
	struct dp_stack *s = &the_stack;
	struct netif *netif = &s->netif;
	int slot = 0;
	uint32_t i;

	*why = refusal(config);
	if (*why)
		return NULL;
	started = true;
	s->host = host;
	/* What liblwip takes from rand(): the first ephemeral ports. */
	srand(host->random(host));
	lwip_init();
	if (!netif_add_noaddr(netif, NULL, interface_init, ip_input)) {
		*why = "lwIP's netif_add() failed";
		s->host = NULL;
		return NULL;
	}
	netif->mtu = netif->mtu6 = (u16_t)config->mtu;
	for (i = 0; i < config->n_local; i++) {
		if (config->local[i].family == AF_INET6)
			add_ipv6(netif, slot++, &config->local[i]);
		else
			add_ipv4(netif, &config->local[i], &config->gateway);
	}
	netif_set_default(netif);
	netif_set_up(netif);
	netif_set_link_up(netif);
	return s;
}

/* lwIP cannot be torn down; without a host it neither hears nor speaks. */
static void destroy(struct dp_stack *s)
{
	s->host = NULL;
}

/* True for fragments, and for what may have a fragment header further on. */
static bool may_be_fragment(const uint8_t *packet, size_t len)
{
	if (len < 20)
		return false;
	if (packet[0] >> 4 == 6)
		return packet[6] != IP6_NEXTH_TCP && packet[6] != IP6_NEXTH_UDP &&
		       packet[6] != IP6_NEXTH_ICMP6;
	return (packet[6] & 0x3f) || packet[7];
}

static void input(struct dp_stack *s, const void *packet, size_t len)
{
	struct pbuf *p;

	if (len == 0 || len > LONGEST_PACKET)
		return;
	p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
	if (!p) {
		adapter_log("no memory for a packet: it is lost");
		return;
	}
	pbuf_take(p, packet, (u16_t)len);
	if (may_be_fragment(packet, len))
		clock_fragment(s);
	if (s->netif.input(p, &s->netif) != ERR_OK)
		pbuf_free(p);
}

const struct dp_stack_ops *adapter_ops(void)
{
	static const struct dp_stack_ops ops = {
		.size = sizeof(ops),
		.abi = DP_STACK_ABI,
		.name = "lwip",
		.version = "lwIP " LWIP_VERSION_STRING " (liblwip)",
		.caps = DP_CAP_IPV4 | DP_CAP_IPV6 | DP_CAP_UDP,
		.create = create,
		.destroy = destroy,
		.input = input,
		.deadline = clock_deadline,
		.run = clock_run,
		.socket = socket_open,
		.bind = socket_bind,
		.listen = socket_listen,
		.accept = socket_accept,
		.connect = socket_connect,
		.sendmsg = message_send,
		.recvmsg = message_receive,
		.shutdown = socket_shutdown,
		.close = linger_close,
		.getsockopt = option_get,
		.setsockopt = option_set,
		.ioctl = socket_ioctl,
		.ready = socket_ready,
		.conn = conn_get,
		.socket_conn = conn_of_socket,
		.setting = setting_want,
	};

	return &ops;
}
