/* SPDX-License-Identifier: BSD-2-Clause */
/* rtnetlink requests through libmnl. */
#include "config.h"

#include "target/netlink.h"

#include "base/buf.h"
#include "base/xmem.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough for every request here, and for the answer about one link. */
#define NL_BUFFER 8192

struct nl {
	struct mnl_socket *socket;
	unsigned seq, port;
	char why[160];
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
};

struct nl *nl_open(void)
{
	struct nl *nl = xzalloc(sizeof(*nl));
	int one = 1;

	nl->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (nl->socket == NULL || mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		nl_close(nl);
		return NULL;
	}
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, &one, sizeof(one));
	nl->port = mnl_socket_get_portid(nl->socket);
	return nl;
}

void nl_close(struct nl *nl)
{
	int err = errno;

	if (nl == NULL)
		return;
	if (nl->socket != NULL)
		mnl_socket_close(nl->socket);
	free(nl);
	errno = err;
}

const char *nl_why(const struct nl *nl)
{
	return nl->why[0] != '\0' ? nl->why : strerror(errno);
}

static struct nlmsghdr *request(struct nl *nl, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(nl->buf);

	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	h->nlmsg_seq = ++nl->seq;
	return h;
}

static int keep_message(const struct nlattr *attr, void *data)
{
	struct nl *nl = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
		snprintf(nl->why, sizeof(nl->why), "%s (%s)", strerror(errno),
			 mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

/* An error message carries, after the header it answers, the kernel's words. */
static int answer_error(struct nl *nl, const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);

	if (h->nlmsg_len < mnl_nlmsg_size(sizeof(*e))) {
		errno = EBADMSG;
		return -1;
	}
	if (e->error == 0)
		return 0;
	errno = -e->error;
	if (h->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(h, sizeof(*e), keep_message, nl);
	errno = -e->error;
	return -1;
}

/* Sends the request; the answer, if it is not just "done", stays in nl->buf. */
static int talk(struct nl *nl, struct nlmsghdr *h, const struct nlmsghdr **answer)
{
	const struct nlmsghdr *r = (const struct nlmsghdr *)nl->buf;
	unsigned seq = h->nlmsg_seq;
	ssize_t n;

	nl->why[0] = '\0';
	if (mnl_socket_sendto(nl->socket, h, h->nlmsg_len) < 0)
		return -1;
	do {
		n = mnl_socket_recvfrom(nl->socket, nl->buf, sizeof(nl->buf));
		if (n < 0 && errno != EINTR)
			return -1;
	} while (n < 0 || !mnl_nlmsg_ok(r, n) || r->nlmsg_seq != seq);
	if (r->nlmsg_type == NLMSG_ERROR)
		return answer_error(nl, r);
	if (answer != NULL)
		*answer = r;
	return 0;
}

static void put_ifinfo(struct nlmsghdr *h, int index, unsigned flags, unsigned mask)
{
	struct ifinfomsg *i = mnl_nlmsg_put_extra_header(h, sizeof(*i));

	i->ifi_family = AF_UNSPEC;
	i->ifi_index = index;
	i->ifi_flags = flags;
	i->ifi_change = mask;
}

static const struct nlmsghdr *get_link(struct nl *nl, int index, const char *name)
{
	const struct nlmsghdr *answer = NULL;
	struct nlmsghdr *h = request(nl, RTM_GETLINK, 0);

	put_ifinfo(h, index, 0, 0);
	if (name != NULL)
		mnl_attr_put_strz(h, IFLA_IFNAME, name);
	if (talk(nl, h, &answer) < 0)
		return NULL;
	return answer;
}

int nl_link_index(struct nl *nl, const char *name)
{
	const struct nlmsghdr *h = get_link(nl, 0, name);
	const struct ifinfomsg *i;

	if (h == NULL)
		return 0;
	i = mnl_nlmsg_get_payload(h);
	return i->ifi_index;
}

unsigned nl_link_flags(struct nl *nl, int index)
{
	const struct nlmsghdr *h = get_link(nl, index, NULL);
	const struct ifinfomsg *i;

	if (h == NULL)
		return 0;
	i = mnl_nlmsg_get_payload(h);
	return i->ifi_flags;
}

/* What IFLA_LINKINFO says the device is. */
static void find_kind(const struct nlattr *info, const char **kind)
{
	const struct nlattr *one;

	mnl_attr_for_each_nested(one, info)
		if (mnl_attr_get_type(one) == IFLA_INFO_KIND)
			*kind = mnl_attr_get_str(one);
}

int nl_link_describe(struct nl *nl, const char *name, struct buf *out)
{
	const struct nlmsghdr *h = get_link(nl, 0, name);
	const char *kind = "unknown kind", *qdisc = "unknown";
	const struct nlattr *attr;
	uint32_t mtu = 0;

	if (h == NULL)
		return -1;
	mnl_attr_for_each(attr, h, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_MTU)
			mtu = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == IFLA_QDISC)
			qdisc = mnl_attr_get_str(attr);
		else if (mnl_attr_get_type(attr) == IFLA_LINKINFO)
			find_kind(attr, &kind);
	}
	buf_printf(out, "%s, mtu %u, qdisc %s", kind, mtu, qdisc);
	return 0;
}

