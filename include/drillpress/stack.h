/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a TCP/IP stack in a shared object shows to drillpress, so that
 * `drillpress run --target stack:FILE.so` can test it in virtual time. The file
 * exports one function, dp_stack_adapter(); doc/stacks/ has a guide and two
 * examples.
 *
 * Rules that hold for all of it:
 * - One thread. drillpress never calls from two, and the stack starts none.
 * - Nothing blocks and nothing sleeps. What would, returns -EAGAIN; drillpress
 *   lets time pass or a packet arrive and asks again.
 * - The only time is host->now(). It stands still during a call.
 * - Results are as of the system call of the same name (POSIX, Linux man
 *   pages), with -errno in place of -1 and errno; DP_LACKS where the stack does
 *   not have what was asked for: the script is then skipped, and says so.
 * - Structs begin with their size. Whoever reads one made by the other side
 *   looks at the size before members that later versions have added at its end.
 * - A process holds one stack at a time and may make it once: every script has
 *   a process of its own. A crash of the stack is that script's result.
 */
#ifndef DRILLPRESS_STACK_H
#define DRILLPRESS_STACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Grows when something here changes its meaning; additions at the end of structs do not. */
#define DP_STACK_ABI 1u

/* No deadline. */
#define DP_NEVER INT64_MAX

/* Result: this stack has no such call, option, address family or setting. No errno is this low. */
#define DP_LACKS (-0x10000)

/* What a stack can do, in dp_stack_ops.caps. */
#define DP_CAP_IPV4 0x01u
#define DP_CAP_IPV6 0x02u
#define DP_CAP_UDP 0x04u

/* RFC 9293, section 3.3.2. */
enum dp_tcp_state {
	DP_TCP_CLOSED, DP_TCP_LISTEN, DP_TCP_SYN_SENT, DP_TCP_SYN_RECEIVED, DP_TCP_ESTABLISHED,
	DP_TCP_FIN_WAIT_1, DP_TCP_FIN_WAIT_2, DP_TCP_CLOSE_WAIT, DP_TCP_CLOSING, DP_TCP_LAST_ACK,
	DP_TCP_TIME_WAIT
};

enum dp_timer {
	DP_TIMER_NONE, DP_TIMER_RETRANSMIT, DP_TIMER_KEEPALIVE, DP_TIMER_TIME_WAIT, DP_TIMER_PROBE
};

/* An address: family AF_INET (4 bytes used) or AF_INET6 (16), in network byte order. */
struct dp_address {
	uint16_t family;
	uint16_t prefix;		/* length of the network's prefix, in bits */
	uint8_t bytes[16];
};

/* The two ends of a connection, as the stack sees them; ports in host byte order. */
struct dp_tuple {
	struct dp_address local, remote;
	uint16_t local_port, remote_port;
};

/* What a stack tells of a connection. Filled by the stack; size is set by drillpress. */
struct dp_conn {
	uint32_t size;
	enum dp_tcp_state state;	/* DP_TCP_CLOSED: there is no such connection */
	uint32_t listening;		/* 1 if there is none, but a listener would take its SYN */
	enum dp_timer timer;
	int64_t timer_at;		/* when that timer expires, on host->now(); DP_NEVER if unknown */
	uint32_t retransmits;		/* of the segment or probe in question */
};

/* What drillpress gives to the stack. Valid from create() to destroy(). */
struct dp_host {
	uint32_t size;
	/*
	 * A packet that the stack sends, from its IP header on. It is copied.
	 * May be called within any call of the stack.
	 */
	void (*output)(const struct dp_host *host, const void *packet, size_t len);
	/* Nanoseconds; begins anywhere above 0 and never goes back. */
	int64_t (*now)(const struct dp_host *host);
	/* 32 random bits, the same sequence for the same seed: for ISNs, ports, identifications. */
	uint32_t (*random)(const struct dp_host *host);
	/* A line for whoever looks for a defect in the adapter, on standard error with the time. */
	void (*log)(const struct dp_host *host, const char *text);
};

