/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The binary interface between packetdrill and a stack in a shared object, as
 * such files are compiled today: what is called, in which order the pointers
 * lie and what they take. Nothing of it may change here.
 */
#ifndef DP_TARGET_PD_INTERFACE_H
#define DP_TARGET_PD_INTERFACE_H

#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>

/* The function a file exports. */
#define PD_INIT_SYMBOL "packetdrill_interface_init"

/*
 * The table a file fills in; what it leaves alone is NULL. Every function gets
 * userdata first, and reports as the system call of its name: -1 and errno.
 */
struct pd_interface {
	void *userdata;
	void (*free)(void *u);
	int (*socket)(void *u, int domain, int type, int protocol);
	int (*bind)(void *u, int fd, const struct sockaddr *addr, socklen_t len);
	int (*listen)(void *u, int fd, int backlog);
	int (*accept)(void *u, int fd, struct sockaddr *addr, socklen_t *len);
	int (*connect)(void *u, int fd, const struct sockaddr *addr, socklen_t len);
	ssize_t (*read)(void *u, int fd, void *to, size_t n);
	ssize_t (*readv)(void *u, int fd, const struct iovec *to, int n);
	ssize_t (*recv)(void *u, int fd, void *to, size_t n, int flags);
	ssize_t (*recvfrom)(void *u, int fd, void *to, size_t n, int flags, struct sockaddr *addr,
			    socklen_t *len);
	ssize_t (*recvmsg)(void *u, int fd, struct msghdr *msg, int flags);
	ssize_t (*write)(void *u, int fd, const void *from, size_t n);
	ssize_t (*writev)(void *u, int fd, const struct iovec *from, int n);
	ssize_t (*send)(void *u, int fd, const void *from, size_t n, int flags);
	ssize_t (*sendto)(void *u, int fd, const void *from, size_t n, int flags,
			  const struct sockaddr *addr, socklen_t len);
	ssize_t (*sendmsg)(void *u, int fd, const struct msghdr *msg, int flags);
	int (*fcntl)(void *u, int fd, int command, ...);
	int (*ioctl)(void *u, int fd, unsigned long request, ...);
	int (*close)(void *u, int fd);
	int (*shutdown)(void *u, int fd, int how);
	int (*getsockopt)(void *u, int fd, int level, int name, void *value, socklen_t *len);
	int (*setsockopt)(void *u, int fd, int level, int name, const void *value, socklen_t len);
	int (*poll)(void *u, struct pollfd *fds, nfds_t n, int timeout);
	/* A packet for the stack, from its IP header on. 0 or -1. */
	int (*netdev_send)(void *u, const void *packet, size_t n);
	/*
	 * The next packet of the stack; blocks for it. *n is the room at first and
	 * then the length (0: none), *usecs when it was sent, on gettimeofday's
	 * clock. 0, or -1: ask again.
	 */
	int (*netdev_receive)(void *u, void *packet, size_t *n, long long *usecs);
	/* The clock that the stack lives by. */
	int (*usleep)(void *u, useconds_t usecs);
	int (*gettimeofday)(void *u, struct timeval *tv, struct timezone *tz);
	int (*epoll_create)(void *u, int size);
	int (*epoll_ctl)(void *u, int epfd, int op, int fd, struct epoll_event *event);
	int (*epoll_wait)(void *u, int epfd, struct epoll_event *events, int n, int timeout);
	int (*pipe)(void *u, int fds[2]);
	int (*splice)(void *u, int in, loff_t *in_at, int out, loff_t *out_at, size_t n,
		      unsigned flags);
};

/* PD_INIT_SYMBOL. flags is --so_flags, or NULL. It has no way to say that it failed. */
typedef void pd_init_fn(const char *flags, struct pd_interface *i);

#endif
