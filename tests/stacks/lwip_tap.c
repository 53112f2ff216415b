/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device for tests/wire.tap: lwIP in a process of its own, behind a TAP
 * interface, with an echo service (RFC 862) on the ports given.
 *   lwip_tap TAP IPV4 IPV6 PORT...
 */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

#define FRAME 1600
#define LONGEST_SLEEP 1000	/* ms */

/* The packaged library is made for threads and their locks; this process has one. */
u32_t sys_now(void);
u32_t sys_jiffies(void);
void sys_lock_tcpip_core(void);
void sys_unlock_tcpip_core(void);
void sys_check_core_locking(void);
void sys_mark_tcpip_thread(void);

u32_t sys_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u32_t)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

u32_t sys_jiffies(void)
{
	return sys_now();
}

void sys_lock_tcpip_core(void)
{
}

void sys_unlock_tcpip_core(void)
{
}

void sys_check_core_locking(void)
{
}

void sys_mark_tcpip_thread(void)
{
}

static int tap_open(const char *name)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &r) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static err_t tap_output(struct netif *n, struct pbuf *p)
{
	u8_t frame[FRAME];
	u16_t len = pbuf_copy_partial(p, frame, sizeof(frame), 0);

	return write((int)(intptr_t)n->state, frame, len) == len ? ERR_OK : ERR_IF;
}

static err_t tap_init(struct netif *n)
{
	static const u8_t mac[] = { 2, 0, 0, 0, 0x1b, 1 };

	memcpy(n->name, "tp", 2);
	memcpy(n->hwaddr, mac, sizeof(mac));
	n->hwaddr_len = sizeof(mac);
	n->mtu = 1500;
	n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP |
		NETIF_FLAG_MLD6;
	n->output = etharp_output;
	n->output_ip6 = ethip6_output;
	n->linkoutput = tap_output;
	return ERR_OK;
}

static void tap_input(struct netif *n)
{
	u8_t frame[FRAME];
	ssize_t len;
	struct pbuf *p;

	while ((len = read((int)(intptr_t)n->state, frame, sizeof(frame))) > 0) {
		p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
		if (p == NULL)
			continue;
		pbuf_take(p, frame, (u16_t)len);
		if (n->input(p, n) != ERR_OK)
			pbuf_free(p);
	}
}

static err_t echo(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct pbuf *q;

	(void)arg;
	(void)err;
	if (p == NULL)
		return tcp_close(pcb);
	tcp_recved(pcb, p->tot_len);
	for (q = p; q != NULL; q = q->next)
		tcp_write(pcb, q->payload, q->len, TCP_WRITE_FLAG_COPY);
	tcp_output(pcb);
	pbuf_free(p);
	return ERR_OK;
}

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
	(void)arg;
	if (err != ERR_OK || pcb == NULL)
		return ERR_VAL;
	tcp_recv(pcb, echo);
	return ERR_OK;
}

static int serve(u16_t port)
{
	struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);

	if (pcb == NULL || tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK)
		return -1;
	pcb = tcp_listen(pcb);
	if (pcb == NULL)
		return -1;
	tcp_accept(pcb, accepted);
	return 0;
}

static void add_ip6(struct netif *n, const char *text)
{
	ip6_addr_t a;
	s8_t i = 1;

	netif_create_ip6_linklocal_address(n, 1);
	netif_ip6_addr_set_state(n, 0, IP6_ADDR_PREFERRED);
	if (!ip6addr_aton(text, &a))
		return;
	netif_ip6_addr_set(n, i, &a);
	netif_ip6_addr_set_state(n, i, IP6_ADDR_PREFERRED);
}

int main(int argc, char **argv)
{
	struct netif n;
	struct pollfd p;
	ip4_addr_t ip, mask, router;
	int i;

	if (argc < 5 || !ip4addr_aton(argv[2], &ip))
		return 2;
	p = (struct pollfd){ .fd = tap_open(argv[1]), .events = POLLIN };
	if (p.fd < 0) {
		perror(argv[1]);
		return 3;
	}
	lwip_init();
	IP4_ADDR(&mask, 255, 255, 0, 0);
	/* Not on the mask's network, and yet on the link: the tester is the router, too. */
	IP4_ADDR(&router, 192, 168, 0, 254);
	netif_add(&n, &ip, &mask, &router, (void *)(intptr_t)p.fd, tap_init, ethernet_input);
	netif_set_default(&n);
	netif_set_up(&n);
	add_ip6(&n, argv[3]);
	for (i = 4; i < argc; i++)
		if (serve((u16_t)atoi(argv[i])) < 0)
			return 1;
	for (;;) {
		u32_t sleep = sys_timeouts_sleeptime();

		poll(&p, 1, sleep < LONGEST_SLEEP ? (int)sleep : LONGEST_SLEEP);
		if (p.revents)
			tap_input(&n);
		sys_check_timeouts();
	}
}
