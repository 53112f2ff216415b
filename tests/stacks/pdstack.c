/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small stack behind packetdrill's interface, to test that such files load:
 * IPv4, UDP, and of TCP as much as opens and closes a connection that loses
 * nothing. It has no shutdown(). Words of --so_flags, with commas: "local=A"
 * is its address, "fail" fails, "crash" crashes in listen(), "abort" gives up
 * there, "untold" knows no TCP_INFO, "warp" lives ten times as fast, "tell"
 * says when it is freed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "target/pd_interface.h"

#define SOCKETS 16
#define BUFFER 16384
#define WARP 10
#define ISN 1000
#define EPHEMERAL 40000
#define HEADERS 60

struct sock {
	int type;			/* 0 = free */
	int state;			/* TCP_... of netinet/tcp.h */
	int parent;			/* listener that has not accepted it yet, or -1 */
	bool nonblock, connected, closed, refused;
	struct sockaddr_in local, remote;
	uint32_t snd_nxt, rcv_nxt;
	uint8_t in[BUFFER];		/* received, not read */
	size_t n_in;
};

struct stack {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int wire[2];			/* packets: [0] in here, [1] where they are received */
	struct in_addr local;
	struct timespec began;
	bool crash, give_up, untold, warp, tell;
	struct sock sock[SOCKETS];
};

/* Prototype of the one thing this file exports. */
pd_init_fn packetdrill_interface_init;

static uint32_t sum(const void *p, size_t n, uint32_t s)
{
	const uint8_t *b = p;
	size_t i;

	for (i = 0; i < n; i++)
		s += i % 2 ? b[i] : (uint32_t)b[i] << 8;
	return s;
}

static uint16_t fold(uint32_t s)
{
	s = (s & 0xffff) + (s >> 16);
	s += s >> 16;
	return htons(~s & 0xffff);
}

/* Puts an IP header before what follows room for one, and the checksum into it. */
static void transmit(struct stack *t, const struct sock *k, int protocol, uint8_t *packet, size_t n,
		     uint16_t *check)
{
	struct iphdr *ip = (struct iphdr *)packet;
	size_t len = n - sizeof(*ip);

	*ip = (struct iphdr){ .version = 4, .ihl = 5, .tot_len = htons(n), .ttl = 64,
			      .protocol = protocol, .saddr = k->local.sin_addr.s_addr,
			      .daddr = k->remote.sin_addr.s_addr };
	ip->check = fold(sum(ip, sizeof(*ip), 0));
	*check = fold(sum(ip + 1, len, sum(&ip->saddr, 8, protocol + len)));
	send(t->wire[0], packet, n, 0);
}

static void tcp_send(struct stack *t, struct sock *k, uint8_t flags, const void *data, size_t n)
{
	static const uint8_t mss[] = { TCPOPT_MAXSEG, TCPOLEN_MAXSEG, 1460 >> 8, 1460 & 0xff };
	uint8_t packet[HEADERS + BUFFER];
	struct tcphdr *h = (struct tcphdr *)(packet + sizeof(struct iphdr));
	size_t opt = flags & TH_SYN ? sizeof(mss) : 0, len = sizeof(*h) + opt;

	*h = (struct tcphdr){ .source = k->local.sin_port, .dest = k->remote.sin_port,
			      .seq = htonl(k->snd_nxt), .doff = len / 4, .window = htons(65535) };
	h->th_flags = flags;
	h->ack_seq = flags & TH_ACK ? htonl(k->rcv_nxt) : 0;
	memcpy(h + 1, mss, opt);
	if (n > 0)
		memcpy((uint8_t *)h + len, data, n);
	k->snd_nxt += n + (flags & (TH_SYN | TH_FIN) ? 1 : 0);
	transmit(t, k, IPPROTO_TCP, packet, sizeof(struct iphdr) + len + n, &h->check);
}

static struct sock *new_sock(struct stack *t, int type)
{
	struct sock *k;

	for (k = t->sock; k < t->sock + SOCKETS; k++)
		if (k->type == 0) {
			memset(k, 0, sizeof(*k));
			k->type = type;
			k->state = TCP_CLOSE;
			k->parent = -1;
			k->local.sin_family = k->remote.sin_family = AF_INET;
			k->local.sin_addr = t->local;
			return k;
		}
	return NULL;
}

