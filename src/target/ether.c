/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/ether.h"

#include "base/diag.h"
#include "base/xmem.h"
#include "wire/bytes.h"

#include <errno.h>
#include <libnet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_MAX (ETHER_HDR_LEN + 65535)
#define LOCALLY_ADMINISTERED 0x02
#define GROUP 0x01

static const struct span nowhere;

struct ether {
	libnet_t *libnet;
	uint8_t frame[FRAME_MAX];
};

/* What an interface says of itself. -1 with errno set if there is none of that name. */
static int ask_device(const char *device, unsigned long request, struct ifreq *r)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc, err;

	*r = (struct ifreq){ 0 };
	if (fd < 0 || strlen(device) >= sizeof(r->ifr_name)) {
		if (fd >= 0)
			close(fd);
		errno = ENODEV;
		return -1;
	}
	strcpy(r->ifr_name, device);
	rc = ioctl(fd, request, r);
	err = errno;
	close(fd);
	errno = err;
	return rc;
}

static int check_device(const char *device, struct diag_sink *d)
{
	struct ifreq r;

	if (ask_device(device, SIOCGIFHWADDR, &r) < 0)
		return diag_error(d, nowhere, "there is no interface %s here: %s", device,
				  strerror(errno));
	if (r.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return diag_error(d, nowhere, "%s is not an Ethernet interface", device);
	if (ask_device(device, SIOCGIFFLAGS, &r) < 0 || !(r.ifr_flags & IFF_UP))
		return diag_error(d, nowhere, "%s is down; bring it up: ip link set %s up", device,
				  device);
	return 0;
}

static void attach(int fd, struct sock_filter *filter, unsigned short len)
{
	struct sock_fprog program = { .len = len, .filter = filter };

	setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

/* libnet's socket also receives; frames nobody reads would pile up there. */
static void hear_nothing(int fd)
{
	struct sock_filter nothing[] = { BPF_STMT(BPF_RET | BPF_K, 0) };

	attach(fd, nothing, 1);
}

/* An interface only takes in frames to its own address unless told to; it is undone at close. */
static int hear_other_addresses(struct ether *e, const char *device)
{
	struct packet_mreq m = { .mr_ifindex = (int)if_nametoindex(device),
				 .mr_type = PACKET_MR_PROMISC };

	return setsockopt(ether_fd(e), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m));
}

struct ether *ether_open(const char *device, const uint8_t mac[ETHER_MAC], struct diag_sink *d)
{
	char why[LIBNET_ERRBUF_SIZE] = "";
	struct ether *e;

	if (check_device(device, d) < 0)
		return NULL;
	e = xzalloc(sizeof(*e));
	memcpy(e->frame + ETHER_MAC, mac, ETHER_MAC);
	e->libnet = libnet_init(LIBNET_LINK_ADV, device, why);
	if (e->libnet == NULL) {
		diag_error(d, nowhere, "cannot inject on %s: %s", device, why);
		diag_note(d, nowhere, "this needs root in the network namespace of %s", device);
		ether_close(e);
		return NULL;
	}
	hear_nothing(ether_fd(e));
	if (hear_other_addresses(e, device) == 0)
		return e;
	diag_error(d, nowhere, "%s cannot hear frames to other addresses: %s", device,
		   strerror(errno));
	ether_close(e);
	return NULL;
}

void ether_close(struct ether *e)
{
	if (e == NULL)
		return;
	if (e->libnet != NULL)
		libnet_destroy(e->libnet);
	free(e);
}

int ether_send(struct ether *e, const uint8_t to[ETHER_MAC], uint16_t type, const uint8_t *payload,
	       size_t len)
{
	if (len > FRAME_MAX - ETHER_HDR_LEN) {
		errno = EMSGSIZE;
		return -1;
	}
	memcpy(e->frame, to, ETHER_MAC);
	put_be16(e->frame + 2 * ETHER_MAC, type);
	memcpy(e->frame + ETHER_HDR_LEN, payload, len);
	errno = 0;
	if (libnet_adv_write_link(e->libnet, e->frame, (uint32_t)(ETHER_HDR_LEN + len)) >= 0)
		return 0;
	if (errno == 0)
		errno = EIO;
	return -1;
}

int ether_fd(const struct ether *e)
{
	return libnet_getfd(e->libnet);
}

void ether_hear_neighbours(struct ether *e)
{
	const uint32_t type = ETHER_HDR_LEN, protocol = type + 6;
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)SKF_AD_OFF + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 8, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 2 * ETHER_MAC),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_ARP, 7, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_IPV6, 0, 5),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, protocol),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ETHER_HDR_LEN + 40),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ND_NEIGHBOR_SOLICIT, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ND_NEIGHBOR_ADVERT, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, 0x7fffffff),
	};

	attach(ether_fd(e), filter, sizeof(filter) / sizeof(filter[0]));
}

int ether_made_up(const char *device, uint8_t mac[ETHER_MAC])
{
	struct ifreq r;

	if (ask_device(device, SIOCGIFHWADDR, &r) < 0 || r.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return -1;
	memcpy(mac, r.ifr_hwaddr.sa_data, ETHER_MAC);
	mac[0] = (uint8_t)((mac[0] | LOCALLY_ADMINISTERED) & ~GROUP);
	mac[1] ^= 0x44;		/* so that it differs from one that is locally administered itself */
	return 0;
}

const char *ether_mac_text(const uint8_t mac[ETHER_MAC], char buf[ETHER_MAC_TEXT])
{
	snprintf(buf, ETHER_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
	return buf;
}

int ether_mac_parse(const char *text, uint8_t mac[ETHER_MAC])
{
	unsigned b[ETHER_MAC];
	int n = 0, i;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &n) != 6 ||
	    text[n] != '\0' || b[0] & GROUP)
		return -1;
	for (i = 0; i < ETHER_MAC; i++)
		mac[i] = (uint8_t)b[i];
	return 0;
}
