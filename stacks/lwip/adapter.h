/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Debian's liblwip as a stack of drillpress: what the files of this folder
 * share. lwIP keeps its state in globals, so there is one stack in a process;
 * functions that lwIP calls find it through adapter_stack().
 */
#ifndef DP_STACKS_LWIP_ADAPTER_H
#define DP_STACKS_LWIP_ADAPTER_H

#include "drillpress/stack.h"

#include <stdbool.h>
#include <stdint.h>

#include "lwip/ip_addr.h"
#include "lwip/netif.h"

/* Functions in place of those of liblwip.so must be seen by its dynamic linker. */
#define INTERPOSED __attribute__((visibility("default")))

struct netconn;
struct tcp_pcb;

/* As many as a script will need; lwIP has no bound of its own. */
#define ADAPTER_FDS 256

/* A descriptor as drillpress knows it. */
struct adapter_fd {
	bool used;
	int lwip;			/* lwIP's number; -1: closed, but it lingers */
	int64_t linger_until;		/* ns on host->now() */
	bool has_tuple;			/* tuple: the connection last seen behind it */
	struct dp_tuple tuple;
};

struct dp_stack {
	const struct dp_host *host;	/* NULL before create() and after destroy() */
	struct netif netif;
	struct adapter_fd fds[ADAPTER_FDS];
	int n_lingering;
	/* clock.c's */
	bool tcp_timer_on, next_is_fast;	/* the timer runs; its next tick is not a slow one */
	uint32_t tcp_timer_due;			/* ms on sys_now() */
	uint32_t reassembly_until;		/* ms on sys_now() */
	bool reassembly_on;
};

/* adapter.c */

/* The stack of this process. */
struct dp_stack *adapter_stack(void);
/* All operations, for whoever exports them. Static. */
const struct dp_stack_ops *adapter_ops(void);
/* A line for host->log(). */
void adapter_log(const char *text);

/* address.c: between the addresses of the ABI and lwIP's. */

void address_to_lwip(const struct dp_address *from, ip_addr_t *to);
void address_from_lwip(const ip_addr_t *from, struct dp_address *to);

/* clock.c: lwIP's time and timers, on host->now(). */

int64_t clock_deadline(struct dp_stack *s);
void clock_run(struct dp_stack *s);
/* A fragment has come: the timers of reassembly are needed for a while. */
void clock_fragment(struct dp_stack *s);
/* When the given number of slow ticks of TCP (500 ms; at least 1) has passed, in ns. */
int64_t clock_slow_ticks(const struct dp_stack *s, uint32_t ticks);

/* conn.c: states of connections. */

int conn_get(struct dp_stack *s, const struct dp_tuple *tuple, struct dp_conn *conn);
int conn_of_socket(struct dp_stack *s, int fd, struct dp_conn *conn);
/* The connection of a tuple, listeners excepted; NULL if there is none. */
struct tcp_pcb *conn_find(const struct dp_tuple *tuple);
/* Notes the connection behind a descriptor, for when lwIP has cut the two apart. */
void conn_remember(struct adapter_fd *fd);

/* socket.c: calls on sockets. */

int socket_open(struct dp_stack *s, int domain, int type, int protocol);
int socket_bind(struct dp_stack *s, int fd, const struct sockaddr *addr, socklen_t len);
int socket_listen(struct dp_stack *s, int fd, int backlog);
int socket_accept(struct dp_stack *s, int fd, struct sockaddr *addr, socklen_t *len);
int socket_connect(struct dp_stack *s, int fd, const struct sockaddr *addr, socklen_t len);
int socket_shutdown(struct dp_stack *s, int fd, int how);
int socket_ioctl(struct dp_stack *s, int fd, unsigned long request, void *arg);
int socket_ready(struct dp_stack *s, int fd);
/* The open descriptor of a number; NULL: -EBADF. */
struct adapter_fd *socket_fd(struct dp_stack *s, int fd);
/* lwIP's connection behind a descriptor; NULL if it lingers. */
struct netconn *socket_netconn(const struct adapter_fd *fd);
/* What a call of lwIP's sockets returned, as -errno. */
ssize_t socket_result(ssize_t result);
/*
 * A socket's address in memory as aligned as lwIP wants it and as long as its
 * family's is; 0 or -errno.
 */
int socket_address(const struct sockaddr *addr, socklen_t len, struct sockaddr_storage *to,
		   socklen_t *to_len);

/* linger.c: close(), and sockets that linger after it. */

int linger_close(struct dp_stack *s, int fd);
/* When the first of them is to be aborted, DP_NEVER for never. */
int64_t linger_deadline(const struct dp_stack *s);
/* Aborts those whose time is over. */
void linger_run(struct dp_stack *s);

/* message.c */

ssize_t message_send(struct dp_stack *s, int fd, const struct msghdr *msg, int flags);
ssize_t message_receive(struct dp_stack *s, int fd, struct msghdr *msg, int flags);

/* option.c */

int option_get(struct dp_stack *s, int fd, int level, int name, void *value, socklen_t *len);
int option_set(struct dp_stack *s, int fd, int level, int name, const void *value,
	       socklen_t len);

/* setting.c */

int setting_want(struct dp_stack *s, const char *name, const char *value);

#endif