/* The socket a packet is for; remote NULL: a listener, or one of UDP. */
static struct sock *find(struct stack *t, int type, const struct sockaddr_in *remote, uint16_t port)
{
	struct sock *k;

	for (k = t->sock; k < t->sock + SOCKETS; k++)
		if (k->type == type && k->local.sin_port == port &&
		    (remote ? k->connected && k->remote.sin_port == remote->sin_port &&
			      k->remote.sin_addr.s_addr == remote->sin_addr.s_addr :
			      type == SOCK_DGRAM || k->state == TCP_LISTEN))
			return k;
	return NULL;
}

static void open_passively(struct stack *t, struct sock *listener, const struct sock *ends,
			   const struct tcphdr *h)
{
	struct sock *k = new_sock(t, SOCK_STREAM);

	if (k == NULL)
		return;
	k->local = ends->local;
	k->remote = ends->remote;
	k->connected = true;
	k->parent = (int)(listener - t->sock);
	k->state = TCP_SYN_RECV;
	k->snd_nxt = ISN;
	k->rcv_nxt = ntohl(h->seq) + 1;
	tcp_send(t, k, TH_SYN | TH_ACK, NULL, 0);
}

/* RFC 9293, section 3.10.7.1. */
static void refuse(struct stack *t, struct sock *ends, const struct tcphdr *h, size_t n)
{
	if (h->rst)
		return;
	ends->snd_nxt = h->ack ? ntohl(h->ack_seq) : 0;
	ends->rcv_nxt = ntohl(h->seq) + (uint32_t)n + h->syn + h->fin;
	tcp_send(t, ends, h->ack ? TH_RST : TH_RST | TH_ACK, NULL, 0);
}

static void end(struct sock *k)
{
	k->state = TCP_CLOSE;
	k->connected = false;
	if (k->closed)
		k->type = 0;
}

static void acknowledged(struct sock *k)
{
	static const int next[TCP_CLOSING + 1] = {
		[TCP_SYN_RECV] = TCP_ESTABLISHED, [TCP_FIN_WAIT1] = TCP_FIN_WAIT2,
		[TCP_CLOSING] = TCP_TIME_WAIT, [TCP_LAST_ACK] = TCP_CLOSE,
	};

	if (next[k->state] == TCP_CLOSE)
		end(k);
	else if (next[k->state] != 0)
		k->state = next[k->state];
}

static void finished(struct sock *k)
{
	k->state = k->state == TCP_ESTABLISHED ? TCP_CLOSE_WAIT :
		k->state == TCP_FIN_WAIT1 ? TCP_CLOSING : TCP_TIME_WAIT;
}

/* A segment for a connection. */
static void segment(struct stack *t, struct sock *k, const struct tcphdr *h, const void *data,
		    size_t n)
{
	if (h->rst) {
		k->refused = k->state == TCP_SYN_SENT;
		end(k);
		return;
	}
	if (k->state == TCP_SYN_SENT && h->syn && h->ack && ntohl(h->ack_seq) == k->snd_nxt) {
		k->rcv_nxt = ntohl(h->seq) + 1;
		k->state = TCP_ESTABLISHED;
		tcp_send(t, k, TH_ACK, NULL, 0);
		return;
	}
	if (ntohl(h->seq) == k->rcv_nxt && h->ack && ntohl(h->ack_seq) == k->snd_nxt)
		acknowledged(k);
	if (n == 0 && !h->fin && ntohl(h->seq) == k->rcv_nxt)
		return;
	if (ntohl(h->seq) == k->rcv_nxt && n <= BUFFER - k->n_in && k->state != TCP_CLOSE) {
		memcpy(k->in + k->n_in, data, n);
		k->n_in += n;
		k->rcv_nxt += (uint32_t)n + h->fin;
		if (h->fin)
			finished(k);
	}
	if (k->state != TCP_CLOSE)
		tcp_send(t, k, TH_ACK, NULL, 0);
}

static void tcp_input(struct stack *t, struct sock *ends, const struct tcphdr *h, size_t n)
{
	size_t len = h->doff * 4u;
	struct sock *k;

	ends->local.sin_port = h->dest;
	ends->remote.sin_port = h->source;
	k = find(t, SOCK_STREAM, &ends->remote, h->dest);
	if (k != NULL)
		segment(t, k, h, (const uint8_t *)h + len, n - len);
	else if ((k = find(t, SOCK_STREAM, NULL, h->dest)) && h->syn && !h->ack)
		open_passively(t, k, ends, h);
	else
		refuse(t, ends, h, n - len);
}