/*
 * The operational state turns "up" only after the carrier was noticed and the
 * transmit queue was put in place; tunnels have none and say "unknown".
 */
bool nl_link_running(struct nl *nl, int index)
{
	const unsigned want = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;

	return (nl_link_flags(nl, index) & want) == want;
}

int nl_link_set(struct nl *nl, int index, unsigned mtu, unsigned set, unsigned mask)
{
	struct nlmsghdr *h = request(nl, RTM_SETLINK, NLM_F_ACK);

	put_ifinfo(h, index, set, mask);
	if (mtu > 0)
		mnl_attr_put_u32(h, IFLA_MTU, mtu);
	return talk(nl, h, NULL);
}

static void put_end(struct nlmsghdr *h, const struct nl_veth_end *e)
{
	mnl_attr_put_strz(h, IFLA_IFNAME, e->name);
	mnl_attr_put(h, IFLA_ADDRESS, sizeof(e->mac), e->mac);
	mnl_attr_put_u32(h, IFLA_MTU, e->mtu);
}

int nl_veth_add(struct nl *nl, const struct nl_veth_end *here, const struct nl_veth_end *peer,
		int peer_netns)
{
	struct nlmsghdr *h = request(nl, RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info, *data, *other;
	unsigned peer_flags = peer->flags & ~IFF_UP;

	put_ifinfo(h, 0, here->flags, here->flags);
	put_end(h, here);
	info = mnl_attr_nest_start(h, IFLA_LINKINFO);
	mnl_attr_put_strz(h, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(h, IFLA_INFO_DATA);
	other = mnl_attr_nest_start(h, VETH_INFO_PEER);
	put_ifinfo(h, 0, peer_flags, peer_flags);
	put_end(h, peer);
	mnl_attr_put_u32(h, IFLA_NET_NS_FD, peer_netns);
	mnl_attr_nest_end(h, other);
	mnl_attr_nest_end(h, data);
	mnl_attr_nest_end(h, info);
	return talk(nl, h, NULL);
}

static int ip_bytes(const struct ip_addr *a)
{
	return a->family == AF_INET ? 4 : 16;
}

int nl_addr_add(struct nl *nl, int index, const struct ip_addr *a, int prefix)
{
	struct nlmsghdr *h = request(nl, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct ifaddrmsg *m = mnl_nlmsg_put_extra_header(h, sizeof(*m));

	m->ifa_family = a->family;
	m->ifa_prefixlen = prefix;
	m->ifa_scope = RT_SCOPE_UNIVERSE;
	m->ifa_index = index;
	mnl_attr_put(h, IFA_LOCAL, ip_bytes(a), a->b);
	mnl_attr_put(h, IFA_ADDRESS, ip_bytes(a), a->b);
	mnl_attr_put_u32(h, IFA_FLAGS, IFA_F_NODAD | IFA_F_PERMANENT);
	return talk(nl, h, NULL);
}

/* The route to it as a local address is the last thing an address gets. */
bool nl_addr_usable(struct nl *nl, const struct ip_addr *a)
{
	struct nlmsghdr *h = request(nl, RTM_GETROUTE, 0);
	struct rtmsg *m = mnl_nlmsg_put_extra_header(h, sizeof(*m));
	const struct nlmsghdr *answer = NULL;

	m->rtm_family = a->family;
	m->rtm_dst_len = ip_bytes(a) * 8;
	mnl_attr_put(h, RTA_DST, ip_bytes(a), a->b);
	if (talk(nl, h, &answer) < 0 || answer == NULL)
		return false;
	m = mnl_nlmsg_get_payload(answer);
	return m->rtm_type == RTN_LOCAL;
}

/* The kernel refuses a network with host bits set. */
static struct ip_addr network_of(const struct ip_addr *a, int prefix)
{
	struct ip_addr net = *a;
	int i;

	for (i = 0; i < 16; i++, prefix -= 8)
		if (prefix < 8)
			net.b[i] &= prefix <= 0 ? 0 : 0xff << (8 - prefix);
	return net;
}

int nl_route_add(struct nl *nl, int index, const struct ip_addr *dst, int prefix,
		 const struct ip_addr *via)
{
	struct nlmsghdr *h = request(nl, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
	struct rtmsg *m = mnl_nlmsg_put_extra_header(h, sizeof(*m));
	struct ip_addr net = network_of(dst, prefix);

	m->rtm_family = dst->family;
	m->rtm_dst_len = prefix;
	m->rtm_table = RT_TABLE_MAIN;
	m->rtm_protocol = RTPROT_BOOT;
	m->rtm_scope = via == NULL && dst->family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	m->rtm_type = RTN_UNICAST;
	mnl_attr_put(h, RTA_DST, ip_bytes(dst), net.b);
	if (via != NULL)
		mnl_attr_put(h, RTA_GATEWAY, ip_bytes(via), via->b);
	mnl_attr_put_u32(h, RTA_OIF, index);
	return talk(nl, h, NULL);
}
