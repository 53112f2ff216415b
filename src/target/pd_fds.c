/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/pd_fds.h"

#include "base/xmem.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum fd_kind { FD_PLAIN, FD_LISTENING, FD_CONNECTED };

struct fd {
	int fd;
	enum fd_kind kind;
	uint16_t local_port;		/* of bind(); 0 = unknown */
	struct ip_addr remote;
	uint16_t remote_port;
	struct fd *next;
};

struct pd_fds {
	pthread_mutex_t lock;
	struct fd *first;		/* newest first */
};

struct pd_fds *pd_fds_new(void)
{
	struct pd_fds *f = xzalloc(sizeof(*f));

	pthread_mutex_init(&f->lock, NULL);
	return f;
}

static struct fd **place(struct pd_fds *f, int fd)
{
	struct fd **at = &f->first;

	while (*at != NULL && (*at)->fd != fd)
		at = &(*at)->next;
	return at;
}

static void forget(struct pd_fds *f, int fd)
{
	struct fd **at = place(f, fd), *gone = *at;

	if (gone != NULL)
		*at = gone->next;
	free(gone);
}

static struct fd *add(struct pd_fds *f, int fd)
{
	struct fd *k;

	forget(f, fd);
	k = xzalloc(sizeof(*k));
	k->fd = fd;
	k->next = f->first;
	f->first = k;
	return k;
}

static struct fd *known(struct pd_fds *f, int fd)
{
	struct fd *k = *place(f, fd);

	return k != NULL ? k : add(f, fd);
}

void pd_fds_free(struct pd_fds *f)
{
	while (f->first != NULL)
		forget(f, f->first->fd);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

static void set_remote(struct fd *k, const struct target_call *c)
{
	const struct sockaddr_storage *ss = (const struct sockaddr_storage *)c->arg[1];

	if (ss != NULL && ip_addr_from_sockaddr(ss, &k->remote, &k->remote_port))
		k->kind = FD_CONNECTED;
}

static void learn(struct pd_fds *f, const struct target_call *c)
{
	int fd = (int)c->arg[0];
	struct ip_addr any;

	switch (c->id) {
	case CALL_bind:
		if (c->arg[1] != 0)
			ip_addr_from_sockaddr((const struct sockaddr_storage *)c->arg[1], &any,
					      &known(f, fd)->local_port);
		break;
	case CALL_listen:
		known(f, fd)->kind = FD_LISTENING;
		break;
	case CALL_connect:
		set_remote(known(f, fd), c);
		break;
	case CALL_accept:
		set_remote(add(f, (int)c->result), c);
		break;
	case CALL_close:
		forget(f, fd);
		break;
	default:
		break;
	}
}

void pd_fds_learn(struct pd_fds *f, const struct target_call *c)
{
	bool connecting = c->id == CALL_connect && c->err == EINPROGRESS;

	if (c->result < 0 && !connecting)
		return;
	pthread_mutex_lock(&f->lock);
	learn(f, c);
	pthread_mutex_unlock(&f->lock);
}

static bool is(const struct fd *k, const struct tuple *t)
{
	if (t->remote_port == 0)
		return k->kind == FD_LISTENING && k->local_port == t->local_port;
	return k->kind == FD_CONNECTED && k->remote_port == t->remote_port &&
		ip_addr_equal(&k->remote, &t->remote);
}

int pd_fds_find(struct pd_fds *f, const struct tuple *t)
{
	const struct fd *k;
	int fd;

	pthread_mutex_lock(&f->lock);
	for (k = f->first; k != NULL && !is(k, t); k = k->next)
		;
	fd = k != NULL ? k->fd : -1;
	pthread_mutex_unlock(&f->lock);
	return fd;
}