static void udp_input(struct stack *t, struct sock *ends, const struct udphdr *h, size_t n)
{
	struct sock *k = find(t, SOCK_DGRAM, NULL, h->dest);

	n -= sizeof(*h);
	if (k == NULL || n > BUFFER)
		return;
	k->remote = ends->remote;
	k->remote.sin_port = h->source;
	memcpy(k->in, h + 1, n);
	k->n_in = n;
}

static int pd_netdev_send(void *u, const void *packet, size_t n)
{
	const struct iphdr *ip = packet;
	struct stack *t = u;
	struct sock ends = { .local.sin_family = AF_INET, .remote.sin_family = AF_INET };

	ends.local.sin_addr.s_addr = ip->daddr;
	ends.remote.sin_addr.s_addr = ip->saddr;
	pthread_mutex_lock(&t->lock);
	if (ip->protocol == IPPROTO_TCP)
		tcp_input(t, &ends, (const struct tcphdr *)(ip + 1), n - sizeof(*ip));
	else if (ip->protocol == IPPROTO_UDP)
		udp_input(t, &ends, (const struct udphdr *)(ip + 1), n - sizeof(*ip));
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
	return 0;
}

static int pd_gettimeofday(void *u, struct timeval *tv, struct timezone *tz)
{
	const struct stack *t = u;
	struct timespec now;
	int64_t us;

	clock_gettime(CLOCK_REALTIME, &now);
	us = (int64_t)(now.tv_sec - t->began.tv_sec) * 1000000 +
		(now.tv_nsec - t->began.tv_nsec) / 1000;
	us = (int64_t)t->began.tv_sec * 1000000 + us * (t->warp ? WARP : 1);
	tv->tv_sec = us / 1000000;
	tv->tv_usec = us % 1000000;
	return 0;
}

static int pd_usleep(void *u, useconds_t us)
{
	const struct stack *t = u;

	return usleep(t->warp ? us / WARP : us);
}

static int pd_netdev_receive(void *u, void *packet, size_t *n, long long *us)
{
	struct stack *t = u;
	struct timeval tv;
	ssize_t got = recv(t->wire[1], packet, *n, 0);

	*n = got < 0 ? 0 : (size_t)got;
	pd_gettimeofday(u, &tv, NULL);
	*us = tv.tv_sec * 1000000LL + tv.tv_usec;
	return got < 0 ? -1 : 0;
}

/* The socket, with the lock held; NULL with errno set and without the lock. */
static struct sock *enter(struct stack *t, int fd)
{
	if (fd >= 0 && fd < SOCKETS) {
		pthread_mutex_lock(&t->lock);
		if (t->sock[fd].type != 0 && !t->sock[fd].closed)
			return &t->sock[fd];
		pthread_mutex_unlock(&t->lock);
	}
	errno = EBADF;
	return NULL;
}

/* The result of a call, as of -errno. */
static int leave(struct stack *t, int result)
{
	pthread_mutex_unlock(&t->lock);
	if (result >= 0)
		return result;
	errno = -result;
	return -1;
}

static int pd_socket(void *u, int domain, int type, int protocol)
{
	struct stack *t = u;
	struct sock *k;

	pthread_mutex_lock(&t->lock);
	k = domain == AF_INET ? new_sock(t, type & (SOCK_STREAM | SOCK_DGRAM)) : NULL;
	if (k != NULL)
		k->nonblock = type & SOCK_NONBLOCK;
	return leave(t, k ? (int)(k - t->sock) : domain == AF_INET ? -EMFILE : -EAFNOSUPPORT);
}

static int pd_bind(void *u, int fd, const struct sockaddr *addr, socklen_t len)
{
	struct sock *k = enter(u, fd);

	if (k == NULL)
		return -1;
	k->local.sin_port = ((const struct sockaddr_in *)addr)->sin_port;
	return leave(u, 0);
}

static int pd_listen(void *u, int fd, int backlog)
{
	struct sock *k = enter(u, fd);

	if (k == NULL)
		return -1;
	if (((struct stack *)u)->crash)
		raise(SIGSEGV);
	if (((struct stack *)u)->give_up)
		abort();
	k->state = TCP_LISTEN;
	return leave(u, 0);
}

