/* SPDX-License-Identifier: BSD-2-Clause */
/* sock_diag requests through libmnl. */
#include "config.h"

#include "target/sockdiag.h"

#include "base/arena.h"
#include "base/xmem.h"
#include "seam/target.h"
#include "wire/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sockdiag {
	struct mnl_socket *socket;
	int fd;			/* the same, connected: that is the quicker way */
	unsigned seq;
	char buf[32768] __attribute__((aligned(NLMSG_ALIGNTO)));
};

struct diag_request {
	struct nlmsghdr h;
	struct inet_diag_req_v2 r;
};

/* Socket identities of a dump; they are destroyed after it, not during. */
struct diag_list {
	struct diag_row {
		struct inet_diag_sockid id;
		uint8_t family;
	} *rows;
	size_t n, size;
};

struct sockdiag *sockdiag_open(void)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct sockdiag *s = xzalloc(sizeof(*s));
	int one = 1;

	s->socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (s->socket == NULL || mnl_socket_bind(s->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		goto fail;
	s->fd = mnl_socket_get_fd(s->socket);
	if (connect(s->fd, (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		goto fail;
	mnl_socket_setsockopt(s->socket, NETLINK_CAP_ACK, &one, sizeof(one));
	return s;
fail:
	sockdiag_close(s);
	return NULL;
}

void sockdiag_close(struct sockdiag *s)
{
	int err = errno;

	if (s == NULL)
		return;
	if (s->socket != NULL)
		mnl_socket_close(s->socket);
	free(s);
	errno = err;
}

static int send_request(struct sockdiag *s, uint16_t type, uint16_t flags, uint8_t family,
			const struct inet_diag_sockid *id, uint8_t extensions)
{
	struct diag_request q = {
		.h = { .nlmsg_len = sizeof(q), .nlmsg_type = type,
		       .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = ++s->seq },
		.r = { .sdiag_family = family, .sdiag_protocol = IPPROTO_TCP,
		       .idiag_ext = extensions, .idiag_states = ~0U },
	};

	if (id != NULL)
		q.r.id = *id;
	return send(s->fd, &q, sizeof(q), 0) < 0 ? -1 : 0;
}

/* The next datagram, which may hold several messages. */
static ssize_t receive(struct sockdiag *s)
{
	ssize_t n;

	do
		n = recv(s->fd, s->buf, sizeof(s->buf), 0);
	while (n < 0 && errno == EINTR);
	return n;
}

/* The one answer to an exact request; NULL with errno set. */
static const struct nlmsghdr *answer(struct sockdiag *s)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)s->buf;
	const struct nlmsgerr *e;
	ssize_t n;

	do {
		n = receive(s);
		if (n < 0)
			return NULL;
	} while (!mnl_nlmsg_ok(h, n) || h->nlmsg_seq != s->seq);
	if (h->nlmsg_type != NLMSG_ERROR)
		return h;
	e = mnl_nlmsg_get_payload(h);
	errno = -e->error;
	return NULL;
}

static enum tcp_state state_of(uint8_t state)
{
	const uint8_t new_syn_recv = 12;	/* a request socket; some kernels show it so */

	if (state == new_syn_recv)
		return TCPS_SYN_RECV;
	return state < TCPS_COUNT ? (enum tcp_state)state : TCPS_UNKNOWN;
}

static void read_row(const struct inet_diag_msg *m, bool any_peer, struct conn_info *info)
{
	static const enum conn_timer timers[] = {
		[0] = CONN_TIMER_NONE, [1] = CONN_TIMER_RETRANSMIT, [2] = CONN_TIMER_KEEPALIVE,
		[3] = CONN_TIMER_TIMEWAIT, [4] = CONN_TIMER_PROBE,
	};

	info->state = state_of(m->idiag_state);
	/* Of an unknown peer the kernel shows the socket that would take its SYN. */
	if (info->state == TCPS_LISTEN && !any_peer) {
		info->state = TCPS_CLOSED;
		info->listener_only = true;
		return;
	}
	info->cookie = (uint64_t)m->id.idiag_cookie[1] << 32 | m->id.idiag_cookie[0];
	if (info->state == TCPS_LISTEN)
		return;		/* its "retransmits" and "expires" have another meaning */
	if (m->idiag_timer < sizeof(timers) / sizeof(timers[0]))
		info->timer = timers[m->idiag_timer];
	if (info->timer != CONN_TIMER_NONE)
		info->timer_left = m->idiag_expires * NS_PER_MS;
	info->retransmits = m->idiag_retrans;
}

static struct inet_diag_sockid id_of(const struct tuple *t)
{
	struct inet_diag_sockid id = {
		.idiag_sport = htons(t->local_port), .idiag_dport = htons(t->remote_port),
		.idiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE },
	};

	memcpy(id.idiag_src, t->local.b, sizeof(t->local.b));
	if (t->remote_port != 0)
		memcpy(id.idiag_dst, t->remote.b, sizeof(t->remote.b));
	if (t->local.family == AF_INET) {	/* stray bytes past an IPv4 address count */
		memset(&id.idiag_src[1], 0, 12);
		memset(&id.idiag_dst[1], 0, 12);
	}
	return id;
}

/* Asks for one connection. Its row, or NULL with errno set. */
static const struct nlmsghdr *ask(struct sockdiag *s, const struct tuple *t, uint8_t extensions)
{
	const struct inet_diag_sockid id = id_of(t);
	const struct nlmsghdr *h;

	if (send_request(s, SOCK_DIAG_BY_FAMILY, 0, t->local.family, &id, extensions) < 0)
		return NULL;
	h = answer(s);
	if (h == NULL || mnl_nlmsg_get_payload_len(h) >= sizeof(struct inet_diag_msg))
		return h;
	errno = EBADMSG;
	return NULL;
}

int sockdiag_find(struct sockdiag *s, const struct tuple *t, struct conn_info *info)
{
	const struct nlmsghdr *h = ask(s, t, 0);

	*info = (struct conn_info){ .state = TCPS_CLOSED };
	if (h == NULL)
		return errno == ENOENT ? 0 : -1;
	read_row(mnl_nlmsg_get_payload(h), t->remote_port == 0, info);
	return 0;
}

static void keep_bytes(const struct nlattr *attr, struct arena *a, struct conn_bytes *b)
{
	b->len = mnl_attr_get_payload_len(attr);
	b->data = arena_memdup(a, mnl_attr_get_payload(attr), b->len);
}

int sockdiag_details(struct sockdiag *s, const struct tuple *t, struct arena *a,
		     struct conn_details *d)
{
	const uint8_t all = 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_VEGASINFO - 1) |
			    1 << (INET_DIAG_CONG - 1) | 1 << (INET_DIAG_SKMEMINFO - 1);
	const struct nlmsghdr *h = ask(s, t, all);
	const struct inet_diag_msg *m;
	const struct nlattr *attr;

	*d = (struct conn_details){ 0 };
	if (h == NULL)
		return -1;
	m = mnl_nlmsg_get_payload(h);
	/* Of an unknown peer the kernel shows the listener. */
	if (m->idiag_state == TCPS_LISTEN && t->remote_port != 0)
		return -1;
	mnl_attr_for_each(attr, h, sizeof(*m)) {
		switch (mnl_attr_get_type(attr)) {
		case INET_DIAG_INFO:
			keep_bytes(attr, a, &d->info);
			break;
		case INET_DIAG_VEGASINFO:
		case INET_DIAG_DCTCPINFO:
		case INET_DIAG_BBRINFO:
			keep_bytes(attr, a, &d->cc);
			break;
		case INET_DIAG_SKMEMINFO:
			keep_bytes(attr, a, &d->meminfo);
			break;
		case INET_DIAG_CONG:
			d->cc_name = arena_strndup(a, mnl_attr_get_payload(attr),
						   mnl_attr_get_payload_len(attr));
			break;
		}
	}
	return d->info.len ? 0 : -1;
}