/* How drillpress wants the stack. Valid during create(). */
struct dp_config {
	uint32_t size;
	uint32_t mtu;			/* of the one interface, which has no link layer */
	const struct dp_address *local;	/* its addresses */
	uint32_t n_local;
	struct dp_address gateway;	/* default route; family 0: everything is on the link */
	const char *const *options;	/* "key=value" from the command line, NULL at the end */
};

/* The stack's own. */
struct dp_stack;

/*
 * What a stack can be asked for. Those marked * must be there; another one that
 * is NULL is lacking. Descriptors are the stack's own numbers, from 0. They
 * are always used as if with O_NONBLOCK: drillpress makes blocking calls, SO_RCVTIMEO,
 * SO_SNDTIMEO, MSG_WAITALL, O_NONBLOCK and poll() of them by itself; there is no epoll.
 */
struct dp_stack_ops {
	uint32_t size;
	uint32_t abi;			/* DP_STACK_ABI */
	const char *name;		/* * short, lower case: what //@ expect-fail calls the stack */
	const char *version;		/* * for people */
	uint32_t caps;			/* DP_CAP_... */

	/* * NULL on failure, with *why (static) for people. */
	struct dp_stack *(*create)(const struct dp_host *host, const struct dp_config *config,
				   const char **why);
	/* * Forgets everything at once; nothing is sent. */
	void (*destroy)(struct dp_stack *s);
	/* * A packet arrives, from its IP header on. The memory is drillpress's. */
	void (*input)(struct dp_stack *s, const void *packet, size_t len);
	/*
	 * * When the stack next has something to do by itself, on host->now();
	 * DP_NEVER if nothing is pending. May lie in the past.
	 */
	int64_t (*deadline)(struct dp_stack *s);
	/* * Does all that is due now. deadline() is later than now afterwards. */
	void (*run)(struct dp_stack *s);

	int (*socket)(struct dp_stack *s, int domain, int type, int protocol);
	int (*bind)(struct dp_stack *s, int fd, const struct sockaddr *addr, socklen_t len);
	int (*listen)(struct dp_stack *s, int fd, int backlog);
	int (*accept)(struct dp_stack *s, int fd, struct sockaddr *addr, socklen_t *len);
	/* -EINPROGRESS at first; then ready() tells when it is over and SO_ERROR how. */
	int (*connect)(struct dp_stack *s, int fd, const struct sockaddr *addr, socklen_t len);
	/* Bytes taken, of as many as there is room for now. */
	ssize_t (*sendmsg)(struct dp_stack *s, int fd, const struct msghdr *msg, int flags);
	ssize_t (*recvmsg)(struct dp_stack *s, int fd, struct msghdr *msg, int flags);
	int (*shutdown)(struct dp_stack *s, int fd, int how);
	/* -EAGAIN while it lingers (SO_LINGER); then it is asked again. */
	int (*close)(struct dp_stack *s, int fd);
	int (*getsockopt)(struct dp_stack *s, int fd, int level, int name, void *value,
			  socklen_t *len);
	int (*setsockopt)(struct dp_stack *s, int fd, int level, int name, const void *value,
			  socklen_t len);
	int (*ioctl)(struct dp_stack *s, int fd, unsigned long request, void *arg);
	/* POLLIN, POLLOUT, POLLERR, POLLHUP, POLLRDHUP as poll(2) would have them in revents now. */
	int (*ready)(struct dp_stack *s, int fd);

	/* State of a connection, whether or not a descriptor belongs to it: 0 or -errno. */
	int (*conn)(struct dp_stack *s, const struct dp_tuple *tuple, struct dp_conn *conn);
	/* State of the TCP socket behind a descriptor: 0 or -errno. */
	int (*socket_conn)(struct dp_stack *s, int fd, struct dp_conn *conn);
	/*
	 * A script wants this Linux sysctl ("net.ipv4.tcp_sack", "0"), before
	 * anything else happens. 0 if the stack now behaves so, be it because
	 * it always does; DP_LACKS if it cannot.
	 */
	int (*setting)(struct dp_stack *s, const char *name, const char *value);
};

/*
 * What the shared object exports. abi: the DP_STACK_ABI of the drillpress that
 * asks. NULL if the adapter cannot serve that one. The result is static.
 */
const struct dp_stack_ops *dp_stack_adapter(uint32_t abi);

#ifdef __cplusplus
}
#endif

#endif