static struct sock *acceptable(struct stack *t, int fd)
{
	struct sock *k;

	for (k = t->sock; k < t->sock + SOCKETS; k++)
		if (k->type != 0 && k->parent == fd && k->state != TCP_SYN_RECV)
			return k;
	return NULL;
}

static int pd_accept(void *u, int fd, struct sockaddr *addr, socklen_t *len)
{
	struct stack *t = u;
	struct sock *k = enter(t, fd), *child;

	if (k == NULL)
		return -1;
	while (!(child = acceptable(t, fd)) && !k->nonblock)
		pthread_cond_wait(&t->changed, &t->lock);
	if (child == NULL)
		return leave(t, -EAGAIN);
	child->parent = -1;
	if (addr != NULL && *len >= sizeof(child->remote)) {
		memcpy(addr, &child->remote, sizeof(child->remote));
		*len = sizeof(child->remote);
	}
	return leave(t, (int)(child - t->sock));
}

static int pd_connect(void *u, int fd, const struct sockaddr *addr, socklen_t len)
{
	struct stack *t = u;
	struct sock *k = enter(t, fd);

	if (k == NULL)
		return -1;
	memcpy(&k->remote, addr, sizeof(k->remote));
	if (k->local.sin_port == 0)
		k->local.sin_port = htons(EPHEMERAL + fd);
	if (k->type == SOCK_DGRAM)
		return leave(t, 0);
	k->connected = true;
	k->state = TCP_SYN_SENT;
	k->snd_nxt = ISN;
	tcp_send(t, k, TH_SYN, NULL, 0);
	if (k->nonblock)
		return leave(t, -EINPROGRESS);
	while (k->state == TCP_SYN_SENT)
		pthread_cond_wait(&t->changed, &t->lock);
	return leave(t, k->refused ? -ECONNREFUSED : 0);
}

static bool at_end(const struct sock *k)
{
	return k->type == SOCK_STREAM && k->state != TCP_ESTABLISHED && k->state != TCP_FIN_WAIT1 &&
		k->state != TCP_FIN_WAIT2;
}

static ssize_t pd_read(void *u, int fd, void *to, size_t n)
{
	struct stack *t = u;
	struct sock *k = enter(t, fd);

	if (k == NULL)
		return -1;
	while (k->n_in == 0 && !at_end(k) && !k->nonblock)
		pthread_cond_wait(&t->changed, &t->lock);
	if (k->n_in == 0 && !at_end(k))
		return leave(t, -EAGAIN);
	n = n < k->n_in ? n : k->n_in;
	memcpy(to, k->in, n);
	k->n_in -= n;
	memmove(k->in, k->in + n, k->n_in);
	return leave(t, (int)n);
}

static ssize_t pd_recvfrom(void *u, int fd, void *to, size_t n, int flags, struct sockaddr *addr,
			   socklen_t *len)
{
	struct stack *t = u;
	ssize_t got = pd_read(u, fd, to, n);

	if (got >= 0 && addr != NULL) {
		memcpy(addr, &t->sock[fd].remote, sizeof(struct sockaddr_in));
		*len = sizeof(struct sockaddr_in);
	}
	return got;
}

static ssize_t pd_write(void *u, int fd, const void *from, size_t n)
{
	struct sock *k = enter(u, fd);

	if (k == NULL)
		return -1;
	if (k->state != TCP_ESTABLISHED && k->state != TCP_CLOSE_WAIT)
		return leave(u, -ENOTCONN);
	n = n < 1460 ? n : 1460;
	tcp_send(u, k, TH_ACK | TH_PUSH, from, n);
	return leave(u, (int)n);
}

static ssize_t pd_sendto(void *u, int fd, const void *from, size_t n, int flags,
			 const struct sockaddr *addr, socklen_t len)
{
	uint8_t packet[HEADERS + BUFFER];
	struct udphdr *h = (struct udphdr *)(packet + sizeof(struct iphdr));
	struct sock *k = enter(u, fd);

	if (k == NULL)
		return -1;
	if (n > BUFFER)
		return leave(u, -EMSGSIZE);
	if (addr != NULL)
		memcpy(&k->remote, addr, sizeof(k->remote));
	*h = (struct udphdr){ .source = k->local.sin_port, .dest = k->remote.sin_port,
			      .len = htons(sizeof(*h) + n) };
	memcpy(h + 1, from, n);
	transmit(u, k, IPPROTO_UDP, packet, sizeof(struct iphdr) + sizeof(*h) + n, &h->check);
	return leave(u, (int)n);
}