static int keep_row(const struct nlmsghdr *h, void *data)
{
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(h);
	struct diag_list *list = data;

	if (mnl_nlmsg_get_payload_len(h) < sizeof(*m))
		return MNL_CB_OK;
	if (list->n == list->size) {
		list->size = list->size * 2 + 16;
		list->rows = xrealloc(list->rows, list->size * sizeof(*list->rows));
	}
	list->rows[list->n++] = (struct diag_row){ .id = m->id, .family = m->idiag_family };
	return MNL_CB_OK;
}

static void dump(struct sockdiag *s, uint8_t family, struct diag_list *list)
{
	int rc = MNL_CB_OK;
	ssize_t n;

	if (send_request(s, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, family, NULL, 0) < 0)
		return;
	while (rc > MNL_CB_STOP) {
		n = receive(s);
		if (n < 0)
			return;
		rc = mnl_cb_run(s->buf, n, s->seq, 0, keep_row, list);
	}
}

/* The number behind " key " in a line of /proc/net/sockstat*; -1 if it is not there. */
static int stat_number(const char *text, const char *line, const char *key)
{
	const char *p = strstr(text, line), *end;
	int v;

	if (p == NULL)
		return -1;
	end = p + strcspn(p, "\n");
	p = strstr(p, key);
	if (p == NULL || p > end || sscanf(p + strlen(key), "%d", &v) != 1)
		return -1;
	return v;
}