static int pd_fcntl(void *u, int fd, int command, ...)
{
	struct sock *k = enter(u, fd);
	va_list ap;

	if (k == NULL)
		return -1;
	va_start(ap, command);
	if (command == F_SETFL)
		k->nonblock = va_arg(ap, int) & O_NONBLOCK;
	va_end(ap);
	return leave(u, command == F_GETFL ? O_RDWR | (k->nonblock ? O_NONBLOCK : 0) : 0);
}

static int pd_close(void *u, int fd)
{
	struct sock *k = enter(u, fd);

	if (k == NULL)
		return -1;
	k->closed = true;
	if (k->state == TCP_ESTABLISHED || k->state == TCP_CLOSE_WAIT) {
		k->state = k->state == TCP_ESTABLISHED ? TCP_FIN_WAIT1 : TCP_LAST_ACK;
		tcp_send(u, k, TH_FIN | TH_ACK, NULL, 0);
	} else {
		end(k);
	}
	return leave(u, 0);
}

static int pd_getsockopt(void *u, int fd, int level, int name, void *value, socklen_t *len)
{
	struct stack *t = u;
	struct sock *k = enter(t, fd);
	struct tcp_info info = { 0 };

	if (k == NULL)
		return -1;
	if (level == SOL_SOCKET && name == SO_ERROR && *len >= sizeof(int)) {
		*(int *)value = k->refused ? ECONNREFUSED : 0;
		*len = sizeof(int);
		return leave(t, 0);
	}
	if (level != IPPROTO_TCP || name != TCP_INFO || t->untold)
		return leave(t, -ENOPROTOOPT);
	info.tcpi_state = (uint8_t)k->state;
	*len = *len < sizeof(info) ? *len : sizeof(info);
	memcpy(value, &info, *len);
	return leave(t, 0);
}

static int pd_setsockopt(void *u, int fd, int level, int name, const void *value, socklen_t len)
{
	struct sock *k = enter(u, fd);

	if (k == NULL)
		return -1;
	return leave(u, level == SOL_SOCKET && name == SO_REUSEADDR ? 0 : -ENOPROTOOPT);
}

static void pd_free(void *u)
{
	struct stack *t = u;

	if (t->tell)
		dprintf(2, "pdstack: freed\n");
	close(t->wire[0]);
	close(t->wire[1]);
	free(t);
}

/* False if the stack shall fail. */
static bool set_flags(struct stack *t, const char *flags)
{
	char *text = strdup(flags ? flags : ""), *save = NULL, *word;
	bool fine = true;

	for (word = strtok_r(text, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		t->crash |= !strcmp(word, "crash");
		t->give_up |= !strcmp(word, "abort");
		t->untold |= !strcmp(word, "untold");
		t->warp |= !strcmp(word, "warp");
		t->tell |= !strcmp(word, "tell");
		fine &= strcmp(word, "fail") != 0;
		if (!strncmp(word, "local=", 6))
			fine &= inet_pton(AF_INET, word + 6, &t->local) == 1;
	}
	free(text);
	return fine;
}

void packetdrill_interface_init(const char *flags, struct pd_interface *i)
{
	struct stack *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return;
	inet_pton(AF_INET, "192.168.0.1", &t->local);
	if (!set_flags(t, flags) || socketpair(AF_UNIX, SOCK_DGRAM, 0, t->wire) < 0) {
		free(t);
		return;
	}
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->changed, NULL);
	clock_gettime(CLOCK_REALTIME, &t->began);
	*i = (struct pd_interface){
		.userdata = t, .free = pd_free, .socket = pd_socket, .bind = pd_bind,
		.listen = pd_listen, .accept = pd_accept, .connect = pd_connect, .read = pd_read,
		.recvfrom = pd_recvfrom, .write = pd_write, .sendto = pd_sendto,
		.fcntl = pd_fcntl, .close = pd_close, .getsockopt = pd_getsockopt,
		.setsockopt = pd_setsockopt, .netdev_send = pd_netdev_send,
		.netdev_receive = pd_netdev_receive, .usleep = pd_usleep,
		.gettimeofday = pd_gettimeofday,
	};
}