static void read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
}

/*
 * A dump walks the machine's whole table of connections, a quarter of a
 * millisecond; so ask first whether the namespace has any of that family.
 * Request sockets are not counted, but a listener, which is, owns them.
 */
static bool may_have(uint8_t family)
{
	char text[512];
	int in_use, waiting;

	read_text("/proc/thread-self/net/sockstat", text, sizeof(text));
	waiting = stat_number(text, "TCP: ", " tw ");
	in_use = stat_number(text, "TCP: ", " inuse ");
	if (family == AF_INET6) {
		read_text("/proc/thread-self/net/sockstat6", text, sizeof(text));
		in_use = stat_number(text, "TCP6: ", " inuse ");
	}
	return in_use != 0 || waiting != 0;
}

/* The peer's address of a row, as plain IPv4 if that is what a mapped one stands for. */
static struct ip_addr row_peer(const struct diag_row *row)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct ip_addr a = { .family = row->family };
	const uint8_t *dst = (const uint8_t *)row->id.idiag_dst;

	if (row->family == AF_INET6 && memcmp(dst, mapped, sizeof(mapped)) == 0) {
		a.family = AF_INET;
		dst += sizeof(mapped);
	}
	memcpy(a.b, dst, a.family == AF_INET ? 4 : 16);
	return a;
}

static bool is_in(const struct ip_addr *a, const struct ip_addr *net, int prefix)
{
	int whole = prefix / 8, rest = prefix % 8;

	if (a->family != net->family || memcmp(a->b, net->b, (size_t)whole) != 0)
		return false;
	return rest == 0 || (a->b[whole] ^ net->b[whole]) >> (8 - rest) == 0;
}

static bool is_to(const struct diag_row *row, const struct ip_addr *peers, int prefix)
{
	struct ip_addr peer;

	if (peers == NULL)
		return true;
	peer = row_peer(row);
	return is_in(&peer, peers, prefix);
}

void sockdiag_destroy(struct sockdiag *s, const struct ip_addr *peers, int prefix)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct diag_list list = { 0 };
	size_t i;

	for (i = 0; i < sizeof(families); i++)
		if (may_have(families[i]))
			dump(s, families[i], &list);
	for (i = 0; i < list.n; i++)
		if (is_to(&list.rows[i], peers, prefix) &&
		    send_request(s, SOCK_DESTROY, NLM_F_ACK, list.rows[i].family,
				 &list.rows[i].id, 0) == 0)
			answer(s);	/* gone already, or refused: nothing to be done */
	free(list.rows);
}

void sockdiag_destroy_one(struct sockdiag *s, const struct tuple *t, uint64_t cookie)
{
	struct inet_diag_sockid id = id_of(t);

	id.idiag_cookie[0] = (uint32_t)cookie;
	id.idiag_cookie[1] = (uint32_t)(cookie >> 32);
	if (send_request(s, SOCK_DESTROY, NLM_F_ACK, (uint8_t)t->local.family, &id, 0) == 0)
		answer(s);	/* gone already, or refused: nothing to be done */
}

int sockdiag_of_fd(int fd, struct conn_info *info)
{
	struct tcp_info ti = { 0 };
	socklen_t len = sizeof(ti);
	uint64_t cookie = 0;

	*info = (struct conn_info){ 0 };
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &ti, &len) < 0)
		return -1;
	len = sizeof(cookie);
	getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len);
	info->state = state_of(ti.tcpi_state);
	info->cookie = cookie;
	info->retransmits = ti.tcpi_retransmits;
	return 0;
}
